"""`content/published.toml`: where each post stood first and since, so that feeds know it by one name for ever.

The file is written when the site is published, and never while it is built. A name in feeds that changes makes feed
readers show a post again (RFC 4287, section 4.2.6; RSS 2.0, element guid), and a title, a date, a slug or the site's
address must be free to change.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  msgspec reads the annotation
import json
import re
import tomllib
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec

from plugins.names import composed
from plugins.problems import Problem, SiteError, undecodable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    Ledger = Mapping[str, "Published"]

NAME = "published.toml"
_HEADER = """\
# Where your posts, talks and pages stand, and have stood. `python3 tasks.py announce` writes this file once they are
# online; what you write into it yourself is lost. Keep it with your posts, in git if you use it: feed readers know a
# post by the id it has here, whatever becomes of its title, its file or its address.
"""
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?: |\r?$)", re.MULTILINE)
_ADVICE = "bring the file back as the last announcement wrote it"
_Text = Annotated[str, msgspec.Meta(min_length=1)]
# A path below the site's root and nowhere else.
_Address = Annotated[str, msgspec.Meta(pattern=r"^(?!/)(?!(?:.*/)?\.\./)[^:?#\\]+$")]


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was published from one file. `id` is its name in feeds, `addresses` are below the site's root, newest last.

    `title` and `date` tell a person, and tell one that was renamed. `gone` is a file that the last publishing lacked.
    """

    id: _Text
    addresses: Annotated[tuple[_Address, ...], msgspec.Meta(min_length=1)]
    title: str = ""
    date: dt.date | None = None
    gone: bool = False


class Present(NamedTuple):
    """A post, talk or page that the site shows: its file below the content folder, its address below the site's root.

    `id` is what its front matter names, or empty.
    """

    source: str
    url: str
    title: str = ""
    date: dt.date | None = None
    id: str = ""


def is_post(source: str) -> bool:
    """Tell whether a file is a post's: only posts stand in feeds."""
    return source.startswith("posts/")


def load(path: Path, shown: str) -> dict[str, Published]:
    """Read the ledger; a site that was never published has none. `shown` is its path in messages.

    Raises `SiteError` with every problem and its line.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        mend = "take the folder away" if path.is_dir() else "allow it"
        message = f"this cannot be read ({error.strerror}); {mend}, or {_ADVICE}"
        raise SiteError([Problem(shown, 1, message, "ledger")]) from None
    wrong = undecodable(raw)
    if wrong:
        raise SiteError([Problem(shown, *wrong, "ledger")])
    text = raw.decode("utf-8-sig")
    conflict = _CONFLICT.search(text)
    if conflict:
        message = (
            "two versions of this file met here; keep the entries of both, each file once, and take out the lines that "
            "begin with <<<<<<<, ======= and >>>>>>>"
        )
        raise SiteError([Problem(shown, _line(text, conflict.start()), message, "ledger")])
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        message = f"this cannot be read ({re.sub(r' *[(]at .*', '', str(error))}); {_ADVICE}"
        raise SiteError([Problem(shown, line, message, "ledger")]) from None
    ledger: dict[str, Published] = {}
    problems = [Problem(shown, *found, "ledger") for found in _entries(text, data, ledger)]
    if problems:
        raise SiteError(problems)
    return ledger


def _entries(text: str, data: dict[str, object], ledger: dict[str, Published]) -> Iterator[tuple[int, str]]:
    """Fill the ledger; yield line and message of what is wrong."""
    by_id: dict[str, str] = {}
    for source, value in data.items():
        head = re.search(rf"^[ \t]*(?:\[[ \t]*)?[\"']?{re.escape(source)}[\"'\] \t.=]", text, re.MULTILINE)
        line = _line(text, head.start()) if head else 1
        try:
            entry = msgspec.convert(value, Published)
        except msgspec.ValidationError as error:
            yield line, f"the entry `{source}` is not as it was written ({error}); {_ADVICE}"
            continue
        source = composed(source)  # noqa: PLW2901  a Mac may have written it otherwise
        if source not in ledger or ledger[source].gone:
            ledger[source] = entry
        other = by_id.setdefault(entry.id, source) if is_post(source) else source
        if other != source:
            yield line, f"`{source}` and `{other}` have one id, {entry.id}; take out the entry whose file is gone"


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def successors(
    ledger: Ledger, presents: Collection[Present], root: str, waiting: Collection[str] = ()
) -> dict[str, str]:
    """Give for each file that is new the file of the ledger that it continues.

    It continues one that is no longer shown where it bears that one's id; or, where it names none, stands at its
    address. `waiting` files are there, but not shown now: one that is still there is not continued at its address.
    """
    shown = {present.source for present in presents}
    by_id = {entry.id: source for source, entry in ledger.items() if source not in shown}
    by_address = {entry.addresses[-1]: source for source, entry in ledger.items() if source not in {*shown, *waiting}}
    found: dict[str, str] = {}
    taken: set[str] = set()
    for present in presents:
        if present.source in ledger:
            continue
        named = present.id or f"{root}/{present.url}"
        old = by_id.get(named) or (None if present.id else by_address.get(present.url))
        if old and old not in taken:
            taken.add(old)
            found[present.source] = old
    return found


def updated(
    ledger: Ledger, presents: Collection[Present], root: str, waiting: Collection[str] = ()
) -> dict[str, Published]:
    """Give the ledger of a site that has just been published at `root`; `waiting` are its drafts' files."""
    continued = successors(ledger, presents, root, waiting)
    new = {}
    for present in presents:
        before = ledger.get(continued.get(present.source, present.source))
        known = before.addresses if before else ()
        addresses = (*(url for url in known if url != present.url), present.url)
        named = identity(present, before, root)
        new[present.source] = Published(named, addresses, present.title, present.date)
    replaced = set(continued.values())
    for source, entry in ledger.items():
        if source not in new and source not in replaced:
            new[source] = msgspec.structs.replace(entry, gone=source not in waiting)
    return new


def identity(present: Present, entry: Published | None, root: str) -> str:
    """Give the name in feeds: what the front matter says, else the first address, else the one it has now."""
    return present.id or (entry.id if entry else f"{root}/{present.url}")


def written(ledger: Ledger) -> str:
    """Give the file, one entry a file in the order of their names, so that versions of it are easily compared."""
    parts = [_HEADER]
    for source, entry in sorted(ledger.items()):
        lines = [f"[{_quoted(source)}]", f"id = {_quoted(entry.id)}"]
        lines.append(f"addresses = [{', '.join(map(_quoted, entry.addresses))}]")
        lines += [f"title = {_quoted(entry.title)}"] * bool(entry.title)
        lines += [f"date = {entry.date}"] * bool(entry.date)
        lines += ["gone = true"] * entry.gone
        parts.append("".join(f"{line}\n" for line in lines))
    return "\n".join(parts)


def _quoted(text: str) -> str:
    """Give a TOML basic string: JSON's escapes are among its own, and it wants DEL escaped too (TOML 1.0, "String")."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
