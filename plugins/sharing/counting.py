"""How networks count a text: each way by its name in `networks.toml`, with the rule's source."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.text import clusters

if TYPE_CHECKING:
    from collections.abc import Callable

LINK = 23
"""What X and Mastodon count for any web address, however long."""
# Of X's configuration, version 3: these count one, all else two.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_LAST_LATIN = 4351
# UTS #51, section 1.4.9, within what is in use: families have four members, flags of regions six letters.
_EMOJI = r"""
    [0-9\#*]\uFE0F\u20E3 | \p{Regional_Indicator}{2} |
    (?P<one>\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:[\U000E0020-\U000E007E]{2,6}\U000E007F)?)
    (?:\u200D(?&one)){0,3}
"""
_WHOLE_LINK = re.compile(r"(https?://)?(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#][\w.~:/?#@!$&'*+,;=%-]*[\w/])?", re.ASCII)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(
    r"(?<=[^\s.])\.(?:[a-z0-9-]+\.)*[^\W\d_]{2,}", re.IGNORECASE
)  # any script: X takes `例え.jp` for an address


class Way(NamedTuple):
    """A way of counting: a function of the text and of the address shared with it (empty: none), and its name."""

    measure: Callable[[str, str], int]
    said: str


def joined(text: str, url: str) -> str:
    """Give text and address as a post holds them."""
    return f"{text} {url}".strip()


def _graphemes(text: str, url: str) -> int:
    return len(clusters(joined(text, url)))


def _characters(text: str, url: str) -> int:
    return len(joined(text, url))


def _bytes(text: str, url: str) -> int:
    return len(joined(text, url).encode())


def _short_links(text: str, url: str) -> int:
    return _with_links(text, url, lambda part: len(clusters(part)), _SCHEME)


def _weighted(text: str, url: str) -> int:
    return _with_links(unicodedata.normalize("NFC", text), url, _weight, _HOST)


def _emoji_bytes(text: str, url: str) -> int:
    whole = joined(text, url)
    found = _emoji().findall(whole) if not whole.isascii() else ()
    return len(whole) + sum(len(emoji.encode()) - len(emoji) for emoji, _ in found)


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    total = 0
    rest = []
    at = 0
    for found in _emoji().finditer(text):
        if len(found[0]) > 1 or ord(found[0]) > _LAST_LATIN:  # © and ® alone are letters like any other
            rest.append(text[at : found.start()])
            total, at = total + 2, found.end()
    rest.append(text[at:])
    return total + sum(
        1 if any(first <= ord(character) <= last for first, last in _LIGHT) else 2
        for part in rest
        for character in part
    )


def _with_links(text: str, url: str, own: Callable[[str], int], link: re.Pattern[str]) -> int:
    """Count by `own`, web addresses as `LINK`; one that is run together with other words never counts too little."""
    total = own(text) + (LINK + bool(text) if url else 0)
    for word in text.split(" ") if link.search(text) else ():
        whole = _WHOLE_LINK.fullmatch(word)
        if whole and link.search(word):
            # Without https:// it is a link to some only.
            total += LINK - own(word) if whole[1] else max(0, LINK - own(word))
        else:
            total += LINK * len(link.findall(word))
    return total


@functools.cache
def _emoji() -> Any:
    import regex

    return regex.compile(f"({_EMOJI})", regex.VERBOSE)


WAYS = {
    # docs.x.com/fundamentals/counting-characters and twitter-text's config/v3.json: NFC; emoji sequences count two.
    "weighted": Way(_weighted, f"letters of most alphabets 1, all else 2, web addresses {LINK}"),
    # lexicons/app/bsky/feed/post.json: maxGraphemes and, in UTF-8, maxLength.
    "graphemes": Way(_graphemes, "characters as readers see them"),
    "bytes": Way(_bytes, "bytes of UTF-8"),
    # docs.joinmastodon.org/user/posting: "All links are counted as 23 characters", for any server's own limit.
    "short_links": Way(_short_links, f"characters as readers see them, web addresses {LINK}"),
    # developers.facebook.com/documentation/threads/posts: "Emojis are counted as the number of UTF-8 bytes".
    "emoji_bytes": Way(_emoji_bytes, "characters, emoji by their bytes of UTF-8"),
    "characters": Way(_characters, "characters of Unicode"),
}
"""Each way by its name in the table."""
