"""The inquiry: the questions an organiser answers, laid out as a letter that a mail program opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

from plugins.mailto import encode, mailto

if TYPE_CHECKING:
    from plugins.speaker import Speaker
    from plugins.words import Words


class Field(NamedTuple):
    """One line of the reply card. `kind` is text, email or textarea; `autocomplete` as HTML has it, or empty."""

    name: str
    label: str
    error: str
    required: bool
    kind: str
    autocomplete: str


class Questions(NamedTuple):
    """The reply card's lines, and the letter that lays the same questions out where no script runs."""

    fields: tuple[Field, ...]
    email: str
    subject: str
    mailto: str


class Invitation(NamedTuple):
    """An open door to the speaker. `url` is below the site's root and opens the reply card; `topic` may be empty."""

    topic: str
    label: str
    url: str
    email: str
    mailto: str


# name, required, kind, autocomplete (HTML, section 4.10.18.7: autofill)
_FIELDS = (
    ("event", True, "text", ""),
    ("organisation", False, "text", "organization"),
    ("date", True, "text", ""),
    ("place", False, "text", ""),
    ("audience", False, "text", ""),
    ("hopes", False, "textarea", ""),
    ("name", True, "text", "name"),
    ("email", True, "email", "email"),
)


def fields(words: Words) -> tuple[Field, ...]:
    """Give the lines of the reply card in the words of the site's language."""
    return tuple(
        Field(name, words.say(f"field_{name}"), words.say(f"field_{name}_error") if required else "", required, *rest)
        for name, required, *rest in _FIELDS
    )


def questions(speaker: Speaker, words: Words) -> Questions:
    """Give what the speaking page needs."""
    letter = _letter(speaker, words, "")
    subject = words.say("subject")
    return Questions(fields(words), speaker.email, subject, mailto(speaker.email, subject, letter))


def invitation(speaker: Speaker, words: Words, topic: str = "", post: tuple[str, str] | None = None) -> Invitation:
    """Give the invitation to speak about `topic`; `post` is the title and address (below the root) it stands under."""
    query = {"topic": topic} if topic else {}
    read = ""
    if post:
        title, url = post
        query["post"] = f"/{url}"
        read = words.say("read_letter", title=title, url=speaker.absolute(url))
    subject = words.say("subject_about", topic=topic) if topic else words.say("subject")
    return Invitation(
        topic,
        words.say("ask_about", given=speaker.given_name, topic=topic)
        if topic
        else words.say("ask", given=speaker.given_name),
        "speaking/"
        + ("?" + urlencode(query, quote_via=lambda text, *_: encode(text)) if query else "")
        + "#reply-card",
        speaker.email,
        mailto(speaker.email, subject, _letter(speaker, words, read)),
    )


def _letter(speaker: Speaker, words: Words, read: str) -> str:
    lines = [
        words.say("dear", given=speaker.given_name),
        "",
        *([read, ""] if read else []),
        words.say("letter_opening"),
        "",
    ]
    lines += [f"{field.label}: " for field in fields(words)]
    return "\n".join(lines) + "\n"
