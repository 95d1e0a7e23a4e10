"""All pictures of a site, made on every core and kept: what is asked for twice is made once."""

from __future__ import annotations

import hashlib
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from plugins import icc, pictures
from plugins.images import drawing
from plugins.images.published import Published, published
from plugins.images.raster import MOST_BYTES, PictureError
from plugins.images.sharing import Shareable, shareable
from plugins.images.sources import FEWEST_BYTES, Encoded, Variant, encoded, offered
from plugins.kept import kept
from plugins.media import media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_T = TypeVar("_T")

ENDINGS = frozenset(
    ".jpg .jpeg .jfif .png .apng .webp .gif .avif .svg .svgz .heic .heif .tif .tiff .bmp .jxl .jp2 .psd .dng".split()
)
"""Files that are taken for pictures: those that browsers show, and those that want advice."""


class Found(NamedTuple):
    """What `Published` says of a picture, with the number of its bytes in place of them."""

    size: int
    width: float
    height: float
    stays: bool


class Collection:
    """The pictures below a content folder, by their paths there. `kinds` are the formats to offer."""

    def __init__(
        self, content: Path, cache: Path, kinds: Sequence[str], files: Mapping[str, Path] | None = None
    ) -> None:
        """Know where they are, those in `files` as the disk has them, and where to keep what is made of them."""
        self.content, self.cache, self.kinds = content, cache, kinds
        self.files_by_name = files or {}
        self.found: dict[str, Found] = {}
        self.wrong: dict[str, str] = {}
        self.variants: dict[str, dict[str, tuple[Variant, ...]]] = {}
        self.shared: dict[str, Shareable] = {}
        self._digests: dict[str, bytes] = {}
        self._recipe = b""

    def publish(self, paths: Iterable[str]) -> None:
        """Make each picture as it stands at its own address; what is `wrong` with one is said in words."""
        paths = sorted(paths)
        if not paths:
            return
        self._recipe = _recipe()
        for path, found in zip(paths, self._at_once(self._publish, [(path,) for path in paths]), strict=True):
            if isinstance(found, Found):
                self.found[path] = found
            else:
                self.wrong[path] = found

    def offer(self, paths: Iterable[str]) -> None:
        """Make the formats and widths of those of the pictures that are worth it."""
        wanted = [
            (path, kind)
            for path in sorted(set(paths) & self.found.keys())
            if not self.found[path].stays and self.found[path].size >= FEWEST_BYTES
            for kind in self.kinds
        ]
        made = self._at_once(lambda path, kind: self._encoded(path, kind).variants, wanted)
        both: dict[str, list[tuple[str, tuple[Variant, ...]]]] = {}
        for (path, kind), variants in zip(wanted, made, strict=True):
            both.setdefault(path, []).append((kind, variants))
        self.variants = {path: offered(each, self.found[path].size) for path, each in both.items()}

    def share(self, paths: Iterable[str]) -> None:
        """Make of those of the pictures what networks show of them."""
        wanted = [(path,) for path in sorted(set(paths) & self.found.keys())]
        made = self._at_once(self._shared, wanted)
        self.shared = {path: each for (path,), each in zip(wanted, made, strict=True)}

    def file(self, path: str) -> bytes:
        """Give the bytes of a picture at its own address."""
        return self._published(path).data

    def files(self, path: str) -> dict[str, bytes]:
        """Give the bytes of what is offered of a picture, by name below the site's root."""
        out: dict[str, bytes] = {}
        for kind, variants in self.variants.get(path, {}).items():
            made = self._encoded(path, kind)
            out |= {name(path, kind, v): data for v, data in zip(*made, strict=True) if v in variants}
        shared = self.shared.get(path, Shareable())
        return out | ({shared_name(path, shared): shared.data} if shared.data else {})

    def _publish(self, path: str) -> Found | str:
        try:
            made = self._published(path)
        except PictureError as error:
            return str(error)
        except OSError as error:
            return f"cannot be read ({error.strerror or error}); save it anew"
        return Found(len(made.data), made.width, made.height, made.stays)

    def _published(self, path: str) -> Published:
        ending = PurePosixPath(path).suffix.lower()
        make = drawing.sanitised if ending == ".svg" else published
        return self._kept(path, f"published{ending}", make, Published)

    def _encoded(self, path: str, kind: str) -> Encoded:
        return self._kept(path, kind, lambda original: encoded(original, kind), Encoded)

    def _shared(self, path: str) -> Shareable:
        if PurePosixPath(path).suffix.lower() == ".svg":
            wrong = "is a drawing (SVG), which no network shows; save it as PNG too, 1200 wide, and name that"
            return Shareable(wrong=wrong)
        kind = media_type(path)
        return self._kept(path, f"shared as {kind}", lambda original: shareable(original, kind), Shareable)

    def _kept(self, path: str, what: str, make: Callable[[bytes], _T], result: type[_T]) -> _T:
        file = self.files_by_name.get(path, self.content / path)
        if path not in self._digests:
            if file.stat().st_size > MOST_BYTES:
                raise PictureError(f"has more than {MOST_BYTES // 1_000_000} MB; save it smaller, 2,000 wide is enough")
            self._digests[path] = hashlib.sha256(file.read_bytes()).digest()
        parts = [what.encode(), self._recipe, self._digests[path]]
        made = kept(self.cache, parts, lambda: msgspec.msgpack.encode(make(file.read_bytes())))
        return msgspec.msgpack.decode(made, type=result)

    def _at_once(self, make: Callable[..., _T], wanted: Sequence[tuple[str, ...]]) -> list[_T]:
        """Call `make` for all on every core; the results are in their order, whichever was ready first."""
        if not wanted:
            return []
        from PIL import Image

        with warnings.catch_warnings(), ThreadPoolExecutor(os.cpu_count()) as pool:
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.filterwarnings("ignore", module="PIL")  # what it finds odd it mends, or raises
            return list(pool.map(lambda each: make(*each), wanted))


def name(path: str, kind: str, variant: Variant) -> str:
    """Give the address below the site's root of a picture in one format and width: it never means other bytes."""
    stem = "".join(c if c.isascii() and c.isalnum() else "-" for c in PurePosixPath(path).stem.lower())[:60].strip("-")
    return f"assets/pictures/{stem or 'picture'}-{variant.width}.{variant.digest}.{kind.lower()}"


def shared_name(path: str, shared: Shareable) -> str:
    """Give the address below the site's root of what networks show of a picture."""
    digest = hashlib.sha256(shared.data).hexdigest()[:10]
    return name(path, shared.kind, Variant(shared.width, len(shared.data), digest))


def _recipe() -> bytes:
    """Give what the bytes depend on besides the picture: this room's code and the libraries."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), *map(Path, (pictures.__file__, icc.__file__))]
    return b"".join([*(file.read_bytes() for file in files), version("pillow").encode()])
