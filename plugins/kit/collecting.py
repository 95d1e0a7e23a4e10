"""Makes the kit of what the owner wrote, and finds what is wrong with it."""

from __future__ import annotations

import math
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import msgspec

from plugins import icc
from plugins import pictures as colours
from plugins.kept import kept
from plugins.kit import abstract, headshots, one_sheet, papers
from plugins.kit import bios as lengths
from plugins.kit import introduction as introducing
from plugins.kit.headshots import PictureError
from plugins.kit.values import Kit, Paper, Picture, TalkPapers
from plugins.names import composed, located
from plugins.problems import Edit, Problem
from plugins.speaker import nearest_file
from plugins.toml_file import line_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from plugins.fonts import Fonts
    from plugins.kit.introduction import Introduction
    from plugins.speaker import Speaker
    from plugins.words import Words


class Desk(NamedTuple):
    """What the kit is made from: for whom, on which day, in which words; `shown` is the content folder in messages."""

    speaker: Speaker
    day: dt.date
    words: Words
    content: Path
    shown: str
    template: Path
    cache: Path
    fonts: Fonts


class Collector:
    """Makes the kit of one site; `problems` and `warnings` hold what was found on the way."""

    def __init__(self, desk: Desk, talks: Sequence[Any]) -> None:
        """Know the talks, in the order in which they are listed."""
        self.desk, self.talks = desk, talks
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def kit(self) -> Kit | None:
        """Make it; None where there is nothing to take away."""
        speaker = self.desk.speaker
        written = lengths.fitting(speaker.bios)
        said = introducing.introduction(speaker.introduction, speaker.name)
        terms = {
            key: lengths.tidied(text) for key, text in msgspec.structs.asdict(speaker.terms).items() if text.strip()
        }
        self._read_over(said)
        own = any((written, said, terms, speaker.headshot, speaker.av, speaker.pronunciation))
        if not own and not self.talks:
            return None
        as_of = self._as_of(needed=own)
        pictures = self._pictures()
        files = {_picture_url(each): each.data for each in pictures if each.use != "sheet"}
        thumbnail = next((each.data for each in pictures if each.use == "sheet"), b"")
        talks = [self._talk(talk, thumbnail, as_of, files) for talk in self.talks]
        published = tuple(
            Picture(each.shape, each.use, _picture_url(each), each.width, each.height, len(each.data))
            for each in pictures
            if each.use != "sheet"
        )
        portraits = [each for each in published if each.shape == "square" and each.use in {"page", "web"}]
        return Kit(
            bios=written,
            introduction=said,
            terms=terms,
            headshots=tuple(each for each in published if each.use != "page"),
            portraits=tuple(sorted(portraits, key=lambda each: each.width)),
            talks=tuple(talks),
            sheets={
                talk.slug: tuple((paper.paper, paper.url) for paper in made.papers)
                for talk, made in zip(self.talks, talks, strict=True)
            },
            as_of=as_of,
            files=files,
        )

    def _as_of(self, *, needed: bool) -> dt.date | None:
        """Give the day that the author names, else the one on which a talk last changed."""
        as_of = self.desk.speaker.as_of
        if as_of:
            if as_of > self.desk.day:
                self._problem(
                    ("as_of",), f"{as_of} is still to come; write the day on which these texts were last true"
                )
            return as_of
        days = [_day(talk.modified) for talk in self.talks if getattr(talk, "modified", None)]
        if needed and not days:
            message = (
                "`as_of` is missing; add a line like `as_of = 2026-06-04`, the day these texts were last true, "
                "above the first line in [brackets]"
            )
            self._problem((), message)
        return max(days, default=None)

    def _read_over(self, said: Introduction | None) -> None:
        for bio in lengths.bios(self.desk.speaker.bios):
            wrong = lengths.fault(bio)
            if wrong:
                message = f"{wrong}; until then the kit leaves it out"
                self.warnings.append(Problem(self._place, self._line(("bios", bio.key)), message, "bio-length"))
        wrong = introducing.fault(self.desk.speaker.introduction)
        if wrong:
            self._problem(("introduction",), wrong)
        slow = introducing.too_long(said) if said else None
        if slow:
            self.warnings.append(Problem(self._place, self._line(("introduction",)), slow, "long-introduction"))

    def _pictures(self) -> tuple[headshots.Picture, ...]:
        """Make the headshots, or report why they cannot be made."""
        shot = self.desk.speaker.headshot
        if shot is None:
            return ()
        path = located(self.desk.content, composed(shot.file))
        if path is None:
            near, mend = nearest_file(shot.file, self.desk.content, "kit")
            advice = near or "; put the photograph there, or take the headshot out"
            message = f"there is no picture {shot.file} in the content folder{advice}"
            self._problem(("headshot", "file"), message, *mend)
            return ()
        original = path.read_bytes()
        parts = [
            _code(headshots),
            _code(colours),
            _code(icc),
            version("pillow").encode(),
            repr(shot.focus).encode(),
            original,
        ]
        make = lambda: msgspec.msgpack.encode(headshots.headshots(original, shot.focus))  # noqa: E731  read beside its key
        try:
            made = kept(self.desk.cache, parts, make)
        except PictureError as error:
            self._problem(("headshot", "file"), f"the picture {shot.file} {error}")
            return ()
        return msgspec.msgpack.decode(made, type=tuple[headshots.Picture, ...])

    def _talk(self, talk: Any, thumbnail: bytes, as_of: dt.date | None, files: dict[str, bytes]) -> TalkPapers:
        """Set a talk's one-sheets and put them with the files."""
        data = papers.data(talk, self.desk.speaker, self.desk.words, as_of, portrait=bool(thumbnail))
        fonts, data["fonts"] = self._fonts(data, talk.lang)
        setting = one_sheet.Setting(self.desk.template.read_bytes(), thumbnail, as_of, fonts)
        sheets: dict[str, one_sheet.Sheet] = {}
        too_much = 0.0
        for paper in one_sheet.PAPERS:
            try:
                sheets[paper] = self._sheet(data, paper, setting)
            except one_sheet.TooLongError as error:
                too_much = max(too_much, min(error.part, 1))
            except one_sheet.UnsettableError as error:
                self._problem_of(talk, f"no sheet can be set of this talk ({error}); mend its text")
        if too_much:
            words = math.ceil(abstract.words(data["talk"]["abstract"]) * too_much)
            self._problem_of(
                talk, f"this talk does not fit on one sheet of paper; take some {words} words out of its text"
            )
        self._warn_of_lacking(talk, sheets)
        found = []
        for paper, sheet in sheets.items():
            if sheet.pdf is not None:
                name = f"kit/{talk.slug}-{paper}.pdf"
                files[name] = sheet.pdf
                found.append(Paper(paper, name, quote(name), len(sheet.pdf)))
        return TalkPapers(talk.title, talk.url, talk.lang, tuple(found), papers.given(talk, "av", ()))

    def _fonts(self, data: dict[str, Any], language: str) -> tuple[Path, tuple[str, ...]]:
        """Give the folder of fonts beside the compiler's own, and which of its families a sheet needs.

        Where the owner has put fonts they alone are asked, in the compiler's order; else it is the theme's.
        """
        own = self.desk.content / "kit/fonts"
        if own.is_dir() and any(own.iterdir()):
            return own, ()
        return self.desk.fonts.folder, self.desk.fonts.choice(" ".join(_texts(data)), language).families

    def _sheet(self, data: dict[str, Any], paper: str, setting: one_sheet.Setting) -> one_sheet.Sheet:
        shipped = setting.fonts == self.desk.fonts.folder
        fonts = [] if shipped else sorted(setting.fonts.rglob("*"))
        parts = [
            *(_code(one_sheet), version("typst").encode(), setting.template, setting.portrait),
            *(repr((paper, setting.day)).encode(), msgspec.json.encode(data)),
            *(font.read_bytes() for font in fonts if font.is_file()),
            self.desk.fonts.digest(data["fonts"]).encode() if shipped else b"",
        ]
        make = partial(one_sheet.compiled, data, paper, setting)
        made = kept(self.desk.cache, parts, lambda: msgspec.msgpack.encode(make()))
        return msgspec.msgpack.decode(made, type=one_sheet.Sheet)

    def _warn_of_lacking(self, talk: Any, sheets: Mapping[str, one_sheet.Sheet]) -> None:
        lacking = "".join(dict.fromkeys("".join(sheet.lacking for sheet in sheets.values())))
        if not lacking:
            return
        made = all(sheet.pdf is not None for sheet in sheets.values())
        done = "its one-sheet leaves them out" if made else "it has no one-sheet"
        advice = f"put a font that has them (.ttf or .otf) into {self.desk.shown}/kit/fonts/"
        message = f"the fonts for paper lack `{lacking[:20]}`, so {done}; {advice}"
        self.warnings.append(Problem(talk.metadata["shown"], 1, message, "missing-letters"))

    @property
    def _place(self) -> str:
        return f"{self.desk.shown}/speaker.toml"

    def _line(self, keys: tuple[str, ...]) -> int:
        return line_of((self.desk.content / "speaker.toml").read_text("utf-8-sig"), keys)

    def _problem(self, keys: tuple[str, ...], message: str, *mend: str) -> None:
        """Report what is wrong; `mend` is what stands on the line, and what alone can have been meant."""
        line = self._line(keys) if keys else 1
        fix = (Edit(line, *mend),) if len(mend) == 2 else ()  # noqa: PLR2004  one was meant, and no more
        self.problems.append(Problem(self._place, line, message, "kit", fix))

    def _problem_of(self, talk: Any, message: str) -> None:
        """Report what is wrong with the text of a talk, on the line where it begins."""
        source = talk.metadata["source"]
        blank = len(source.body) - len(source.body.lstrip("\n"))
        self.problems.append(Problem(talk.metadata["shown"], source.first_line + blank, message, "one-sheet"))


def _texts(data: Any) -> Iterator[str]:
    """Yield every text in a sheet's data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _texts(value)


def _day(moment: dt.date | dt.datetime) -> dt.date:
    import datetime as dt

    return moment.date() if isinstance(moment, dt.datetime) else moment


def _picture_url(picture: headshots.Picture) -> str:
    return f"kit/headshot-{picture.shape}-{picture.width if picture.use == 'page' else picture.use}.jpg"


def _code(module: Any) -> bytes:
    """Give a module's own text: what is kept was made by it."""
    return Path(module.__file__).read_bytes()
