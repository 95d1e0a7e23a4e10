"""Templates that Jinja has compiled, kept: they are most of the work of a small build."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from jinja2.bccache import FileSystemBytecodeCache

from plugins.kept import prune

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.bccache import Bucket
    from jinja2.runtime import Context

_KEPT = 500


def kept(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the options for Jinja's environment with which its compiled templates can be kept in `folder`."""
    cache = _Cache(folder, options)
    return {**options, "bytecode_cache": cache, "optimized": False, "finalize": _as_it_is}


@pass_context
def _as_it_is(_: Context, value: object) -> object:
    """Give it back. A wish for the context, like `optimized`, keeps Jinja from working out constants as it compiles.

    What a filter makes of one, as in `"events.ics"|absolute`, is another for each site.
    """
    return value


class _Cache(FileSystemBytecodeCache):
    """Jinja's own cache in a folder that need not be there; where nothing can be written, nothing is kept."""

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        """Keep apart what another Jinja or other options of the environment have made."""
        super().__init__(str(folder))
        plain = sorted((name, value) for name, value in options.items() if isinstance(value, bool | str))
        self._maker = f"{version('jinja2')} {plain}"

    def get_source_checksum(self, source: str) -> str:
        """Give a hash of the template and of all else that decides what it is compiled to."""
        return hashlib.sha256(f"{self._maker}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was kept, if it can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, and let those go that were made longest ago."""
        folder = Path(self.directory)
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
            prune(folder, _KEPT)
