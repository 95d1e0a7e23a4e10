"""What each network takes, counted here a second time: grapheme clusters by another library, the rest by hand."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import iter_graphemes as grapheme_clusters

from plugins.sharing.counting import WAYS
from plugins.sharing.cutting import clean, fit
from plugins.sharing.links import Shared, share_links
from plugins.sharing.networks import NETWORKS
from plugins.text import clusters

if TYPE_CHECKING:
    from collections.abc import Callable

URL = "https://ada.example.org/blog/q-a/#quote-it-holds"
IMAGE = "https://ada.example.org/blog/images/x.png"
MARKS = ("“", "”")
FAMILY = "👩‍👩‍👧‍👦"


def graphemes(text: str) -> int:
    return len(list(grapheme_clusters(text)))


def is_one_emoji(cluster: str) -> bool:
    """Tell whether a cluster of several characters is one emoji: a flag, a keycap, or up to four joined by U+200D."""
    if re.fullmatch("[0-9#*]\ufe0f\u20e3|[\U0001f1e6-\U0001f1ff]{2}", cluster):
        return True
    parts = cluster.split("\u200d")
    return len(parts) <= 4 and all(
        part
        and regex.match(r"\p{Emoji}", part[0])
        and part[0] not in "0123456789#*"
        and not "\U0001f1e6" <= part[0] <= "\U0001f1ff"
        and re.fullmatch("(\ufe0f|[\U0001f3fb-\U0001f3ff])?([\U000e0020-\U000e007e]{2,6}\U000e007f)?", part[1:])
        for part in parts
    )


def weight(character: str) -> int:
    code = ord(character)
    return (
        1 if code <= 0x10FF or 0x2000 <= code <= 0x200D or 0x2010 <= code <= 0x201F or 0x2032 <= code <= 0x2037 else 2
    )


LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[!-~]*[a-z0-9/])?")


def on_mastodon(text: str) -> int:
    links = [link for link in LINK.findall(text) if "://" in link]
    return graphemes(text) + sum(23 - len(link) for link in links)


def on_x(text: str) -> int:
    normal = unicodedata.normalize("NFC", text)
    links = LINK.findall(normal)
    whole = sum(
        2 if len(cluster) > 1 and is_one_emoji(cluster) else sum(map(weight, cluster))
        for cluster in grapheme_clusters(normal)
    )
    return whole + sum(23 - len(link) for link in links)


def on_threads(text: str) -> int:
    return sum(len(cluster.encode()) if is_one_emoji(cluster) else len(cluster) for cluster in grapheme_clusters(text))


# By network: the limit, what counts towards it, and how the same is counted here. `{url}` is 23 where it is shortened.
COUNTED: dict[str, tuple[int, str, Callable[[str], int]]] = {
    "x": (280 - 24, "{text}", on_x),
    "mastodon": (500 - 24, "{text}", on_mastodon),
    "bluesky": (300, "{text} {url}", graphemes),
    "threads": (500, "{text} {url}", on_threads),
    "telegram": (4096, "{text} {url}", len),
    "pinterest": (500, "{text}", len),
    "reddit": (300, "{text}", len),
    "hackernews": (80, "{text}", len),
}
TEXTS = {"x": "text", "pinterest": "description", "threads": "text", "telegram": "text", "reddit": "title"}
WITH_URL = ("bluesky", "mastodon", "whatsapp")


def sent(network: str, link: str) -> tuple[str, str]:
    """Give the text and the address that the network is given, decoded as it decodes them."""
    parts = urlsplit(link)
    found = parse_qs(parts.query or parts.fragment, keep_blank_values=True, strict_parsing=True)
    assert all(len(each) == 1 for each in found.values())
    if network in WITH_URL:
        text, _, url = found["text"][0].rpartition(" ")
    elif network == "email":
        text, _, url = found["body"][0].rpartition("\r\n")
    else:
        url = (found.get("url") or found.get("u") or [""])[0]
        text = found.get({"hackernews": "t"}.get(network) or TEXTS.get(network, ""), [""])[0]
    return text, url


PIECES = st.one_of(
    st.sampled_from(
        "The row second listening café naïve Straße Q&A 50% C++ — – … “so” ‘it’ # ? ＋ \u200b ﷺ".split(" ")
    ),
    st.sampled_from([FAMILY, "👨‍👩‍👧", "❤️‍🔥", "👍🏽", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "©", "™️", "🏳️‍🌈", "☝🏿", "🇩", "🎉" * 40]),
    st.sampled_from(["e\u0301", "o\u0302\u0323", "Z" + "\u0334\u0310" * 9, "नमस्ते", "क्षि", "한국어", "กำ", "\u0600٤"]),
    st.sampled_from(["الصمت قبل الكلمة", "שלום", "\u200fعربي\u200e", "\u202eevil\u202c", "\u2067rtl\u2069", "\ufeff"]),
    st.sampled_from(["\0", "\x07", "\x1b[31m", "\x85", "\n", "\r\n", "\t", "\u2028", "\ud83d", "\udc00", "\ufffe"]),
    st.sampled_from(["東京の第二列", "静けさ" * 60, "x" * 350, "https" * 30, "word " * 70, "longer words " * 45]),
    st.sampled_from(["https://a.io", "https://a.io/the/second/row?at=1", "example.com", "(www.a.io)", "東京a.io東京"]),
    st.text(max_size=12),
)
TITLES = st.builds(
    lambda pieces, between: between.join(pieces),
    st.lists(PIECES, min_size=1, max_size=40),
    st.sampled_from([" ", "", " "]),
)


@settings(max_examples=1000)
@given(TITLES, st.sampled_from([("", ""), MARKS]))
def test_any_text_arrives_within_each_limit_and_its_address_whole(title: str, marks: tuple[str, str]) -> None:
    whole = clean(title)
    for link in share_links(Shared(title, URL, IMAGE, marks=marks), NETWORKS):
        text, url = sent(link.network, link.url)
        assert url == URL
        if "{text}" not in NETWORKS[link.network].link:
            continue
        full = f"{marks[0]}{whole}{marks[1]}" if whole else ""
        if link.network not in COUNTED:
            assert text == full
            continue
        limit, form, count = COUNTED[link.network]
        assert count(form.format(text=text, url=URL).strip()) <= limit
        if link.network == "bluesky":
            assert len(f"{text} {URL}".encode()) <= 3000
        if text == full:
            continue
        check_the_cut(whole, text.removeprefix(marks[0]).removesuffix(marks[1]))
        if re.search(r"\w\.\w|://", whole):
            continue  # what is run together with an address may be counted too high
        assert count(form.format(text=full, url=URL)) > limit or (
            link.network == "bluesky" and len(f"{full} {URL}".encode()) > 3000
        ), "cut without need"


def check_the_cut(whole: str, text: str) -> None:
    assert text.endswith("…")
    kept = text.removesuffix("…")
    assert whole.startswith(kept)
    ends, at = {0}, 0
    for cluster in grapheme_clusters(whole):
        at += len(cluster)
        ends.add(at)
    assert len(kept) in ends, "cut within a grapheme cluster"
    rest = whole[len(kept) :].lstrip(",;:–—-")
    in_reach = list(grapheme_clusters(kept))
    assert rest.startswith(" ") or " " not in in_reach[len(in_reach) // 2 + 2 :], "cut within a word"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("The second row", 14, id="Latin"),
        pytest.param("الصمت", 5, id="Arabic counts one"),
        pytest.param("東京", 4, id="Han counts two"),
        pytest.param("한국", 4, id="Hangul counts two"),
        pytest.param("ა", 1, id="U+10D0, within the first range"),
        pytest.param("\u10ff\u1100", 3, id="both sides of the first range's end"),
        pytest.param("\u200d\u200e", 3, id="both sides of the second range's end"),
        pytest.param("“so”", 4, id="curly quotes count one"),
        pytest.param("a–b", 3, id="a dash counts one"),
        pytest.param("…", 2, id="an ellipsis counts two"),
        pytest.param("cafe\u0301", 4, id="NFC first"),
        pytest.param("🎉", 2, id="an emoji"),
        pytest.param(FAMILY, 2, id="a family of four"),
        pytest.param("👍🏽", 2, id="a skin tone"),
        pytest.param("🇩🇪", 2, id="a flag"),
        pytest.param("1️⃣", 2, id="a keycap"),
        pytest.param("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2, id="a region's flag"),
        pytest.param("12", 2, id="digits are no emoji"),
        pytest.param("©", 1, id="a copyright sign is a letter"),
        pytest.param("https://ada.example.org/a/long/way/to/the/second/row/", 23, id="a long address"),
        pytest.param("http://a.io", 23, id="a short address"),
        pytest.param("see https://a.io now", 31, id="an address among words"),
        pytest.param("a.io", 23, id="an address without https"),
        pytest.param("3.14", 4, id="a number is no address"),
    ],
)
def test_what_x_counts(text: str, count: int) -> None:
    assert WAYS["weighted"].measure(text, "") == count


def test_an_address_counts_23_and_the_space_before_it() -> None:
    for way in ("weighted", "short_links"):
        assert WAYS[way].measure("row", "https://a.io/" + "x" * 300) == 3 + 1 + 23
        assert WAYS[way].measure("", URL) == 23


def test_an_address_run_together_with_words_is_never_counted_too_low() -> None:
    assert WAYS["weighted"].measure("見てhttps://a.io東京", "") >= 4 + 23 + 4
    assert WAYS["weighted"].measure("https://a.io東京a.io東京", "") >= 23 + 4 + 23 + 4
    assert WAYS["short_links"].measure("見てhttps://a.io東京", "") >= 2 + 23 + 2


@pytest.mark.parametrize("url", ["例え.jp", "https://例え.テスト", "http://☃.net/", "www.例え.a1.jp"])
def test_an_address_in_any_script_is_never_counted_too_low(url: str) -> None:
    assert WAYS["weighted"].measure(url, "") >= 23


@pytest.mark.parametrize(
    ("text", "count"),
    [("row", 3), ("東京", 2), ("🎉", 4), (FAMILY, 25), ("👍🏽", 8), ("1️⃣", 7), ("e\u0301", 2)],
)
def test_threads_counts_emoji_by_their_bytes(text: str, count: int) -> None:
    assert WAYS["emoji_bytes"].measure(text, "") == count


def test_both_of_bluesky_s_limits_hold() -> None:
    (link,) = share_links(Shared(FAMILY * 299, URL), ["bluesky"])
    text, _ = sent("bluesky", link.url)
    assert 100 < graphemes(text) < 130
    assert set(grapheme_clusters(text)) == {FAMILY, "…"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a row of words", "a row of…", id="at a word"),
        pytest.param("a row of, words", "a row of…", id="no comma before the ellipsis"),
        pytest.param("abcdefghijklmno", "abcdefghi…", id="one endless word"),
        pytest.param("e\u0301" * 15, "e\u0301" * 9 + "…", id="never between a letter and its accent"),
        pytest.param("今日は静かな部屋で話した", "今日は静かな部屋で…", id="no spaces between words"),
        pytest.param("ten signs.", "ten signs.", id="it just fits"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_where_a_text_is_cut(text: str, expected: str) -> None:
    assert fit(text, lambda shown: len(clusters(shown)) <= 10) == expected


def test_marks_stay_around_what_is_cut() -> None:
    assert fit("a row of words", lambda shown: len(shown) <= 12, MARKS) == "“a row of…”"


def test_what_is_cut_behind_a_web_address_is_within_the_limit_too() -> None:
    title = "word " * 40 + "https://ada.example.org/" + "x" * 40 + " " + "y" * 100
    (link,) = share_links(Shared(title, URL), ["x"])
    text, _ = sent("x", link.url)
    assert WAYS["weighted"].measure(text, URL) <= 280
    assert text == "word " * 39 + "word…"


def test_an_address_that_fills_the_limit_goes_alone() -> None:
    url = "https://ada.example.org/" + "x" * 400
    for link in share_links(Shared("The second row", url), ["bluesky"]):
        assert sent("bluesky", link.url) == ("", url)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a\0b\x1b[31mc", "ab[31mc", id="controls"),
        pytest.param("\u202eevil\u202c \u2066x\u2069", "evil x", id="what turns letters round"),
        pytest.param("a\r\n\tb\u2028c", "a b c", id="lines become one"),
        pytest.param("x\ud83dy", "x\ufffdy", id="half an emoji"),
        pytest.param("\ud83d\ude00", "😀", id="two halves are one"),
        pytest.param("\ufeffrow\uffff\U0001fffe", "row", id="no characters at all"),
        pytest.param("\u200fشكرا\u200e", "\u200fشكرا\u200e", id="the marks of a word stay"),
        pytest.param(FAMILY, FAMILY, id="a family stays together"),
        pytest.param(" \0 ", "", id="nothing is left"),
    ],
)
def test_a_text_is_cleaned(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_own_words_stand_in_place_of_the_title() -> None:
    links = {link.network: link.url for link in share_links(Shared("Title", URL, text="Own words"), NETWORKS)}
    assert sent("x", links["x"])[0] == "Own words"
    assert parse_qs(urlsplit(links["email"]).query)["subject"] == ["Title"]
    assert sent("email", links["email"])[0] == "Own words"
