from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from sites import SPEAKER

from plugins.addresses.security import security
from plugins.addresses.sitemap import Place, sitemaps
from plugins.ledger import Present, Published, load, updated, written

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_the_sitemap_names_what_is_published_and_when_it_changed(site: Site) -> None:
    site.post("a", modified="2026-05-06")
    site.post("b", date="2026-01-02")
    site.post("c", status="hidden")
    site.write("pages/about.md", "title: About\ndate: 2026-02-03\n\nText\n")
    site.build()
    root = etree.fromstring(site.read("sitemap.xml").encode())
    found = {url.findtext("s:loc", namespaces=NAMES): url.findtext("s:lastmod", namespaces=NAMES) for url in root}
    assert found == {
        "https://ada.example.org/": "2026-05-06",
        "https://ada.example.org/a/": "2026-05-06",
        "https://ada.example.org/b/": "2026-01-02",
        "https://ada.example.org/about/": "2026-02-03",
        "https://ada.example.org/card/": None,
        "https://ada.example.org/search/": None,
        "https://ada.example.org/speaking/": None,
        "https://ada.example.org/subscribe/": None,
    }


def test_robots_names_the_sitemap_unless_the_owner_has_another(site: Site) -> None:
    site.build()
    assert "Sitemap: https://ada.example.org/sitemap.xml\n" in site.read("robots.txt")
    site.write("extra/robots.txt", "User-agent: *\nDisallow: /\n")
    site.build()
    assert site.read("robots.txt") == "User-agent: *\nDisallow: /\n"


def test_what_is_to_come_has_changed_nothing_yet(site: Site) -> None:
    site.post("a", modified="2031-05-06", series="Bridges")
    site.build()
    assert "lastmod" not in site.read("sitemap.xml")


def parsed(data: bytes) -> list[tuple[str, str | None]]:
    root = etree.fromstring(data)
    assert root.tag in {f"{{{NAMES['s']}}}urlset", f"{{{NAMES['s']}}}sitemapindex"}
    return [(e.findtext("s:loc", namespaces=NAMES), e.findtext("s:lastmod", namespaces=NAMES)) for e in root]


def test_above_the_limit_the_sitemap_is_an_index_of_parts() -> None:
    places = [Place(f"https://x.example/{at}/", f"2026-01-0{at}" if at < 4 else None) for at in range(1, 6)]
    assert list(sitemaps(places, "https://x.example", 5)) == ["sitemap.xml"]
    files = sitemaps(places, "https://x.example", 2)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    assert parsed(files["sitemap.xml"]) == [
        ("https://x.example/sitemap-1.xml", "2026-01-02"),
        ("https://x.example/sitemap-2.xml", "2026-01-03"),
        ("https://x.example/sitemap-3.xml", None),
    ]
    assert [place for name in list(files)[1:] for place in parsed(files[name])] == [tuple(place) for place in places]


def test_fifty_thousand_and_one_pages_for_real() -> None:
    places = [Place(f"https://x.example/{at}/", "2026-01-01") for at in range(50_001)]
    files = sitemaps(places, "https://x.example")
    assert [len(parsed(data)) for data in files.values()] == [2, 50_000, 1]
    assert list(sitemaps(places[1:], "https://x.example")) == ["sitemap.xml"]


def test_no_part_is_larger_than_it_may_be() -> None:
    places = [Place(f"https://x.example/{'&é' * 1000}{at}/", "2026-01-01") for at in range(6_000)]
    files = sitemaps(places, "https://x.example")
    assert len(files) > 2
    assert all(len(data) <= 50 * 1024 * 1024 for data in files.values())
    assert sum(len(parsed(data)) for name, data in files.items() if name != "sitemap.xml") == len(places)


def test_addresses_in_the_sitemap_are_ascii(site: Site) -> None:
    site.post("a", slug="日本")
    site.build()
    assert "<loc>https://ada.example.org/%E6%97%A5%E6%9C%AC/</loc>" in site.read("sitemap.xml")


@pytest.mark.parametrize(
    ("contact", "day", "contact_line", "expires"),
    [
        ("ada@example.org", dt.date(2026, 11, 22), "mailto:ada@example.org", "2027-10-01"),
        ("https://x.example/report", dt.date(2026, 1, 1), "https://x.example/report", "2026-12-01"),
        ("ada@example.org", dt.date(2028, 2, 29), "mailto:ada@example.org", "2029-01-01"),
    ],
)
def test_security_txt_by_the_letter(contact: str, day: dt.date, contact_line: str, expires: str) -> None:
    text = security(contact, "pt-BR", "https://x.example/blog", day).decode("ascii")
    assert text == (
        f"Contact: {contact_line}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: pt-BR\n"
        "Canonical: https://x.example/.well-known/security.txt\n"
    )
    assert dt.timedelta(300) < dt.date.fromisoformat(expires) - day < dt.timedelta(365)


def test_files_for_machines_only_where_the_owner_wants_them(site: Site) -> None:
    site.build()
    assert not (site.output / ".well-known").exists()
    before = {path.name for path in site.output.iterdir()}
    site.write("speaker.toml", SPEAKER + 'indexnow = "0123-abcDEF"\nsecurity = "ada@example.org"\n')
    site.build()
    assert {path.name for path in site.output.iterdir()} - before == {".well-known", "0123-abcDEF.txt"}
    assert site.read("0123-abcDEF.txt") == "0123-abcDEF"
    assert site.read(".well-known/security.txt").startswith("Contact: mailto:ada@example.org\n")


def test_the_owners_own_files_win(site: Site) -> None:
    site.write("speaker.toml", SPEAKER + 'indexnow = "0123-abcDEF"\nsecurity = "ada@example.org"\n')
    own = {
        ".well-known/security.txt": b"mine\r\n",
        "0123-abcDEF.txt": b"0123-abcDEF\n",
        ".well-known/atproto-did": b"did",
    }
    for name, data in own.items():
        site.write(f"extra/{name}", data)
    assert site.problems() == []
    assert {name: (site.output / name).read_bytes() for name in own} == own


def test_what_systems_and_editors_leave_behind_is_not_published(site: Site) -> None:
    left = (".DS_Store", "._a.jpg", "Thumbs.db", "desktop.ini", "a.txt~", ".#a.txt", ".a.txt.swp")
    meant = ("a.txt", ".nojekyll", ".well-known/a.txt", ".htaccess")
    for name in (*left, *meant, ".well-known/.DS_Store"):
        site.write(f"extra/{name}", b"x")
        site.write(f"images/{name}", b"x")
    site.write("posts/._a.md", b"\0\5\x16\7")
    site.build()
    there = {path.relative_to(site.output).as_posix() for path in site.output.rglob("*")}
    assert {*meant, *(f"images/{name}" for name in meant)} <= there
    assert not {name for name in there if name.rpartition("/")[2] in left}


def ids(site: Site) -> dict[str, str]:
    """Build, and give each post's title with its id; both feeds must agree."""
    site.build()
    rss = etree.fromstring(site.read("feed.xml").encode())
    atom = etree.fromstring(site.read("atom.xml").encode())
    found = {item.findtext("title"): item.findtext("guid") for item in rss.iterfind("channel/item")}
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert found == {
        e.findtext("a:title", None, space): e.findtext("a:id", None, space) for e in atom.iterfind("a:entry", space)
    }
    return found


def publish(site: Site, *here: Present, root: str = "https://ada.example.org") -> None:
    """Record what a published build would have."""
    path = site.content / "published.toml"
    path.write_bytes(written(updated(load(path, "p"), here, root)).encode())


ONE = Present("posts/one.md", "one/", "One", dt.date(2026, 3, 4))


@pytest.mark.parametrize(
    ("head", "settings"),
    [
        pytest.param({"title": "Another"}, "", id="title"),
        pytest.param({"slug": "another"}, "", id="slug"),
        pytest.param({"date": "2020-01-02"}, 'permalink = "{date:%Y}/{slug}/"\n', id="date in the address"),
        pytest.param({}, "other host", id="host"),
    ],
)
def test_no_change_of_a_post_changes_its_name(site: Site, head: dict[str, str], settings: str) -> None:
    site.post("one")
    before = ids(site)
    assert before == {"One": "https://ada.example.org/one/"}
    publish(site, ONE)
    assert ids(site) == before
    site.post("one", **head)
    other = SPEAKER.replace("https://ada.example.org", "https://other.example/blog")
    site.write("speaker.toml", other if settings == "other host" else SPEAKER + settings)
    assert list(ids(site).values()) == ["https://ada.example.org/one/"]


def test_a_post_in_another_folder_keeps_its_name_after_a_change_of_hosts(site: Site) -> None:
    publish(site, ONE, root="https://old.example")
    site.post("2026/one", title="One")
    assert ids(site) == {"One": "https://old.example/one/"}


def test_a_renamed_post_is_told_once_and_one_line_mends_it(site: Site) -> None:
    publish(site, ONE)
    site.post("uno", title="One")
    (problem,) = site.problems()
    assert problem == (
        "posts/uno.md:1: this looks like posts/one.md, which was published and is gone; if it is that post, add the line "
        "`id: https://ada.example.org/one/`, so that subscribers don't get it twice; if it is another, add "
        "`id: https://ada.example.org/uno/`"
    )
    assert site.problems(publish=False) == [problem]
    for name in ("one", "uno"):
        site.post("uno", title="One", id=f"https://ada.example.org/{name}/")
        assert site.problems() == []
        assert ids(site) == {"One": f"https://ada.example.org/{name}/"}


def test_the_line_that_mends_it_is_added_where_the_head_stands(site: Site) -> None:
    publish(site, ONE)
    path = site.write("posts/uno.md", "---\ntitle: One\ndate: 2026-03-04\n---\nSome words.\n")
    (problem,) = site.problems()
    assert "if it is that post, add below the first `---` the line `id: https://ada.example.org/one/`" in problem
    path.write_text(path.read_text("utf-8").replace("---", "---\nid: https://ada.example.org/one/", 1), "utf-8")
    assert site.problems() == []


def test_a_new_post_beside_a_vanished_one_may_be_anything(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    publish(site, ONE)
    site.post("entirely-different", date="2026-10-10")
    assert site.problems() == []
    assert (
        "entirely-different.md:1: if this is posts/one.md, which was published and is gone, add the line" in caplog.text
    )
    publish(site, Present("posts/entirely-different.md", "entirely-different/"))
    caplog.clear()
    site.post("a-third")
    assert site.problems() == []
    assert not caplog.records


def test_a_draft_again_and_a_deletion_are_no_findings(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.write("published.toml", written({"posts/one.md": Published("x", ("one/",), "One")}))
    assert site.problems() == []
    site.post("one", status="draft")
    site.post("uno", title="One")
    assert site.problems() == []
    assert not caplog.records


def test_a_new_post_at_anothers_first_address_needs_a_name(site: Site) -> None:
    publish(site, ONE)
    site.post("one", slug="uno")
    site.post("two", slug="one")
    (problem,) = site.problems()
    assert problem.startswith(
        "posts/two.md:3: this post stands where posts/one.md stood first, and feeds know that one"
    )
    site.post("two", slug="one", id="https://ada.example.org/one/#two.md")
    assert ids(site) == {
        "Two": "https://ada.example.org/one/#two.md",
        "One": "https://ada.example.org/one/",
    }


def test_an_id_is_compared_with_the_names_that_feeds_know(site: Site) -> None:
    publish(site, ONE)
    site.post("one", slug="uno")
    site.post("two", id="https://ada.example.org/uno/")  # where the other stands now, which is not its name
    assert site.problems() == []
    site.post("two", id="https://ada.example.org/one/")
    (problem,) = site.problems()
    assert problem.startswith("posts/two.md:3: the id `https://ada.example.org/one/` is also that of")


def test_another_id_for_a_published_post_is_a_warning(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    publish(site, ONE)
    site.post("one", id="mine")
    assert site.problems() == []
    assert "posts/one.md:3: this was published under the id `https://ada.example.org/one/`" in caplog.text


def test_a_broken_ledger_is_told_with_all_the_rest(site: Site) -> None:
    site.write("published.toml", '["posts/a.md"\n')
    site.post("a", title="")
    assert [problem.partition(": ")[0] for problem in site.problems()] == ["posts/a.md:1", "published.toml:1"]


def test_the_example_keeps_an_old_name_and_names_its_contacts(example_site: Path) -> None:
    feed = etree.parse(example_site / "feed.xml")
    (found,) = (item for item in feed.iterfind("channel/item") if item.findtext("title") == "Thanks")
    assert found.findtext("guid") == "https://testa.example.org/thank-you-for-the-chairs/"
    assert found.find("guid").get("isPermaLink") == "false"
    assert found.findtext("link") == "https://talks.example.org/blog/2024/12/thanks/"
    assert (example_site / "made-up-key-of-testa-0001.txt").read_text("utf-8") == "made-up-key-of-testa-0001"
    lines = (example_site / ".well-known/security.txt").read_text("utf-8").splitlines()
    assert lines == [
        "Contact: mailto:testa%2Bsecurity@example.org",
        "Expires: 2027-10-01T00:00:00Z",
        "Preferred-Languages: en",
        "Canonical: https://talks.example.org/.well-known/security.txt",
    ]


def test_a_stale_cname_is_a_warning(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.write("extra/CNAME", "old.example\n")
    site.build()
    assert "extra/CNAME:1: this names old.example, while `site` in speaker.toml is at ada.example.org" in caplog.text
    assert site.read("CNAME") == "old.example\n"
    caplog.clear()
    site.write("extra/CNAME", "ada.example.org\n")
    site.build()
    assert not caplog.records
