"""`CNAME`, by which GitHub Pages and its kin learn the site's own domain: one line, the bare name of a host."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from plugins.hosts import ascii_address, ascii_host

NAME = "CNAME"
_BARE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def fault(text: str, root: str) -> tuple[int, str] | None:
    """Return the line, from 1, on which a `CNAME` does not name the host of the site at `root`, and what to write."""
    host = urlsplit(root).hostname or ""
    lines = [(at, line.strip()) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        return 1, f"this names no domain; write {host}, or take the file away"
    if len(lines) > 1:
        return lines[1][0], f"hosts read one domain here; leave only the line {host}"
    line, written = lines[0]
    named = ascii_host(urlsplit(ascii_address(written)).hostname or "")
    if named != host:
        said = f"this names {written[:80]}, while `site` in speaker.toml is at {host}"
        return line, f"{said}; write {host}, or mend `site`, or take the file away"
    if not _BARE.fullmatch(written):
        return line, f"hosts read the bare name of a domain here; write {host}"
    return None
