"""Defects planted in a copy of the site: each is found under its rule, on its line, and nothing else is."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

import pytest
from drawing import copied, drawn, found, short
from sites import ROOT

from plugins.problems import Edit
from tools import serve
from tools.inspection import links, tokens
from tools.inspection.site import RULES, findings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from plugins.problems import Problem
    from tools.inspection.drawn import Drawn


class Planted(NamedTuple):
    """A defect in a file: text added at its end or put in the place of another; the rule, and the words of the finding.

    `line` counts from that of the text, from 0.
    """

    file: str
    text: str
    rule: str
    said: str
    instead_of: str = ""
    line: int = 0


CONTENT = {
    "an anchor that a list does not have": Planted(
        "posts/have-we-met.md", "[All](/archive/#nineties)", "page-anchors", "no place #nineties"
    ),
    "an anchor that a room's page does not have": Planted(
        "posts/have-we-met.md",
        'He said so\n<a href="/search/#none">here</a>.',
        "page-anchors",
        "no place #none",
        line=1,
    ),
    "a link of the preview": Planted(
        "posts/have-we-met.md", "[Here](http://127.0.0.1:8000/about/)", "local-links", "write /about/"
    ),
    "a password in a link": Planted(
        "posts/have-we-met.md",
        "[Mine](https://hank:swordfish@pictures.hankblank.com/)",
        "link-with-password",
        "choose a new one",
    ),
    "another, to one's own computer": Planted(
        "posts/lite-beer-days.md", "[Mine](http://hank@localhost:3000/about/)", "local-links", "everybody can reach"
    ),
    "what runs on one's own computer": Planted(
        "posts/have-we-met.md", "[Here](http://127.0.0.1:9999/)", "local-links", "everybody can reach"
    ),
    "the door of the preview": Planted("posts/have-we-met.md", "[Here](http://localhost:8001/)", "local-links", "write /"),
    "a note to oneself": Planted("posts/lite-beer-days.md", "TODO: ask Karen.", "leftovers", "`TODO` was left"),
    "another": Planted("posts/lite-beer-days.md", "FIXME", "leftovers", "`FIXME` was left"),
    "dummy text": Planted(
        "pages/about.md", "Lorem ipsum dolor sit amet,\nconsectetur.", "leftovers", "write the real text"
    ),
    "a gap to fill": Planted("pages/speaking.md", "Ask [insert name here].", "leftovers", "`[insert name here]`"),
    "a gap in speaker.toml": Planted(
        "speaker.toml", "After years of it TKTK knows", "leftovers", "`TKTK` was left", instead_of="After years of it he knows"
    ),
    "something to look up": Planted("posts/the-pile-on-the-desk.md", "In 19???", "doubtful-marks", "`???` was left"),
    "a name to come": Planted("posts/the-pile-on-the-desk.md", "I met XXX there.", "doubtful-marks", "`XXX` was left"),
    "a word twice, at a line's end": Planted(
        "posts/something-to-keep.md", "It was the\nthe last one.", "doubled-words", "`the the`", line=1
    ),
    "an address for examples": Planted(
        "posts/something-to-keep.md", "[His book](https://www.example.com/book)", "example-links", "write the real one"
    ),
    "a mail link with a plus": Planted(
        "posts/one-would-be-easier.md",
        '<a href="mailto:hank@hankblank.com?subject=Hello+Hank">Write</a>',
        "mailto-links",
        "write %20 for a space",
    ),
    "a mail link with a bare line break": Planted(
        "posts/one-would-be-easier.md",
        '<a href="mailto:hank@hankblank.com?body=Hello%0AHank">Write, too</a>',
        "mailto-links",
        "not %0D%0A",
    ),
    "a mail link to two": Planted(
        "pages/subscribe.md", "[Both](mailto:hank@hankblank.com,ann@hankblank.com)", "mailto-links", "write one"
    ),
    "an empty link": Planted("posts/dear-friends-and-family.md", "[](/about/)", "empty-links", "no words"),
    "a title twice": Planted(
        "posts/have-we-met.md", "Title: Dear friends and family", "duplicate-titles",
        "content/posts/dear-friends-and-family.md", instead_of="Title: Have we met?",
    ),
    "a broken link in a door": Planted(
        "doors/footer.html", '<p><a href="/nowhere/">More</a></p>', "page-links", " more pages)"
    ),
    "a heading in a door": Planted("doors/after-post.html", "<h5>By the way</h5>", "page-headings", "give it rank 3"),
    "a picture of a style sheet": Planted(
        "doors/style.css", ".foot { background: url(/images/none.png) }", "page-links", "no file /images/none.png"
    ),
    "pale labels": Planted(
        "doors/style.css", ":root { --soft: light-dark(#999, #c0b5a2) }", "token-contrast", "labels must have 4.5:1; choose a darker colour"
    ),
    "dark fields in the dark": Planted(
        "doors/style.css",
        "@media (prefers-color-scheme: dark) {\n  :root { --line: #333 }\n}",
        "token-contrast",
        "in the dark, where lines of fields on the reply card must have 3:1; choose a lighter colour",
        line=1,
    ),
    "a menu that leads to no place": Planted(
        "speaker.toml", 'url = "/about/#nobody"', "page-anchors", "no place #nobody", instead_of='url = "/about/"'
    ),
}  # fmt: skip
WRITTEN = {
    "posts/a-copy.md": ("Title: A copy\nDate: 2026-01-05\n\nThe same words in both.\n", "", 0),
    "posts/a-model.md": ("Title: A model\nDate: 2026-01-06\n\nThe same words in both.\n", "duplicate-texts", 1),
    "posts/a-nothing.md": ("Title: Nothing\nDate: 2026-01-07\nSummary: Not much.\n\n<!-- later -->\n", "empty-posts", 1),
    "posts/b-echo.md": ("Title: Echo\nDate: 2026-01-08\nSummary: Not much.\n\nBut this.\n", "duplicate-descriptions", 3),
    "pages/hidden.md": ("Title: Hidden\nSummary: Nobody comes here.\n\nWords.\n", "orphaned-pages", 1),
    "images/unused.svg": ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n', "orphaned-pictures", 1),
    "images/for-a-draft.svg": ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n', "", 0),
    "posts/draft.md": (
        "Title: Draft\nDate: 2026-01-09\nStatus: draft\n\nTODO ![A dot]({static}/images/for-a-draft.svg)\n", "", 0
    ),
    "extra/_redirects": ("/old/  /about/ 301\n/older/  /abuot/  301\n", "page-links", 2),
    "extra/google1234.html": ("google-site-verification: google1234.html\n", "", 0),
}  # fmt: skip
"""Whole files, with the rule that each breaks and the line; some only look as if they did."""


class Site(NamedTuple):
    """A site with many defects, all of them at once."""

    findings: list[Problem]
    expected: set[tuple[str, int, str]]
    starts: tuple[Path, ...]

    def at(self, file: str, line: int, rule: str) -> str:
        return next(p.message for p in self.findings if (short(p, *self.starts), p.line, p.rule) == (file, line, rule))


def plant(folder: Path, planted: Planted) -> tuple[str, int, str]:
    path = folder / planted.file
    text = path.read_text("utf-8")
    if planted.instead_of:
        assert planted.instead_of in text
        changed = text.replace(planted.instead_of, planted.text, 1)
        at = changed.index(planted.text)
    else:
        changed = f"{text.rstrip()}\n\n{planted.text}\n"
        at = changed.rindex(planted.text)
    path.write_text(changed, "utf-8")
    return planted.file, changed.count("\n", 0, at) + 1 + planted.line, planted.rule


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    return drawn(ROOT / "content", tmp_path_factory.mktemp("clean") / "site")


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("planted")
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    expected = {plant(content, defect) for defect in CONTENT.values()}
    for name, (text, rule, line) in WRITTEN.items():
        (content / name).write_text(text, "utf-8")
        expected |= {(name, line, rule)} if rule else set()
    return Site(list(findings(drawn(content, folder / "site"))), expected, (content,))


def test_a_clean_site_has_no_finding(clean: Drawn) -> None:
    assert [str(problem) for problem in findings(clean)] == []


def test_a_site_of_every_edge_has_no_error(tmp_path: Path) -> None:
    stopping = {rule.name for rule in RULES if rule.stops}
    site = drawn(ROOT / "tests" / "example", tmp_path / "site")
    assert [str(problem) for problem in findings(site) if problem.rule in stopping] == []


def test_each_planted_defect_is_found_once_and_nothing_else(planted: Site) -> None:
    places = [(short(problem, *planted.starts), problem.line, problem.rule) for problem in planted.findings]
    assert sorted(places) == sorted(planted.expected)


@pytest.mark.parametrize("name", CONTENT)
def test_a_planted_defect_is_told_so_that_it_can_be_mended(name: str, planted: Site) -> None:
    defect = CONTENT[name]
    messages = [
        p.message for p in planted.findings if p.rule == defect.rule and short(p, *planted.starts) == defect.file
    ]
    assert [message for message in messages if defect.said in message], messages


def test_a_link_of_the_preview_can_be_mended_for_certain(planted: Site) -> None:
    (problem,) = [problem for problem in planted.findings if problem.fix]
    assert problem.fix == (Edit(problem.line, "http://127.0.0.1:8000/about/", "/about/"),)
    assert range(serve.USUAL_PORT, serve.USUAL_PORT + serve._TRIES) == links.PREVIEWS  # noqa: SLF001  one range, twice


def test_no_finding_tells_a_password(planted: Site) -> None:
    assert not [problem for problem in planted.findings if "swordfish" in problem.message]


THEME = {
    "a page without a language": Planted(
        "templates/base.html", '<html dir="ltr">', "page-languages", 'write it like `<html lang="en">`',
        instead_of='<html lang="{{ SPEAKER.language }}" dir="{{ SPEAKER.dir }}">',
    ),
    "a second heading of the first rank": Planted(
        "templates/partials/footer.html", "<h1>Goodbye for now</h1>", "page-headings", "give it the second rank"
    ),
    "an id twice": Planted("templates/partials/footer.html", '<p id="letter">Again</p>', "page-ids", "stands 2 times"),
    "a picture without words": Planted(
        "templates/partials/footer.html",
        '<img src="{{ SITEURL }}/apple-touch-icon.png" alt="" width="9" height="9">',
        "undescribed-pictures",
        "write alt=",
    ),
    "a button without words": Planted(
        "templates/partials/masthead.html", '<button type="button" data-x></button>', "unnamed-controls", "has no words"
    ),
    "a field without a label": Planted(
        "templates/partials/masthead.html", '<input id="whoever">', "unnamed-controls", "write `<label for=…>`"
    ),
    "a link to nothing": Planted(
        "templates/not_found.html", '<a href="{{ SITEURL }}/arhcive/">', "page-links", "did you mean /archive/?",
        instead_of='<a href="{{ SITEURL }}/archive/">',
    ),
    "a picture of somebody else's": Planted(
        "templates/partials/postscript.html", '<img src="https://cdn.example.net/x.png" alt="X">', "foreign-resources",
        "save the file",
    ),
    "pale words on a button": Planted(
        "static/css/main.css", "--on-accent: light-dark(#777777, #171a22)", "token-contrast", "choose a lighter colour",
        instead_of="--on-accent: light-dark(#fffdf8, #171a22)",
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("themed")
    theme = folder / "theme"
    shutil.copytree(ROOT / "theme", theme)
    expected = {plant(theme, defect) for defect in THEME.values()}
    site = drawn(ROOT / "content", folder / "site", theme)
    return Site(list(findings(site)), expected, (theme,))


def test_each_defect_of_a_theme_is_found_once_and_nothing_else(themed: Site) -> None:
    places = [(short(problem, *themed.starts), problem.line, problem.rule) for problem in themed.findings]
    assert sorted(places) == sorted(themed.expected)


@pytest.mark.parametrize("name", THEME)
def test_a_defect_of_a_theme_is_told_so_that_it_can_be_mended(name: str, themed: Site) -> None:
    defect = THEME[name]
    messages = [p.message for p in themed.findings if p.rule == defect.rule and short(p, *themed.starts) == defect.file]
    assert [message for message in messages if defect.said in message], messages


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Give what alters one file of the output; the text must be there."""

    def altered(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return altered


def padded(pattern: str, size: int) -> Callable[[Path], None]:
    """Give what makes the one file of such a name so large."""

    def altered(folder: Path) -> None:
        (path,) = folder.glob(pattern)
        path.write_bytes(path.read_bytes().ljust(size, b"\0"))

    return altered


def frame(folder: Path) -> None:
    """Put what cannot be packed before the letter."""
    path = folder / "about/index.html"
    noise = " ".join(f"{at * at * 7919 % 1_000_003:x}" for at in range(4_000))
    path.write_text(path.read_text("utf-8").replace("<main", f"<!-- {noise} --><main", 1), "utf-8")


def twice_in_json(folder: Path) -> None:
    feed = json.loads((folder / "feed.json").read_text("utf-8"))
    feed["items"][1]["id"] = feed["items"][0]["id"]
    (folder / "feed.json").write_text(json.dumps(feed), "utf-8")


CARD = "a-card-for-coffee/index.html"
POST = "content/posts/a-card-for-coffee.md"
DRAWN = {
    "no title": (edit(CARD, "<title>A card for coffee · Hank Blank</title>", "<title> </title>"), [(POST, 1, "page-titles")]),
    "no description": (
        edit("about/index.html", 'name="description" content="Who writes here, about what, and how to write back."', 'name="description" content=""'),
        [("content/pages/about.md", 2, "page-descriptions")],
    ),
    "no heading": (edit("about/index.html", "<h1", "<p"), [("content/pages/about.md", 1, "page-headings")]),
    "a page in capitals": (edit("about/index.html", 'href="/speaking/"', 'href="/Speaking/"'), [("about/index.html", 1, "page-links")]),
    "no slash": (edit("about/index.html", 'href="/archive/"', 'href="/archive"'), [("about/index.html", 1, "page-links")]),
    "a file that is gone": (lambda folder: (folder / "icon-192.png").unlink(), [("site.webmanifest", 1, "page-links")]),
    "an address with an anchor for programs only": (edit("speaker.json", '"url": "https://www.hankblank.com/"', '"url": "https://www.hankblank.com/#me"'), []),
    "a sitemap of more": (edit("sitemap.xml", "/about/</loc>", "/abaut/</loc>"), [("sitemap.xml", 1, "page-links")]),
    "a feed that is cut": (edit("atom.xml", "</feed>", ""), [("atom.xml", 1, "feed-forms")]),
    "a feed without a title": (edit("feed.xml", "<title>Hank Blank: letters</title>", "<title/>"), [("feed.xml", 1, "feed-forms")]),
    "a day that is none": (edit("feed.xml", "<pubDate>Thu, 05 Nov 2026", "<pubDate>Thu, 35 Nov 2026"), [("feed.xml", 1, "feed-forms")]),
    "a moment that is none": (edit("atom.xml", "<published>2026-11-05T00", "<published>2026-11-05T25"), [("atom.xml", 1, "feed-forms")]),
    "an id twice": (twice_in_json, [("content/posts/the-pile-on-the-desk.md", 1, "feed-ids")]),
    "half an address": (
        edit("feed.xml", 'href="https://www.hankblank.com/have-we-met/"', 'href="/have-we-met/"'),
        [("content/posts/something-to-keep.md", 23, "feed-links")],
    ),
    "an entry without a page": (
        edit("category/practice/feed.xml", "<link>https://www.hankblank.com/have-we-met/</link>", "<link>https://www.hankblank.com/have-we-wed/</link>"),
        [("category/practice/feed.xml", 1, "page-links")],
    ),
    "a script in a feed": (edit("feed.xml", "<content:encoded>", "<content:encoded>&lt;script&gt;1&lt;/script&gt;"), [("feed.xml", 1, "feed-scripts")]),
    "data that is cut": (edit(CARD, '"wordCount": 285}', '"wordCount": }'), [("theme/templates/partials/head.html", 30, "structured-data")]),
    "data of another kind": (edit(CARD, '"BlogPosting"', '"BlogPost"'), [("theme/templates/partials/head.html", 30, "structured-data")]),
    "data without a context": (edit(CARD, '"@context": "https://schema.org"', '"@context": ""'), [("theme/templates/partials/head.html", 30, "structured-data")]),
    "a change before its time": (edit(CARD, '"dateModified": "2026-06-11', '"dateModified": "2025-06-11'), [("theme/templates/partials/head.html", 30, "structured-dates")]),
    "a date of data that is none": (edit(CARD, '"datePublished": "2026-06-11', '"datePublished": "2026-06-31'), [("theme/templates/partials/head.html", 30, "structured-dates")]),
    "a picture of data that is gone": (edit(CARD, '"image": ["https://www.hankblank.com/images/letter-and-card.png"', '"image": ["https://www.hankblank.com/images/letter.png"'), [("theme/templates/partials/head.html", 30, "structured-links")]),
    "a node that is not there": (edit(CARD, '"breadcrumb": {"@id": "https://www.hankblank.com/a-card-for-coffee/#trail"}', '"breadcrumb": {"@id": "https://www.hankblank.com/a-card-for-coffee/#trial"}'), [("theme/templates/partials/head.html", 30, "structured-links")]),
    "a share link that is cut": (edit(CARD, "sharer.php?u=https%3A%2F%2Fwww.hankblank.com%2Fa-card-for-coffee%2F", "sharer.php?u=https%3A%2F%2Fwww.hankblank.com%2Fa-card"), [(POST, 1, "share-texts")]),
    "a share text that is too long": (edit(CARD, "compose?text=A%20card", f"compose?text={'A%20card%20' * 40}"), [(POST, 1, "share-texts")]),
    "a long mail link": (edit(CARD, "mailto:?subject=", f"mailto:?subject={'x' * 2_000}"), [(CARD, 1, "mailto-links")]),
    "a heavy frame": (frame, [("about/index.html", 1, "page-frames")]),
    "a heavy picture": (padded("images/letter-and-card.png", 1_200_000), [("content/images/letter-and-card.png", 1, "picture-weights")]),
    "a heavy page": (padded("assets/pictures/*-1200.*.avif", 1_100_000), [(POST, 1, "page-weights")]),
    "a heavy page that waits": (
        lambda folder: (padded("assets/pictures/*-1200.*.avif", 1_100_000)(folder), edit(CARD, "<img alt", '<img loading="lazy" alt')(folder)),
        [],
    ),
    "a giant": (padded("favicon.svg", 26 * 1024 * 1024), [("content/extra/favicon.svg", 1, "file-weights")]),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_a_defect_of_the_output_is_found_and_nothing_else(name: str, clean: Drawn, tmp_path: Path) -> None:
    alter, expected = DRAWN[name]
    site = copied(clean, tmp_path / "site")
    alter(site.folder)
    assert found(site) == set(expected)


@pytest.mark.parametrize(
    ("sheet", "lines"),
    [
        pytest.param("@media (prefers-color-scheme: dark) { :root { --ink: #ddd } }", set(), id="pale ink in the dark"),
        pytest.param(":root { --ink: #ddd }", {1}, id="pale ink in the light, too"),
        pytest.param(":root {\n  --paper: light-dark(#000, #000);\n}", {2}, id="black paper"),
        pytest.param(".card { --ink: #ddd }", set(), id="pale ink somewhere"),
        pytest.param("@media print { :root { --ink: #ddd } }", set(), id="pale ink on paper"),
        pytest.param(":root { --hair: #bbb; --ink: oklch(90% 0 0) }", set(), id="a colour that cannot be told"),
    ],
)
def test_the_owners_colours(sheet: str, lines: set[int], clean: Drawn, tmp_path: Path) -> None:
    (tmp_path / "doors").mkdir()
    (tmp_path / "doors" / "style.css").write_text(sheet, "utf-8")
    found = list(tokens.findings(clean._replace(content=tmp_path, content_shown="content")))
    assert {problem.line for problem in found} == lines
    assert {problem.path for problem in found} <= {"content/doors/style.css"}


def test_a_page_that_only_leads_on_needs_no_more_than_a_sound_link(clean: Drawn, tmp_path: Path) -> None:
    site = copied(clean, tmp_path / "site")
    for name, to in (("old", "/about/"), ("older", "/abuot/")):
        (site.folder / name).mkdir()
        markup = f'<!doctype html><meta http-equiv="refresh" content="0; url={to}"><a href="{to}">Moved</a>'
        (site.folder / name / "index.html").write_text(markup, "utf-8")
    assert found(site) == {("older/index.html", 1, "page-links")}


def test_every_rule_has_its_defect(planted: Site, themed: Site) -> None:
    shown = {rule for _, _, rule in planted.expected | themed.expected}
    shown |= {rule for _, expected in DRAWN.values() for _, _, rule in expected}
    assert shown == {rule.name for rule in RULES}


def test_every_rule_says_what_it_asks_for_and_why() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    for rule in RULES:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
        assert re.fullmatch(r"[A-Z].*\.", rule.asks), rule.asks
        assert re.fullmatch(r"[A-Z].*\.", rule.why), rule.why
