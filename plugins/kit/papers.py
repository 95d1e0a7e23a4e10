"""What stands on a talk's one-sheet, as the data that its template asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plugins import text
from plugins.kit import abstract

if TYPE_CHECKING:
    import datetime as dt

    from plugins.speaker import Speaker
    from plugins.words import Words

_VOICES = 2
"""Testimonials that a sheet has room for."""


def data(talk: Any, speaker: Speaker, words: Words, as_of: dt.date | None, *, portrait: bool) -> dict[str, Any]:
    """Give the sheet of one talk; all values are plain texts."""
    say, address = words.say, speaker.absolute(talk.url)
    return {
        "speaker": {
            "name": speaker.name,
            "line": text.typeset_plain(speaker.line, speaker.language),
            "language": speaker.language,
            "email": speaker.email,
            "mailto": speaker.mailto,
        },
        "portrait": speaker.headshot.alt if speaker.headshot and portrait else "",
        "as_of": say("kit_as_of", date=words.long_date(as_of)) if as_of else "",
        "words": {
            "talk": say("paper_talk"),
            "abstract": say("paper_abstract"),
            "takeaways": say("talk_takeaways"),
            "formats": say("talk_formats"),
            "audience": say("talk_audience"),
            "language": say("talk_language"),
            "stage": say("talk_av"),
            "voices": say("talk_testimonials"),
            "contact": say("paper_contact"),
        },
        "talk": {
            "title": text.typeset_plain(talk.title, talk.lang),
            "promise": text.typeset_plain(given(talk, "promise", ""), talk.lang),
            "language": talk.lang,
            "address": address,
            "abstract": abstract.blocks(talk.content, address),
            "takeaways": [text.typeset_plain(one, talk.lang) for one in given(talk, "takeaways", ())],
            "formats": [text.typeset_plain(one, talk.lang) for one in given(talk, "formats", ())],
            "audience": text.typeset_plain(given(talk, "audience", ""), talk.lang),
            "spoken": text.typeset_plain(given(talk, "language", ""), talk.lang),
            "stage": [text.typeset_plain(one, talk.lang) for one in (*given(talk, "av", ()), *speaker.av)],
            "testimonials": [_voice(one, talk.lang) for one in given(talk, "testimonials", ())[:_VOICES]],
        },
    }


def given(talk: Any, key: str, empty: Any) -> Any:
    """Give what stands in a talk's head, or `empty`."""
    return talk.metadata.get(key) or empty


def _voice(voice: Any, language: str) -> dict[str, str]:
    who = ", ".join(part for part in (voice.name, voice.role, voice.event) if part)
    return {"words": text.typeset_plain(voice.words, language), "who": who}
