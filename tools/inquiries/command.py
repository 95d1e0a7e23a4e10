"""`python3 tasks.py inquiries`: reads mail, shows what was asked, and puts one inquiry into the diary if told to."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from plugins.problems import SiteError
from plugins.sharing.networks import NETWORKS
from plugins.speaker import load_speaker
from plugins.words import load_words
from tools.inquiries import accept, files, reply
from tools.inquiries.block import IN_ENGLISH, KEYS, Asked
from tools.inquiries.dates import DateReader
from tools.inquiries.display import cells, print_table
from tools.inquiries.mails import shown
from tools.inquiries.reading import read
from tools.inquiries.taken import clashes, taken_days
from tools.replacing import replace
from tools.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.speaker import Speaker
    from plugins.words import Words
    from tools.inquiries.reading import Found, Reading
    from tools.inquiries.taken import Taken


THEME_WORDS = Path(__file__).resolve().parents[2] / "theme" / "words"


class Wanted(NamedTuple):
    """What the command was asked for besides the table: files to write, and the number of the inquiry to accept."""

    csv: Path | None = None
    json: Path | None = None
    accept: int | None = None


def inquiries(mail: Path, content: Path, drafts: Path, wanted: Wanted) -> None:
    """Show the inquiries in a saved mail, mailbox or folder; warnings go to standard error.

    Raises `NoMailError`, `FileExistsError`, `NotADirectoryError`, `NotAcceptedError` and, where an inquiry is
    accepted, `SiteError`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a Windows console knows few letters
    written = {option: path for option, path in (("--csv", wanted.csv), ("--json", wanted.json)) if path}
    files.refuse_existing(written)
    files.refuse_missing({option: path.parent for option, path in written.items()} | {"--drafts": drafts})
    speaker, unsound = _speaker_if_sound(content)
    words = _words(speaker) if speaker else None
    reading = read(mail, _asked(words) if words else IN_ENGLISH)
    taken, warnings = _diary(content, speaker, reading) if speaker else ((), unsound)
    rows = [files.Listed(n, one, clashes(one.inquiry, taken)) for n, one in enumerate(reading.found, 1)]
    if rows:
        print_table(cells(row.number, row.found, speaker.root if speaker else "") for row in rows)
    _tell(_summary(reading))
    sys.stdout.flush()
    for line in (*warnings, *_clash_lines(rows)):
        sys.stderr.write(f"Warning: {visible(line)}\n")
    for line in reading.notes:
        sys.stderr.write(f"{visible(line)}\n")
    for path, raw in ((wanted.csv, files.as_csv), (wanted.json, files.as_json)):
        if path:
            files.write_new(path, raw(rows))
            _tell(f"Wrote {shown(path)}.")
    if wanted.accept is not None:
        _accept(reading.found, wanted.accept, content, drafts)


def _speaker_if_sound(content: Path) -> tuple[Speaker | None, tuple[str, ...]]:
    """Give the speaker, or lines that say what is wrong with the file: mail can be read all the same."""
    try:
        return _speaker(content), ()
    except SiteError as error:
        return None, _unsound(error)


def _diary(content: Path, speaker: Speaker, reading: Reading) -> tuple[tuple[Taken, ...], tuple[str, ...]]:
    """Give the days that are taken, or lines that say why they cannot be told."""
    try:
        return taken_days(content, speaker, [one.inquiry for one in reading.found]), ()
    except SiteError as error:
        return (), _unsound(error)


def _unsound(error: SiteError) -> tuple[str, ...]:
    return (*map(str, error.problems), "clashes with other dates could not be looked for.")


def _speaker(content: Path) -> Speaker:
    path = content / "speaker.toml"
    return load_speaker(path, shown(path), NETWORKS)


def _words(speaker: Speaker) -> Words | None:
    """Give the words of the site's language; None where there are none, as the build says."""
    try:
        return load_words(THEME_WORDS, "theme/words", speaker.language)
    except SiteError:
        return None


def _asked(words: Words) -> Asked:
    """Give the key for each question of the speaker's card and of the letter without it, and the reader of days."""
    questions = [(f"{kind}_{key}", key) for kind in ("field", "letter") for key in KEYS]
    labels = {words.words[name].casefold(): key for name, key in questions if name in words.words}
    return Asked(labels, DateReader(words))


def _clash_lines(rows: list[files.Listed]) -> Iterator[str]:
    for row in rows:
        for clash in row.clashes:
            yield f"inquiry {row.number} clashes with {clash}" if clash[0].isdigit() else f"{row.number}: {clash}"


def _summary(reading: Reading) -> str:
    count = len(reading.found)
    asked = "No inquiry" if not count else "1 inquiry" if count == 1 else f"{count} inquiries"
    held = "1 mail" if reading.mails == 1 else f"{reading.mails} mails"
    often = [f"{n} stands in {len(one.mails)} mails" for n, one in enumerate(reading.found, 1) if len(one.mails) > 1]
    return f"{asked} in {held}{'; ' if often else ''}{', '.join(often)}."


def _accept(found: tuple[Found, ...], number: int, content: Path, drafts: Path) -> None:
    """Add the event and write the draft, both or none."""
    if not 1 <= number <= len(found):
        known = f"write a number from 1 to {len(found)}" if found else "there is none to accept"
        raise accept.NotAcceptedError(f"There is no inquiry {number}; {known}.")
    one = found[number - 1]
    path = content / "events.toml"
    speaker = _speaker(content)
    raw = accept.appended(path, shown(path), one.inquiry, accept.talks_in(content))
    letter = reply.free_name(drafts, one.inquiry)
    files.write_new(letter, reply.draft(one, speaker, _words(speaker)))
    try:
        replace(path, raw)
    except OSError:
        letter.unlink()
        raise
    _tell(f"Added inquiry {number} to {shown(path)}, tentative and for your eyes only.")
    to = "" if reply.is_address(one.inquiry.email) else "; write the address yourself, the inquiry names none"
    _tell(f"Wrote the draft of an answer, {shown(letter)}{to}. Open it with your mail program, read it, send it.")


def _tell(words: str) -> None:
    sys.stdout.write(f"{visible(words)}\n")
