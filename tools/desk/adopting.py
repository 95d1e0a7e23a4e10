"""`python3 tasks.py adopt`: the clone becomes somebody's own blog; what came with it is set aside, never deleted.

speaker.toml is written last. Until then it names the first owner, so that one that was killed midway can be run again
and goes on from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from plugins import toml_file
from plugins.problems import SiteError, shown
from tools.desk.answers import UNSAID, from_file, from_options
from tools.desk.desk import RefusedError, tell
from tools.desk.first_owner import FIRST_OWNER, free_place, in_the_way, samples, set_aside
from tools.desk.fresh_files import FRESH_SPEAKER, pages_of, plain, with_answers
from tools.desk.interview import Interview, is_interactive
from tools.replacing import create, replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.desk.answers import Answers

SAMPLES = "samples"


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
    wrong or missing, or where there is no room for the samples: nothing has been changed then. Raises `OSError` and
    `KeyboardInterrupt` too; whatever was done before is gone on from when it is run again.
    """
    places = Places(root, content)
    present = _present(places)
    interview = Interview(present or {}, content, root / "theme" / "words")
    unread = ""
    try:
        interview.take(from_file(answers, places.shown(answers)) if answers else {})
    except SiteError as error:
        unread = str(error)
    interview.take(from_options(options))
    if unread:
        interview.judge(unread)
    if interview.open and is_interactive():
        interview.judge()
        _ask(interview)
    interview.fill_in()
    if interview.adopting or present is None:
        _take_over_or_tell(places, interview.answers, moving=present is not None)
    else:
        _change(places, interview.answers, present)


def _present(places: Places) -> dict[str, object] | None:
    """Give what speaker.toml says now, and what it means by saying nothing; None where there is none."""
    if not places.speaker.exists():
        return None
    return UNSAID | toml_file.parsed(places.speaker.read_bytes(), places.shown(places.speaker), "speaker")[1]


def _ask(interview: Interview) -> None:
    tell("Enter takes what stands in [brackets]. Ctrl-C stops, and nothing is changed.")
    try:
        interview.ask()
    except EOFError:
        tell()
        raise RefusedError("Nothing was changed.") from None
    except KeyboardInterrupt:
        tell("\nNothing was changed.")
        raise
    tell()


def _take_over_or_tell(places: Places, answers: Answers, *, moving: bool) -> None:
    try:
        _take_over(places, answers, moving=moving)
    except KeyboardInterrupt:
        tell("\nStopped midway. Nothing is lost; run adopt again, and it goes on from there.")
        raise


def _take_over(places: Places, answers: Answers, *, moving: bool) -> None:
    """Set the samples aside, write the first pages, and only then the new owner's name."""
    pages = {places.content / name: text for name, text in pages_of(str(answers["name"])).items()}
    leaving = [path for path in samples(places.content) if not _is_written(path, pages)] if moving else []
    _make_sure_of_room(places, leaving)
    for path in leaving:
        set_aside(path, places.content, places.aside)
    _rename_ids(places, str(answers["site"]))
    for path, text in pages.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            create(path, text)
    if moving:
        _keep_copy(places)
    new = with_answers(FRESH_SPEAKER.read_bytes(), answers)
    (replace if moving else create)(places.speaker, new)
    _tell_what_is_next(places, answers, samples_moved=moving)


def _is_written(path: Path, pages: Mapping[Path, bytes]) -> bool:
    """Tell whether one that was killed wrote this page already."""
    return path in pages and not path.is_symlink() and path.read_bytes() == pages[path]


def _make_sure_of_room(places: Places, leaving: list[Path]) -> None:
    """Raise `RefusedError` where a file stands in the place of a folder for the samples."""
    speaker = places.speaker
    found = (in_the_way(path, places.content, places.aside) for path in (*leaving, speaker))
    blocking = next(filter(None, found), None)
    if blocking:
        message = f"{places.shown(blocking)} is in the way: what came with the project is to go into a folder of that"
        raise RefusedError(f"{message} name; rename it and run adopt again. Nothing was changed.")


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
    different = {key: value for key, value in answers.items() if present.get(key) != plain(value)}
    if not different:
        tell("Nothing is answered otherwise; nothing was changed.")
        return
    replace(places.speaker, with_answers(places.speaker.read_bytes(), different))
    tell(f"Changed {', '.join(different)} in {places.shown(places.speaker)}. The rest is as it was.")


def _tell_what_is_next(places: Places, answers: Answers, *, samples_moved: bool) -> None:
    content, aside = places.shown(places.content), places.shown(places.aside)
    rows = [
        (f"{content}/speaker.toml", "says who you are; what waits behind a # is for later"),
        (f"{content}/pages/", "has four short pages to begin with; rewrite them"),
    ]
    if samples_moved:
        rows.append((f"{aside}/", f"has what was {FIRST_OWNER['name']}'s; delete it when you like"))
    width = max(len(path) for path, _ in rows)
    tell(f"This is the blog of {answers['name']} now.\n")
    for path, words in rows:
        tell(f"  {path:{width}}  {words}")
    if not str(answers["language"]).startswith("en"):
        tell("\nThe pages, and the menu in speaker.toml, are in English; put them into your\nlanguage.")
    tell('\nNext:\n\n  python3 tasks.py new "My first letter" --edit\n  python3 tasks.py serve --open\n')
    tell('When all is as you want it, publish it: README says how, under "Publish".')
