"""What a build for the public leaves to the command that announces it: the site's addresses, and whose they are."""

from __future__ import annotations

import msgspec

from plugins.ledger import Present  # noqa: TC001  msgspec reads the annotation


class AddressBook(msgspec.Struct, frozen=True):
    """A site as it was built from the folder `content`. It names drafts, and is never published.

    `root` is the site's address without a slash at its end; `pages`, those of the sitemap, and `feeds` are below it.
    `presents` is what is shown, `waiting` the files of drafts. `hub` and `indexnow` are the speaker's, or empty.
    `moved` are the pages that only lead on: each one's path below the output, like `old/index.html`, and the whole
    address that it leads to, percent-encoded.
    """

    content: str
    root: str
    presents: tuple[Present, ...]
    waiting: tuple[str, ...]
    pages: tuple[str, ...]
    feeds: tuple[str, ...]
    hub: str = ""
    indexnow: str = ""
    moved: tuple[tuple[str, str], ...] = ()
