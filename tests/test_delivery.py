from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import pages_to_read

from plugins.delivery import Assets

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_every_page_carries_the_same_style_and_a_policy_that_allows_just_that(example_site: Path) -> None:
    policies, styles = set(), set()
    for path in pages_to_read(example_site):
        page = LexborHTMLParser(path.read_text("utf-8"))
        (style,) = page.css("style")
        styles.add(style.text())
        policy = page.css_first("meta[http-equiv='Content-Security-Policy']").attributes["content"]
        (data,) = page.css("script[type='application/ld+json']")
        assert f"script-src 'self' {sha256(data.text())};" in policy, path
        policies.add(policy.replace(f" {sha256(data.text())}", ""))
        assert not page.css("[style]")
        assert not page.css("script:not([src]):not([type='application/ld+json'])")
        assert not page.css("link[rel=stylesheet]")
    (style,), (policy,) = styles, policies
    assert f"style-src {sha256(style)}" in policy
    for directive in (
        "default-src 'self'",
        "form-action 'none'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
    ):
        assert directive in policy.split("; ")
    assert "unsafe" not in policy
    for path in set(example_site.rglob("*.html")).difference(pages_to_read(example_site)):
        page = LexborHTMLParser(path.read_text("utf-8"))
        assert page.css_first("meta[http-equiv='Content-Security-Policy']").attributes["content"] == policy
    headers = (example_site / "_headers").read_text("utf-8")
    # The search's worker obeys the header only; a page obeys both, so it may not compile WebAssembly.
    sent = policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
    assert f"\n  Content-Security-Policy: {sent}; frame-ancestors 'none'\n" in headers
    assert headers.startswith("/blog/*\n")


def test_the_owners_style_comes_after_the_themes(site: Site) -> None:
    site.write("doors/style.css", ".mine { color: teal }\n")
    site.build()
    assert site.page("").css_first("style").text().rstrip().endswith(".mine { color: teal }")


def test_a_style_that_would_end_its_element_is_refused(site: Site) -> None:
    site.write("doors/style.css", "a { }\n/* </style> */")
    assert site.problems() == ["doors/style.css:2: a style sheet cannot hold `</`; take it out"]
    site.write("doors/style.css", b"/* Caf\xe9 */")
    assert site.problems() == ["doors/style.css:1: this is not UTF-8 text; save the file as UTF-8"]
    site.write("doors/style.css", b"\xef\xbb\xbf.mine { }")
    site.build()
    assert "\ufeff" not in site.read("index.html")


@pytest.mark.parametrize("door", ["head.html", "header.html", "after-post.html", "footer.html"])
def test_the_owners_doors(site: Site, door: str) -> None:
    site.post("a")
    site.write(
        f"doors/{door}",
        '<meta name="door" content="{{ SPEAKER.given_name }}">' if door == "head.html" else "<p>Door {{ 1 + 1 }}</p>",
    )
    site.build()
    assert ('content="Ada"' if door == "head.html" else "<p>Door 2</p>") in site.read("a/index.html")


def test_scripts_are_named_by_their_content_whatever_the_line_ends(tmp_path: Path) -> None:
    urls = []
    for data in (b"a\nb\n", b"a\r\nb\r\n", b"c\n"):
        (tmp_path / "x.js").write_bytes(data)
        assets = Assets(tmp_path, "/blog")
        urls.append(assets.url("x.js"))
        assert next(iter(assets.files.values())) == data.replace(b"\r\n", b"\n")
    assert urls[0] == urls[1] != urls[2]
    assert urls[0].startswith("/blog/assets/x.")
    with pytest.raises(KeyError):
        assets.url("none.js")


def test_a_script_finds_what_it_imports_under_its_name_of_the_day(tmp_path: Path) -> None:
    names = []
    for text in ("one", "two"):
        (tmp_path / "z.js").write_text(f"export const x = '{text}';\n")
        (tmp_path / "a.js").write_text('import { x } from "./z.js";\n')
        assets = Assets(tmp_path, "/blog")
        names.append([assets.url(name) for name in ("a.js", "z.js")])
        data = assets.files[names[-1][0].removeprefix("/blog/")].decode()
        assert data == f'import {{ x }} from "./{names[-1][1].removeprefix("/blog/assets/")}";\n'
    assert not set(names[0]) & set(names[1]), "a change in the one is a change of both"
    (tmp_path / "a.js").write_text('import { x } from "./none.js";\n')
    with pytest.raises(KeyError):
        Assets(tmp_path, "")


def test_feeds_are_sent_as_what_they_are_and_no_header_stands_twice(example_site: Path) -> None:
    rules: dict[str, list[str]] = {}
    pattern = ""
    for line in (example_site / "_headers").read_text("utf-8").splitlines():
        if line.startswith(" "):
            rules[pattern].append(line.strip())
        else:
            pattern = line
            rules[pattern] = []
    assert rules["/blog/feed.xml"] == ["Content-Type: application/rss+xml; charset=utf-8"]
    assert rules["/blog/atom.xml"] == ["Content-Type: application/atom+xml; charset=utf-8"]
    assert rules["/blog/feed.json"] == ["Content-Type: application/feed+json; charset=utf-8"]
    everywhere = {line.partition(":")[0] for line in rules["/blog/*"]}
    assert "Content-Type" not in everywhere
    kept = [pattern for pattern, lines in rules.items() if any("Cache-Control" in line for line in lines)]
    assert kept == ["/blog/assets/*"], "the hosts would merge another rule with it"


@pytest.mark.parametrize(
    ("which", "base"), [("speaker_site", ""), ("example_site", "/blog"), ("example_preview", "/blog")]
)
def test_what_is_kept_for_a_year_is_named_by_its_bytes(which: str, base: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    assets = [path for path in (folder / "assets").rglob("*") if path.is_file()]
    assert len(assets) > 5
    for path in assets:
        assert re.fullmatch(r"[0-9a-z-]+\.[0-9a-f]{10}\.[a-z]+", path.name), path
        assert path.name.split(".")[1] == hashlib.sha256(path.read_bytes()).hexdigest()[:10], path
    for path in folder.rglob("*.html"):
        for node in LexborHTMLParser(path.read_text("utf-8")).css(
            "script[src], link[rel~=stylesheet], link[as=script]"
        ):
            url = node.attributes.get("src") or node.attributes.get("href") or ""
            assert url.startswith(f"{base}/assets/"), f"{path}: {url}"
