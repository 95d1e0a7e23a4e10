"""The last build of each output folder, remembered outside of it: it names drafts, and the folder is for the world."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from plugins.kept import prune
from tools.journal import Memory

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.addresses.book import AddressBook

_MOST = 20


def memory(root: Path, output: Path, book: AddressBook | None) -> Memory:
    """Give what is to be remembered of a build into `output`, for the project in `root`; nothing of a preview's."""
    place = _place(root, output)
    if book is None:
        return Memory(str(place))
    import msgspec  # only builds for the public come here

    prune(place.parent, _MOST)
    return Memory(str(place), msgspec.json.encode(book).decode())


def last(root: Path, output: Path) -> AddressBook | None:
    """Give what `output` holds; None where no build for the public has been finished there, or too long ago."""
    import msgspec

    from plugins.addresses.book import AddressBook

    try:
        return msgspec.json.decode(_place(root, output).read_bytes(), type=AddressBook)
    except (OSError, msgspec.DecodeError):
        return None


def _place(root: Path, output: Path) -> Path:
    name = hashlib.sha256(str(output).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return root / ".cache" / "announcing" / "builds" / f"{name}.json"
