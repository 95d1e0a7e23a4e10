"""What the front matter of other generators means here: Hugo, Jekyll, Eleventy, Ghost and WordPress's exports."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from plugins import slugs

if TYPE_CHECKING:
    from collections.abc import Collection

    from plugins.keys import Written

_OURS = {
    "title": "headline name post_title linktitle",
    "date": "publishdate pubdate published_at post_date created created_at date_created date_published pub_date",
    "modified": "updated lastmod last_modified last_modified_at updated_at date_updated date_modified post_modified",
    "summary": "description excerpt subtitle abstract lead meta_description custom_excerpt post_excerpt",
    "tags": "tag keywords post_tag categories_and_tags",
    "lang": "locale languagecode",
    "image": "featured_image feature_image featuredimage cover coverimage cover_image thumbnail banner hero og_image "
    "images teaser header_image",
    "image_alt": "featured_image_alt feature_image_alt cover_alt thumbnail_alt",
    "id": "guid",
    "order": "weight menu_order",
}
_RENAMED = {foreign: ours for ours, names in _OURS.items() for foreign in names.split()}
# Where a kind of file lacks a key, another may say the same.
_ELSE = {"summary": "promise"}
_NO_MEANING = {
    **dict.fromkeys(["author", "authors", "byline"], "the speaker has written everything here"),
    **dict.fromkeys(["order", "nav_order"], "posts are sorted by their date"),
    **dict.fromkeys(["layout", "type", "post_type", "kind"], "posts, pages and talks are told apart by their folder"),
    **dict.fromkeys(
        "comments comment_status toc showtoc math mathjax katex mermaid sitemap robots noindex".split(), ""
    ),
    **dict.fromkeys(
        "featured sticky pinned expirydate markup outputs cascade eleventynavigation wordpress_id".split(), ""
    ),
    **dict.fromkeys(
        "eleventyexcludefromcollections visibility password canonical canonicalurl canonical_url".split(), ""
    ),
}
_YES = {"true", "yes", "on", "1", "y"}
_NO = {"false", "no", "off", "0", "n"}
_LINE = re.compile(r"([A-Za-z][\w-]*)(:.*)")


def advice(key: str, value: Written, keys: Collection[str], given: Collection[str]) -> str | None:
    """Say what to write for a key that another generator knows, or nothing where it is nobody's.

    `keys` are those of this kind of file, `given` those that stand in its head.
    """
    line = _whole_line(key, value)
    if line == "":
        return "everything is published that is no draft; take this line out"
    if key in {"aliases", "alias", "redirect_from"}:
        return (
            "write each former address into extra/_redirects, on a line like `/old/ /new/ 301`, and take this one out"
        )
    ours = line.partition(":")[0] if line else _our_key(key, value, keys)
    if ours not in keys:
        why = _NO_MEANING.get(ours) or _NO_MEANING.get(key) or "it has no meaning here"
        return f"{why}; take this line out" if ours or key in _NO_MEANING else None
    if ours in given:
        return f"`{ours}:` says so here, and stands there already; take this line out"
    return f"write `{line}` here" if line else _renamed(key, ours, value)


def _renamed(key: str, ours: str, value: Written) -> str:
    further = "; the file lies in images/" if ours == "image" else ""
    if isinstance(value, str) or ours == "tags":
        return f"write `{ours}:` in place of `{key}:`{further}"
    first = value[0] if value else ""
    text = first if isinstance(first, str) else first.get("image", "…")
    return f"write one text, `{ours}: {text}`, in place of this list{further}"


def rewritten(line: str, keys: Collection[str]) -> str | None:
    """Return a line of a head as it is written here, or nothing where that is not one other line."""
    found = _LINE.fullmatch(line)
    if not found or found[1].lower() in keys:
        return None
    key, value = found[1].lower(), found[2].removeprefix(":").strip().strip("\"'")
    whole = _whole_line(key, value)
    if whole is not None:
        return whole or None
    ours = _our_key(key, value, keys)
    # What stands in the lines below would be a list, or a table.
    return f"{ours}{found[2]}" if value and ours in keys and "[" not in value and "{" not in value else None


def _our_key(key: str, value: Written, keys: Collection[str]) -> str:
    ours = _RENAMED.get(key, "")
    if key == "categories":
        several = set(",;") & set(value) if isinstance(value, str) else len(value) > 1
        ours = "tags" if several else "category"
    return ours if ours in keys else _ELSE.get(ours, ours)


def _whole_line(key: str, value: Written) -> str | None:
    """Return the whole line that says here what a key and its value say; empty where none is needed."""
    said = value.strip().lower() if isinstance(value, str) else ""
    if key in {"draft", "isdraft", "published", "publish"}:
        if said not in _YES | _NO and key in {"published", "publish"}:
            return f"date: {value}" if re.match(r"\d{4}-\d\d", said) else None
        return "" if (said in _NO) is (key in {"draft", "isdraft"}) else "status: draft"
    if key in {"hidden", "unlisted", "private"} and said in _YES:
        return "status: hidden"
    if key in {"post_status", "state"}:
        known = {"publish": "", "published": "", "private": "status: hidden", "draft": "status: draft"}
        return known.get(said, "status: draft")
    if key in {"permalink", "url"} and said:
        last = unquote(urlsplit(said).path).rstrip("/").rpartition("/")[2].removesuffix(".html")
        return f"slug: {slugs.slug(last)}" if slugs.slug(last) and not set(":{}%") & set(last) else None
    return None
