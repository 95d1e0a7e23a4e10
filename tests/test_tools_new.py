from __future__ import annotations

import datetime as dt
import os
import re
import stat
import threading
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from said import named_options, options_of
from sites import DAY, EPOCH, ROOT, Site
from terminal import Terminal

import tasks
from plugins import ledger, slugs
from plugins.reading import front_matter
from plugins.text import CONTROL
from tools.desk import letters, titles
from tools.desk.desk import RefusedError, desk
from tools.desk.shelf import MADE_BY_THE_SITE
from tools.program import Commands
from tools.replacing import create

if TYPE_CHECKING:
    from collections.abc import Callable

TALK = """\
---
title: The second row
promise: Where people sit says what they came for.
takeaways:
  - One
  - Two
  - Three
---
Some words.
"""
TITLES = [
    pytest.param("-5 things", id="hyphen"),
    pytest.param("--draft", id="an-option"),
    pytest.param("---", id="yaml-head"),
    pytest.param("--- a ---", id="hyphens"),
    pytest.param("\"Quoted\" 'all' “round”", id="quotes"),
    pytest.param("Title: date: 2026: x", id="colons"),
    pytest.param("C# and C++", id="sharp"),
    pytest.param("a # comment", id="comment"),
    pytest.param("Thanks 🎉 to all 👩‍👩‍👧", id="emoji"),
    pytest.param("back\\slash \\n \\", id="backslash"),
    pytest.param("[a]", id="brackets"),
    pytest.param("{name} {filename}x.md %s %(y)s $HOME", id="braces"),
    pytest.param("<em>Loud</em> &amp; clear", id="markup"),
    pytest.param("שלום עולם", id="rtl"),
    pytest.param("日本語の題", id="cjk"),
    pytest.param("no", id="yaml-word"),
    pytest.param("~", id="yaml-null"),
    pytest.param("2026-01-02 again", id="begins-with-a-day"),
    pytest.param("x=y --z=1", id="equals"),
]


def run(*arguments: object) -> int:
    try:
        Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", *map(str, arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    for name in ("VISUAL", "EDITOR", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def new(site: Site, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Give status, output and errors of a command on the tiny site, without its folder."""

    def call(*arguments: str, command: str = "new") -> tuple[int, str, str]:
        status = run(command, "--content", site.content, *arguments)
        out, errors = capsys.readouterr()
        assert set(named_options(out + errors)) <= options_of(command)
        return status, out.replace(f"{site.content}/", ""), errors.replace(f"{site.content}/", "")

    return call


def read_title(site: Site, path: Path) -> str:
    """Read a file as the site does, by Pelican's own way to the reader."""
    from pelican import Pelican
    from pelican.generators import ArticlesGenerator
    from pelican.settings import read_settings

    before = os.environ.get("LECTERN_CONTENT")
    os.environ["LECTERN_CONTENT"] = str(site.content)
    try:
        pelican = Pelican(read_settings(str(ROOT / "pelicanconf.py"), override={"OUTPUT_PATH": str(site.output)}))
    finally:
        os.environ.pop("LECTERN_CONTENT")
        if before:
            os.environ["LECTERN_CONTENT"] = before
    context = pelican.settings | {"generated_content": {}, "static_links": set(), "static_content": {}}
    generator = ArticlesGenerator(context, pelican.settings, str(site.content), "theme", str(site.output))
    content = generator.readers.read_file(str(site.content), path.relative_to(site.content).as_posix(), context=context)
    assert content.metadata["problems"] == []
    return str(content.title)


def test_a_new_letter_has_a_title_a_day_and_a_name_in_feeds(
    site: Site, new: Callable[..., tuple[int, str, str]]
) -> None:
    status, out, errors = new("The second row")
    path = site.content / "posts/the-second-row.md"
    text = "title: The second row\ndate: 2026-11-22\nid: tag:ada.example.org,2026-11-22:the-second-row\n\n"
    assert (status, errors, path.read_bytes()) == (0, "", text.encode())
    assert out.startswith("Wrote posts/the-second-row.md.\n")
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_all_that_can_be_said_stands_in_the_head(site: Site, new: Callable[..., tuple[int, str, str]]) -> None:
    site.write("talks/the-second-row.md", TALK)
    options = ("--draft", "--date", "2026-06-04 09:30", "--talk", "the-second-row.md", "--slug", "other")
    assert new("  The second\nrow ", *options)[0] == 0
    assert (site.content / "posts/other.md").read_text("utf-8") == (
        "title: The second row\ndate: 2026-06-04 09:30\ntalk: the-second-row\nstatus: draft\n"
        "id: tag:ada.example.org,2026-11-22:other\n\n"
    )
    assert not site.problems(publish=False)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("command", ["new", "new-talk"])
def test_any_title_comes_back_as_it_was_typed(
    site: Site, new: Callable[..., tuple[int, str, str]], command: str, title: str
) -> None:
    slug = slugs.slug(title)
    status, out, errors = new(*([] if slug else ["--slug", "named"]), "--", title, command=command)
    assert (status, errors) == (0, "")
    path = site.content / out.partition("Wrote ")[2].partition(".\n")[0]
    assert slugs.slug_of_file(path.stem) == slugs.slug_of_file(slug or "named")
    assert front_matter.parse(path.read_text("utf-8")).values["title"].text == title
    assert command == "new-talk" or read_title(site, path) == title


@pytest.mark.parametrize("title", ["-5 things", "--- a ---", "-5", "- - -x", "—dash"])
def test_a_hyphen_before_a_title_is_no_option(site: Site, new: Callable[..., tuple[int, str, str]], title: str) -> None:
    assert new(title)[0] == 0
    (path,) = (site.content / "posts").iterdir()
    assert front_matter.parse(path.read_text("utf-8")).values["title"].text == title


_LETTERS = st.characters(exclude_categories=("Cs",)) | st.sampled_from(
    "-:#'\"[]{}\\|>&*!%@`,?~ \t🎉é日ש\u2028\x85\ufeff"
)


@settings(max_examples=300)
@given(st.text(_LETTERS, min_size=1, max_size=60))
@example("a \u2028 b")
@example("\ufeffx")
@example("x: |")
def test_whatever_is_typed_is_read_again(typed: str) -> None:
    try:
        title = titles.tidied(typed)
    except RefusedError:
        assert not typed.strip() or CONTROL.search(typed)
        return
    assert title == " ".join(filter(None, (line.strip() for line in typed.splitlines())))
    plain = front_matter.parse(f"title: {title}\ndate: 2026-01-01\n\n")
    yaml = front_matter.parse(f"---\n{letters.title_line(title)}{letters.TALK_HEAD}---\n\n")
    for head in (plain, yaml):
        assert (head.values["title"].text, head.problems) == (title, [])


@settings(max_examples=300)
@given(st.text(_LETTERS, max_size=300))
@example("x" * 300)
@example("a-" * 200)
@example("word " * 40)
def test_a_files_name_makes_the_address_that_the_title_does(title: str) -> None:
    whole, cut = slugs.slug(title), titles.slug(title)
    assert slugs.slug_of_file(cut) == cut
    assert cut in whole
    assert len(cut) <= titles.LONGEST_NAME
    assert cut == slugs.slug_of_file(whole) or len(whole) > titles.LONGEST_NAME or whole[:4].isdigit()
    assert bool(cut) == bool(whole)


def test_a_long_title_ends_at_a_word() -> None:
    title = "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age"
    assert titles.slug(title) == "it-was-the-best-of-times-it-was-the-worst-of-times-it-was-the-age-of-wisdom-it"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([" \n "], "The title is empty; write one in quotes", id="empty"),
        pytest.param(["a\x07b"], "The title holds a control character", id="control"),
        pytest.param(["a\udcffb"], "The title holds a control character, or bytes that are not UTF-8", id="bytes"),
        pytest.param(["🎉"], "has neither letters nor digits; choose one with --slug", id="no-slug"),
        pytest.param(["x", "--date", "tomorrow"], "--date: `tomorrow` is not a date; write one like", id="date"),
        pytest.param(["x", "--date", "2026-02-30"], "--date: `2026-02-30` is not a date", id="no-such-day"),
        pytest.param(["x", "--slug", "A b"], "--slug: `A b` cannot be part of an address", id="slug"),
        pytest.param(["x", "--slug", "größe"], "--slug: `größe` cannot name a file", id="slug-that-changes"),
        pytest.param(
            ["x", "--slug", "2026-01-02-x"], "--slug: `2026-01-02-x` cannot name a file", id="slug-with-a-day"
        ),
        pytest.param(["2026-01-02 Hello"], "posts/2026-03-04-hello.md has this address already", id="day-in-the-title"),
        pytest.param(["x", "--slug", "../x"], "--slug: `../x` cannot be part of an address", id="slug-leads-out"),
        pytest.param(
            ["x", "--talk", "the-second-raw"], "no talk `the-second-raw`; did you mean `the-second-row`?\n", id="talk"
        ),
        pytest.param(["x", "--talk", "begun"], "the talk `begun` is a draft, so nobody", id="draft-of-a-talk"),
        pytest.param(["Search"], "A page that the site makes itself has this address", id="the-sites-own"),
        pytest.param(["Hello"], "posts/2026-03-04-hello.md has this address already; choose", id="with-a-date"),
        pytest.param(["Other"], "posts/2025/by-name.md has this address already", id="by-slug"),
        pytest.param(["Speaking"], "pages/speaking.md has this address already", id="page"),
        pytest.param(["Gone"], "published.toml remembers this address: it was that of posts/gone.md", id="published"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    site: Site, new: Callable[..., tuple[int, str, str]], arguments: list[str], said: str
) -> None:
    site.write("talks/the-second-row.md", TALK)
    site.write("talks/begun.md", TALK.replace("---\ntitle", "---\nstatus: draft\ntitle", 1))
    site.write("posts/2026-03-04-hello.md", "title: Hello\ndate: 2026-03-04\n\nWords.\n")
    site.write("posts/2025/by-name.md", "title: X\nslug: other\ndate: 2026-03-04\n\nWords.\n")
    site.write("published.toml", '["posts/gone.md"]\nid = "x"\naddresses = ["gone/"]\n')
    before = {path: path.read_bytes() for path in site.content.rglob("*") if path.is_file()}
    status, out, errors = new(*arguments)
    assert (status, out) == (1, "")
    assert said in errors
    assert {path: path.read_bytes() for path in site.content.rglob("*") if path.is_file()} == before


def test_a_title_without_quotes_is_told(site: Site, new: Callable[..., tuple[int, str, str]]) -> None:
    said = 'new takes one TITLE; put quotes around it, like "The second row".\n'
    assert new("The", "second", "row") == (2, "", said)
    assert not (site.content / "posts").exists()


@pytest.mark.parametrize("command", ["new", "new-talk"])
def test_nothing_is_written_over(site: Site, new: Callable[..., tuple[int, str, str]], command: str) -> None:
    assert new("Twice", command=command)[0] == 0
    before = sorted((path, path.read_bytes()) for path in site.content.rglob("*.md"))
    status, _, errors = new("Twice!", command=command)
    assert (status, before) == (1, sorted((path, path.read_bytes()) for path in site.content.rglob("*.md")))
    assert "twice.md has this address already; choose another with --slug, like --slug twice-2." in errors


def test_a_letter_and_its_talk_may_have_one_name(site: Site, new: Callable[..., tuple[int, str, str]]) -> None:
    assert new("The second row", command="new-talk")[0] == 0
    assert new("The second row", "--draft", "--talk", "the-second-row")[0] == 0
    assert not site.problems(publish=False)
    assert "TODO" in site.read("drafts/talks/the-second-row/index.html")
    assert site.page("drafts/the-second-row/").css_first("h1").text() == "The second row"
    assert not site.problems()


def test_where_the_day_is_in_the_address_one_name_may_come_each_year(
    site: Site, new: Callable[..., tuple[int, str, str]]
) -> None:
    text = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", f'permalink = "{{date:%Y}}/{{slug}}/"\n{text}')
    for day in ("2024-01-01", "2025-01-01", "2026-01-01"):
        assert new("Happy new year", "--date", day)[0] == 0
    names = {path.name for path in (site.content / "posts").iterdir()}
    assert names == {"happy-new-year.md", "2025-01-01-happy-new-year.md", "2026-01-01-happy-new-year.md"}
    assert len({line for path in (site.content / "posts").iterdir() for line in path.read_text().split("\n")[2:3]}) == 3
    assert not site.problems()
    assert "happy-new-year.md has this address already" in new("Happy new year", "--date", "2026-07-01")[2]


@pytest.mark.parametrize("command", ["new", "new-talk"])
def test_names_that_windows_keeps_for_itself_get_a_number(
    site: Site, new: Callable[..., tuple[int, str, str]], command: str
) -> None:
    assert "/con-1.md" in new("Con", command=command)[1]
    said = "--slug: Windows keeps the name `nul` for itself; add something to it, like nul-1.\n"
    assert new("Other", "--slug", "nul", command=command) == (1, "", said)
    assert len(list(site.content.rglob("con-1.md"))) == 1


def test_a_letter_without_a_word_builds(site: Site, new: Callable[..., tuple[int, str, str]]) -> None:
    assert new("Empty")[0] == 0
    assert not site.problems()
    assert not site.problems(publish=False)
    for name in ("feed.xml", "atom.xml", "feed.json"):
        assert "tag:ada.example.org,2026-11-22:empty" in site.read(name)


def test_a_day_to_come_is_told(new: Callable[..., tuple[int, str, str]]) -> None:
    assert "It waits for its day, 2027-01-02." in new("Later", "--date", "2027-01-02")[1]


def test_every_list_of_the_site_is_known(example_site: Path) -> None:
    own = {"about", "colophon", "speaking", "subscribe"}
    published = ledger.load(ROOT / "tests/example/published.toml", "published.toml").values()
    left = {address.strip("/") for entry in published for address in entry.addresses}  # these lead on
    lists = {path.parent.name for path in example_site.glob("*/index.html")} - own - left
    assert {name for name in lists if not MADE_BY_THE_SITE.fullmatch(f"{name}/")} == set()


def test_two_who_begin_one_letter_at_once_get_one_file(site: Site) -> None:
    path = site.write("posts/x", "").parent / "x.md"
    ended: list[object] = []

    def begin(text: bytes) -> None:
        try:
            create(path, text)
            ended.append(text)
        except FileExistsError:
            ended.append(None)

    threads = [threading.Thread(target=begin, args=(b"%d" % n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (written,) = [one for one in ended if one]
    assert path.read_bytes() == written
    assert {p.name for p in path.parent.iterdir()} == {"x", "x.md"}


@pytest.mark.skipif(os.name == "nt", reason="the editor is a shell script")
class TestEditor:
    @pytest.fixture
    def editor(self, tmp_path: Path) -> Path:
        script = tmp_path / "my editor.sh"
        script.write_text('#!/bin/sh\nfor last; do :; done\necho "$@" > "$last.seen"\necho Words >> "$last"\n', "utf-8")
        script.chmod(0o755)
        return script

    @pytest.mark.parametrize(
        ("variables", "seen"),
        [
            pytest.param({"VISUAL": "'{}' --wait", "EDITOR": "false"}, "--wait ", id="visual-with-an-argument"),
            pytest.param({"VISUAL": " ", "EDITOR": "'{}'"}, "", id="editor"),
        ],
    )
    def test_opens_the_file_and_is_waited_for(  # noqa: PLR0913, PLR0917  fixtures
        self,
        site: Site,
        new: Callable[..., tuple[int, str, str]],
        editor: Path,
        monkeypatch: pytest.MonkeyPatch,
        variables: dict[str, str],
        seen: str,
    ) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value.format(editor))
        assert new("Edited", "--edit")[::2] == (0, "")
        path = site.content / "posts/edited.md"
        assert path.read_text("utf-8").endswith("\n\nWords\n")
        assert Path(f"{path}.seen").read_text("utf-8") == f"{seen}{path}\n"

    @pytest.mark.parametrize(
        ("command", "said"),
        [
            pytest.param(None, "There is no editor to open; set one, like EDITOR=nano.", id="none"),
            pytest.param("no-such-editor", "$EDITOR (no-such-editor) cannot be started: No such file", id="missing"),
            pytest.param("false", "$EDITOR (false) ended with status 1", id="failed"),
            pytest.param("'x", "$EDITOR cannot be read, as a quotation mark in it is never closed", id="unreadable"),
        ],
    )
    def test_that_cannot_be_had_leaves_the_file(
        self,
        site: Site,
        new: Callable[..., tuple[int, str, str]],
        monkeypatch: pytest.MonkeyPatch,
        command: str | None,
        said: str,
    ) -> None:
        if command:
            monkeypatch.setenv("EDITOR", command)
        status, out, errors = new("Edited", "--edit")
        assert (status, out.startswith("Wrote posts/edited.md.")) == (1, True)
        assert said in errors
        assert (site.content / "posts/edited.md").is_file()

    def test_keeps_ctrl_c_for_itself(self, site: Site, tmp_path: Path) -> None:
        script = tmp_path / "editor.sh"
        script.write_text(
            '#!/bin/sh\ntrap \'echo caught\' INT\necho ready\nuntil read line && [ "$line" ]; do :; done\necho "read $line"\n',
            "utf-8",
        )
        script.chmod(0o755)
        with Terminal(["new", "Edited", "--edit", "--content", site.content], EDITOR=str(script)) as terminal:
            terminal.until("ready")
            terminal.type("\x03")
            terminal.until("caught")
            terminal.type("on\n")
            terminal.until("read on")
            assert terminal.end()[0] == 0


BEFORE = (
    b'# Mine.\r\n[[events]]\r\nevent = "Congress"\r\nonline = true\r\nstart = 2027-06-03\r\nid = "spring-meeting-2027"'
)


@pytest.mark.parametrize(
    "before", [None, b"", b"\xef\xbb\xbf# Mine, all mine\n", BEFORE], ids="none empty bom other".split()
)
def test_an_event_is_added_and_no_byte_is_touched(
    site: Site, new: Callable[..., tuple[int, str, str]], before: bytes | None
) -> None:
    site.write("talks/the-second-row.md", TALK)
    if before is not None:
        site.write("events.toml", before)
    options = "--date 2027-06-04T09:30 --end 2027-06-04T10:15 --title Rows --place Berlin --talk the-second-row"
    status, out, errors = new(
        *options.split(), "--url", "https://x.org/", "--tentative", "Spring meeting", command="new-event"
    )
    assert (status, errors) == (0, "")
    assert "Nobody but you sees it. When it is firm, take out its lines `public` and `status`." in out
    raw = (site.content / "events.toml").read_bytes()
    assert raw.startswith(before or b"")
    added = tomllib.loads(raw.decode("utf-8-sig"))["events"][-1]
    assert added == {
        "title": "Rows",
        "event": "Spring meeting",
        "place": "Berlin",
        "start": dt.datetime(2027, 6, 4, 9, 30),  # noqa: DTZ001  as the clock there shows it
        "end": dt.datetime(2027, 6, 4, 10, 15),  # noqa: DTZ001  the same
        "url": "https://x.org/",
        "talk": "the-second-row",
        "public": False,
        "status": "tentative",
        "id": "spring-meeting-2027-2" if before == BEFORE else "spring-meeting-2027",
    }
    line = int(re.search(r"events.toml:(\d+)", out)[1])  # type: ignore[index]
    assert raw.decode("utf-8-sig").splitlines()[line - 1] == "[[events]]"
    assert not site.problems()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param("x --date 2027-06-04", "Nobody would know where this is; add --place", id="place"),
        pytest.param("x --place B", "new-event needs --date, like --date 2027-06-04.", id="no-date"),
        pytest.param("x --place B --date May", "--date: `May` is not a date; write one like 2027-06-04", id="date"),
        pytest.param("x --place B --date 2027-02-30", "--date: `2027-02-30` is not a date", id="no-such-day"),
        pytest.param("x --place B --date 2027-06-04 --end 2027-06-03", "--end: this is before `start`", id="end"),
        pytest.param("x --place B --date 2027-06-04 --end 2027-06-04T10:00", "--end: `start` and `end` must be", id="kinds"),
        pytest.param("x --place B --date 2727-06-04", "--date: the year 2727 is too far off", id="year"),
        pytest.param("x --online --date 2027-06-04 --url x.org", "--url: `x.org` is not a web address", id="url"),
        pytest.param("x --online --date 2027-06-04 --talk b", "talk `b` is a draft, so nobody can ask for it yet; finish it first, or leave out --talk for now.", id="draft-of-a-talk"),
        pytest.param("x --online --date 2027-06-04 --talk y", "--talk: there is no talk `y`; make one with", id="talk"),
    ],
)  # fmt: skip
def test_an_event_that_is_wrong_is_not_written(
    site: Site, new: Callable[..., tuple[int, str, str]], arguments: str, said: str
) -> None:
    if "--talk b" in arguments:
        site.write("talks/b.md", TALK.replace("---\ntitle", "---\nstatus: draft\ntitle", 1))
    status, out, errors = new(*arguments.split(), command="new-event")
    assert (status, out) == (1 if "--date" in arguments else 2, "")
    assert said in errors
    assert not (site.content / "events.toml").exists()


def test_events_that_are_wrong_already_are_told_by_their_lines(
    site: Site, new: Callable[..., tuple[int, str, str]]
) -> None:
    path = site.write("events.toml", '[[events]]\nevent = "X"\nstart = 2027-06-04\n')
    before = path.read_bytes()
    said = "events.toml:1: nobody knows where this is; add a line `place = …` or `online = true`\n"
    said += '> 1 | [[events]]\n  2 | event = "X"\n  3 | start = 2027-06-04\n'
    assert new("Y", "--date", "2027-06-05", "--online", command="new-event") == (1, "", said)
    assert path.read_bytes() == before


def test_a_moment_that_is_none_is_told_in_a_sentence(
    site: Site, new: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    said = "SOURCE_DATE_EPOCH must be a count of seconds since 1970, not `abc`; unset it\n"
    assert new("Foo") == (1, "", said)
    assert new("--output", str(site.output), command="build") == (1, "", said)


def test_the_day_is_the_speakers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    late = int(dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC).timestamp())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(late))
    assert desk(ROOT, site.content).today == DAY
    text = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", f'timezone = "Europe/Berlin"\n{text}')
    assert desk(ROOT, site.content).today == DAY + dt.timedelta(days=1)
