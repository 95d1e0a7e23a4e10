"""What was meant to be replaced and stayed: dummy text, notes to oneself, words typed twice."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.problems import Problem
from plugins.toml_file import line_of
from tools.inspection import samples
from tools.inspection.places import MARKDOWN
from tools.inspection.rule import Rule
from tools.inspection.targets import host

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugins.reading.front_matter import Value
    from tools.inspection.page import Kept
    from tools.inspection.places import Written
    from tools.inspection.survey import Survey

LEFT = Rule(
    "leftovers",
    "No dummy text, sample or note to oneself is published, such as lorem ipsum, TODO or [insert a name].",
    "Readers see that the text was not finished.",
    stops=True,
)
DOUBTFUL = Rule(
    "doubtful-marks",
    "No ??? and no XXX stands in what is published.",
    "Writers leave them where they meant to look something up.",
    stops=False,
)
EXAMPLE = Rule(
    "example-links",
    "No link leads to example.com or its kin.",
    "These addresses are for examples; the real one was to be written there.",
    stops=False,
)
DOUBLED = Rule(
    "doubled-words",
    "No small word of English is typed twice in a row.",
    "It is easily done at the end of a line, and not seen by whoever wrote it.",
    stops=False,
)
RULES = (LEFT, DOUBTFUL, EXAMPLE, DOUBLED)


class _Mark(NamedTuple):
    """What gives a leftover away, unless its group `fine` is found with it; and what to do about it."""

    pattern: re.Pattern[str]
    advice: str
    rule: str


_NOTE = "write what is missing, or take it out; in a draft it may stay"
_DUMMY = r"\blorem ipsum dolor\b|^\W*Lorem ipsum\b|\bconsectetur adipi\w+|\bsed do eiusmod\b"
# A list of things to do has that name, and a word in quotes is spoken of. In Spanish capitals it is "all".
_TO_DO = (
    r"""(?<![\w"“‘'«„#-])(?:TODO(?P<fine>(?: lists?\b| items?\b)| [A-ZÁÉÍÓÚÑ]{2,})?|FIXME)"""
    r"""(?![\w"”’'»“-])"""
)
_INSERT = (
    r"\[(?:please )?(?:insert|fill in|placeholder|tbd|todo"
    r"|your (?:name|company|organi[sz]ation|title|topic|text|e-?mail|address|link|url))\b[^\]\n]{0,60}\](?![(\[:])"
)
_MARKS = (
    _Mark(re.compile(_DUMMY, re.IGNORECASE | re.MULTILINE), "write the real text", LEFT.name),
    _Mark(re.compile(_TO_DO), _NOTE, LEFT.name),
    _Mark(re.compile(r"\bTKTK\w*|[\[(]TK[\])]"), _NOTE, LEFT.name),
    _Mark(re.compile(_INSERT, re.IGNORECASE), _NOTE, LEFT.name),
    _Mark(re.compile(r"\?{3,}"), "write what was to be looked up, or one question mark", DOUBTFUL.name),
    # Behind a name it is thirty in Roman numerals.
    _Mark(re.compile(r"(?P<fine>\b[A-Z]\w* )?(?<![\w-])XXX+(?![\w-])"), _NOTE, DOUBTFUL.name),
)
_DOUBLED = re.compile(r"(?<![\w/-])(the|a|an|and|of|or|to)(?: |\n| \n|\n )\1(?![\w’'-])")
_EXAMPLE = re.compile(r"(?:[\w-]+\.)*example\.(?:com|org|net)(?::\d+)?", re.IGNORECASE)
# Where a link leads and how something is drawn is not for reading.
_NOT_READ = re.compile(
    r"(?<=\])\([^)\n]*\)|<[a-z/!][^>\n]*>|\{:?[^}\n]*\}|\bhttps?://\S+|^\s*\[[^\]\n]+\]:\s*\S+", re.MULTILINE
)
_SHOWN = {"title", "summary", "image_alt", "share", "promise", "takeaways", "formats", "audience", "av", "topic"}


def findings(survey: Survey) -> Iterator[Problem]:
    """Yield every leftover in the files behind the drawn pages, and in those about the speaker."""
    speaker = survey.drawn.speaker
    example = bool(_EXAMPLE.fullmatch(host(survey.drawn.root)))
    for page in survey.kept.values():
        if page.origin and page.origin.path.suffix.lower() in MARKDOWN:
            yield from _in_file(survey.desk.written(page.origin), speaker.language)
            yield from () if example else _examples(survey, page)
            yield from samples.in_talk(survey.desk.written(page.origin).head.values, page.origin.shown)
    for name in ("speaker.toml", "events.toml"):
        path, shown = survey.drawn.content / name, f"{survey.drawn.content_shown}/{name}"
        if path.is_file():
            yield from in_toml(path.read_text("utf-8-sig"), shown, path.parent)


def _in_file(written: Written, language: str) -> Iterator[Problem]:
    shown, values = written.origin.shown, written.head.values
    for key in sorted(_SHOWN & values.keys()):
        yield from in_text(_plain(values[key]), shown, values[key].line)
    first = written.source.first_line
    text = "\n".join(line for _, line in written.source.lines())
    read = _NOT_READ.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    yield from in_text(read, shown, first)
    if str(values["lang"].text if "lang" in values else language).lower().startswith("en"):
        for found in _DOUBLED.finditer(read):
            line = first + read.count("\n", 0, found.end())
            message = f"`{found[1]} {found[1]}` stands here twice in a row; take one out"
            yield Problem(shown, line, message, DOUBLED.name)


def in_text(text: str, shown: str, first: int) -> Iterator[Problem]:
    """Yield each leftover in a plain text that begins on the line `first` of the file `shown`."""
    for mark in _MARKS:
        for found in mark.pattern.finditer(text):
            if not found.groupdict().get("fine"):
                line = first + text.count("\n", 0, found.end())
                said = " ".join(found[0].split())[:40]
                yield Problem(shown, line, f"`{said}` was left in the text; {mark.advice}", mark.rule)


def _plain(value: Value) -> str:
    """Give what stands behind a key as one line."""
    parts = value.text if isinstance(value.text, list) else [value.text]
    return " ".join(" ".join(map(str, part.values())) if isinstance(part, dict) else str(part) for part in parts)


def in_toml(text: str, shown: str, content: Path) -> Iterator[Problem]:
    """Yield each leftover in the speaker.toml or events.toml of the folder `content`, one of a kind on a line."""
    notes = [
        found._replace(line=line_of(text, keys))
        for keys, value in _texts(tomllib.loads(text))
        for found in in_text(value, shown, 1)
    ]
    is_speaker = shown.endswith("speaker.toml")
    left = samples.in_speaker(text, shown, content) if is_speaker else samples.in_events(text, shown)
    yield from notes
    yield from (found for found in left if found.line not in {note.line for note in notes})


def _texts(data: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _texts(value, (*keys, key))
    elif isinstance(data, str):
        yield keys, data


def _examples(survey: Survey, page: Kept) -> Iterator[Problem]:
    """Yield each link of the author's to an address for examples."""
    for link in page.links:
        if link.tag == "a" and _EXAMPLE.fullmatch(host(link.value)):
            place = survey.desk.link_at(link.value, "", page.origin, None)
            if place:
                message = f"{link.value[:80]} is an address for examples; write the real one"
                yield Problem(*place, message, EXAMPLE.name)
