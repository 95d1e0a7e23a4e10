"""What was written in a head is what is read, or a line says what to write; what it says is then read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.problems import SiteError
from plugins.reading import front_matter
from tools.inspection.mending import mended

if TYPE_CHECKING:
    from sites import Site


def read(head: str, *, plain: bool = False) -> front_matter.Head:
    return front_matter.parse(f"{head}\n\nText." if plain else f"---\n{head}\n---\nText.")


def fixed(head: str, *, plain: bool = False) -> str:
    """The head with every fix made, as often as there are any."""
    text = f"{head}\n\nText." if plain else f"---\n{head}\n---\nText."
    for _ in range(5):
        text = mended(text, front_matter.parse(text).fixes.values())
    return text.removesuffix("\n\nText.") if plain else text[4:].removesuffix("\n---\nText.")


AS_WRITTEN = [
    *("yes", "no", "on", "Off", "true", "1_000", "0o17", "010", "0x1F", "1:30", "12e3", ".5", ".inf", "2026-01-02"),
    *("2026-01-02T03:04:05Z", "=", "C#", "a#b", "R&D", "5 * 3", "what?", "no: t".replace(": ", ":"), "50%", "a@b.c"),
    *("https://x.org/#top", "The 'quoted' word", 'He said "no"', "a, b", "x [y] {z}", "C:\\new", "- not".strip("- ")),
    *("nullable", "~x", "!".join("ab"), "?what", "-x", "--- x", "naïve 🎉", "a  b", "it's"),
]


@pytest.mark.parametrize("text", AS_WRITTEN)
@pytest.mark.parametrize("plain", [False, True], ids=["yaml", "plain"])
def test_a_text_is_read_as_it_was_written(text: str, *, plain: bool) -> None:
    head = read(f"title: {text}\nparts:\n  - {text}\n  - x: {text}", plain=plain)
    assert [head.values["title"].text, head.values["parts"].text] == [text, [text, {"x": text}]]
    assert head.problems == []


WITH_A_LINE = {
    "comment": ("The #1 mistake", "'The #1 mistake'"),
    "hashtags": ("#networking, #speaking", "'#networking, #speaking'"),
    "tab before": ("a\t#b", "'a\t#b'"),
    "apostrophe": ("It's #1", '"It\'s #1"'),
    "both quotes": ("""It's "#1" or #2""", """'It''s "#1" or #2'"""),
    "quoted part": ('"Rule" #1', "'\"Rule\" #1'"),
    "tag": ("!important news", "'!important news'"),
    "tag of YAML": ("!!str 12", "'!!str 12'"),
    "lone tag": ("! listen", "'! listen'"),
    "anchor": ("&c too", "'&c too'"),
    "anchor alone": ("&c", "'&c'"),
    "tag and comment": ("!x y #z", "'!x y #z'"),
    "alias": ("*star", "'*star'"),
    "emphasis": ("*Never* do this", "'*Never* do this'"),
    "colon": ("Rule one: listen", "'Rule one: listen'"),
    "at": ("@ada on stage", "'@ada on stage'"),
    "backquote": ("`code` first", "'`code` first'"),
    "percent": ("%50 off", "'%50 off'"),
    "bar": ("| a table", "'| a table'"),
    "greater": ("> quoted", "'> quoted'"),
    "bracket": ("[Draft] The talk", "'[Draft] The talk'"),
    "brace": ("{x} and more", "'{x} and more'"),
    "behind a quotation": ('"Yes", she said', "'\"Yes\", she said'"),
    "behind an apostrophe": ("'Tis the '90s", "\"'Tis the '90s\""),
    "elision": ("'Tis the season", '"\'Tis the season"'),
    "hyphen": ("- a dash", "'- a dash'"),
    "question": ("? what", "'? what'"),
    "escape": ('"C:\\bin"', "'C:\\bin'"),
    "wrong escape": ('"C:\\docs"', "'C:\\docs'"),
    "apostrophe in apostrophes": ("'It's so'", '"It\'s so"'),
    "quotation in a quotation": ('"He said "so" then"', "'He said \"so\" then'"),
    "nothing": ("null", "'null'"),
    "nothing by a sign": ("~", "'~'"),
}


@pytest.mark.parametrize(("written", "quoted"), WITH_A_LINE.values(), ids=WITH_A_LINE)
@pytest.mark.parametrize("where", ["title: {}", "parts:\n  - {}", "parts:\n  - x: {}"], ids=["key", "entry", "table"])
def test_what_yaml_would_change_is_said_with_the_line_to_write(written: str, quoted: str, where: str) -> None:
    head = where.format(written)
    said = [(line, message) for line, message in read(f"{head}\ntags: x").problems]
    assert [line for line, _ in said] == [1 + len(head.split("\n"))], said
    line = where.format(quoted).split("\n")[-1].strip()
    assert f"`{line}`" in said[0][1]
    # The advice is taken from the message, and works.
    (advised,) = re.findall(r"write `(.*?)`(?:$|, or)", said[0][1], re.DOTALL)
    after = read(where.format("@").replace(where.format("@").split("\n")[-1].strip(), advised))
    assert after.problems == []
    (value,) = after.values.values()
    text = value.text if isinstance(value.text, str) else value.text[0]
    assert yaml.safe_load(quoted) == (text if isinstance(text, str) else text["x"])


@pytest.mark.parametrize(
    ("head", "line", "message", "then"),
    [
        ("tags:\n  #one\n  #two\ndate: x", 3, "write `- '#one'`", {"tags": ["#one", "#two"], "date": "x"}),
        ("title: The rule\n  of #1", 3, "write `title: 'The rule` … `of #1'`", {"title": "The rule of #1"}),
        ("title: It's the rule\n  #1 of it", 3, "`title: 'It''s the rule`", {"title": "It's the rule #1 of it"}),
        ("tags: [a, b] # two", 2, "as `# two`", {"tags": ["a", "b"]}),
        ("tags: [#a, #b]", 2, "write `tags: ['#a', '#b']`", {"tags": ["#a", "#b"]}),
        ("tags: # two\n  - a", 2, "as `# two`", {"tags": ["a"]}),
        ("summary: | # as it is\n  a\n  b #c", 2, "as `# as it is`", {"summary": "a\nb #c"}),
        ('title: "a" # said twice', 2, "as `# said twice`", {"title": "a"}),
        ("tags:\n  - a: b: c\n  - d", 3, "write `- a: 'b: c'`", {"tags": [{"a": "b: c"}, "d"]}),
        ("tags:\n  - Rule: b: c", 3, "write `- 'Rule: b: c'`", {"tags": ["Rule: b: c"]}),
        ("title: a\u2028  b", 2, "U+2028", {"title": "a   b"}),
        ("tags:\n  - Rule one: b\n      and c", 3, "`- 'Rule one: b` … `and c'`", {"tags": ["Rule one: b and c"]}),
        ("tags:\n  - Rule one:\n  - b", 3, "`- 'Rule one:'`", {"tags": ["Rule one:", "b"]}),
        ("title: a: b\nsummary: c: d", 3, "`summary: 'c: d'`", {"title": "a: b", "summary": "c: d"}),
    ],
)
def test_further_ways_to_lose_a_text(head: str, line: int, message: str, then: dict[str, Any]) -> None:
    assert [at for at, said in read(head).problems if message in said] == [line], read(head).problems
    after = read(fixed(head))
    assert ({key: value.text for key, value in after.values.items()}, after.problems) == (then, [])


@pytest.mark.parametrize(
    ("head", "lines", "message"),
    [
        ("parts:\n  - a: x\n    a: y", [4], "`a` stands twice, first on line 3"),
        ("parts:\n  - a: [x]", [3], "one text"),
        ("parts:\n  -\n    - a\n  - b", [4], "a list within a list"),
        ("title: &a x\nsummary: *a", [2, 3], "a sign of its own"),
        ("x: &a\n  y: z\nparts:\n  - <<: *a", [2], "a sign of its own"),
        ("tags: a\n  - b", [3], "part of the text above"),
        ("parts:\n  - a: x\n    b:y", [4], "put a space behind its colon"),
        ("parts:\n  - a: x\n      b:y", [4], "put a space behind `b:`"),
        ('title: "a\\tb"', [2], "nobody sees"),
        ('title: "a\\u0007b"', [2], "nobody sees"),
        ("title: 'Tis the season\nsummary: 'Twas night", [2], 'write `title: "\'Tis the season"`'),
        ('parts:\n  - "a\n  - b" c"', [3], "add the quotation mark at its end, or write `- '\"a'`"),
        ("title: 'a\nsummary: b'\ntags: c", [2], "closed on line 3 only; close it on its own line, or write"),
        ("&a title: x", [2], "a sign of its own"),
        ("parts: !!set\n  - a", [2], "a sign of its own; take it out"),
    ],
)
def test_what_is_said_without_a_fix(head: str, lines: list[int], message: str) -> None:
    assert [at for at, said in read(head).problems if message in said] == lines, read(head).problems


@pytest.mark.parametrize(
    ("head", "values"),
    [
        ("# a remark\ntitle: x\n  # another\n#date: y\ntags:\n  # a\n  - a\n  #- b", {"title": "x", "tags": ["a"]}),
        ('title: "caf\\u00e9 \\"x\\" \\\\ y"', {"title": 'café "x" \\ y'}),
        ("title: 'it''s #1'", {"title": "it's #1"}),
        ("title: >-\n  one #1\n  two", {"title": "one #1 two"}),
        ("title: one\n  two\n  https://x.org/", {"title": "one two https://x.org/"}),
        ("? title\n: x", {"title": "x"}),
        ("'title': x", {"title": "x"}),
        ("tags: [a,\n  # more\n  b]", {"tags": ["a", "b"]}),
    ],
)
def test_deliberate_yaml_stays(head: str, values: dict[str, Any]) -> None:
    found = read(head)
    assert ({key: value.text for key, value in found.values.items()}, found.problems) == (values, [])


def test_the_plain_style_says_what_it_would_show() -> None:
    assert read("summary: >\n  one\n  two", plain=True).problems == [
        (1, "`>` would be shown; take it out, the lines below belong to it")
    ]
    assert read(fixed("summary: >\n  one\n  two", plain=True), plain=True).values["summary"].text == "one two"
    assert [line for line, _ in read("title: x\ntags: a\n  - b", plain=True).problems] == [3]
    found = read("parts:\n  - The #1 rule", plain=True)
    assert [line for line, said in found.problems if "`- 'The #1 rule'`" in said] == [2]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\ntags: {}\n---\n".format("[" * 10**6), 2, "more brackets"),
        ("---\ntags: '\n  {}\n  '\nk: v: w\n---\n".format("{a: " * 10**5), 3, "more brackets"),
        ("tags:\n  {}a\n\n".format("- " * 10**6), 2, "more hyphens in a row"),
        ("---\ntitle: a\n{}---\n".format("  b\n" * 25_000), 2, "close it where the text begins"),
        ("tags:\n{}\n".format("  - a: b: c\n" * 25_000), 1, "more than 1,000 lines"),
    ],
    ids=["brackets", "in quotes", "hyphens", "lines", "lines of a list"],
)
def test_what_would_break_the_parser_is_said(text: str, line: int, message: str) -> None:
    found = front_matter.parse(text + "Text.")
    assert [at for at, said in found.problems if message in said] == [line], found.problems
    assert len(found.problems) == 1


@pytest.mark.parametrize("opening", ["---", "--- ", "---\t", "---\u00a0"])
@pytest.mark.parametrize("closing", ["---", "---  ", "...", "... ", "---\u00a0"])
def test_the_lines_around_a_head_may_have_spaces_behind_them(opening: str, closing: str) -> None:
    found = front_matter.parse(f"{opening}\ntitle: x\n{closing}\nText.")
    assert (found.values["title"].text, found.body, found.problems) == ("x", "Text.", [])


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ('+++\ntitle = "A"\n+++', "front matter is TOML"),
        ('{\n  "title": "A"\n}', "front matter is JSON"),
        ('{"title": "A"}', "front matter is JSON"),
        (';;;\n"title": "A"\n;;;', "front matter is JSON"),
        ("----\ntitle: A\n----", "three hyphens at the left margin"),
        (" ---\ntitle: A\n---", "three hyphens at the left margin"),
        ("—\ntitle: A\n—", "three hyphens at the left margin"),
        ("\ufeff---\ntitle: A\n---", "three hyphens at the left margin"),
        ("---yaml\ntitle: A\n---", "three hyphens at the left margin"),
        ("{x} marks the spot", "begin with lines like"),
    ],
)
def test_another_way_to_begin_gets_one_line(first: str, message: str) -> None:
    (found,) = front_matter.parse(f"\n{first}\n\nText.").problems
    assert found[0] == 2
    assert message in found[1]


@pytest.mark.parametrize("line", ["title:\u00a0A b", "title：A b", "\u200btitle: A b", "\ufefftitle:\u3000A b"])
@pytest.mark.parametrize("plain", [False, True], ids=["yaml", "plain"])
def test_a_key_with_a_sign_that_nobody_sees_is_said_and_fixed(line: str, *, plain: bool) -> None:
    found = read(f"{line}\ndate: x", plain=plain)
    assert [at for at, said in found.problems if "easily overlooked" in said] == [1 if plain else 2], found.problems
    assert fixed(f"{line}\ndate: x", plain=plain) == "title: A b\ndate: x"


# What people type, and what YAML knows; one line without what no line can hold.
_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1),
    st.text(st.sampled_from("ab1 #:!&*'\"\\[]{},-?|>%@`~\t"), min_size=1, max_size=12),
    st.lists(st.sampled_from(["#", "a", "'", '"', "\\n", ": ", " #1", "null", "*b*", "!c", "&d"])).map("".join),
).map(lambda text: " ".join(text.split(" ")).strip(" \t"))


@settings(deadline=None, max_examples=300)
@given(st.lists(_TEXT.filter(bool), min_size=1, max_size=3), st.sampled_from(["key", "entry", "table"]), st.booleans())
def test_a_random_head_is_read_as_written_or_said(texts: list[str], where: str, plain: bool) -> None:  # noqa: FBT001  drawn
    lines = {
        "key": [f"k{at}: {text}" for at, text in enumerate(texts)],
        "entry": ["parts:", *(f"  - {text}" for text in texts)],
        "table": ["parts:", *(line for text in texts for line in (f"  - y: z\n    x: {text}").split("\n"))],
    }[where]
    head = read("\n".join(lines), plain=plain)
    told = {line for line, _ in head.problems}
    if where == "key" and plain:
        assert [value.text for value in head.values.values()] == texts
        return
    if not head.values:  # a line tells why nothing can be read
        assert told
        return
    found = [value.text for value in head.values.values()] if where == "key" else head.values["parts"].text
    assert len(found) == len(texts) or told
    for at, (text, value) in enumerate(zip(texts, found, strict=not told)):
        line = {"key": at + 2, "entry": at + 3, "table": 2 * at + 4}[where] - plain
        of_text = value["x"] if where == "table" and isinstance(value, dict) else value
        if line >= min(told, default=line + 1):
            return  # an open quotation mark reaches into the lines below it
        assert of_text == text or _is_deliberate(text, of_text)


def _is_deliberate(text: str, value: Any) -> bool:
    """Quotation marks around the whole, a list in brackets, or a word and a colon: YAML's ways to write them."""
    if text[0] in "'\"":
        try:
            return bool(text[-1] == text[0] and len(text) > 1 and yaml.safe_load(text).strip() == value)
        except yaml.YAMLError:
            return False
    return text[0] in "[{" or re.match("[a-z_]+:( |$)", text) is not None


@settings(deadline=None, max_examples=300)
@given(_TEXT.filter(bool), st.sampled_from(["title: {}", "parts:\n  - {}", "parts:\n  - x: {}"]))
def test_a_random_fix_shows_what_was_written(text: str, where: str) -> None:
    before = read(where.format(text))
    if not before.fixes:
        return
    after = read(fixed(where.format(text)))
    assert not after.problems
    (value,) = after.values.values()
    while not isinstance(value, str):
        if isinstance(value, front_matter.Value):
            value = value.text
        elif len(value) != 1:
            break
        else:
            value = value[0] if isinstance(value, list) else value.popitem()[1]
    assert value in [text, text[1:-1]] or text[0] in "[{" or " # " in text or _is_deliberate(text, value)


def test_the_line_to_write_is_one_that_the_key_can_have(site: Site) -> None:
    head = (
        "---\ntitle: x\ndate: 2026-03-04 # a Wednesday\nstatus: draft #soon\nimage: images/a.png # nice\n---\nText.\n"
    )
    site.write("posts/a.md", head)
    said = [one for one in site.problems(publish=False) if "YAML" in one]
    comment = "YAML leaves out what follows ` #`; put the comment on a line of its own above this one, as"
    assert said == [
        f"posts/a.md:3: {comment} `# a Wednesday`",
        f"posts/a.md:4: {comment} `# soon`",
        f"posts/a.md:5: {comment} `# nice`",
    ]


def test_check_fix_writes_what_was_meant(site: Site) -> None:
    """The talk and the post whose ends YAML took away, without a word from check."""
    path = site.write(
        "talks/rule-one.md",
        "---\ntitle: Rule number one\npromise: The #1 mistake.\ntakeaways:\n  - Why nobody remembers rule #2\n"
        "  - How to use #hashtags\n  - The third thing, which is #3\naudience: Teams in the top #100\ntestimonials:\n"
        "  - words: He is #1 for a reason.\n    name: Fictitia\n---\nThe abstract.\n",
    )
    post = site.write(
        "posts/hash.md",
        "---\ntitle: Hash\ndate: 2026-03-04\ntags: #networking, #speaking\nseries: Letters #2\nshare: At #dotnext\n---\nT.\n",
    )
    with pytest.raises(SiteError) as caught:
        site.build()
    assert [problem.line for problem in caught.value.problems] == [4, 5, 6, 3, 5, 6, 7, 8, 10]
    for file in (path, post):
        fixes = [problem.fix for problem in caught.value.problems if problem.path == str(file)]
        file.write_text(mended(file.read_text("utf-8"), fixes), "utf-8")
    site.build()
    shown = site.read("talks/rule-one/index.html")
    for words in ("The #1 mistake.", "rule #2", "use #hashtags", "which is #3", "top #100", "He is #1 for a reason."):
        assert words in shown
    assert "Letters #2" in site.read("hash/index.html")
    assert "At%20%23dotnext" in site.read("hash/index.html")
    assert (site.output / "tag/sharpnetworking").is_dir()
