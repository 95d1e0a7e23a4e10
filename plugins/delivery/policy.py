"""The content security policy: what a page may load, and nothing else (W3C CSP Level 3)."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_EVERYWHERE = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "connect-src 'self'",
)
# Other headers every page is sent with. Sharing sheets stay allowed (`web-share` is not switched off).
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)


def policy(stylesheet: str, data: str = "") -> str:
    """Give the policy for a page: its one inline style sheet is allowed by its hash, and so is its JSON-LD.

    Browsers run no `data` block and ask no policy for it (HTML, "prepare the script element"); checkers do.
    """
    scripts = f" {_hash(data)}" if data else ""
    return "; ".join((*_EVERYWHERE, f"script-src 'self'{scripts}", f"style-src {_hash(stylesheet)}"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def headers_file(csp: str, base: str, types: Iterable[tuple[str, str]] = ()) -> bytes:
    """Give a `_headers` file as Netlify and Cloudflare Pages read it.

    `types` are paths with the media types that no host knows by their endings. Both hosts merge every rule that
    matches, so no header stands in two of them. `frame-ancestors` works in a header only.

    What is named by its content is kept for a year. Pages and feeds have no rule: both hosts let browsers keep them and
    ask each time whether they have changed, `public, max-age=0, must-revalidate` (developers.cloudflare.com,
    workers/static-assets/headers, "Default headers"; answers.netlify.com, "Netlify's default cache headers"). A rule
    for everything would be merged with that for the assets and contradict it.

    Pagefind's worker compiles WebAssembly, and obeys the header it is sent with and no page's policy (HTML, "run a
    worker"). Pages obey their own policy too, which does not allow it.
    """
    with_worker = csp.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    rules = [("Content-Security-Policy", f"{with_worker}; frame-ancestors 'none'"), *_HEADERS]
    lines = [f"{base}/*", *(f"  {name}: {value}" for name, value in rules)]
    lines += [f"{base}/assets/*", "  Cache-Control: public, max-age=31536000, immutable"]
    for path, kind in types:
        lines += [path, f"  Content-Type: {kind}; charset=utf-8"]
    return ("\n".join(lines) + "\n").encode()
