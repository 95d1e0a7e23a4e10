"""The inquiry: the questions an organiser answers, and the letter that holds them where no script runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from plugins.mailto import encode, mailto
from plugins.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plugins.speaker import Speaker
    from plugins.words import Words

BLOCK = """event date until when place audience talk topic slot length budget travel organisation name email why
other post""".split()
"""The block's keys, in their order; the same as in theme/static/inquiry.js and tools/inquiries."""
LONGEST = 1800
"""Characters of a mailto address that every mail program was seen to take whole."""


class Field(NamedTuple):
    """One line of the reply card. `kind` is text, email, date, select or textarea; `autocomplete` as HTML has it."""

    name: str
    label: str
    error: str
    required: bool
    kind: str
    autocomplete: str


class Choice(NamedTuple):
    """A talk that can be asked for, and the letter that asks for it where no script runs."""

    slug: str
    title: str
    lang: str
    dir: str
    label: str
    mailto: str


class WebMail(NamedTuple):
    """A mail program in the browser; `url` holds {to}, {subject} and {body}, to be filled in percent-encoded."""

    label: str
    url: str


class Questions(NamedTuple):
    """The reply card: what is asked first, what is folded away, the talks, and the letter without a script.

    `long_date` is how a day is written out, with {day}, {month}, {year} and {number}; `months` are the months' names.
    """

    asked: tuple[Field, ...]
    folded: tuple[Field, ...]
    talks: tuple[Choice, ...]
    webmail: tuple[WebMail, ...]
    email: str
    mailto: str
    long_date: str
    months: tuple[str, ...]


class Invitation(NamedTuple):
    """An open door to the speaker. `url` is below the site's root and opens the reply card.

    `talk` is the title of the talk that is offered, else `topic` may say what about; both may be empty.
    """

    topic: str
    talk: str
    label: str
    url: str
    email: str
    mailto: str


Row = tuple[str, bool, str, str]

# name, required, kind, autocomplete (HTML, section 4.10.18.7: autofill)
_ASKED: tuple[Row, ...] = (
    ("event", True, "text", ""),
    ("date", True, "date", ""),
    ("until", False, "date", ""),
    ("when", False, "text", ""),
    ("place", True, "text", ""),
    ("audience", True, "text", ""),
    ("talk", False, "select", ""),
    ("topic", False, "text", ""),
    ("name", True, "text", "name"),
    ("email", True, "email", "email"),
)
_FOLDED: tuple[Row, ...] = (
    ("why", False, "textarea", ""),
    ("slot", False, "text", ""),
    ("length", False, "text", ""),
    ("budget", False, "text", ""),
    ("travel", False, "text", ""),
    ("organisation", False, "text", "organization"),
    ("other", False, "textarea", ""),
)
# A page's script sees to it that a day is one; a letter can only ask for it.
_IN_LETTERS = {"date": "letter_date", "until": "letter_until"}
# No vendor documents these addresses; all three have been stable for years. The path differs by whose account it is.
_WEB_MAIL = (
    ("webmail_gmail", "https://mail.google.com/mail/?view=cm&fs=1&to={to}&su={subject}&body={body}"),
    (
        "webmail_work",
        "https://outlook.cloud.microsoft/mail/deeplink/compose?to={to}&subject={subject}&body={body}",
    ),
    ("webmail_home", "https://outlook.live.com/mail/deeplink/compose?to={to}&subject={subject}&body={body}"),
)


def _fields(words: Words, rows: Iterable[Row]) -> tuple[Field, ...]:
    """Give lines of the reply card in the words of the site's language; what can be wrong has an error text."""
    return tuple(
        Field(name, words.say(f"field_{name}"), words.say(f"field_{name}_error") if checked else "", required, *rest)
        for name, required, *rest in rows
        for checked in [required or rest[0] == "date"]
    )


def questions(speaker: Speaker, words: Words, talks: Iterable[Any] = ()) -> Questions:
    """Give what the reply card needs; `talks` are those on offer, with slug, title, lang and dir."""
    choices = tuple(_choice(speaker, words, talk) for talk in talks)
    asked = tuple(row for row in _ASKED if choices or row[0] != "talk")
    return Questions(
        _fields(words, asked),
        _fields(words, _FOLDED),
        choices,
        tuple(WebMail(words.say(key), url) for key, url in _WEB_MAIL),
        speaker.email,
        _uri(speaker, words),
        words.dates.long_date,
        words.months.names,
    )


def _choice(speaker: Speaker, words: Words, talk: Any) -> Choice:
    asked = invitation(speaker, words, talk=(talk.slug, talk.title))
    return Choice(talk.slug, talk.title, talk.lang, talk.dir, asked.label, asked.mailto)


def invitation(
    speaker: Speaker,
    words: Words,
    topic: str = "",
    post: tuple[str, str] | None = None,
    talk: tuple[str, str] | None = None,
) -> Invitation:
    """Give the invitation to give a talk (its slug and title), or to speak about `topic`.

    `post` is the title and address (below the root) that it stands under.
    """
    slug, title = talk or ("", "")
    query = {"talk": slug} if slug else {"topic": topic} if topic else {}
    if post:
        query["post"] = f"/{post[1]}"
    key, named = ("ask_for", {"title": title}) if slug else ("ask_about", {"topic": topic}) if topic else ("ask", {})
    return Invitation(
        "" if slug else topic,
        title,
        words.say(key, given=speaker.given_name, **named),
        "speaking/" + ("?" + urlencode(query, quote_via=lambda s, *_: encode(s)) if query else "") + "#reply-card",
        speaker.email,
        _uri(speaker, words, "" if slug else topic, title, post),
    )


def _uri(speaker: Speaker, words: Words, topic: str = "", talk: str = "", post: tuple[str, str] | None = None) -> str:
    """Give the letter's mailto address: of all questions if they fit, else with shorter titles and fewer questions."""
    uri = ""
    for uri in _letters(speaker, words, topic, talk, post):
        if len(uri) <= LONGEST:
            break
    return uri


def _letters(speaker: Speaker, words: Words, topic: str, talk: str, post: tuple[str, str] | None) -> Iterator[str]:
    """Give the letter's mailto address ever shorter; an alphabet that takes nine characters a letter needs it."""
    reads = [""]
    if post:
        url = speaker.absolute(post[1])
        reads = [words.say("read_letter", title=post[0], url=url), words.say("read_address", url=url), ""]
    required = tuple(row for row in _ASKED if row[1])
    for rows, limit in (((*_ASKED, *_FOLDED), len(talk + topic)), ((*_ASKED, *_FOLDED), 60), (required, 12)):
        about, title = cut(topic, limit), cut(talk, limit)
        subject = words.say("subject_about", topic=about) if about else words.say("subject")
        if title:
            subject = words.say("subject_talk", title=title)
        for read in reads:
            letter = _letter(speaker, words, rows, read, {"talk": title, "topic": about})
            yield mailto(speaker.email, subject, letter)


def _letter(speaker: Speaker, words: Words, rows: Iterable[Row], read: str, known: dict[str, str]) -> str:
    """Lay the questions out, a line each to be answered after its colon; what is known stands there already.

    They stand between the marks and in the order of the card's own block, so that `inquiries` reads the answers.
    """
    lines = [words.say("dear", given=speaker.given_name), "", *([read, ""] if read else [])]
    lines += [words.say("letter_opening"), "", "--- inquiry 1 ---"]
    for name in sorted((row[0] for row in rows), key=BLOCK.index):
        if name != "talk" or known["talk"]:  # a talk is named by the letter that asks for it
            label = words.say(_IN_LETTERS.get(name, f"field_{name}"))
            lines.append(f"{label}: {known.get(name, '')}")
    return "\n".join([*lines, "--- end ---"]) + "\n"
