"""The whole of both sites: every link holds, every page is light, two builds are the same bytes."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import EPOCH, ROOT

from plugins.reading import front_matter

if TYPE_CHECKING:
    from pathlib import Path

SITES = [("speaker_site", "https://www.hankblank.com", ""), ("example_site", "https://talks.example.org/blog", "/blog")]
PAGE_BUDGET = 14_600
"""Bytes that arrive in the first round trip: ten segments of 1,460 (RFC 6928)."""


def pages(folder: Path) -> dict[str, LexborHTMLParser]:
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.html"))}
    return {name: LexborHTMLParser(path.read_text("utf-8")) for name, path in found.items()}


@pytest.mark.parametrize(("which", "root", "base"), SITES)
def test_every_link_holds(which: str, root: str, base: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    trees = pages(folder)
    ids = {name: {node.attributes["id"] for node in tree.css("[id]")} for name, tree in trees.items()}
    checked = 0
    for name, tree in trees.items():
        here = f"{base}/{name.removesuffix('index.html')}"
        for node in tree.css("[href], [src]"):
            value = node.attributes.get("href") or node.attributes.get("src") or ""
            if value.startswith(root):
                value = base + value[len(root) :]
            if urlsplit(value).scheme or value.startswith("//"):
                continue
            parts = urlsplit(urljoin(here, value))
            assert parts.path.startswith(f"{base}/"), f"{name}: {value} leaves the site"
            target = unquote(parts.path)[len(base) + 1 :]
            target += "index.html" if not target or target.endswith("/") else ""
            assert (folder / target).is_file(), f"{name}: {value} leads nowhere"
            if parts.fragment and target in ids:
                assert unquote(parts.fragment) in ids[target], f"{name}: no {value}"
            checked += 1
    assert checked > 500


@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_all_but_the_posts_own_text_arrives_in_one_round_trip(which: str, request: pytest.FixtureRequest) -> None:
    for name, tree in pages(request.getfixturevalue(which)).items():
        for body in tree.css(".letter"):
            body.decompose()
        weight = len(gzip.compress((tree.html or "").encode(), 9, mtime=0))
        assert weight < PAGE_BUDGET, f"{name}: {weight} bytes"


@pytest.mark.parametrize("which", ["speaker_site", "example_site", "example_preview"])
def test_nothing_is_loaded_from_another_host(which: str, request: pytest.FixtureRequest) -> None:
    for name, tree in pages(request.getfixturevalue(which)).items():
        for node in tree.css(
            "[src], [srcset], [poster], link[rel~=icon], link[rel~=stylesheet], link[rel~=preload], use"
        ):
            for attribute in ("src", "srcset", "poster", "href"):
                assert "//" not in (node.attributes.get(attribute) or ""), f"{name}: {node.html}"


@pytest.mark.parametrize("which", ["speaker_site", "example_site", "example_preview"])
def test_the_bones_of_every_page(which: str, request: pytest.FixtureRequest) -> None:
    for name, tree in pages(request.getfixturevalue(which)).items():
        assert len(tree.css("h1")) == 1, name
        assert len(tree.css("main")) == 1, name
        if tree.css("meta[http-equiv=refresh]"):
            continue  # it leads on, and nobody reads it
        assert len(tree.css("header")) >= 1, name
        names = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(names) == len(set(names)), f"{name}: {names}"
        ranks = [int(node.tag[1]) for node in tree.css("h1, h2, h3, h4, h5, h6")]
        assert all(b <= a + 1 for a, b in zip([0, *ranks], ranks, strict=False)), f"{name}: {ranks}"
        skip = tree.css_first("a[href^='#']")
        assert skip.attributes["href"][1:] in names, name


@pytest.mark.parametrize("which", ["speaker_site", "example_site", "example_preview"])
def test_no_heading_and_no_list_stands_empty(which: str, request: pytest.FixtureRequest) -> None:
    for name, tree in pages(request.getfixturevalue(which)).items():
        for waiting in tree.css("[hidden], template"):
            waiting.decompose()
        for node in tree.css("h1, h2, h3, h4, h5, h6, dt, dd, li, th, label, summary, figcaption, a"):
            assert node.text(strip=True) or node.css("[alt], [aria-label]"), f"{name}: {node.html}"
        for node in tree.css("ol, ul, dl, table, figure, section"):
            assert [child for child in node.iter() if child.tag not in {"h2", "h3"}], f"{name}: {node.html}"


def test_drafts_are_nowhere_in_public(example_site: Path) -> None:
    assert not (example_site / "drafts").exists()
    everything = unescape(
        "".join(p.read_text("utf-8") for p in example_site.rglob("*") if p.suffix in {".html", ".xml"})
    )
    kept_back = []
    for source in (ROOT / "tests" / "example" / "posts").rglob("*.md"):
        values = front_matter.parse(source.read_text("utf-8-sig").replace("\r\n", "\n")).values
        status = values["status"].text if "status" in values else ""
        if status == "draft" or str(values["date"].text) > "2026-11-22":
            kept_back.append(values["title"].text)
    assert len(kept_back) == 4
    assert [title for title in kept_back if title in everything] == []


def test_nothing_of_the_previews_server_is_in_public(example_site: Path) -> None:
    assert [path for path in example_site.rglob("*") if path.is_file() and b"_preview" in path.read_bytes()] == []


def build_elsewhere(folder: Path, output: Path, content: str, **environment: str) -> dict[str, bytes]:
    code = (
        "import sys; sys.path.insert(0, '.');"
        "from pelican import Pelican; from pelican.settings import read_settings;"
        f"Pelican(read_settings('publishconf.py', override={{'OUTPUT_PATH': {str(output)!r}}})).run()"
    )
    base = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "HOME") if key in os.environ}
    env = base | {"SOURCE_DATE_EPOCH": EPOCH, "LECTERN_CONTENT": str(folder / content)} | environment
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, check=True, capture_output=True)
    return {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*") if path.is_file()}


@pytest.mark.parametrize("content", ["content", "tests/example"])
def test_two_builds_are_the_same_bytes(content: str, tmp_path: Path) -> None:
    copy = tmp_path / "a copy elsewhere"
    for name in ("plugins", "theme", content):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pelicanconf.py", "publishconf.py"):
        shutil.copy(ROOT / name, copy)
    one = build_elsewhere(ROOT, tmp_path / "1", content, TZ="UTC", LC_ALL="POSIX", PYTHONHASHSEED="1")
    two = build_elsewhere(copy, tmp_path / "two", content, TZ="Asia/Kathmandu", LC_ALL="C.UTF-8", PYTHONHASHSEED="77")
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert len(one) > 40


def test_the_hard_title_everywhere(example_site: Path) -> None:
    hard = 'Q&A: "50% off" #networking + C++ – naïve café 🎉'
    name = next(path for path in example_site.rglob("*/qa-fifty-percent-off/index.html"))
    page = LexborHTMLParser(name.read_text("utf-8"))
    assert page.css_first("h1").text() == "Q&A: “50% off” #networking + C++ – naïve café 🎉"
    graph = json.loads(page.css_first("script[type='application/ld+json']").text())["@graph"]
    assert graph[0]["headline"] == hard
    for link in page.css("a[href*='reddit.com'], a[href*='x.com/intent'], a[href^='mailto:?']"):
        assert hard in unquote(link.attributes["href"])
    assert page.css_first("meta[property='og:title']").attributes["content"] == hard
    assert hard in unquote(page.css_first(".postscript a[href^='mailto:']").attributes["href"])
