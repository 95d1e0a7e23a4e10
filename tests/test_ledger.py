from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.addresses.renames import renamed, shared
from plugins.ledger import Present, Published, load, successors, updated, written
from plugins.names import composed
from plugins.problems import SiteError

if TYPE_CHECKING:
    from pathlib import Path

ROOT = "https://x.example/blog"
DAY = dt.date(2026, 3, 4)


def published(url: str, *, name: str = "", gone: bool = False, **more: object) -> Published:
    return Published(name or f"{ROOT}/{url}", (url,), gone=gone, **more)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
addresses = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":?#\\/\n"), min_size=1)
entries = st.builds(
    Published,
    id=texts,
    addresses=st.lists(addresses.filter(lambda one: one != ".."), min_size=1).map(tuple),
    title=st.text(st.characters(exclude_categories=["Cs"])),
    date=st.none() | st.dates(),
    gone=st.booleans(),
)


@given(st.dictionaries(texts, entries))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, ledger: dict[str, Published]) -> None:
    # Two posts never share an id, and paths are known in one form.
    ledger = {composed(source): entry for source, entry in ledger.items() if not source.startswith("posts/")}
    path = tmp_path_factory.getbasetemp() / "published.toml"
    path.write_bytes(written(ledger).encode())
    assert load(path, "p") == ledger
    assert written(dict(reversed(ledger.items()))) == written(ledger)


def test_the_file_is_for_people_too(tmp_path: Path) -> None:
    ledger = {
        "posts/b.md": Published("https://old.example/?p=1", ("a/", "b/"), 'A "B"', DAY),
        "pages/about.md": published("about/", gone=True),
    }
    text = written(ledger)
    assert text.startswith("# Where your posts, talks and pages stand")
    assert text.split("\n\n", 1)[1] == (
        '["pages/about.md"]\nid = "https://x.example/blog/about/"\naddresses = ["about/"]\ngone = true\n\n'
        '["posts/b.md"]\nid = "https://old.example/?p=1"\naddresses = ["a/", "b/"]\ntitle = "A \\"B\\""\n'
        "date = 2026-03-04\n"
    )
    tomllib.loads(text)
    crlf = tmp_path / "published.toml"
    crlf.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(crlf, "p") == ledger


def test_a_site_that_was_never_published_has_no_ledger(tmp_path: Path) -> None:
    assert load(tmp_path / "published.toml", "p") == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(b"\n\xff", "p:2: this is not UTF-8 text", id="not UTF-8"),
        pytest.param(
            b'["posts/a.md"]\nid = "x"\n<<<<<<< HEAD\naddresses = ["a/"]\n=======\naddresses = ["b/"]\n>>>>>>> other\n',
            "p:3: two versions of this file met here; keep the entries of both",
            id="merge conflict",
        ),
        pytest.param(b"\n=======\r\n", "p:2: two versions", id="rest of a conflict with CRLF"),
        pytest.param(b'["posts/a.md"]\nid = "x\n', "p:2: this cannot be read (Illegal character", id="no TOML"),
        pytest.param(b'["a.md"]\nid = "x"\naddresses = ["a/"]\n["a.md"]\n', "p:4: this cannot be read", id="twice"),
        pytest.param(b'\n["posts/a.md"]\nid = "x"\n', "p:2: the entry `posts/a.md` is not as it was", id="no address"),
        pytest.param(b'["posts/a.md"]\nid = ""\naddresses = ["a/"]\n', "p:1: the entry", id="empty id"),
        pytest.param(b'["posts/a.md"]\nid = "x"\naddresses = ["a/"]\nslug = "a"\n', "unknown field `slug`", id="key"),
        pytest.param(b'x = 1\n["posts/a.md"]\nid = "x"\naddresses = ["a/"]\n', "p:1: the entry `x`", id="no entry"),
        pytest.param(b'["a.md"]\nid = "x"\naddresses = ["../a"]\n', "p:1: the entry", id="out of the site"),
        pytest.param(b'["a.md"]\nid = "x"\naddresses = ["//evil.example/"]\n', "p:1: the entry", id="another host"),
        pytest.param(b'["a.md"]\nid = "x"\naddresses = ["https://e.example/"]\n', "p:1: the entry", id="whole address"),
        pytest.param(
            b'["posts/a.md"]\nid = "x"\naddresses = ["a/"]\n\n["posts/b.md"]\nid = "x"\naddresses = ["b/"]\n',
            "p:5: `posts/b.md` and `posts/a.md` have one id, x",
            id="one id for two",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: bytes, found: str) -> None:
    path = tmp_path / "published.toml"
    path.write_bytes(text)
    with pytest.raises(SiteError) as caught:
        load(path, "p")
    assert found in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        SiteError, match=r"^p:1: this cannot be read \(.+\); take the folder away, or bring the file back"
    ):
        load(tmp_path, "p")


def test_a_post_keeps_its_first_name_wherever_it_goes() -> None:
    first = updated({}, [Present("posts/a.md", "a/", "A", DAY)], ROOT)
    assert first == {"posts/a.md": Published(f"{ROOT}/a/", ("a/",), "A", DAY)}
    moved = updated(first, [Present("posts/a.md", "2026/b/", "B", None)], "https://other.example")
    assert moved == {"posts/a.md": Published(f"{ROOT}/a/", ("a/", "2026/b/"), "B", None)}
    back = updated(moved, [Present("posts/a.md", "a/")], ROOT)
    assert back["posts/a.md"].addresses == ("2026/b/", "a/")
    assert updated(back, [Present("posts/a.md", "a/")], ROOT) == back


@pytest.mark.parametrize(
    ("old", "new", "continued"),
    [
        pytest.param(published("a/"), Present("posts/b.md", "b/", id=f"{ROOT}/a/"), True, id="its id line says so"),
        pytest.param(published("a/"), Present("posts/2026/a.md", "a/"), True, id="another folder, the same address"),
        pytest.param(
            published("a/", name="https://old.example/a/"),
            Present("posts/b.md", "a/"),
            True,
            id="after a move of hosts",
        ),
        pytest.param(published("a/", gone=True), Present("posts/b.md", "a/"), True, id="gone for long"),
        pytest.param(published("a/"), Present("posts/b.md", "a/", id="mine"), False, id="a name of its own"),
        pytest.param(published("a/"), Present("posts/b.md", "b/"), False, id="nothing in common"),
    ],
)
def test_which_file_continues_which(old: Published, new: Present, *, continued: bool) -> None:
    ledger = {"posts/a.md": old}
    assert successors(ledger, [new], ROOT) == ({new.source: "posts/a.md"} if continued else {})
    after = updated(ledger, [new], ROOT)
    assert ("posts/a.md" in after) is not continued
    assert (after[new.source].id == old.id) is continued


def test_a_post_that_is_a_draft_again_is_not_gone() -> None:
    ledger = {"posts/a.md": published("a/"), "posts/b.md": published("b/")}
    after = updated(ledger, [], ROOT, waiting=["posts/a.md"])
    assert {source: entry.gone for source, entry in after.items()} == {"posts/a.md": False, "posts/b.md": True}
    again = updated(after, [Present("posts/b.md", "b/")], ROOT, waiting=["posts/a.md"])
    assert not again["posts/b.md"].gone


def test_the_likeliest_post_is_named() -> None:
    ledger = {
        "posts/one.md": published("one/", title="One", date=DAY),
        "posts/two.md": published("two/", title="Two", date=DAY),
        "posts/the-pile-on-the-desk.md": published("the-pile-on-the-desk/", title="Piles", date=dt.date(2025, 1, 1)),
        "posts/long-ago.md": published("long-ago/", title="New", gone=True),
        "pages/away.md": published("away/"),
    }
    here = [
        Present("posts/uno.md", "uno/", "One and only", DAY),
        Present("posts/two-again.md", "zwei/", "two", dt.date(2026, 1, 1)),
        Present("posts/piles.md", "the-pile-on-my-desk/", "A pile"),
        Present("posts/new.md", "new/", "New", id="said"),
        Present("pages/new.md", "somewhere/"),
    ]
    found = {r.old: (r.new.source, r.likely) for r in renamed(ledger, here, [p.source for p in here], ROOT)}
    assert found == {
        "posts/one.md": ("posts/uno.md", True),
        "posts/two.md": ("posts/two-again.md", True),
        "posts/the-pile-on-the-desk.md": ("posts/piles.md", True),
    }


def test_a_thousand_renamed_posts_are_told_within_a_moment() -> None:
    ledger = {f"posts/{at}.md": published(f"{at}/", title=str(at)) for at in range(1000)}
    here = [Present(f"posts/n{at}.md", f"letter-{at}/", str(at)) for at in range(1000)]
    found = list(renamed(ledger, here, [p.source for p in here], ROOT))
    assert len(found) == 1000
    assert all(r.old == f"posts/{r.new.title}.md" for r in found)


def test_nothing_is_found_where_a_post_only_vanished_or_only_appeared() -> None:
    ledger = {"posts/a.md": published("a/")}
    assert not list(renamed(ledger, [], [], ROOT))
    assert not list(renamed({}, [Present("posts/a.md", "a/")], ["posts/a.md"], ROOT))
    here = [Present("posts/b.md", "b/")]
    assert not list(renamed(ledger, here, ["posts/a.md", "posts/b.md"], ROOT))  # a draft again


def test_one_name_for_two_posts_is_told_of_the_later() -> None:
    ledger = {"posts/z.md": Published(f"{ROOT}/a/", ("a/", "z/"))}
    old, new = Present("posts/z.md", "z/"), Present("posts/a.md", "a/")
    assert list(shared(ledger, [new, old], ROOT)) == [(new, old, f"{ROOT}/a/")]
    assert not list(shared(ledger, [new._replace(id="mine"), old], ROOT))
    # Of these two the checks know.
    assert not list(shared({}, [new, Present("posts/b.md", "a/")], ROOT))
