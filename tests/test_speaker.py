from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from plugins.problems import SiteError
from plugins.sharing.networks import NETWORKS
from plugins.speaker import Speaker, load_speaker
from plugins.toml_file import line_of

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
name = "Ada Example"
given_name = "Ada"
line = "speaks about bridges"
email = "ada@example.org"
site = "https://ada.example.org/blog/"
"""


def load(folder: Path, text: str | bytes) -> Speaker:
    path = folder / "speaker.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_speaker(path, "content/speaker.toml", ["linkedin", "x"])


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SiteError) as caught:
        load(folder, text)
    return [str(problem).removeprefix("content/speaker.toml:") for problem in caught.value.problems]


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    speaker = load(tmp_path, GOOD)
    assert (speaker.root, speaker.base, speaker.dir) == ("https://ada.example.org/blog", "/blog", "ltr")
    assert speaker.absolute("a/") == speaker.absolute("/a/") == "https://ada.example.org/blog/a/"


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).name == "Ada Example"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param('name = "Ada Example"', 'nam = "Ada"', "1: unknown key `nam`; did you mean `name`?", id="unknown"),
        pytest.param(
            'given_name = "Ada"',
            "given_name = 3",
            '2: `given_name` has the wrong shape; write a text in "quotes"',
            id="type",
        ),
        pytest.param('line = "speaks about bridges"', 'line = ""', "3: `line` is empty", id="empty"),
        pytest.param(
            "ada@example.org",
            "ada@example.org, b@example.org",
            "4: `ada@example.org, b@example.org` is not an e-mail",
            id="two",
        ),
        pytest.param("ada@example.org", "ada@localhost", "4: `ada@localhost` is not an e-mail address", id="no domain"),
        pytest.param(
            "ada@example.org", "ada@Bücher.example", "write ada@xn--bcher-kva.example, which", id="domain of umlauts"
        ),
        pytest.param(
            "ada@example.org", "50%off@example.org", "4: `50%off@example.org` is not", id="would need escaping"
        ),
        pytest.param("ada@example.org", "ada?subject=x@example.org", "is not an e-mail address", id="smuggled subject"),
        pytest.param("https://ada", "HTTPS://Ada", "; write https://ada.example.org/blog/", id="capitals"),
        pytest.param("/blog/", "/a/../b/", "cannot be the site's address", id="dots"),
        pytest.param(
            "https://ada.example.org", "https://bücher.example", "; write https://xn--bcher-kva.example/", id="IDN"
        ),
        pytest.param("https://ada", "ada", "; write https://ada.example.org/blog/", id="no scheme"),
        pytest.param("/blog/", "/?x=1", "5: `https://ada.example.org/?x=1` cannot be the site's address", id="query"),
        pytest.param("https://ada", "https://me:pw@ada", "cannot be the site's address", id="password"),
        pytest.param('site = "', 'site = "https://[', "5: `https://[https:", id="not a URL at all"),
    ],
)
def test_a_problem_names_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert any(expected in problem for problem in problems(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('timezone = "Mars/Olympus"', "6: `Mars/Olympus` is not a time zone"),
        ('timezone = "../etc/passwd"', "is not a time zone"),
        ('hub = "hub.example"', "6: `hub.example` is not a web address"),
        ('hub = "http://hub.example/"', "6: `http://hub.example/` would be told unencrypted"),
        ('indexnow = "short"', "6: `short` cannot be the key for IndexNow"),
        ('indexnow = "with/slash/"', "cannot be the key for IndexNow"),
        ('security = "http://example.org/"', "6: `http://example.org/` is no contact"),
        ('fediverse = "ada@example.social"', "6: `ada@example.social` is not a fediverse handle"),
        ('language = "english!"', "6: `english!` is not a language tag"),
        ('permalink = "{slug}"', "6: `{slug}` cannot be a permalink"),
        ('permalink = "{title}/{slug}/"', "6: `{title}` cannot stand in a permalink; use {slug}, "),
        ('permalink = "{date:%B}/{slug}/"', "`{date:%B}` cannot stand"),
        ('permalink = "../{slug}/"', "cannot be a permalink"),
        ('permalink = "{slug}/{/"', "cannot be a permalink"),
        ('permalink = "a b/{slug}/"', "cannot be a permalink"),
        ('permalink = "{slug}//"', "cannot be a permalink"),
        ('permalink = "{slug}/?x/"', "cannot be a permalink"),
        ('card = "images/../x.png"', "there is no picture"),
        ('card = "/etc/x.png"', "there is no picture"),
        ('bio = "a\\u0007b"', "6: this text holds a control character"),
        ('card = "images/none.png"', "6: there is no picture images/none.png"),
        (
            'share = ["linkdin"]',
            "6: unknown network `linkdin`; did you mean `linkedin`?; the known ones are linkedin, x",
        ),
        ('share = ["x", "x"]', "6: `x` stands twice"),
        ("share = [\n  'x',\n  'linkdin',\n]", "8: unknown network `linkdin`"),
        ('share = "x"', "6: `share` has the wrong shape; write a list in [square brackets]"),
        ('[[menu]]\nlabel = "A"\nurl = "about"', "8: `about` leads nowhere"),
        ('[[menu]]\nlabel = "A"', "6: `url` is missing"),
        ('[[menu]]\nlabl = "A"\nurl = "/a/"', "7: unknown key `labl`; did you mean `label`?"),
        ('[[profiles]]\nlabel = "A"\nurl = "javascript:alert(1)"', "8: `javascript:alert(1)` is not a web address"),
        (
            '[terms]\nfees = "x"\nas_of = 2026-06-04',
            "8: unknown key `as_of` below `[terms]`; move it up, above the first",
        ),
        ('words_50 = "x"', "6: unknown key `words_50` here; it belongs below [bios]"),
        ('url = "/a/"', "6: unknown key `url` here; it belongs below [[menu]] or [[profiles]]"),
        ('[headshot]\nfees = "x"', "7: unknown key `fees` here; it belongs below [terms]"),
        ('[terms]\nfee = "x"', "7: unknown key `fee`; did you mean `fees`?"),
        ('bio = "Ada', "6: the quotation mark at the end of this text is missing"),
        ('bio = """\nAda\n', "6: the quotation marks at the end of this text are missing"),
        ('name = "Ada"', "6: this stands twice"),
        ('[[menu]]\nlabel = "A"\nurl = "/a/"\n[menu]', "9: this line in [brackets] stands above already"),
        ("bio = Ada", "6: this line cannot be read as TOML"),
        ('bio = """\nemail = "nobody"\n"""\ncard = "none.png"', "9: there is no picture none.png"),
    ],
)
def test_optional_keys_are_checked_too(tmp_path: Path, line: str, expected: str) -> None:
    assert any(expected in problem for problem in problems(tmp_path, f"{GOOD}{line}\n"))


def test_all_problems_come_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    found = problems(
        tmp_path, 'nam = 1\ngiven_name = 2\nemail = "x"\nsite = "y"\nshare = ["z", 5]\n[[menu]]\nurl = 1\n'
    )
    assert [int(problem.split(":")[0]) for problem in found] == sorted(int(problem.split(":")[0]) for problem in found)
    for part in (
        "`nam`",
        "`given_name`",
        "`line` is missing",
        "`x` is not",
        "`y` is not",
        "`z`",
        "`label` is missing",
        "`url` has",
    ):
        assert any(part in problem for problem in found), part


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    assert problems(tmp_path, b'name = "x"\nline = "\xff"\n') == ["2: this is not UTF-8 text; save the file as UTF-8"]


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="this file is missing"):
        load_speaker(tmp_path / "none.toml", "content/speaker.toml", [])


def test_the_speaker_cannot_be_changed(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        load(tmp_path, GOOD).name = "Eve"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("keys", "line"),
    [(("a",), 1), (("list", 1), 5), (("t", "x"), 9), (("t", "none"), 8), (("none",), 1)],
)
def test_line_of(keys: tuple[str | int, ...], line: int) -> None:
    assert line_of('a = 1\n# list = 3\nlist = [\n  "p",\n  "q",\n]\n\n[t]\nx = """\n y = 1\n"""\n', keys) == line


@pytest.mark.parametrize(
    ("size", "said"),
    [((1200, 630), ""), ((1200, 600), "is 1200×600 pixels; make it 1200×630"), (None, "cannot be read")],
)
def test_the_card_is_measured(tmp_path: Path, size: tuple[int, int] | None, said: str) -> None:
    from test_images import picture

    (tmp_path / "images").mkdir()
    (tmp_path / "images/card.png").write_bytes(picture(*size) if size else b"no picture")
    text = GOOD + 'card = "images/card.png"\n'
    if said:
        assert said in problems(tmp_path, text)[0]
    else:
        assert load(tmp_path, text).card == "images/card.png"


def test_a_network_by_its_old_name_is_told_by_its_new(tmp_path: Path) -> None:
    path = tmp_path / "speaker.toml"
    path.write_text(f'{GOOD}share = ["Twitter"]\n', "utf-8")
    with pytest.raises(SiteError, match=r"speaker.toml:6: the network `Twitter` is called `x` here; write `x`$"):
        load_speaker(path, "speaker.toml", NETWORKS)
