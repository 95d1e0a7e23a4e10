"""What stands at the top of a talk's file: each key has one function that reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from plugins.keys import Key, WrongValueError, entries, name, text
from plugins.problems import nearest_or_all
from plugins.speaker import web_address

if TYPE_CHECKING:
    from plugins.keys import Surroundings, Written

LONGEST_PROMISE = 150
TAKEAWAYS = 3
_SLUG = re.compile(r"[\w-]+")


class Testimonial(NamedTuple):
    """What somebody said of the talk. `role` and `event` may be empty."""

    words: str
    name: str
    role: str = ""
    event: str = ""


def _promise(value: Written, around: Surroundings) -> str:
    found = text(value, around)
    if len(found) > LONGEST_PROMISE:
        length = len(found)
        raise WrongValueError(f"the promise has {length} characters; write one sentence of {LONGEST_PROMISE} at most")
    return found


def _takeaways(value: Written, around: Surroundings) -> tuple[str, ...]:
    found = entries(value, around)
    if len(found) != TAKEAWAYS:
        raise WrongValueError(
            f"`takeaways` has {len(found)}; write three, each behind a hyphen and a space on a line of its own"
        )
    return found


def _address(value: Written, around: Surroundings) -> str:
    found = text(value, around)
    wrong = web_address(found)
    if wrong:
        raise WrongValueError(wrong)
    return found


def _order(value: Written, around: Surroundings) -> int:
    found = text(value, around)
    if not re.fullmatch(r"\d{1,4}", found, re.ASCII):
        raise WrongValueError(f"`{found[:40]}` is not a place in the list; write a whole number like 1")
    return int(found)


def _testimonials(value: Written, _: Surroundings) -> tuple[Testimonial, ...]:
    example = "write `- words: …`, and below it `name: …`, `role: …` and `event: …`"
    if isinstance(value, str):
        raise WrongValueError(f"`testimonials` must be a list; {example}")
    found = []
    for at, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise WrongValueError(f"a testimonial needs words and a name; {example}", at)
        for key in entry:
            if key not in Testimonial._fields:
                raise WrongValueError(f"unknown key `{key}`{nearest_or_all(key, Testimonial._fields)}", at)
        missing = [key for key in ("words", "name") if not entry.get(key)]
        if missing:
            raise WrongValueError(f"this testimonial has no {missing[0]}; {example}", at)
        found.append(Testimonial(**entry))
    return tuple(found)


def talk_name(value: Written, around: Surroundings) -> str:
    """Give the talk that a post names. Raises `WrongValueError` for what cannot be one."""
    found = name(value, around).removesuffix(".md")
    if not _SLUG.fullmatch(found):
        raise WrongValueError(f"`{found[:80]}` names no talk; write its file's name, like `the-second-row`")
    return found


TALK = {
    "promise": Key(_promise, "promise: What people will know when they go home."),
    "takeaways": Key(_takeaways, "takeaways:` with three lines like `  - One thing to do on Monday"),
    "formats": Key(entries),
    "audience": Key(text),
    "av": Key(entries),
    "language": Key(text),
    "recording": Key(_address),
    "recording_image": Key(name),
    "recording_alt": Key(text),
    "slides": Key(_address),
    "testimonials": Key(_testimonials),
    "order": Key(_order),
}
ABSENT = {
    "formats": (),
    "av": (),
    "testimonials": (),
    "audience": "",
    "language": "",
    "recording": "",
    "recording_image": "",
    "recording_alt": "",
    "slides": "",
}
"""What the theme finds where a key was left out."""
