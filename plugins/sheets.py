"""Pages that a room draws by itself, so that search engines, the sitemap and the checks know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import MutableMapping


class Sheet(NamedTuple):
    """A page without a Markdown file: its address below the site's root, title and one-sentence description.

    `data` are further JSON-LD nodes that belong to the page; `changed` is the day its content last changed, if known.
    The `status` of one that search engines are to leave out is `draft`.
    """

    url: str
    title: str
    description: str
    data: tuple[dict[str, Any], ...] = ()
    changed: str | None = None
    status: str = "published"

    @property
    def save_as(self) -> str:
        """The file it is written to, below the output folder."""
        return f"{self.url}index.html"


def plan(context: MutableMapping[str, Any], sheet: Sheet) -> Sheet:
    """Announce that the page will be written: to the checks (`planned_outputs`) and to the sitemap (`places`)."""
    context.setdefault("planned_outputs", []).append((sheet.save_as, f"the page “{sheet.title}”"))
    context.setdefault("places", []).append((sheet.url, sheet.changed))
    return sheet
