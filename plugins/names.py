"""Names of files: compared in Unicode's composed form (NFC), capital by capital, whatever form or disk keeps them.

Macs hand out decomposed names (NFD), which look the same and are other characters; browsers and authors write composed
ones (Unicode Standard Annex #15; W3C, "Character Model for the World Wide Web: String Matching", section 3.2).
"""

from __future__ import annotations

import difflib
import os
import posixpath
import re
import unicodedata
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote

from plugins import slugs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

AUTHORS_COMPUTER = re.compile(r"(?:file|smb|afp|blob|content):|[a-z]:[\\/]|\\{1,2}\w|~[\\/]|%\w+%[\\/]", re.IGNORECASE)
"""How a path begins that leads to a place on the author's own computer or network."""
PERHAPS_AUTHORS_COMPUTER = re.compile(
    rf"{AUTHORS_COMPUTER.pattern}|/(?:Users|home|Volumes|mnt|media|private|tmp|var|[a-z]/Users)/\w", re.IGNORECASE
)
"""The same with what may also be an address on this site: to be asked where there is none."""
_NOT_IN_ADDRESSES = re.compile(r"""[\s"#%<>?\\^`{|}]""")  # RFC 3986, section 2
_ENCODED = re.compile(r"(?:%[89A-F][0-9A-F])+", re.IGNORECASE)
_HAS_HOST = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_INDICATOR = re.compile(r"[{|](?:static|filename|attach)[|}]")


class Meant(NamedTuple):
    """The files that a path may mean; `sure` where nothing but their folder or capitals was written otherwise."""

    files: tuple[str, ...]
    sure: bool


def composed(text: str) -> str:
    """Return a text in its composed form."""
    return unicodedata.normalize("NFC", text)


def composed_address(address: str, root: str) -> str:
    """Return an address of the site at `root` in composed form, percent-encoded or not, and any other as it is."""
    if _HAS_HOST.match(address) and not address.startswith(f"{root}/"):
        return address
    plain = _ENCODED.sub(lambda found: unquote(found[0], errors="strict") if _is_utf8(found[0]) else found[0], address)
    if unicodedata.is_normalized("NFC", plain):
        return address
    whole = composed(plain)
    return whole if plain == address else quote(whole, safe="%/:?#[]@!$&'()*+,;={}|~")


def _is_utf8(encoded: str) -> bool:
    try:
        unquote(encoded, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def listing(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, also behind links to folders, as Pelican finds them."""
    for place, _, names in os.walk(folder, followlinks=True):
        yield from (path for path in (Path(place, name) for name in sorted(names)) if path.is_file())


def by_name(folder: Path, files: Iterable[Path]) -> dict[str, Path]:
    """Return the files by their composed paths below the folder."""
    return {composed(path.relative_to(folder).as_posix()): path for path in files}


def located(folder: Path, name: str) -> Path | None:
    """Return the file of that very name below a folder, None where there is none, also on a disk without capitals."""
    path = entry(folder, name)
    return path if path is not None and path.is_file() else None


def entry(folder: Path, name: str) -> Path | None:
    """Return the file or folder of that very name below a folder, as `located` does."""
    path = folder
    for part in PurePosixPath(name).parts:
        try:
            found = sorted(each.name for each in path.iterdir() if composed(each.name) == composed(part))
        except (OSError, ValueError):
            return None
        if not found:
            return None
        path /= part if part in found else found[0]
    return path


def unfit_character(name: str) -> str:
    """Return what in a name cannot stand in an address; empty where all of it can."""
    wrong = _NOT_IN_ADDRESSES.search(name)
    return wrong[0] if wrong else ""


def addressable_name(name: str, used: Collection[str] = ()) -> str:
    """Return the path to rename a file to, so that its address holds: as it is, but for the parts that are refused."""
    *folders, last = name.split("/")
    stem, dot, ending = last.rpartition(".")
    folders = [_plain(folder) or "folder" if unfit_character(folder) else folder for folder in folders]
    stem = (_plain(stem if dot else last) or "file") if unfit_character(last) else stem if dot else last
    first = "/".join([*folders, stem])
    ending = f".{slugs.slug(ending)}" if dot else ""
    numbered = (f"{first}-{number}" for number in range(2, len(used) + 3))
    return next(f"{one}{ending}" for one in (first, *numbered) if f"{one}{ending}" not in used)


def _plain(name: str) -> str:
    """Return a name as part of an address; in one of a file `#` is no sharp."""
    return slugs.slug(_NOT_IN_ADDRESSES.sub(" ", name))


def case_variants(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that differ from this one in capitals at the most."""
    return [one for one in known if one.casefold() == name.casefold()]


def nearest(path: str, known: Iterable[str]) -> str:
    """Return the file whose name is most like that of a path; empty where none is.

    Folders and endings are alike in many that are not.
    """
    ends = {posixpath.basename(one).casefold(): one for one in known}
    near = difflib.get_close_matches(posixpath.basename(path).casefold(), ends, n=1, cutoff=0.64)
    return ends[near[0]] if near else ""


def meant(written: str, known: Collection[str]) -> Meant:
    """Return the files that a path may mean that leads to none of them: those that agree with most of its end."""
    path = _INDICATOR.sub("", re.split("[?#]", composed(unquote(written)))[0]).replace("\\", "/").casefold()
    parts = [part for part in path.split("/") if part.strip(".")]
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        found = [one for one in known if one.casefold() == tail]
        found = found or [one for one in known if one.casefold().endswith(f"/{tail}")]
        if found:
            return Meant(tuple(sorted(found)), sure=start == 0 or parts[start - 1] == "content")
    return Meant((), sure=False)
