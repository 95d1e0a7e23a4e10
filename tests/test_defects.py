"""Defects of the author's files, each planted alone in a copy of the site: found under its rule, and nothing else is."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from sites import EPOCH, ROOT

from plugins.catalogue import RULES
from tools.inspection.command import Wanted, check

if TYPE_CHECKING:
    from pathlib import Path


class Planted(NamedTuple):
    """A defect: what is added to a file, or put in the place of `instead_of`; `on` stands on the line that is found."""

    file: str
    rule: str
    text: str | bytes
    instead_of: str = ""
    on: str = ""


POST = "posts/lite-beer-days.md"
NEW = "posts/new.md"
HEAD = "title: New\ndate: 2026-03-04\n"
TALK = "title: Names\npromise: You will know names.\ntakeaways:\n  - One\n  - Two\n  - Three\n"
EVENT = '[[events]]\nevent = "Breakfast"\nstart = 2026-03-04\n'
PNG = (ROOT / "content/images/letter-and-card.png").read_bytes()

INPUT_DEFECTS = {
    "a title without a space": Planted(NEW, "front-matter", "title:New\ndate: 2026-03-04\n\nHi.\n", on="title:"),
    "a space before a key": Planted(NEW, "front-matter", "title: New\n date: 2026-03-04\n\nHi.\n", on=" date"),
    "a key that stands twice": Planted(POST, "front-matter", "date: 2026-02-01\ndate: ", "date: ", "date: 2026-09-10"),
    "open YAML": Planted(NEW, "front-matter", "---\ntitle: New\ndate: 2026-03-04\n\nHi.\n", on="---"),
    "a title that YAML cuts": Planted(
        NEW, "front-matter", "---\ntitle: The #1 rule\ndate: 2026-03-04\n---\n\nHi.\n", on="#1"
    ),
    "a key of another generator": Planted(POST, "front-matter-value", "draft: true\ndate: ", "date: ", "draft"),
    "an unknown key": Planted(POST, "front-matter-value", "tgas: x\ndate: ", "date: ", "tgas"),
    "no title": Planted(NEW, "front-matter-value", "date: 2026-03-04\n\nHi.\n"),
    "a day that there is not": Planted(POST, "front-matter-value", "modified: 2026-02-30\ndate: ", "date: ", "02-30"),
    "an unknown status": Planted(POST, "front-matter-value", "status: drat\ndate: ", "date: ", "drat"),
    "bytes of another encoding": Planted(NEW, "encoding", f"{HEAD}\nCafé\n".encode("latin-1"), on="Caf"),
    "a control character": Planted(POST, "encoding", "A\x07b", on="\x07"),
    "a name without letters": Planted("posts/….md", "file-name", f"{HEAD}\nHi.\n"),
    "two files but for capitals": Planted("images/Letter-and-card.png", "same-address", PNG),
    "a used name with a space": Planted(POST, "broken-link", "[a](<{static}/images/my photo.png>)", on="my photo"),
    "a tag without letters": Planted(POST, "tag", "tags:\n  - 🎉", "tags:", "tags:"),
    "two posts of one address": Planted(
        NEW, "same-address", "title: New\ndate: 2026-03-04\nslug: lite-beer-days\n\nHi.\n", on="slug"
    ),
    "a file where a page will be": Planted("extra/about/index.html", "same-address", "<p>Hi.\n"),
    "two posts of one id": Planted(
        NEW,
        "same-id",
        f"{HEAD}id: https://www.hankblank.com/lite-beer-days/\n\nAn own text about names.\n",
        on="id:",
    ),
    "two places of one id": Planted(POST, "same-anchor", "## A {#x}\n\n## B {#x}", on="## B"),
    "an id of the theme's": Planted(POST, "same-anchor", "## A {#ps}", on="## A"),
    "an unknown block": Planted(POST, "block", "/// qoute\n    text: Ah.\n///", on="qoute"),
    "an open block": Planted(POST, "block", "/// quote\n    text: Ah.", on="/// quote"),
    "an unknown option": Planted(POST, "block", "/// quote\n    txt: Ah.\n///", on="txt"),
    "a quote said twice": Planted(
        POST, "quote", "/// quote\n    text: Ah so.\n///\n\n/// quote\n    text: Ah so.\n///", on="Ah so"
    ),
    "a part without a series": Planted(POST, "series", "part: 2\ndate: ", "date: ", "part"),
    "a talk that there is not": Planted(POST, "talk", "talk: none\ndate: ", "date: ", "talk"),
    "a template that there is not": Planted("pages/about.md", "template", "Template: none\nTitle: ", "Title: ", "none"),
    "no page for requests": Planted("pages/subscribe.md", "missing-page", "", "Template: subscribe\n"),
    "a link to no file": Planted(POST, "broken-link", "[a]({filename}none.md)", on="none.md"),
    "a link to no page": Planted(POST, "broken-link", "[a](/none/)", on="/none/"),
    "a link to a file": Planted(POST, "broken-link", "[a](have-we-met.md)", on="have-we-met.md"),
    "a link to no place": Planted(POST, "broken-link", "[a]({filename}have-we-met.md#none)", on="#none"),
    "an address without mailto": Planted(POST, "broken-link", "[a](me@example.org)", on="me@"),
    "a link where none is followed": Planted(POST, "unfollowed-link", '<i title="{filename}x.md">a</i>', on="title="),
    "a picture to share that is not there": Planted(
        POST, "named-picture", "image: images/none.png\nimage_alt: A hat.\ndate: ", "date: ", "none.png"
    ),
    "a picture that cannot be read": Planted("images/torn.png", "picture", PNG[:200]),
    "a script": Planted(POST, "forbidden-markup", "<script>alert(1)</script>", on="<script>"),
    "a style": Planted(POST, "forbidden-markup", '<p style="color: red">Red.</p>', on="style="),
    "a picture from elsewhere": Planted(POST, "from-elsewhere", "![A hat](https://example.net/hat.png)", on="hat.png"),
    "a picture without a text": Planted(
        POST, "picture-without-text", "![]({static}/images/letter-and-card.png)", on="![]"
    ),
    "a heading of the first rank": Planted(POST, "headings", "# A", on="# A"),
    "a rank left out": Planted(POST, "headings", "## A\n\n#### B", on="#### B"),
    "a block at no margin": Planted(POST, "leftover-mark", "Words /// quote", on="/// quote"),
    "a mark without its footnote": Planted(POST, "leftover-mark", "A[^9]", on="[^9]"),
    "a footnote without its mark": Planted(POST, "footnote", "[^8]: A", on="[^8]"),
    "a class of no style": Planted(POST, "unknown-class", "Words.\n{: .pul }", on="pul"),
    "open code": Planted(POST, "code-fence", "```\ncode", on="```"),
    "a line that begins a list": Planted(POST, "list", "Words\n- a", on="- a"),
    "a cell too many": Planted(POST, "table", "a | b\n--|--\n1 | 2 | 3", on="3"),
    "a word in brackets": Planted(POST, "vanishing-word", "Call <name> now.", on="<name>"),
    "a menu that leads nowhere": Planted("speaker.toml", "menu", '[[menu]]\nlabel = "A"\nurl = "/none/"', on="/none/"),
    "a speaker without an address": Planted(
        "speaker.toml", "speaker", 'email = "hank"', 'email = "hank@hankblank.com"'
    ),
    "open quotes in speaker.toml": Planted(
        "speaker.toml", "speaker", 'name = "Hank', 'name = "Hank Blank"', 'name = "'
    ),
    "a tag of feeds without posts": Planted("speaker.toml", "feed-tags", 'feed_tags = ["none"]\nemail', "email"),
    "terms of no date": Planted("speaker.toml", "kit", '[terms]\nfees = "None."\n'),
    "an event of no place": Planted("events.toml", "events", EVENT, on="[[events]]"),
    "an event that ends before it begins": Planted(
        "events.toml", "events", f"{EVENT}online = true\nend = 2026-03-03\n", on="end"
    ),
    "a torn ledger": Planted("published.toml", "ledger", '["posts/a.md"]\nid = ""\n', on="posts/a.md"),
    "a post that may be another": Planted(
        "published.toml",
        "renamed-post",
        '["posts/old.md"]\nid = "https://www.hankblank.com/old/"\naddresses = ["old/"]\n'
        'title = "Have we met?"\ndate = 2026-02-12\n',
    ),
    "an icon with a script": Planted("extra/favicon.svg", "icon", "<script/></svg>", "</svg>"),
    "an open brace in a door": Planted("doors/footer.html", "door", "{{ a", on="{{ a"),
    "a style sheet that ends": Planted("doors/style.css", "door", "</style>", on="</style>"),
    "a file where none is read": Planted("posts/notes.txt", "unread-file", "Hi."),
    "a post in the wrong place": Planted("new.md", "unread-file", f"{HEAD}\nHi.\n"),
    "a talk of too many words": Planted("talks/names.md", "one-sheet", TALK + "\n" + "Words and words. " * 900),
    "a rule that is off without a reason": Planted("checks.toml", "checks", '[off]\nlist = ""\n', on="list"),
    "a rule that there is not": Planted("checks.toml", "checks", '[off]\nlst = "So."\n', on="lst"),
}


def planted(defect: Planted, content: Path) -> Path:
    shutil.copytree(ROOT / "content", content)
    path = content / defect.file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else b""
    text = defect.text if isinstance(defect.text, bytes) else defect.text.encode()
    if defect.instead_of:
        assert defect.instead_of.encode() in before
        path.write_bytes(before.replace(defect.instead_of.encode(), text, 1))
    else:
        path.write_bytes(before + b"\n" * 2 * bool(before) + text)
    return path


def checked(content: Path, capsys: pytest.CaptureFixture[str], config: str = "publishconf.py") -> dict[str, Any]:
    sound = check(ROOT, ROOT / config, content, Wanted(format="json"))
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert sound is not bool(found["counts"]["errors"])
    return found


@pytest.fixture(autouse=True)
def _on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.mark.parametrize("defect", [pytest.param(defect, id=name) for name, defect in INPUT_DEFECTS.items()])
def test_a_planted_defect_is_found_under_its_rule_and_nothing_else_is(
    defect: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = planted(defect, tmp_path / "content")
    found = checked(tmp_path / "content", capsys)
    assert [(each["rule"], each["level"]) for each in found["findings"]] == [(defect.rule, "error")], found["findings"]
    (finding,) = found["findings"]
    if defect.rule != "renamed-post":
        assert finding["path"].rpartition("/")[2] == path.name or defect.file == POST
    if defect.on:
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
        assert defect.on in lines[finding["line"] - 1]


def test_the_defects_are_many_and_of_many_rules() -> None:
    rules = {defect.rule for defect in INPUT_DEFECTS.values()}
    assert len(INPUT_DEFECTS) >= 25
    # Those that are missing need another theme, a calendar or a target; their own rooms' tests plant them.
    assert {rule.name for rule in RULES.values() if rule.stops} - rules == {
        *("unreadable", "theme", "calendar", "publish", "build")
    }


@pytest.mark.parametrize("content", ["content", "tests/example"])
@pytest.mark.parametrize("config", ["publishconf.py", "pelicanconf.py"])
def test_in_a_sound_site_nothing_is_found(content: str, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = checked(ROOT / content, capsys, config)
    assert (found["drawn"], found["findings"]) == (True, [])
