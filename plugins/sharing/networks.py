"""The networks a post can be shared on: one row each.

Addresses and parameters as documented by the networks, or as their widely used share links have them, gathered on
2026-11-22. A network that closes leaves by its row.
"""

from __future__ import annotations

from typing import NamedTuple


class Network(NamedTuple):
    """Where a share link leads. `parameters` are templates over {title}, {url} and {image}.

    `mark` stands between the address and the parameters: `#` keeps them in the browser.
    """

    label: str
    endpoint: str
    parameters: dict[str, str]
    mark: str = "?"
    needs_image: bool = False


NETWORKS: dict[str, Network] = {
    "linkedin": Network("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/", {"url": "{url}"}),
    "facebook": Network("Facebook", "https://www.facebook.com/sharer/sharer.php", {"u": "{url}"}),
    "x": Network("X", "https://x.com/intent/tweet", {"text": "{title}", "url": "{url}"}),
    "pinterest": Network(
        "Pinterest",
        "https://www.pinterest.com/pin/create/button/",
        {"url": "{url}", "media": "{image}", "description": "{title}"},
        needs_image=True,
    ),
    "bluesky": Network("Bluesky", "https://bsky.app/intent/compose", {"text": "{title} {url}"}),
    "mastodon": Network("Mastodon", "https://share.joinmastodon.org/", {"text": "{title} {url}"}, mark="#"),
    "threads": Network("Threads", "https://www.threads.com/intent/post", {"text": "{title}", "url": "{url}"}),
    "whatsapp": Network("WhatsApp", "https://wa.me/", {"text": "{title} {url}"}),
    "telegram": Network("Telegram", "https://t.me/share/url", {"url": "{url}", "text": "{title}"}),
    "reddit": Network("Reddit", "https://www.reddit.com/submit", {"url": "{url}", "title": "{title}"}),
    "hackernews": Network("Hacker News", "https://news.ycombinator.com/submitlink", {"u": "{url}", "t": "{title}"}),
    "xing": Network("XING", "https://www.xing.com/spi/shares/new", {"url": "{url}"}),
    # RFC 6068, section 2: the address may be left out, for the sender to choose.
    "email": Network("E-mail", "mailto:", {"subject": "{title}", "body": "{title}\n{url}"}),
}
