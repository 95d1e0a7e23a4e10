"""Asks whoever takes the blog over, and holds what is answered to the rules of speaker.toml."""

from __future__ import annotations

import shutil
import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING

from plugins import words
from plugins.problems import did_you_mean
from plugins.sharing.networks import NETWORKS
from plugins.speaker import rules
from tools.desk.answers import QUESTIONS, UNSAID, full_stop, meant
from tools.desk.desk import RefusedError, sentence, tell, unwritable
from tools.desk.first_owner import FIRST_OWNER, is_first_owners
from tools.desk.here import time_zone_here

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tools.desk.answers import Answers, Question

_HOW_TO_ANSWER = (
    "Give them as options, or as lines of a file\nnamed by --answers, or run adopt in a terminal, where it asks."
)


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
    def _answered(self) -> tuple[Question, ...]:
        return tuple(question for question in QUESTIONS if question.key in self.answers)

    @property
    def open(self) -> tuple[Question, ...]:
        """The questions that have not been answered."""
        return tuple(question for question in QUESTIONS if question.key not in self.answers)

    def take(self, given: Answers) -> None:
        """Take answers as they are; what is wrong in them, `judge` says."""
        self.answers |= given

    def judge(self, missing: str = "") -> None:
        """Raise `RefusedError` with all that is wrong in the answers, and what is missing."""
        found = [(asked.option, self._complaint(asked.key, self.answers[asked.key])) for asked in self._answered]
        wrong = [sentence(f"{option}: {complaint}") for option, complaint in found if complaint]
        if wrong or missing:
            raise RefusedError("\n".join(filter(None, [*wrong, missing, "Nothing was changed."])))

    def ask(self) -> None:
        """Ask in the terminal for what has not been answered. Raises `EOFError` where the typing ends."""
        with suppress(ImportError):
            import readline  # noqa: F401  the arrow keys then move within what is typed
        for question in self.open:
            tell()
            self.answers[question.key] = self._answer(question)

    def fill_in(self) -> None:
        """Take what is offered for what has not been answered. Raises `RefusedError` as `judge` does."""
        offers = {question: self._offer(question.key) for question in self.open}
        self.take({question.key: offer for question, offer in offers.items() if offer is not None})
        # The given name follows from the name.
        missing = [asked.option for asked in self.open if asked.key != "given_name"]
        self.judge(f"Missing: {', '.join(missing)}. {_HOW_TO_ANSWER}" if missing else "")

    def _answer(self, question: Question) -> str | tuple[str, ...]:
        offer = self._offer(question.key)
        _say(question.words)
        while True:
            typed = input(f"[{_shown(offer)}] " if offer is not None else "> ")
            value = offer if offer is not None and not typed.strip() else meant(question.key, typed)
            complaint = self._complaint(question.key, value)
            if not complaint:
                return value
            _say(sentence(f"{complaint[:1].upper()}{complaint[1:]}"))

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
            return self._complaint_of_networks(value)
        if not value:
            return "this cannot be empty; write something"
        if unwritable(value):
            return "this holds a control character, or bytes that are not UTF-8; type it anew"
        if self.adopting and key in {"email", "site"} and is_first_owners({key: value}):
            return f"`{value}` is {FIRST_OWNER['name']}'s; write your own"
        rule = full_stop if key == "line" else self._rules.get(key)
        said = rule(value) if rule else None
        if not said and key == "language" and not words.file_for(self._words, value):
            return self._no_words(value)
        return str(said) if said else None

    def _complaint_of_networks(self, names: tuple[str, ...]) -> str | None:
        wrong = [name for name in names if self._rules["share[]"](name)]
        if len(wrong) > 1:
            hints = [f" ({near[2:]})" if (near := did_you_mean(name, NETWORKS)) else "" for name in wrong]
            return f"there are no networks {_listed(wrong, hints)}; the known ones are {', '.join(NETWORKS)}"
        said = self._rules["share[]"](wrong[0]) if wrong else self._rules["share"](list(names))
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


def _say(words: str) -> None:
    """Tell something that may be longer than the terminal is wide."""
    width = shutil.get_terminal_size().columns
    tell(textwrap.fill(words, width, break_long_words=False, break_on_hyphens=False))


def _given(name: str) -> str:
    """Give the first part of a name that is no title: those end with a full stop."""
    return next((part for part in name.split() if not part.endswith(".")), name)


def _shown(offer: str | tuple[str, ...]) -> str:
    return offer if isinstance(offer, str) else ", ".join(offer) or "none"


def _listed(names: list[str], hints: list[str]) -> str:
    """Return `a`, `b` and `c`, each with what is added to it."""
    quoted = [f"`{name}`{hint}" for name, hint in zip(names, hints, strict=True)]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
