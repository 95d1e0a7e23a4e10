"""Each rule by a file that breaks it: the message names the line, and nothing is written."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from test_sharing import PNG

from plugins.checks import whole

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

HEAD = "title: A\ndate: 2026-01-02\n\n"

BROKEN = [
    pytest.param(HEAD + "[a](images/x.png)\n", 4, "; write {static}/images/x.png", id="a file without its sign"),
    pytest.param(HEAD + "[a](img/xx.png)\n", 4, "; did you mean {static}/images/x.png?", id="a file alike, no sign"),
    pytest.param(
        HEAD + "[a](no-such-picture.png)\n", 4, "write {static} and the path of a picture", id="no file, nor its sign"
    ),
    pytest.param(HEAD + "[a](me@ada.example)\n", 4, "write mailto:me@ada.example", id="an address without mailto"),
    pytest.param(HEAD + "[a](www.example.com)\n", 4, "write https://www.example.com", id="a site without https"),
    pytest.param(HEAD + "[a](htp://example.com/)\n", 4, "did you mean http:?", id="mistyped scheme"),
    pytest.param(HEAD + "[a](http://a:99999/)\n", 4, "is not an address", id="a port that there is not"),
    pytest.param(HEAD + "[a](http://a:b/)\n", 4, "is not an address", id="a port of letters"),
    pytest.param(HEAD + "[a](https://)\n", 4, "names no site", id="no host"),
    pytest.param(HEAD + "A\n\n[^1]: Note\n", 6, "nothing refers to the footnote `[^1]`", id="footnote without a mark"),
    pytest.param(HEAD + "A[^2]\n", 4, "a footnote needs its text", id="mark without a footnote"),
    pytest.param(HEAD + "```\ncode\n", 4, "add a line of ``` below it", id="open code"),
    pytest.param(HEAD + "A\n\n{: .pull }\n", 6, "stands right below a paragraph", id="lost attribute list"),
    pytest.param(HEAD + "A\x07b\n", 4, "this line holds a control character", id="control character"),
    pytest.param(
        "title: A\ndate: 2026-01-02\ntags: a, 🎉\n\nT",
        3,
        "`🎉` gives no address for its list",
        id="tag without letters",
    ),
    pytest.param(HEAD + "[a]({tag}none)\n", 4, "there is no tag `none`", id="no such tag"),
    pytest.param(
        HEAD + "[a]({attach}x.png)\n", 4, "`{attach}` is not known; write {filename}", id="unknown kind of link"
    ),
    pytest.param("date: 2026-01-02\n\nText", 1, "`title` is missing; add a line like `title: ", id="no title"),
    pytest.param("title: A\n\nText", 1, "`date` is missing; add a line like `date: 2026-01-31`", id="no date"),
    pytest.param("title: A\ndate: soon\n\nText", 2, "`soon` is not a date", id="unreadable date"),
    pytest.param(
        "title: A\ndate: 2026-01-02\ntgas: x\n\nText", 3, "unknown key `tgas`; did you mean `tags`?", id="unknown key"
    ),
    pytest.param("title: A\ndate: 2026-01-02\nstatus: drat\n\nText", 3, "unknown status `drat`", id="unknown status"),
    pytest.param(HEAD + "A [link]({filename}none.md).\n", 4, "there is no file posts/none.md", id="broken link"),
    pytest.param(HEAD + "\n[a]({filename}othr.md)\n", 5, "did you mean posts/other.md?", id="broken link, near one"),
    pytest.param(
        HEAD + "[a]({filename}other.md#nowhere)\n", 4, "there is no place `#nowhere` on that page", id="broken anchor"
    ),
    pytest.param(
        HEAD + "## Here\n\n[a](#her)\n",
        6,
        "no place `#her` on that page; did you mean `#here`?",
        id="broken own anchor",
    ),
    pytest.param(HEAD + "[a](/none/)\n", 4, "there is no page or file /none/ on this site", id="broken address"),
    pytest.param(HEAD + "[a](../none/)\n", 4, "there is no page or file ../none/", id="broken relative address"),
    pytest.param(
        HEAD + "[a](https://ada.example.org/none/)\n", 4, "there is no page or file /none/", id="broken own address"
    ),
    pytest.param(
        HEAD + "[a](other.md)\n",
        4,
        "`other.md` is a file, not a page; write {filename}other.md",
        id="a file, not a page",
    ),
    pytest.param(
        HEAD + "[a](othr.md)\n",
        4,
        "there is no file posts/othr.md; did you mean posts/other.md?",
        id="a file that is not there",
    ),
    pytest.param(HEAD + "[a]()\n", 4, "this link is empty", id="empty link"),
    pytest.param(
        HEAD + "![a]({static}/images/none.png)\n", 4, "there is no file images/none.png", id="missing picture"
    ),
    pytest.param(HEAD + "![]({static}/images/x.png)\n", 4, "has no text for those who don't see it", id="no alt"),
    pytest.param(HEAD + "<img src='{static}/images/x.png'>\n", 4, "has no text for those", id="no alt in HTML"),
    pytest.param(
        HEAD + "![a](https://elsewhere.example/x.png)\n", 4, "would be loaded from another host", id="picture elsewhere"
    ),
    pytest.param(
        HEAD + "<video src='//elsewhere.example/x.mp4'></video>\n",
        4,
        "would be loaded from another host",
        id="film elsewhere",
    ),
    pytest.param(HEAD + "Text\n\n<p onclick='x()'>a</p>\n", 6, "`onclick=` is a script", id="handler"),
    pytest.param(HEAD + "Text\n\n<p style='color: red'>a</p>\n", 6, "`style=` has no effect", id="style attribute"),
    pytest.param(HEAD + "Text\n{: style='color: red' }\n", 5, "`style=` has no effect", id="style by attribute list"),
    pytest.param(
        HEAD + "<style>p { color: red }</style>\n",
        4,
        "`<style>`: a page cannot bring its own style",
        id="style element",
    ),
    pytest.param(HEAD + "<script>x()</script>\n", 4, "`<script>`: a script cannot run here", id="script"),
    pytest.param(
        HEAD + "<iframe src='https://x.example/'></iframe>\n", 4, "`<iframe>`: a frame loads another site", id="frame"
    ),
    pytest.param(HEAD + "<form><input></form>\n", 4, "`<form>`: a form has nowhere to send to", id="form"),
    pytest.param(HEAD + "[a](javascript:alert(1))\n", 4, "is code, not an address", id="javascript"),
    pytest.param(HEAD + "# Title again\n", 4, "`#` is for the title", id="h1"),
    pytest.param(HEAD + "Text\n\n### Three\n", 6, "`###` follows one of rank 1; write `##`", id="rank left out"),
    pytest.param(HEAD + "## A {#related}\n", 4, "the id `related` is one of the theme's own", id="id of the theme"),
    pytest.param(HEAD + "## A {#x}\n\n## B {#x}\n", 6, "the id `x` stands 2 times", id="id twice"),
    pytest.param(
        HEAD + "Text {filename}other.md\n", 4, "`{filename}other.md` would be shown as it stands", id="leftover link"
    ),
    pytest.param(
        HEAD + "- item\n\n    /// speaking-request\n    ///\n",
        6,
        "`/// speaking-request` would be shown",
        id="indented block",
    ),
    pytest.param(HEAD + "/// speaking-request\ntopic: a\n", 4, "is never closed", id="open block"),
    pytest.param(
        "title: A\ndate: 2026-01-02\nimage: images/none.png\nimage_alt: x\n\nT",
        3,
        "there is no picture images/none.png",
        id="image",
    ),
    pytest.param("title: A\ndate: 2026-01-02\nimage: images/x.png\n\nT", 3, "add a line `image_alt:", id="image_alt"),
    pytest.param(
        "title: A\ndate: 2026-01-02\ntemplate: artcle\n\nT", 3, "a post is always drawn as a post", id="template"
    ),
    pytest.param(
        "title: A\ndate: 2026-01-02\nslug: other\n\nT", 3, "the slug `other` is also that of", id="slug twice"
    ),
    pytest.param(
        "title: A\ndate: 2026-01-02\nid: urn:x\n\nT", 3, "the id `urn:x` is also that of", id="id of another post"
    ),
    pytest.param(
        "title: A\ndate: 2026-01-02\nslug: archive\n\nT",
        3,
        "this would be written to archive/index.html",
        id="a list's place",
    ),
    pytest.param(
        "title: A\ndate: 2026-01-02\nslug: speaking\n\nT",
        3,
        "the slug `speaking` is also that of",
        id="a page's place",
    ),
    pytest.param("---\ndate: 2026-01-02\ntitle:\n  a: b\n---\nT", 3, "this must be one text", id="a table for a text"),
    pytest.param(
        "---\ndate: 2026-01-02\ntitle: &a [*a]\n---\nT",
        3,
        "takes `&a` for a sign of its own; take it out",
        id="a list in itself",
    ),
    pytest.param(
        "---\ntitle: A\ndate: 2026-01-02\ntags: {? &b [*b] : c}\n---\nT",
        4,
        "takes `&b` for a sign of its own",
        id="a table for a list",
    ),
    pytest.param("Text without a head", 1, "must begin with lines like", id="no front matter"),
]


def prepared(site: Site) -> Site:
    site.write("images/x.png", PNG)
    site.write(
        "posts/other.md",
        "title: Other\ndate: 2026-01-01\ntags: t1\nid: urn:x\n\n## Here\n\n[Good]({filename}/pages/speaking.md#reply-card)\n",
    )
    return site


@pytest.mark.parametrize(("text", "line", "message"), BROKEN)
def test_a_problem_stops_the_build_and_names_its_line(site: Site, text: str, line: int, message: str) -> None:
    prepared(site).write("posts/zz.md", text)
    problems = site.problems()
    assert any(p.startswith(f"posts/zz.md:{line}: ") and message in p for p in problems), problems
    assert len(problems) == 1, problems
    assert not site.output.exists()


def test_a_second_offence_is_found_on_its_own_line(site: Site) -> None:
    prepared(site).write(
        "posts/zz.md",
        HEAD + "`[a](/none/)` in code, [a](/none/)\n\n```\n[a](/none/)\n```\n\nand\n[again](/none/).\n",
    )
    assert [p.split(":")[1] for p in site.problems()] == ["4", "11"]


def test_each_offence_of_a_kind_has_its_own_line(site: Site) -> None:
    prepared(site).write(
        "posts/zz.md",
        HEAD
        + "My style is plain.\n\n<p style='a'>x</p>\n\n<p style='b'>x</p>\n\n"  # lines 4 to 9
        + "![x]({static}/images/x.png) and\n![]({static}/images/x.png)\n\n"
        + "## Two\n\n#### Four\n\n## Two\n\n`#### code`\n\nFour again\n{: #four-again }\n\n#### Four\n\n"
        + "{filename}a and\n{filename}b\n",
    )
    assert [int(p.split(":")[1]) for p in site.problems()] == [6, 8, 11, 15, 24, 26, 27]


def test_front_matter_between_dashes_is_counted(site: Site) -> None:
    prepared(site).write("posts/zz.md", "---\ntitle: A\ndate: 2026-01-02\n---\n\n[a](/none/)\n")
    assert [p.split(":")[1] for p in site.problems()] == ["6"]


def test_every_problem_of_every_file_comes_at_once(site: Site) -> None:
    for param in BROKEN[:12]:
        prepared(site).write(f"posts/{param.id.replace(' ', '-').replace(',', '')}.md", param.values[0])
    assert len({p.split(":")[0] for p in site.problems()}) == 12


def test_nothing_wrong_is_found_in_what_is_right(site: Site) -> None:
    prepared(site).write(
        "posts/zz.md",
        HEAD
        + "[a]({filename}other.md#here) [b](/other/#here) [c](../other/) [d](https://ada.example.org/) [e](/feed.xml)\n"
        + "[f](https://elsewhere.example/x?y#z) [g](mailto:a@b.example) [h](#letter) [i]({static}/images/x.png) [j](/tags/) [k]({tag}T1)\n"
        + "![k](/images/x.png) <img src='/images/x.png' alt='' role='presentation'> <kbd>onclick</kbd> `style=''`\n\n"
        + "```html\n<script onclick='x'>{filename}</script>\n/// ask\n```\n",
    )
    assert site.problems() == []


def test_a_file_that_is_not_utf8(site: Site) -> None:
    site.write("posts/latin.md", HEAD.encode() + b"\nCaf\xe9\n")
    assert site.problems() == ["posts/latin.md:5: this is not UTF-8 text; save the file as UTF-8"]


def test_a_file_of_another_kind_among_the_posts(site: Site) -> None:
    site.write("posts/a.txt", HEAD)
    site.write("posts/.hidden", "")
    assert site.problems() == [
        "posts/a.txt:1: only .md files are read here; rename it, or move it to images/ or extra/"
    ]


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few people make links")
def test_a_post_that_cannot_be_opened_is_told_once(site: Site) -> None:
    site.post("one", "[Two]({filename}two.md#there), and [once more](/two/).\n")
    (site.content / "posts/two.md").symlink_to("nowhere.md")
    said = "posts/two.md:1: this file cannot be opened (No such file or directory); take this link away"
    assert site.problems() == [said]


def test_a_post_that_is_written_meanwhile_waits_for_the_next_build() -> None:
    files = ["posts/late.md", "posts/late.txt", "talks/2026/late.md"]
    assert [problem.path for problem in whole.unread(files, {}, "content")] == ["content/posts/late.txt"]


def test_names_that_differ_by_case_only(site: Site) -> None:
    site.write("extra/Other/index.html", "x")
    site.post("other")
    (problem,) = site.problems()
    assert problem.startswith("extra/Other/index.html:1: this would be written to Other/index.html, as is ")


def test_a_name_without_letters(site: Site) -> None:
    site.write("posts/🎉.md", HEAD)
    assert "the file's name gives no address" in site.problems()[0]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("posts/New.MD", "only .md files are read here"),
        ("stray.md", "nothing is read here"),
        ("post/a.md", "nothing is read here; did you mean `posts`?"),
    ],
)
def test_a_file_in_the_wrong_place_is_not_passed_over(site: Site, name: str, message: str) -> None:
    site.write(name, HEAD)
    (problem,) = site.problems()
    assert problem.startswith(f"{name}:1: {message}")


@pytest.mark.parametrize("template", ["base", "index", "article", "partials/footer", "spaeking"])
def test_a_template_that_does_not_draw_pages(site: Site, template: str) -> None:
    site.write("pages/a.md", f"title: A\ntemplate: {template}\n\nText\n")
    (problem,) = site.problems()
    assert problem.startswith(f"pages/a.md:2: the theme has no template `{template}` for pages")


def test_a_file_where_a_list_needs_a_folder(site: Site) -> None:
    site.write("extra/archive", "x")
    (problem,) = site.problems()
    assert problem.startswith("extra/archive:1: this would be written to archive, as is the list")


def test_an_id_that_is_another_posts_address(site: Site) -> None:
    site.post("a")
    site.post("b", id="https://ada.example.org/a/", title="B")
    (problem,) = site.problems()
    assert problem.startswith("posts/b.md:3: the id `https://ada.example.org/a/` is also that of")


def test_posts_that_say_the_same_of_themselves_are_told_apart(site: Site) -> None:
    site.post("a", title="Thanks", summary="Thank you", date="2026-01-02")
    site.post("b", title="Thanks", summary="Thank you", date="2026-02-03")
    site.build()
    heads = [
        (p.css_first("title").text(), p.css_first("meta[name=description]").attributes["content"])
        for p in (site.page("a/"), site.page("b/"))
    ]
    assert heads == [
        ("Thanks, 2 January 2026 · Ada Example", "2 January 2026: Thank you"),
        ("Thanks, 3 February 2026 · Ada Example", "3 February 2026: Thank you"),
    ]


def test_two_posts_of_one_name_may_stand_in_two_years(site: Site) -> None:
    site.write("speaker.toml", 'permalink = "{date:%Y}/{slug}/"\n' + (site.content / "speaker.toml").read_text("utf-8"))
    for year in ("2024", "2025"):
        site.write(f"posts/{year}-12-24-merry.md", f"title: Merry\ndate: {year}-12-24\n\nText\n")
    site.build()
    assert (site.output / "2024/merry/index.html").is_file()


def test_files_without_a_head_are_not_said_to_be_alike(site: Site) -> None:
    site.write("posts/a.md", "Text\n")
    site.write("posts/b.md", "Text\n")
    assert len(site.problems()) == 2


# What other programs read in another way than ours does, so that it would be lost without a word.
ELSEWHERE = [
    pytest.param("```js {1,3}\na = 1\n```\n", 4, "write only the language after it", id="odd words behind the fence"),
    pytest.param("Shopping\n- a\n", 5, "in the middle of a paragraph", id="list in a paragraph"),
    pytest.param("A[^1]\n\n[^1]: one\n\nB[^1]\n\n[^1]: two\n", 10, "stands on line 6 too", id="footnote twice"),
    pytest.param("Run git checkout <branch> now\n", 4, "`<branch>` is not HTML and would vanish", id="angle brackets"),
    pytest.param("a <plaintext> b\n", 4, "`<plaintext>` is not HTML", id="plaintext"),
    pytest.param("## Use {name}\n", 4, "`name` was read as an attribute", id="braces in a heading"),
    pytest.param("a </b> c\n", 4, "`</b>` closes nothing", id="stray end tag"),
    pytest.param("a\n\n> b</P>\n", 6, "`</p>` closes nothing", id="stray end of a paragraph"),
    pytest.param("a\n\n<div class='quiet'>\n\nb\n", 6, "`<div>` is never closed", id="no end tag"),
    pytest.param("a <i/> b\n", 4, "`<i>` is never closed", id="closed as in XML"),
    pytest.param("<b>a\n<i>b</b> c</i>\n", 5, "`<i>` is open where `</b>` stands", id="tags that cross"),
    pytest.param("<ul><li>a<li>b</ul> <p>c\n", 4, "", id="end tags that HTML adds"),
    pytest.param("`</b>` \\</b> <br/> <!-- </b> -->\n\n    </b>\n", 4, "", id="end tags that are text"),
    pytest.param(
        "<svg role='presentation' viewBox='0 0 1 1'><a></svg> <i title='</b>'>c</i>\n",
        4,
        "",
        id="tags in a drawing and a value",
    ),
    pytest.param("{{< youtube x >}}\n", 4, "it belongs to another site's software", id="Hugo"),
    pytest.param("title: a\n", 4, "", id="nothing wrong"),
    pytest.param("#metoo changed it\n", 4, "or write \\#", id="hash tag"),
]


@pytest.mark.parametrize(("body", "line", "message"), ELSEWHERE)
def test_what_other_programs_read_otherwise_is_not_lost_silently(
    site: Site, body: str, line: int, message: str
) -> None:
    prepared(site).write("posts/zz.md", HEAD + body)
    problems = site.problems()
    if message:
        assert problems[0].startswith(f"posts/zz.md:{line}: "), problems
        assert message in problems[0]
    else:
        assert problems == []


# Marks of Markdown's relatives, and halves of marks, each alone in its line.
LEFT_OVER = [
    pytest.param(
        "See [the pile][pile].",
        "`[the pile][pile]` leads nowhere; write a line like `[pile]: https://…`",
        id="reference",
    ),
    pytest.param("See [the *pile*][pile].", "][pile]` leads nowhere", id="reference with emphasis"),
    pytest.param("See [Pile][].", "`[Pile][]` leads nowhere; write a line like `[Pile]: ", id="reference by its text"),
    pytest.param("See [a][pyle].\n\n[pile]: https://e.example/", "; did you mean `pile`?", id="reference mistyped"),
    pytest.param("![a][pile]", "leads nowhere", id="picture by reference"),
    pytest.param("A **bold word.", "`**bold` would be shown as it stands; its other half is missing", id="strong"),
    pytest.param("A bold** word.", "its other half is missing", id="strong without a beginning"),
    pytest.param("A ** bold** word.", "a space stands beside it", id="strong with a space"),
    pytest.param("A ~~gone word.", "write \\~\\~", id="strike"),
    pytest.param("A ==marked== word.", "<mark>", id="marked"),
    pytest.param("Well done :tada:", "put the sign itself", id="emoji"),
    pytest.param("A [pile] (https://e.example/).", "with no space before the (", id="link with a space"),
    pytest.param("See ![a] (images/a.png)", "with no space before the (", id="picture with a space"),
    pytest.param("[a *b*] (https://e.example/)", "with no space before the (", id="link with emphasis and a space"),
    pytest.param("A [pile](https://e.example/ here.", "a ) at its end", id="link that never ends"),
    pytest.param("A `code unclosed.", "“`code” would be shown as it stands", id="backquote"),
    pytest.param("A code` unopened.", "write \\`", id="backquote without a beginning"),
    pytest.param("A word *in haste.", "write \\*", id="emphasis"),
    pytest.param("*In haste *, he said.", "a space stands beside it", id="emphasis with a space"),
    pytest.param("A word _in haste.", "write \\_", id="emphasis by a low line"),
    pytest.param("H~2~O", "<sub>", id="below"),
    pytest.param("x^2^", "<sup>", id="above"),
    pytest.param("See [[the pile]].", "a link is [text]", id="wiki"),
    pytest.param("::: warning", "another site's software", id="container"),
    pytest.param("> [!NOTE]\n> Mind.", "**Note:**", id="alert"),
    pytest.param("[ ] to do", "an item of a list", id="task"),
    pytest.param("- [] to do", "an item of a list", id="task without a space"),
    pytest.param("Street\\", "at its end take it out", id="break at an end"),
    pytest.param("##Heading", "write `## Heading`", id="heading"),
    pytest.param("Text {% include x %}", "another site's software", id="Liquid"),
    pytest.param("Note[^9]", "a footnote needs its text", id="footnote"),
    pytest.param("A line.\n{: .pul }", "no style has the class `pul`; did you mean `pull`?", id="class"),
    pytest.param("## A heading {: .qqq }", "write rules for it", id="class of a heading"),
    pytest.param("[a](https://e.example/){: .mine .puull }", "`puull`; did you mean `pull`?", id="class of a link"),
    pytest.param("<p class='pull zz9'>a</p>", "no style has the class `zz9`", id="class in HTML"),
]


@pytest.mark.parametrize(("body", "message"), LEFT_OVER)
def test_what_would_be_shown_as_typed_is_told(site: Site, body: str, message: str) -> None:
    prepared(site).write("posts/zz.md", f"{HEAD}`` {body.splitlines()[0]} ``\n\n{body}\n\nText\n")
    site.write("doors/style.css", ".mine { color: red }")
    (problem,) = site.problems()
    assert message in problem
    assert problem.startswith(f"posts/zz.md:{6 + message.startswith('no style') * body.count(chr(10))}: "), problem


# What a writer of fifteen years may have in the archive, and what is right.
RIGHT = [
    "A ratio of 3:1, a path C://x, and http://e.example//y in prose; std::vector::size.\n",
    "5 * 3 * 2, 5 ** 2, 2**3, snake_case, __init__.py, [sic], [1], [1][2], a[0][1], a ~ b, ~5, `~~`, $5 and $6\n",
    "At 10:30:00, std::vector, C:\\Users\\me, a == b, ^_^, :-), 1:2:3, **** and ~~~~, x^2, ~/a, E = mc^2\n",
    "Price* and more.\n\n*Taxes not included\n",
    "It is f(*args), *.md, Leser*innen, M*A*S*H, _private.py, `_blank`, Hawai`i, \\*so, \\_so, \\`so\n",
    "[sic] (as on p. 3), [x] (e.g. this), \\[a](b, a[0] (1/2)\n",
    "A \\**bold\\** word, \\[a][b], \\==x==, \\:tada:, H\\~2\\~O, \\[[wiki]], \\~\\~x.\n",
    'Street\\\nTown ~~old *and* grey~~ [x][Ref] [Ref][] [Ref]\n\n[ref]: https://e.example/ "The \\"big\\" day"\n',
    "- [ ] to do\n- [x] done\n\n1. [X] **done**, too\n\nA line.\n{: .pull }\n\n<p class='u-url'>a</p>\n",
    "```\n~~x~~ ==y== {: .zz } :::\n```\n\n    ##x [a][b]\n\n`**` and ``[ ]``\n",
    "A regex \\[^abc] and `[^abc]`, {braces}, a \\{: x} and `{: .x}`.\n",
    "1. Do:\n\n    ```bash\n    # a comment\n    ```\n\n> ```\n> a\n> ```\n",
    "- a\n  - b\n\nShopping:\n- a\n- b\n\n1) one\n2) two\n",
    "1984. That was a year.\nIt was said in\n1985. Or so.\n",
    "- one\n    - two\n\n        code in a list\n\n- three\n\nText\n\n  - not nested\n",
    "* * *\n\n---\n\nTerm\n:   What it is\n\n*[HTML]: A language\n\nHTML it is.\n",
    "> - quoted list\n> - goes on\n\n<details><summary>x</summary>\n<ul><li>a</ul></details>\n",
    "| a | b |\n|---|---|\n| - | * |\n\n<ruby>漢<rt>かん</rt></ruby> <bdo dir='rtl'>x</bdo>\n",
    "[a](<https://e.example/a b>) [b](https://e.example/x_(y) 'title') <me@e.example> <https://e.example/>\n",
    "<a name='part2'></a>\n\n[x](#part2) [y]({filename}other.md#:~:text=foo) [z](tel:+4930123)\n",
    "<svg viewBox='0 0 9 9'><title>The API</title><text x='1'>HTTP</text><linearGradient/></svg>\n",
    "A[^n] and again[^n].\n\n[^n]: The note.\n",
    "~~~~ python\nprint(1)\n~~~~\n\n``` { .python }\nprint(1)\n```\n\n    ```\n    shown\n    ```\n",
]


@pytest.mark.parametrize("body", RIGHT)
def test_what_is_right_passes(site: Site, body: str) -> None:
    prepared(site).write("posts/zz.md", HEAD + body)
    assert site.problems() == []


def test_a_drawing_comes_through_whole(site: Site) -> None:
    site.post(
        "p",
        body="<svg viewBox='0 0 9 9'><text x='1'>HTTP & co</text><text x='2'>y</text></svg>\n\n<pre>\n\n\nthree</pre>\n",
    )
    site.build()
    assert [node.text() for node in site.page("p/").css(".letter svg text")] == ["HTTP & co", "y"]
    assert "<pre>\n\n\nthree</pre>" in site.read("p/index.html")
    assert "&lt;pre&gt;\n\n\nthree&lt;/pre&gt;" in site.read("feed.xml")


@pytest.mark.parametrize(
    ("head", "line"),
    [(f"slug: {'a' * 130}", 3), (f"tags: {'word ' * 60}", 3), (f"category: {'word ' * 60}", 3)],
)
def test_an_address_too_long_for_a_folder(site: Site, head: str, line: int) -> None:
    site.write("posts/zz.md", f"title: A\ndate: 2026-01-02\n{head}\n\nText\n")
    (problem,) = site.problems()
    assert problem.startswith(f"posts/zz.md:{line}: ")
    assert "too long" in problem


DOORS = [
    "<script>x()</script>",
    "<script src='https://e.example/x.js'></script>",
    "<link rel=stylesheet href='https://e.example/x.css'>",
    "<link rel='stylesheet' href='/x.css'>",
    "<p style='color: red'>x</p>",
    "<p onclick='x()'>x</p>",
    "<iframe src='https://e.example/'></iframe>",
    "<img src='https://e.example/x.png' alt=''>",
]


@pytest.mark.parametrize("markup", DOORS)
def test_a_door_lets_nothing_in_that_the_browser_would_block(site: Site, markup: str) -> None:
    site.write("doors/footer.html", f"<p>{{{{ SPEAKER.name }}}}</p>{{#\n a note #}}\n{markup}\n")
    assert {p.split(": ")[0] for p in site.problems()} == {"doors/footer.html:3"}


def test_a_door_may_hold_what_works(site: Site) -> None:
    site.write("extra/x.js", "1")
    site.write(
        "doors/head.html",
        '<meta name="a" content="b"><link rel="me" href="https://e.example/"><script src="/x.js"></script>',
    )
    site.build()
    assert '<script src="/x.js"></script>' in site.read("index.html")


def test_a_door_that_cannot_be_read(site: Site) -> None:
    site.write("doors/head.html", "<p>\n{{ x }\n")
    site.write("doors/footer.html", b"Caf\xe9")
    assert [p.split(": ")[0] for p in site.problems()] == ["doors/footer.html:1", "doors/head.html:2"]


# Wherever something stands that only looks like it, the line is that of the thing itself.
PLACES = [
    pytest.param("[a](/tags/x/)\n\n[b](/x/)\n", "file /x/", 6, id="longer address first"),
    pytest.param("See /x/ for more.\n\n[b](/x/)\n", "file /x/", 6, id="address in prose first"),
    pytest.param("<pre>[a](/x/)</pre>\n\n[a](/x/)\n", "file /x/", 6, id="raw pre first"),
    pytest.param("[a][r]\n\n[r]: /x/\n", "file /x/", 6, id="by reference"),
    pytest.param("a\n\n<a href='/x/'>b</a>\n", "file /x/", 6, id="HTML link"),
    pytest.param("a\n\n[a](/x&amp;y/)\n", "/x&y/", 6, id="written as a character reference"),
    pytest.param("The attribute style= is bad.\n\n<p style='a'>x</p>\n", "`style=`", 6, id="attribute in prose first"),
    pytest.param("a\n\n<P STYLE = 'a'>x</P>\n", "`style=`", 6, id="capitals"),
    pytest.param("Text &lt;script> and \\<script>\n\n<script>x</script>\n", "`<script>`", 6, id="escaped first"),
    pytest.param("Hi\n\n<SCRIPT></SCRIPT>\n", "`<script>`", 6, id="element in capitals"),
    pytest.param("My related letter.\n\n<p id='related'>x</p>\n", "`related`", 6, id="id in prose first"),
    pytest.param("<p id='q'>a</p>\n\nthe q word\n\n<p id='q'>b</p>\n", "`q`", 8, id="second id"),
    pytest.param("a\n\n> #### deep\n", "####", 6, id="quoted heading"),
    pytest.param("a\n\n- #### deep\n", "####", 6, id="heading in a list"),
]


@pytest.mark.parametrize(("body", "said", "line"), PLACES)
def test_the_line_is_that_of_the_thing_itself(site: Site, body: str, said: str, line: int) -> None:
    prepared(site).write("posts/zz.md", HEAD + body)
    assert [p.split(":")[1] for p in site.problems() if said in p] == [str(line)]


# Whatever a browser would load from elsewhere or run, however it is written.
TRICKS = [
    "<IMG SRC='https://e.example/x.png' ALT='x'>",
    "<img src='https:e.example/x.png' alt='x'>",
    "<img src=' //e.example/x.png' alt='x'>",
    "<img src='/images/x.png' srcset='/images/x.png 1x, https://e.example/x.png 2x' alt='x'>",
    "<svg><image href='https://e.example/x.png'/></svg>",
    "<svg><use xlink:href='https://e.example/x.svg#a'/></svg>",
    "<table background='https://e.example/x.png'><tr><td>x</table>",
    "<video poster='//e.example/x.png'></video>",
    "<a ping='https://e.example/' href='/tags/'>x</a>",
    "<button formaction='https://e.example/'>x</button>",
    "<a href='java&NewLine;script:alert(1)'>x</a>",
    "<a href='&#1;javascript:alert(1)'>x</a>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg onload='x()'></svg>",
    "<img src='{static}/images/x.png' style='color: red' alt='x'>",
    "<div markdown='1'>\n[x](/tags/){: onclick='x()' }\n</div>",
    "<img src='{static}/images/x.png' srcset='{static}/images/x.png 2x' alt='x'>",
    "[a](%7Bfilename%7Dother.md)",
    "// speaking-request",
    "Text /// speaking-request",
    ":::speaking-request",
]


@pytest.mark.parametrize("markup", TRICKS)
def test_no_trick_gets_past(site: Site, markup: str) -> None:
    prepared(site).write("posts/zz.md", HEAD + markup + "\n")
    problems = site.problems()
    assert problems
    assert all(p.startswith("posts/zz.md:") for p in problems)


ADDRESSES = (
    *("http://[", "//[", "/.//[", "http://[::1", "http://a:99999/", "http://a:x/", "http://ℂ℀.example/", "http://&#0;"),
    *(
        "%zz",
        "%ff%fe",
        "&#xD800;",
        "javascript:x",
        "a b",
        " ",
        "{static}//[",
        "{filename}http://[",
        "|x|//[",
        "{",
        "{}",
    ),
    *("#[", "?[", "https:///", "mailto:[", "https://ada.example.org//[", "\\\\server\\x", "x,y 2x,[ 3w", "ht\ntp://["),
)
HOLDERS = (
    *('<q cite="{}">q</q>', '<a href="{}">a</a>', '<img src="{}" alt="x">', "<a title=\"b href='{}'\">a</a>"),
    *(f'<img src="/images/x.png" alt="x" {name}="{{}}">' for name in ("longdesc", "srcset", "usemap", "data", "ping")),
    *(f'<p {name}="{{}}">p</p>' for name in ("itemid", "content", "action", "background", "formaction", "imagesrcset")),
    *('<svg><use xlink:href="{}"/></svg>', '<video poster="{}"></video>', "![x](/images/x.png){{: longdesc='{}' }}"),
)


def test_whatever_stands_in_an_attribute_a_build_ends_in_a_page_or_a_line(site: Site) -> None:
    prepared(site)
    pairs = [(holder, value) for holder in HOLDERS for value in ADDRESSES]
    for at, (holder, value) in enumerate(pairs):
        site.write(f"posts/p{at}.md", f"{HEAD}{holder.replace('{}', value)}\n")
    lines = site.problems()
    told = {line.partition(":")[0] for line in lines}
    assert told < {f"posts/p{at}.md" for at in range(len(pairs))}, lines
    # An attribute that no browser follows may hold anything; what leads nowhere stops the build.
    assert {f"posts/p{at}.md" for at, (holder, value) in enumerate(pairs) if "q>" in holder and "//[" in value} <= told
    for name in told:
        (site.content / name).unlink()
    assert site.problems() == []
    assert site.read("feed.xml").count("<item>") == min(50, len(pairs) - len(told))


def test_what_is_no_address_ends_nothing_in_a_door_a_drawing_an_event_or_a_profile(site: Site) -> None:
    prepared(site)
    site.write("doors/footer.html", '<a href="http://[">a</a> <q cite="//[">b</q> <p itemid="http://[">c</p>\n')
    drawn = '<a xlink:href="http://["><use href="//["/><rect fill="url(http://[)" width="5" height="5"/></a>'
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    site.write("images/y.svg", f'<svg {names} width="9" height="9">{drawn}</svg>')
    site.write("posts/zz.md", f"{HEAD}![Y]({{static}}/images/y.svg)\n")
    event = 'event = "E"\nonline = true\nstart = 2026-03-04\nurl = "https://x.example/%zz"\nid = "http://["\n'
    site.write("events.toml", f"[[events]]\n{event}")
    assert site.problems() == []
    speaker = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", f'{speaker}[[profiles]]\nlabel = "P"\nurl = "http://a:99999/"\n')
    assert [line.split(": ")[0] for line in site.problems()] == ["speaker.toml:9"]


@pytest.mark.parametrize("name", ["a[b", "a(", "a*", "a\\", "a{2", "a?+", "(?P", "a$^|"])
def test_a_name_that_could_be_a_pattern_is_looked_for_as_it_stands(site: Site, name: str) -> None:
    prepared(site).write("posts/zz.md", f'{HEAD}Words.\n\n<{name} onclick="x">b\n\n<i {name}="">c</i>\n')
    problems = site.problems()
    assert problems
    assert all(line.startswith("posts/zz.md:") for line in problems)


def test_raw_html_is_read_as_a_browser_reads_it(site: Site) -> None:
    prepared(site).write(
        "posts/zz.md",
        HEAD
        + '<IMG SRC={static}/images/x.png ALT="a > b">\n\n<A HREF="{filename}other.md">x</A>\n\n'
        + '"Quoted" <!-- a note -- <i>not</i> for readers --> text\n\n'
        + '<img src="/images/x.png" srcset="/images/x.png 1x, /images/x.png 2x" alt="x">\n\n<p>never closed\n',
    )
    assert site.problems() == []
    page = site.page("zz/")
    assert [image.attributes["alt"] for image in page.css(".letter img")] == ["a > b", "x"]
    assert page.css_first(".letter a").attributes["href"] == "/other/"
    assert "a note" not in site.read("zz/index.html")
    assert "a note" not in site.read("feed.xml")
    assert "“Quoted”" in page.css_first(".letter").text()
    assert page.css_first("main > article + .postscript"), "an element that was left open swallowed the page"
    assert '<img src="https://ada.example.org/images/x.png" alt="x"' in feed_of(site)


def feed_of(site: Site) -> str:
    return site.read("feed.xml").replace("&lt;", "<").replace("&gt;", ">")


def test_a_long_post_is_checked_in_linear_time(site: Site) -> None:
    """Each heading and link is looked up once at the most: a search for each would be felt here."""
    from plugins.source import Source

    calls: list[str] = []
    search = Source._line  # noqa: SLF001  every look-up goes through it
    body = "".join(f"## Part {n}\n\n[a]({{filename}}other.md)\n\n" for n in range(300))
    prepared(site).write("posts/zz.md", HEAD + body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Source, "_line", lambda self, pattern, nth: calls.append(pattern) or search(self, pattern, nth))
        assert site.problems() == []
    assert calls == []


def test_a_link_to_a_draft_is_broken_in_public_only(site: Site) -> None:
    site.post("half", status="draft")
    site.post("whole", body="\n[a]({filename}half.md)\n")
    assert site.problems(publish=False) == []
    assert site.problems() == [
        "posts/whole.md:5: posts/half.md is a draft or waits for its day, so this link leads nowhere yet; take it out until then"
    ]


def test_a_draft_is_looked_into_where_it_is_shown(site: Site) -> None:
    site.post("half", body="[a](/none/)\n", status="draft")
    assert site.problems() == []
    assert len(site.problems(publish=False)) == 1


def test_a_menu_that_leads_nowhere(site: Site) -> None:
    toml = (site.content / "speaker.toml").read_text(
        "utf-8"
    ) + '[[menu]]\nlabel = "A"\nurl = "/"\n[[menu]]\nlabel = "B"\nurl = "/none/"\n'
    site.write("speaker.toml", toml)
    assert site.problems() == [
        "speaker.toml:12: there is no page /none/ on this site; write the address of one that is there"
    ]


@pytest.mark.parametrize("name", ["speaking", "subscribe"])
def test_a_site_without_a_page_that_every_page_leads_to(site: Site, name: str) -> None:
    path = site.content / f"pages/{name}.md"
    path.write_text(path.read_text("utf-8").replace(f"template: {name}\n", ""), "utf-8")
    assert site.problems()[0].startswith(f"pages/{name}.md:1: this page is missing")
    path.unlink()
    assert site.problems()[0].startswith(f"pages/{name}.md:1: this page is missing")


def test_a_theme_that_lacks_a_template(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    theme = tmp_path / "theme"
    shutil.copytree(pytestconfig.rootpath / "theme", theme)
    assert list(whole.lacking_templates(theme)) == []
    (theme / "templates/terms.html").unlink()
    assert [str(p) for p in whole.lacking_templates(theme)] == [
        "theme/templates/terms.html:1: the theme lacks this template; bring it back"
    ]


def test_links_under_a_subpath(site: Site) -> None:
    toml = (
        (site.content / "speaker.toml")
        .read_text("utf-8")
        .replace('"https://ada.example.org"', '"https://ada.example.org/blog/"')
    )
    site.write("speaker.toml", toml)
    site.post("b")
    site.post(
        "a",
        body="[a](/b/)\n\n[b](/blog/b/) [c]({filename}b.md) [d](https://ada.example.org/blog/b/) [e](https://ada.example.org/)\n",
    )
    assert site.problems() == [
        "posts/a.md:4: `/b/` leads out of this site, which lives below /blog/; write {filename} and a file's path"
    ]


def test_broken_data_of_every_room_is_told_at_once(site: Site) -> None:
    speaker = site.content / "speaker.toml"
    more = 'as_of = 2026-01-01\n[headshot]\nfile = "kit/me.jpg"\nalt = "Me"\ncredit = "C"\n'
    speaker.write_text(speaker.read_text("utf-8") + more, "utf-8")
    site.post("hello", talk="none", image="images/none.png", image_alt="x")
    site.write("talks/one.md", "title: One\npromise: P\ntakeaways:\n  - a\n\nText\n")
    site.write(
        "events.toml",
        '[[events]]\nevent = "E"\nplace = "P"\nstart = 2027-01-02\nend = 2027-01-01\n\n'
        '[[events]]\nevent = "F"\nplace = "P"\nstart = 2027-01-02\ntimezone = "Mars/Base"\ntalk = "two"\n',
    )
    told = site.problems()
    assert [problem.split(": ")[0] for problem in told] == [
        *("events.toml:5", "events.toml:11", "events.toml:12"),
        *(
            "posts/hello.md:3",
            "posts/hello.md:4",
            "speaker.toml:9",
            "talks/one.md:3",
        ),
    ]
