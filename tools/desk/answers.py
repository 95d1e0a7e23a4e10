"""Who takes the blog over: asked in the terminal, told by options or in a file; held to the rules of speaker.toml."""

from __future__ import annotations

import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from plugins import toml_file, words
from plugins.sharing.networks import NETWORKS
from plugins.speaker import Speaker, Text, rules
from tools.desk.desk import RefusedError, tell, unwritable
from tools.desk.first_owner import FIRST_OWNER, is_first_owners
from tools.desk.here import time_zone_here

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
    Question(
        "share", textwrap.fill(f"Where readers can share a letter, or none. There are {', '.join(NETWORKS)}.", 79)
    ),
)


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
    """Read answers from a TOML file, which has the lines of speaker.toml. Raises `SiteError` with every problem."""
    asked = {question.key for question in QUESTIONS}
    known = {key: rule for key, rule in rules(path.parent, NETWORKS).items() if key.removesuffix("[]") in asked}
    given = msgspec.structs.asdict(toml_file.load(path, shown, _File, known, rule="speaker"))
    return {key: _meant(key, value) for key, value in given.items() if value is not None}


def from_options(options: Mapping[str, str | None]) -> Answers:
    """Take the answers that stand on the command line."""
    return {key: _meant(key, said) for key, said in options.items() if said is not None}


class Interview:
    """Asks whoever takes the blog over, or changes what was answered before."""

    def __init__(self, present: Mapping[str, object], content: Path, theme_words: Path) -> None:
        """Know what speaker.toml says now, and the folder with the words of each language."""
        self._present = present
        self._rules = rules(content, NETWORKS)
        self._words = theme_words
        self.answers: Answers = {}

    @property
    def adopting(self) -> bool:
        """Whether the blog changes hands: it is still its first owner's, who is not the one who answers."""
        return is_first_owners(self._present) and self.answers.get("name") != FIRST_OWNER["name"]

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that have not been answered."""
        return tuple(question for question in QUESTIONS if question.key not in self.answers)

    def take(self, given: Answers) -> None:
        """Take answers as they are. Raises `RefusedError` with all that is wrong."""
        self.answers |= given
        options = {question.key: question.option for question in QUESTIONS}
        found = [(options[key], self._complaint(key, value)) for key, value in given.items()]
        wrong = [f"{option}: {complaint}." for option, complaint in found if complaint]
        if wrong:
            raise RefusedError("\n".join([*wrong, "Nothing was changed."]))

    def ask(self) -> None:
        """Ask in the terminal for what has not been answered. Raises `EOFError` where the typing ends."""
        with suppress(ImportError):
            import readline  # noqa: F401  the arrow keys then move within what is typed
        for question in self.open:
            self.answers[question.key] = self._answer(question)

    def fill_in(self) -> None:
        """Take what is offered for what has not been answered. Raises `RefusedError` where nothing can be."""
        offers = {question: self._offer(question.key) for question in self.open}
        # The given name follows from the name.
        missing = [asked.option for asked, offer in offers.items() if offer is None and asked.key != "given_name"]
        if missing:
            raise RefusedError(
                f"Missing: {', '.join(missing)}. Give them as options, or in a file with --answers, or run adopt in a "
                "terminal, where it asks. Nothing was changed."
            )
        self.take({question.key: offer for question, offer in offers.items() if offer is not None})

    def _answer(self, question: Question) -> str | tuple[str, ...]:
        offer = self._offer(question.key)
        tell(question.words)
        while True:
            typed = input(f"[{_shown(offer)}] " if offer is not None else "> ")
            value = offer if offer is not None and not typed.strip() else _meant(question.key, typed)
            complaint = self._complaint(question.key, value)
            if not complaint:
                return value
            tell(f"{complaint[:1].upper()}{complaint[1:]}.")

    def _offer(self, key: str) -> str | tuple[str, ...] | None:
        """Give what Enter stands for: what is there already, else what can be told from the rest."""
        there = self._present.get(key)
        if not self.adopting and isinstance(there, str | list) and (there or key == "share"):
            return tuple(map(str, there)) if isinstance(there, list) else there
        match key:
            case "given_name" if "name" in self.answers:
                return _given(str(self.answers["name"]))
            case "language":
                return "en"
            case "timezone":
                return time_zone_here()
            case "share":
                return UNSAID["share"]
        return None

    def _complaint(self, key: str, value: str | tuple[str, ...]) -> str | None:
        """Say what is wrong with an answer, or nothing."""
        if isinstance(value, tuple):
            found = [self._rules["share[]"](name) for name in value] + [self._rules["share"](list(value))]
            return next((str(said) for said in found if said), None)
        if not value:
            return "this cannot be empty; write something"
        if unwritable(value):
            return "this holds a control character, or bytes that are not UTF-8; type it anew"
        if self.adopting and key in {"email", "site"} and is_first_owners({key: value}):
            return f"`{value}` is {FIRST_OWNER['name']}'s; write your own"
        said = self._rules[key](value) if key in self._rules else None
        if not said and key == "language" and not words.file_for(self._words, value):
            return self._no_words(value)
        return str(said) if said else None

    def _no_words(self, language: str) -> str:
        there = ", ".join(sorted(path.stem for path in self._words.glob("*.toml")))
        return (
            f"the theme does not speak `{language}` yet, only {there}; copy theme/words/en.toml to "
            f"theme/words/{language}.toml, translate it and answer again, or write en until then"
        )


def is_interactive() -> bool:
    """Tell whether somebody sits there who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _meant(key: str, said: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(said, tuple):
        return said
    text = " ".join(said.split())
    if key != "share":
        return text
    names = tuple(dict.fromkeys(text.lower().replace(",", " ").split()))
    return () if names == ("none",) else names


def _given(name: str) -> str:
    """Give the first part of a name that is no title: those end with a full stop."""
    return next((part for part in name.split() if not part.endswith(".")), name)


def _shown(offer: str | tuple[str, ...]) -> str:
    return offer if isinstance(offer, str) else ", ".join(offer) or "none"
