"""`speaker.json`: what the site says of the speaker, as data. `speaker.schema.json` beside this module documents it.

Lists are always there, empty where there is nothing; a text that was not written is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from plugins.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plugins.speaker import Speaker

    Data = dict[str, Any]

VERSION = 1
"""Grows when a reader of the one before would be led astray; a property may be added without it."""
SCHEMA = "speaker.schema.json"
_FOOTNOTES = '<div class="footnote">'
_END = re.compile(r"</(?:p|li|h[1-6]|dt|dd|tr|figcaption)>")


def document(speaker: Speaker, talks: Iterable[Any], events: Iterable[Any], kit: Any) -> Data:
    """Give the document: `talks` as they are listed, public `events` in the order of time, `kit` None without one."""
    addresses = {talk.slug: speaker.absolute(talk.url) for talk in talks}
    return {
        "$schema": speaker.absolute(SCHEMA),
        "version": VERSION,
        "language": speaker.language,
        "speaker": _speaker(speaker, kit),
        "bios": [_bio(bio) for bio in kit.bios] if kit else [],
        "pictures": [_picture(picture, speaker) for picture in kit.headshots] if kit else [],
        "talks": [_talk(talk, speaker, kit.sheets if kit else {}) for talk in talks],
        "events": [_event(event, addresses) for event in events],
    }


def _filled(**values: Any) -> Data:
    """Leave out what was not written."""
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _speaker(speaker: Speaker, kit: Any) -> Data:
    said, opening, day = speaker.pronunciation, kit and kit.introduction, kit.as_of if kit else speaker.as_of
    return _filled(
        name=speaker.name,
        given_name=speaker.given_name,
        line=speaker.line,
        pronouns=speaker.pronouns,
        pronunciation=said and _filled(plain=said.plain, ipa=said.ipa),
        description=speaker.bio,
        topics=list(speaker.topics),
        introduction=opening and {"text": opening.text.replace("{name}", speaker.name), "seconds": opening.seconds},
        email=speaker.email,
        phone=speaker.phone,
        url=f"{speaker.root}/",
        contact=speaker.absolute("contact.vcf"),
        kit=kit and speaker.absolute("speaking/kit/"),
        as_of=day and day.isoformat(),
        timezone=speaker.timezone,
        profiles=[{"label": profile.label, "url": profile.url} for profile in speaker.profiles],
        av=list(speaker.av),
        fees=speaker.terms.fees,
        travel=speaker.terms.travel,
    )


def _bio(bio: Any) -> Data:
    return {"text": bio.text, "count": bio.count, "unit": bio.unit, "limit": bio.limit}


def _picture(picture: Any, speaker: Speaker) -> Data:
    shown = speaker.headshot
    return _filled(
        url=speaker.absolute(picture.url),
        shape=picture.shape,
        use=picture.use,
        width=picture.width,
        height=picture.height,
        bytes=picture.bytes,
        alt=shown and shown.alt,
        credit=shown and shown.credit,
    )


def _talk(talk: Any, speaker: Speaker, sheets: Mapping[str, Iterable[tuple[str, str]]]) -> Data:
    values = talk.metadata
    return _filled(
        url=speaker.absolute(talk.url),
        title=talk.title,
        language=talk.lang,
        promise=values["promise"],
        abstract=_paragraphs(talk.content),
        takeaways=list(values["takeaways"]),
        formats=list(values["formats"]),
        audience=values["audience"],
        spoken=values["language"],
        av=list(values["av"]),
        slides=values["slides"],
        recording=values["recording"],
        testimonials=[_filled(**said._asdict()) for said in values["testimonials"]],
        sheets=[{"paper": paper, "url": speaker.absolute(url)} for paper, url in sheets.get(talk.slug, ())],
    )


def _paragraphs(markup: str) -> str:
    """Give the text of an HTML fragment in plain paragraphs, with a blank line between two; no footnotes."""
    pieces = (plain(piece) for piece in _END.split(markup.partition(_FOOTNOTES)[0]))
    return "\n\n".join(piece for piece in pieces if piece)


def _event(event: Any, talks: Mapping[str, str]) -> Data:
    return _filled(
        uid=event.uid,
        event=event.event,
        title=event.title,
        place=event.place,
        online=event.online,
        start=event.start.isoformat(),
        end=event.end and event.end.isoformat(),
        timezone=event.timezone,
        url=event.url,
        talk=talks.get(event.talk),
        status=event.status,
    )
