"""`python3 tasks.py adopt`: the clone becomes somebody's own blog; what came with it is set aside, never deleted.

speaker.toml is written last. Until then it names the first owner, so that one that was killed midway can be run again
and goes on from there.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import tomlkit

from plugins import toml_file
from tools.desk import answers as asking
from tools.desk.desk import RefusedError, shown, tell
from tools.desk.first_owner import FIRST_OWNER, free_place, samples, set_aside
from tools.replacing import create, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.desk.answers import Answers

FRESH = Path(__file__).with_name("fresh")
SAMPLES = "samples"
_BOM = b"\xef\xbb\xbf"
# What Python-Markdown would take for a mark of its own (its ESCAPED_CHARS, as far as they stand within a line).
_MARKS = re.compile(r"([\\`*_{}\[\]()#!|])")


class Places(NamedTuple):
    """The project, its content folder, and where the samples go."""

    root: Path
    content: Path

    @property
    def aside(self) -> Path:
        """The folder for what came with the project."""
        return self.content.parent / SAMPLES

    @property
    def speaker(self) -> Path:
        """The file that says whose blog it is."""
        return self.content / "speaker.toml"

    def shown(self, path: Path) -> str:
        """Give a path for people."""
        return shown(path, self.root)


def adopt(root: Path, content: Path, options: Mapping[str, str | None], answers: Path | None) -> None:
    """Make the content folder the blog of whoever answers, or change what was answered before.

    Raises `SiteError` where speaker.toml or the file with answers cannot be read, `RefusedError` where an answer is
    wrong or missing, `KeyboardInterrupt`, and `OSError`. Nothing has been changed then, but by an `OSError`.
    """
    places = Places(root, content)
    present = _present(places)
    interview = asking.Interview(present or {}, content, root / "theme" / "words")
    given = (asking.from_file(answers, str(answers)) if answers else {}) | asking.from_options(options)
    interview.take(given)
    if interview.open and asking.is_interactive():
        _ask(interview)
    interview.fill_in()
    if interview.adopting or present is None:
        _take_over(places, interview.answers, moving=present is not None)
    else:
        _change(places, interview.answers, present)


def _present(places: Places) -> dict[str, object] | None:
    """Give what speaker.toml says now, and what it means by saying nothing; None where there is none."""
    if not places.speaker.exists():
        return None
    return asking.UNSAID | toml_file.parsed(places.speaker.read_bytes(), places.shown(places.speaker), "speaker")[1]


def _ask(interview: asking.Interview) -> None:
    tell("Enter takes what stands in [brackets]. Ctrl-C stops, and nothing is changed.\n")
    try:
        interview.ask()
    except EOFError:
        tell()
        raise RefusedError("Nothing was changed.") from None
    except KeyboardInterrupt:
        tell("\nNothing was changed.")
        raise
    tell()


def _take_over(places: Places, answers: Answers, *, moving: bool) -> None:
    """Set the samples aside, write the first pages, and only then the new owner's name."""
    pages = {places.content / name: text for name, text in _fresh_pages(str(answers["name"])).items()}
    moved = 0
    for path in samples(places.content) if moving else ():
        if path.is_symlink() or path not in pages or path.read_bytes() != pages[path]:  # one that was killed wrote it
            set_aside(path, places.content, places.aside)
            moved += 1
    _rename_ids(places, str(answers["site"]))
    for path, text in pages.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            create(path, text)
    if moving:
        _keep_copy(places)
    new = with_answers((FRESH / "speaker.toml").read_bytes(), answers)
    (replace if moving else create)(places.speaker, new)
    _tell_what_is_next(places, answers, moved + moving)


def _rename_ids(places: Places, site: str) -> None:
    """Give letters that were begun before the blog changed hands an id of their owner's: none has been published."""
    old, new = (f"\nid: tag:{urlsplit(address).hostname},".encode() for address in (FIRST_OWNER["site"], site))
    for path in (places.content / "posts").rglob("*.md"):
        raw = path.read_bytes()
        if old in raw:
            replace(path, raw.replace(old, new, 1))


def _keep_copy(places: Places) -> None:
    """Put the first owner's speaker.toml with the samples, once."""
    raw, place = places.speaker.read_bytes(), places.aside / places.speaker.name
    if not (place.is_file() and place.read_bytes() == raw):
        place.parent.mkdir(exist_ok=True)
        create(free_place(place), raw)


def _change(places: Places, answers: Answers, present: dict[str, object]) -> None:
    """Change the lines of speaker.toml that are answered otherwise now."""
    different = {key: value for key, value in answers.items() if present.get(key) != _plain(value)}
    if not different:
        tell("Nothing is answered otherwise; nothing was changed.")
        return
    replace(places.speaker, with_answers(places.speaker.read_bytes(), different))
    tell(f"Changed {', '.join(different)} in {places.shown(places.speaker)}. The rest is as it was.")


def with_answers(raw: bytes, answers: Answers) -> bytes:
    """Give a speaker.toml with the answers in their lines; every comment and every other line stays as it is."""
    document = tomlkit.parse(raw.decode("utf-8-sig"))
    new = tomlkit.document()
    for key, value in answers.items():
        # A new line goes to the top: further down it might part a comment from the line that it explains.
        (document if key in document else new)[key] = _plain(value)
    end = "\r\n" if b"\r\n" in raw else "\n"
    text = tomlkit.dumps(new).replace("\n", end) + tomlkit.dumps(document)
    return _BOM * raw.startswith(_BOM) + text.encode()


def _plain(value: str | tuple[str, ...]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _fresh_pages(name: str) -> dict[str, bytes]:
    """Give the first pages by their paths, in the name of their owner."""
    written = _MARKS.sub(r"\\\1", name.replace("&", "&amp;").replace("<", "&lt;"))
    return {
        path.relative_to(FRESH).as_posix(): path.read_text("utf-8").replace("{name}", written).encode()
        for path in sorted((FRESH / "pages").glob("*.md"))
    }


def _tell_what_is_next(places: Places, answers: Answers, moved: int) -> None:
    content, aside = places.shown(places.content), places.shown(places.aside)
    width = max(len(f"{content}/speaker.toml"), len(aside)) + 2
    tell(f"This is the blog of {answers['name']} now.\n")
    tell(f"{f'{content}/speaker.toml':{width}}says who you are; what waits behind a # is for later")
    tell(f"{f'{content}/pages/':{width}}has four short pages to begin with; rewrite them")
    if moved:
        tell(f"{f'{aside}/':{width}}has {FIRST_OWNER['name']}'s {moved} files; delete them when you like")
    if not str(answers["language"]).startswith("en"):
        tell("\nThe pages and the menu in speaker.toml are in English; put them into your language.")
    tell('\nNext:\n  python3 tasks.py new "My first letter" --edit\n  python3 tasks.py serve --open')
    tell("and when all is as you want it, `python3 tasks.py publish`; README says how.")
