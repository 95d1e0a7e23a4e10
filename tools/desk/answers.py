"""What is asked of whoever takes the blog over, and what was answered by options or in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from plugins import toml_file
from plugins.sharing.networks import NETWORKS, named
from plugins.speaker import Speaker, Text, rules
from tools.desk.desk import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    Answers = dict[str, str | tuple[str, ...]]


class Question(NamedTuple):
    """A key of speaker.toml, and how it is asked for."""

    key: str
    words: str

    @property
    def option(self) -> str:
        """Give the option that answers it."""
        return f"--{self.key.replace('_', '-')}"


QUESTIONS = (
    Question("name", "Your full name. It stands at the top of every page."),
    Question("given_name", "The name people call you by."),
    Question("line", "One line that says what you do, without a full stop."),
    Question("email", "The e-mail address where invitations arrive. It is shown on the site."),
    Question("site", "The address that the site will have, like https://www.example.org"),
    Question("language", "The language you write in, as a short code."),
    Question("timezone", "Your time zone, like Europe/Berlin or America/New_York."),
    Question("share", f"Where readers can share a letter, or none. There are {', '.join(NETWORKS)}."),
)

_FULL_STOPS = (".", "。", "．", "।", "۔", "։", "።")
_LONGEST_ABBREVIATION = 5
"""Letters of `Corp.` and the like, with their full stop."""

UNSAID: Answers = {
    field.name: field.default
    for field in msgspec.structs.fields(Speaker)
    if field.name in {"language", "timezone", "share"}
}
"""What speaker.toml means by saying nothing."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Text | None = None
    given_name: Text | None = None
    line: Text | None = None
    email: Text | None = None
    site: Text | None = None
    language: Text | None = None
    timezone: Text | None = None
    share: tuple[Text, ...] | None = None


def from_file(path: Path, shown: str) -> Answers:
    """Read answers from a TOML file, which has the lines of speaker.toml.

    Raises `SiteError` with every problem, `RefusedError` where there is no such file.
    """
    if not path.is_file():
        raise RefusedError(f"--answers: there is no file {shown}. Nothing was changed.")
    asked = {question.key for question in QUESTIONS}
    known = {key: rule for key, rule in rules(path.parent, NETWORKS).items() if key.removesuffix("[]") in asked}
    unknown = known["share[]"]
    known |= {"share[]": lambda name: None if named(str(name)) else unknown(name), "line": full_stop}
    given = msgspec.structs.asdict(toml_file.load(path, shown, _File, known, rule="speaker"))
    return {key: meant(key, value) for key, value in given.items() if value is not None}


def from_options(options: Mapping[str, str | None]) -> Answers:
    """Take the answers that stand on the command line."""
    return {key: meant(key, said) for key, said in options.items() if said is not None}


def meant(key: str, said: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Give what was meant by what was said; of networks that are typed, their names."""
    if isinstance(said, tuple):
        return tuple(dict.fromkeys(named(name) or name for name in said))
    text = " ".join(said.split())
    if key != "share":
        return text
    # A name may hold a space, as Hacker News does.
    parts = text.replace(";", ",").split(",")
    words = [word for part in parts for word in ([part] if named(part) else part.split())]
    names = tuple(dict.fromkeys(named(word) or word.lower() for word in words if word != "and"))
    return () if names == ("none",) else names


def full_stop(line: object) -> str | None:
    """Say that a line ends with a full stop, of whatever script, where it does; one of an abbreviation may stay."""
    text = str(line).rstrip()
    last = text.rpartition(" ")[2]
    is_short = "." in last[:-1] or (last[:1].isupper() and len(last) <= _LONGEST_ABBREVIATION) or last == "etc."
    if not text.endswith(_FULL_STOPS) or (text.endswith(".") and is_short):
        return None
    return f"this ends with a full stop; write `{text.rstrip(''.join(_FULL_STOPS) + ' ')}`"
