"""The web manifest: what a phone calls the site on its home screen (W3C, Web Application Manifest)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from plugins.icons.drawing import PAPER, PNGS

if TYPE_CHECKING:
    from plugins.speaker import Speaker


def manifest(speaker: Speaker) -> bytes:
    """Give the manifest. The site stays a page in the browser: nothing in it works better in a window of its own."""
    base = f"{speaker.base}/"
    icons = [{"src": f"{base}favicon.svg", "type": "image/svg+xml", "sizes": "any"}]
    icons += [
        {
            "src": f"{base}{name}",
            "type": "image/png",
            "sizes": f"{form.size}x{form.size}",
            **({"purpose": "maskable"} if form.paper else {}),
        }
        for name, form in PNGS.items()
        if name.startswith("icon-")
    ]
    data = {
        "id": base,
        "name": speaker.name,
        "short_name": speaker.given_name,
        "description": speaker.line,
        "lang": speaker.language,
        "dir": speaker.dir,
        "start_url": base,
        "scope": base,
        "display": "browser",
        "theme_color": PAPER,
        "background_color": PAPER,
        "icons": icons,
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
