"""A key of another generator gets the advice that leads to ours, and the advice works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from plugins.reading import foreign
from plugins.reading.metadata import POSTS
from plugins.talks.keys import TALK
from tools.inspection.mending import mended

if TYPE_CHECKING:
    from sites import Site

LINES = {
    "draft: true": "status: draft",
    "Draft: yes": "status: draft",
    'draft: "true"': "status: draft",
    "published: false": "status: draft",
    "published: 2026-01-02": "date: 2026-01-02",
    "private: true": "status: hidden",
    "post_status: private": "status: hidden",
    "permalink: /2026/03/hello-there/": "slug: hello-there",
    "url: https://old.example.org/posts/Hello%20There.html": "slug: hello-there",
    "description: What I saw.": "summary: What I saw.",
    "excerpt: 'It''s short'": "summary: 'It''s short'",
    "keywords: a, b": "tags: a, b",
    "categories: Stage": "category: Stage",
    "categories: [a, b]": None,
    "updated: 2026-05-01": "modified: 2026-05-01",
    "lastmod: 2026-05-01T10:00:00Z": "modified: 2026-05-01T10:00:00Z",
    "last_modified_at: 2026-05-01": "modified: 2026-05-01",
    "featured_image: images/a.png": "image: images/a.png",
    "cover: images/a.png": "image: images/a.png",
    "guid: urn:x": "id: urn:x",
    "layout: post": None,
    "author: Ada": None,
    "weight: 3": None,
    "draft: false": None,
    "published: true": None,
    "aliases: [/old/]": None,
    "comments: true": None,
    "permalink: /:year/:title/": None,
    "ttle: x": None,
}


@pytest.mark.parametrize(("written", "ours"), LINES.items(), ids=LINES)
def test_a_line_of_another_generator_is_rewritten(written: str, ours: str | None) -> None:
    assert foreign.rewritten(written, POSTS) == ours


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("draft", "true", "write `status: draft` here"),
        ("draft", "false", "everything is published that is no draft; take this line out"),
        ("layout", "post", "posts, pages and talks are told apart by their folder; take this line out"),
        ("author", "Ada", "the speaker has written everything here; take this line out"),
        ("weight", "3", "posts are sorted by their date; take this line out"),
        ("aliases", ["/old/"], "extra/_redirects"),
        ("categories", ["a", "b"], "write `tags:` in place of `categories:`"),
        ("categories", "a, b", "write `tags:` in place of `categories:`"),
        ("images", ["images/a.png"], "write one text, `image: images/a.png`, in place of this list; the file lies in"),
        ("cover", [{"image": "images/a.png", "alt": "A"}], "write one text, `image: images/a.png`, in place"),
        ("description", "x", "write `summary:` in place of `description:`"),
        ("toc", "true", "it has no meaning here; take this line out"),
    ],
)
def test_the_advice_for_a_post(key: str, value: str | list[str], message: str) -> None:
    assert message in (foreign.advice(key, value, POSTS, {"title", "date", key}) or "")


def test_the_advice_knows_what_stands_there_and_what_a_talk_has() -> None:
    assert foreign.advice("description", "x", POSTS, {"summary"}) == (
        "`summary:` says so here, and stands there already; take this line out"
    )
    assert foreign.advice("draft", "true", POSTS, {"status"}) == (
        "`status:` says so here, and stands there already; take this line out"
    )
    assert foreign.advice("description", "x", TALK, ()) == "write `promise:` in place of `description:`"
    assert foreign.advice("weight", "3", TALK, ()) == "write `order:` in place of `weight:`"
    assert foreign.advice("ttle", "x", POSTS, ()) is None


@pytest.mark.parametrize(
    "written", [line for line, ours in LINES.items() if ours and not line.startswith(("pub", "f", "c"))]
)
@pytest.mark.parametrize(
    "style", ["---\ntitle: A\ndate: 2026-03-04\n{}\n---\nText.\n", "title: A\ndate: 2026-03-04\n{}\n\nText.\n"]
)
def test_the_fix_is_accepted_where_it_was_said(written: str, style: str, site: Site) -> None:
    from plugins.problems import SiteError

    path = site.write("posts/a.md", style.format(written))
    with pytest.raises(SiteError) as caught:
        site.build(publish=False)
    (problem,) = caught.value.problems
    assert re.search(r"unknown key `[\w-]+`; write `[^`]+`", problem.message)
    path.write_text(mended(path.read_text("utf-8"), [problem.fix]), "utf-8")
    assert site.problems(publish=False) == []


def test_a_list_of_categories_and_a_draft_in_capitals(site: Site) -> None:
    site.write("posts/a.md", "---\nTitle: A\nDate: 2026-03-04\nDraft: True\ncategories:\n  - Stage\n---\nText.\n")
    assert site.problems(publish=False) == [
        "posts/a.md:4: unknown key `draft`; write `status: draft` here",
        "posts/a.md:5: unknown key `categories`; write one text, `category: Stage`, in place of this list",
    ]
