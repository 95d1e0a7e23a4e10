"""The last build of each output folder, remembered outside of it: it names drafts, and the folder is for the world."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from plugins.kept import prune

if TYPE_CHECKING:
    from pathlib import Path

    from plugins.addresses.book import AddressBook

_MOST = 20


def forget(root: Path, output: Path) -> None:
    """Forget the build in `output`, which is about to change, for the project in `root`."""
    _place(root, output).unlink(missing_ok=True)


def keep(root: Path, output: Path, book: AddressBook) -> None:
    """Remember what `output` now holds. Where nothing can be written, the build is as good without."""
    import msgspec  # only builds for the public come here

    place = _place(root, output)
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(msgspec.json.encode(book))
        prune(place.parent, _MOST)


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
