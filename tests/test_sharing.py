from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from test_images import picture

from plugins.sharing.links import Shared, share_links

if TYPE_CHECKING:
    from sites import Site

HARD = 'Q&A: "50% off" #networking + C++ – naïve café 🎉'
URL = "https://ada.example.org/blog/q-a/"
IMAGE = "https://ada.example.org/blog/images/x.png"


def values(url: str) -> dict[str, str]:
    """Read a share link as the network does."""
    parts = urlsplit(url)
    assert "+" not in parts.query + parts.fragment, "a plus would be read as a space"
    return {name: found[0] for name, found in parse_qs(parts.query or parts.fragment, strict_parsing=True).items()}


@pytest.mark.parametrize(
    ("network", "start", "expected"),
    [
        ("linkedin", "https://www.linkedin.com/sharing/share-offsite/?", {"url": URL}),
        ("facebook", "https://www.facebook.com/sharer/sharer.php?", {"u": URL}),
        ("x", "https://x.com/intent/tweet?", {"text": HARD, "url": URL}),
        (
            "pinterest",
            "https://www.pinterest.com/pin/create/button/?",
            {"url": URL, "media": IMAGE, "description": HARD},
        ),
        ("bluesky", "https://bsky.app/intent/compose?", {"text": f"{HARD} {URL}"}),
        ("mastodon", "https://share.joinmastodon.org/#", {"text": f"{HARD} {URL}"}),
        ("threads", "https://www.threads.com/intent/post?", {"text": HARD, "url": URL}),
        ("whatsapp", "https://wa.me/?", {"text": f"{HARD} {URL}"}),
        ("telegram", "https://t.me/share/url?", {"url": URL, "text": HARD}),
        ("reddit", "https://www.reddit.com/submit?", {"url": URL, "title": HARD}),
        ("hackernews", "https://news.ycombinator.com/submitlink?", {"u": URL, "t": HARD}),
        ("xing", "https://www.xing.com/spi/shares/new?", {"url": URL}),
        ("email", "mailto:?", {"subject": HARD, "body": f"{HARD}\r\n{URL}"}),
    ],
)
def test_every_network(network: str, start: str, expected: dict[str, str]) -> None:
    (link,) = share_links(Shared(HARD, URL, IMAGE), [network])
    assert link.url.startswith(start)
    assert values(link.url) == expected


def test_the_speaker_chooses_which_and_in_what_order() -> None:
    assert [link.network for link in share_links(Shared("a", URL), ["email", "x", "linkedin"])] == [
        "email",
        "x",
        "linkedin",
    ]


def test_pinterest_needs_a_picture() -> None:
    assert [link.network for link in share_links(Shared("a", URL), ["pinterest", "x"])] == ["x"]


def test_a_post_with_the_hard_title(site: Site) -> None:
    site.post("q-a", title=HARD)
    site.build()
    links = [
        a.attributes["href"] for a in site.page("q-a/").css("a[rel~=noopener][href*='linkedin'], a[href^='mailto:?']")
    ]
    assert values(links[0]) == {"url": "https://ada.example.org/q-a/"}
    assert values(links[1]) == {"subject": HARD, "body": f"{HARD}\r\nhttps://ada.example.org/q-a/"}


def test_pinterest_takes_the_first_picture_of_the_text(site: Site) -> None:
    site.write("images/café.png", picture(300, 200))
    site.post("shown", body="![A dot]({static}/images/café.png)\n")
    site.post("plain")
    site.build()
    (pin,) = site.page("shown/").css("a[href*='pinterest']")
    assert values(pin.attributes["href"])["media"] == "https://ada.example.org/images/caf%C3%A9.png"
    assert not site.page("plain/").css("a[href*='pinterest']")


def test_a_picture_whose_address_is_relative_is_not_shared_under_a_wrong_one(site: Site) -> None:
    site.write("images/x.png", picture(300, 200))
    site.post("shown", body="![A dot](../images/x.png)\n")
    site.build()
    assert not site.page("shown/").css("a[href*='pinterest']")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000000049454e44ae426082"
)
