"""Feed readers that can be handed a feed's address: one row each. A reader that closes leaves by its row.

None of them is asked for anything before a visitor presses its link.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple
from urllib.parse import quote

SHOWN = "plugins/feeds/readers.py"
CHECKED = dt.date(2026, 11, 22)
"""The day on which the addresses below were last compared with their sources; a year later a build says so."""


class Reader(NamedTuple):
    """A reader's name, the beginning of its address for new feeds, and where that address is known from.

    What follows it is the feed's address, percent-encoded.
    """

    label: str
    address: str
    source: str

    def link(self, feed: str) -> str:
        """Give the address at which the reader offers to follow the feed."""
        return self.address + quote(feed, safe="")


READERS = (
    Reader("Feedly", "https://feedly.com/i/subscription/feed%2F", "feedly.com/factory.html, its button's own link"),
    Reader("Inoreader", "https://www.inoreader.com/?add_feed=", "the link that sites in use give; not documented"),
    Reader("NewsBlur", "https://www.newsblur.com/?url=", "the same"),
    Reader("The Old Reader", "https://theoldreader.com/feeds/subscribe?url=", "the same"),
    Reader("Feedbin", "https://feedbin.com/?subscribe=", "the same"),
)
