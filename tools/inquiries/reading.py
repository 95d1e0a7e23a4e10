"""All inquiries in the mail that was named: each once, in the order of the days that they ask for."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from tools.inquiries.block import IN_ENGLISH, KEYS, Asked, Block, Inquiry, begins, blocks, squeezed
from tools.inquiries.letters import Letter, UnreadableError, beginning, letters, texts_of
from tools.inquiries.mails import Mail, NoMailError, mails, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Source(NamedTuple):
    """One place where an inquiry stands."""

    mail: str
    mail_id: str
    letter: Letter
    block: Block
    only_html: bool


class Found(NamedTuple):
    """An inquiry and every place where it stands, the most trustworthy first."""

    inquiry: Inquiry
    sources: tuple[Source, ...]

    @property
    def mails(self) -> tuple[str, ...]:
        """The mails that hold it; a copy of one in another folder, which bears the same Message-ID, is the same one."""
        return tuple(sorted({source.mail_id: source.mail for source in reversed(self.sources)}.values()))

    @property
    def original(self) -> Letter | None:
        """The message that the organiser sent, to be answered: it came from the address that the inquiry names."""
        address = self.inquiry.email.casefold()
        own = (source.letter for source in self.sources if source.letter.sender.casefold() == address != "")
        return next(own, None)


class Reading(NamedTuple):
    """What the mail held: how many mails were read, the inquiries, and what a person should know about single mails."""

    mails: int
    found: tuple[Found, ...]
    notes: tuple[str, ...]


def read(path: Path, asked: Asked = IN_ENGLISH) -> Reading:
    """Find the inquiries in a file or folder; `asked` as for `blocks`. Raises `NoMailError` where there is no mail."""
    notes: list[str] = []
    sources: list[Source] = []
    count = 0
    for mail in mails(path):
        odd: list[str] = []
        try:
            sources.extend(_sources(mail, odd, asked))
            count += 1
        except UnreadableError as error:
            notes.append(f"{mail.shown}: {error}")
        except Exception as error:  # noqa: BLE001  the parser has raised unexpected errors at hostile bytes before
            notes.append(f"{mail.shown}: could not be read ({type(error).__name__})")
        notes.extend(f"{mail.shown}: {note}" for note in odd)
    if not count:
        raise NoMailError("\n".join([*notes, f"{shown(path)} holds no mail that could be read."]))
    for source in sources:
        only_html = ("the block stands in HTML only; its lines may be joined",) if source.only_html else ()
        notes.extend(f"{source.mail}: {note}" for note in (*source.block.notes, *only_html))
    return Reading(count, _found(sources), tuple(dict.fromkeys(notes)))


def _sources(mail: Mail, notes: list[str], asked: Asked) -> list[Source]:
    """Give the inquiries of a mail. Raises `UnreadableError`."""
    if mail.problem:
        raise UnreadableError(mail.problem)
    inside = list(letters(mail.raw))
    name = inside[0].message_id or mail.shown
    found = [Source(mail.shown, name, letter, *block) for letter in inside for block in _blocks(letter, notes, asked)]
    if not found and not any(letter.sender or letter.subject or letter.message_id for letter in inside):
        raise UnreadableError("is no mail")
    if not found and any(letter.sealed for letter in inside):
        notes.append("holds a winmail.dat, which only Outlook can open; ask for the mail anew, as plain text or HTML")
    return found


def _blocks(letter: Letter, notes: list[str], asked: Asked) -> Iterator[tuple[Block, bool]]:
    """Yield the blocks of a letter's plain texts; where these have none, those of its HTML."""
    own = partial(begins, labels=asked.labels)
    found = [block for text in letter.plain for block in blocks(text.lines(own), asked)]
    yield from ((block, False) for block in found)
    if not found:
        for markup in letter.markup:
            if "inquiry" in markup.casefold():
                read = beginning(markup)
                if read != markup:
                    notes.append("the HTML is very long; only its beginning was read")
                ways = (list(blocks(text, asked)) for text in texts_of(read))
                yield from ((block, True) for block in next(filter(None, ways), []))


def _found(sources: Iterable[Source]) -> tuple[Found, ...]:
    groups: dict[str, list[Source]] = {}
    for source in sorted(sources, key=_trust):
        groups.setdefault(_group(source.block, groups), []).append(source)
    found = [Found(group[0].block.inquiry, tuple(group)) for group in groups.values()]
    return tuple(sorted(found, key=_order))


def _trust(source: Source) -> tuple[bool, bool, int, bool]:
    """Order the whole before the broken, plain text before HTML, and what was sent before what was quoted."""
    return not source.block.whole, source.only_html, source.block.depth, source.letter.attached


def _group(block: Block, groups: dict[str, list[Source]]) -> str:
    """Give the name of the inquiry that a block is, or of which it is what a cut has left."""
    if not block.whole:
        for name, group in groups.items():
            if _begins(group[0].block.inquiry, block.inquiry):
                return name
    return block.inquiry.id


def _begins(whole: Inquiry, broken: Inquiry) -> bool:
    """Tell whether the broken one says nothing else than the whole one: the same values, the last perhaps in part."""
    pairs = [(squeezed(getattr(whole, key)), squeezed(getattr(broken, key))) for key in KEYS]
    said = [pair for pair in pairs if pair[1]]
    return all(one == other for one, other in said[:-1]) and all(one.startswith(other) for one, other in said[-1:])


def _order(found: Found) -> tuple[dt.date, dt.date, str, str]:
    first, last = found.inquiry.days or (dt.date.max, dt.date.max)
    return first, last, found.inquiry.event.casefold(), found.inquiry.id
