from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import ROOT, SPEAKER, pages_to_read

from plugins.kept import kept, prune
from plugins.kit import abstract, bios, introduction, package
from plugins.kit.headshots import Picture, PictureError, headshots
from plugins.kit.one_sheet import Setting, TooLongError, compiled

if TYPE_CHECKING:
    from pathlib import Path

    from pypdf import PdfReader
    from sites import Site

AS_OF = dt.date(2026, 6, 4)
AS_OF_LINE = "as_of = 2026-06-04\n"
TALK = """\
title: Arches & "spans"
promise: Why some bridges stand.
takeaways:
  - One
  - Two & three
  - Four
formats:
  - Keynote, 45 minutes
audience: Everybody
language: English, or slow German
av:
  - A lamp
testimonials:
  - words: It held.
    name: Grace
    role: engineer

The *first* bridge, **the** `second`, and [the third](https://bridges.example.org/).
"""


def bio(text: str, limit: int = 78, unit: str = "characters") -> str | None:
    tidy = bios.tidied(text)
    return bios.fault(bios.Bio("key", tidy, bios.length(tidy, unit), unit, limit))


@pytest.mark.parametrize(
    ("text", "limit", "unit", "said"),
    [
        pytest.param("x" * 78, 78, "characters", None, id="all of it"),
        pytest.param(
            "x" * 79, 78, "characters", "the 78-character bio has 79 characters; take out 1", id="one too many"
        ),
        pytest.param("x" * 67, 78, "characters", None, id="85 per cent, rounded up"),
        pytest.param("x" * 66, 78, "characters", "has 66 characters; write 1 more at least", id="one too few"),
        pytest.param("e\u0301" * 78, 78, "characters", None, id="two code points, one letter"),
        pytest.param(f"  a \n b{'x' * 67}\n\n\n{'y' * 7}  ", 78, "characters", None, id="white space is one character"),
        pytest.param("語" * 79, 78, "characters", "has 79 characters", id="Japanese"),
        pytest.param("w " * 50, 50, "words", None, id="fifty words"),
        pytest.param("w " * 51, 50, "words", "the 50-word bio has 51 words; take out 1", id="a word too many"),
        pytest.param("w " * 42, 50, "words", "write 1 more at least, programmes leave room for 50", id="too few words"),
        pytest.param("語" * 43, 50, "words", None, id="a character without spaces counts as a word"),
        pytest.param("w", 250, "words", "has 1 word; write 212 more", id="one word"),
    ],
)
def test_a_bio_is_as_long_as_was_asked(text: str, limit: int, unit: str, said: str | None) -> None:
    found = bio(text, limit, unit)
    assert (found is None) if said is None else (found and said in found)


@given(st.text())
def test_a_tidied_text_stays_as_it_is(text: str) -> None:
    tidy = bios.tidied(text)
    assert bios.tidied(tidy) == tidy
    assert "\n\n\n" not in tidy


def test_paragraphs_stand_between_blank_lines() -> None:
    assert bios.tidied("\n One\ntwo.\r\n \t\r\nThree.\n\n\n\nFour.") == "One two.\n\nThree.\n\nFour."


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("w " * 130, 60),
        ("w " * 131, 61),
        ("{name} " * 65, 60),  # the name is two words
        ("語" * 260, 60),
    ],
)
def test_an_introduction_is_timed_as_it_is_spoken(written: str, seconds: int) -> None:
    found = introduction.introduction(written, "Ada Example")
    assert found
    assert found.seconds == seconds


def test_a_long_introduction_is_warned_of() -> None:
    def said(count: int) -> str | None:
        found = introduction.introduction("w " * count, "Ada")
        assert found
        return introduction.too_long(found)

    assert said(162) is None  # 74.8 seconds
    assert said(164) == "the introduction takes 76 seconds to read aloud; take out 3 words to stay below 75"


@pytest.mark.parametrize(
    ("written", "wrong"), [("{name}", None), ("{nam}", "{nam}"), ("a {", "{"), ("} {name}", "}"), ("{{name}}", "{")]
)
def test_braces_would_be_read_aloud(written: str, wrong: str | None) -> None:
    assert introduction.fault(written) == (
        f"`{wrong}` is not filled in here; write {{name}} where your name is said" if wrong else None
    )


def photograph(size: tuple[int, int] = (1000, 1250), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2, size[1] // 2), fill=(200, 0, 0))
    file = io.BytesIO()
    picture.convert(mode).save(file, kind, **options)
    return file.getvalue()


def opened(picture: Picture) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(picture.data))


def test_headshots_come_in_every_size_and_none_is_enlarged() -> None:
    made = headshots(photograph((3000, 3000)), (0.5, 0.4))
    assert [each[:4] for each in made] == [
        ("square", "web", 800, 800),
        ("square", "print", 2400, 2400),
        ("portrait", "web", 800, 1000),
        ("portrait", "print", 2400, 3000),
        ("square", "page", 240, 240),
        ("square", "page", 480, 480),
        ("square", "sheet", 400, 400),
    ]
    for each in made:
        assert (opened(each).format, opened(each).mode, opened(each).size) == ("JPEG", "RGB", each[2:4])
    assert [each.width for each in headshots(photograph((1100, 1100)), (0.5, 0.4))] == [
        800,
        1100,
        800,
        880,
        240,
        480,
        400,
    ]


def test_headshots_are_the_same_bytes_each_time() -> None:
    assert headshots(photograph(), (0.5, 0.4)) == headshots(photograph(), (0.5, 0.4))


@pytest.mark.parametrize(("focus", "colour"), [((0, 0), "red"), ((1, 1), "white")])
def test_a_cut_has_the_focus_in_it(focus: tuple[float, float], colour: str) -> None:
    square = headshots(photograph((2000, 1000)), focus)[0]
    assert (
        opened(square).getpixel((100, 100))[1] < 50 if colour == "red" else opened(square).getpixel((100, 100))[1] > 200
    )


@pytest.mark.parametrize("profiled", [True, False])
def test_nothing_but_the_picture_is_passed_on(*, profiled: bool) -> None:
    from PIL import Image, ImageCms

    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "where I live"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() if profiled else None
    original = photograph((1250, 1000), exif=exif, icc_profile=profile, comment=b"a secret")
    for made in headshots(original, (0.5, 0.5)):
        picture = opened(made)
        assert not picture.getexif()
        assert not set(picture.info) & {"exif", "icc_profile", "comment", "photoshop", "xmp"}
        assert b"secret" not in made.data
    # Turned upright, the red quarter that was on the upper left is on the upper right.
    portrait = opened(headshots(original, (0.5, 0.5))[2])
    assert portrait.getpixel((700, 100))[1] < 50 < portrait.getpixel((100, 100))[1]


@pytest.mark.parametrize(
    "original",
    [
        pytest.param(photograph(kind="PNG", mode="P"), id="palette"),
        pytest.param(photograph(kind="PNG", mode="RGBA"), id="see-through"),
        pytest.param(photograph(kind="PNG", mode="LA"), id="grey and see-through"),
        pytest.param(photograph(mode="CMYK"), id="for a press"),
        pytest.param(photograph(mode="L"), id="grey"),
        pytest.param(photograph(kind="WEBP"), id="WebP"),
        pytest.param(photograph(kind="TIFF"), id="TIFF"),
        pytest.param(photograph(icc_profile=b"no profile"), id="broken profile"),
    ],
)
def test_photographs_of_many_kinds_are_taken(original: bytes) -> None:
    red = opened(headshots(original, (0, 0))[0]).getpixel((100, 100))
    assert red[1] < 90


def bomb() -> bytes:
    """A PNG that says it has 60,000 × 60,000 pixels."""
    import struct
    import zlib

    chunks = (b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0), b"IDAT" + zlib.compress(b""), b"IEND")
    packed = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


@pytest.mark.parametrize(
    ("original", "said"),
    [
        pytest.param(b"no picture", "is no JPEG, PNG, WebP or TIFF; save it anew as JPEG", id="text"),
        pytest.param(b"", "is no JPEG", id="empty"),
        pytest.param(photograph()[:4000], "cannot be read to its end; save it anew as JPEG", id="cut off"),
        pytest.param(photograph(kind="PNG")[:2000], "cannot be read to its end", id="cut off before its notes"),
        pytest.param(photograph((799, 2000)), "is 799×2000 pixels; take one of at least 800×1000", id="narrow"),
        pytest.param(photograph((2000, 999)), "is 2000×999 pixels", id="low"),
        pytest.param(
            b"\0\0\0\x18ftypheic" + b"\0" * 99, "is HEIC or AVIF, which few programs read; export it as JPEG", id="HEIC"
        ),
        pytest.param(photograph(kind="GIF", mode="P"), "is no JPEG", id="GIF"),
        pytest.param(bomb(), "has more than 150 million pixels; save it smaller", id="bomb"),
        pytest.param(photograph(kind="TIFF", mode="F"), "has colours of an unusual kind (F)", id="floating colours"),
    ],
)
def test_a_picture_that_cannot_be_used_says_why(original: bytes, said: str) -> None:
    with pytest.raises(PictureError) as caught:
        headshots(original, (0.5, 0.4))
    assert str(caught.value).startswith(said)


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"data")
        return b"data"

    assert [kept(tmp_path, [b"a", b"b"], make) for _ in range(3)] == [b"data"] * 3
    assert len(made) == 1
    kept(tmp_path, [b"ab", b""], make)  # other parts that read the same in a row
    assert len(made) == 2
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert kept(tmp_path, [b"a", b"b"], make) == b"data"
    assert len(made) == 3


def test_where_nothing_can_be_kept_it_is_made_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert kept(tmp_path / "file" / "folder", [b"a"], lambda: b"data") == b"data"


def test_what_was_asked_for_longest_ago_goes(tmp_path: Path) -> None:
    for number in range(9):
        kept(tmp_path, [bytes([number])], lambda: b"data")
        newest = max(tmp_path.iterdir(), key=lambda path: path.stat().st_ctime_ns)
        os.utime(newest, (number, number))
    prune(tmp_path, 5)
    assert sorted(path.stat().st_mtime for path in tmp_path.iterdir()) == [4, 5, 6, 7, 8]
    prune(tmp_path / "absent", 5)


def run(text: str, **formed: Any) -> dict[str, Any]:
    return {"text": text, "emphasis": False, "strong": False, "code": False, "url": ""} | formed


def test_an_abstract_keeps_numbers_tasks_and_what_is_struck_through() -> None:
    markup = (
        '<ol start="3"><li>a</li><li value="7"><s>b</s></li><li></li><li>c</li></ol>'
        '<ul><li><label><input type="checkbox" disabled checked> d</label></li></ul>'
    )
    numbered, tasks = abstract.blocks(markup, "https://ada.example.org/")
    assert (numbered["numbers"], len(numbered["items"])) == ([3, 7, 9], 3)
    assert numbered["items"][1][0]["runs"] == [run("b", struck=True)]
    assert "".join(each["text"] for each in tasks["items"][0][0]["runs"]) == "[x] d"


def test_an_abstract_keeps_what_can_be_set() -> None:
    markup = """<p>A <em>b <strong>c</strong></em> <code>d</code><br> e  &amp; f <a href="/x/">g</a></p>
        <h2>H</h2> loose <ul><li>one<ul><li>two</li></ul></li><li><p>three</p></li></ul>
        <blockquote><p>q</p></blockquote><a href="javascript:alert(1)">j</a>"""
    assert abstract.blocks(markup, "https://ada.example.org/talks/t/") == [
        {
            "kind": "paragraph",
            "runs": [
                *(run("A "), run("b ", emphasis=True), run("c", emphasis=True, strong=True), run(" ")),
                *(run("d", code=True), run("\n"), run("e & f "), run("g", url="https://ada.example.org/x/")),
            ],
        },
        {"kind": "heading", "runs": [run("H")]},
        {"kind": "paragraph", "runs": [run("loose")]},
        {
            "kind": "bullets",
            "items": [
                [
                    {"kind": "paragraph", "runs": [run("one")]},
                    {"kind": "bullets", "items": [[{"kind": "paragraph", "runs": [run("two")]}]]},
                ],
                [{"kind": "paragraph", "runs": [run("three")]}],
            ],
        },
        {"kind": "quote", "blocks": [{"kind": "paragraph", "runs": [run("q")]}]},
        {"kind": "paragraph", "runs": [run("j")]},
    ]


def test_an_abstract_gives_the_rest_as_text() -> None:
    markup = """<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table>
        <pre><code>x = 1
y</code></pre><figure><img src="a.png" alt="A bridge"><figcaption>Old</figcaption></figure>
        <p class="invitation"><a href="#">Ask</a></p><p>n<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>
        <div class="footnote"><ol><li>note</li></ol></div><svg><text>drawn</text></svg><p> </p>"""
    said = ["".join(run["text"] for run in block["runs"]) for block in abstract.blocks(markup, "https://x.example/")]
    assert said == ["a · b", "c · d", "x = 1\ny", "A bridge", "Old", "n"]


def sheet_data(**talk: Any) -> dict[str, Any]:
    return {
        "speaker": {
            "name": "Ada",
            "line": "line",
            "language": "en",
            "email": "a@example.org",
            "mailto": "mailto:a@example.org",
        },
        "portrait": "",
        "fonts": (),
        "as_of": "",
        "words": dict.fromkeys(
            "talk abstract takeaways formats audience language stage voices contact".split(), "Label"
        ),
        "talk": {
            "title": "Title",
            "promise": "",
            "language": "en",
            "address": "https://ada.example.org/talks/t/",
            "abstract": [],
            "takeaways": [],
            "formats": [],
            "audience": "",
            "spoken": "",
            "stage": [],
            "testimonials": [],
        }
        | talk,
    }


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting((ROOT / "theme" / "one-sheet.typ").read_bytes(), b"", AS_OF, tmp_path / "fonts")


def read(pdf: bytes | None) -> PdfReader:
    from pypdf import PdfReader

    assert pdf
    return PdfReader(io.BytesIO(pdf))


def paragraph(text: str) -> dict[str, Any]:
    return {"kind": "paragraph", "runs": [run(text)]}


HOSTILE = """#panic("x") #import "/etc/passwd" $ x $ *bold* _it_ `raw` = Heading @ref <label> \\ // no /* comment */ ~ --- "q" ]"""


def test_no_text_is_taken_for_markup(setting: Setting) -> None:
    data = sheet_data(title=HOSTILE, promise=HOSTILE, abstract=[paragraph(HOSTILE)], stage=[HOSTILE], audience=HOSTILE)
    text = "".join(read(compiled(data, "a4", setting).pdf).pages[0].extract_text().split())
    assert text.count("".join(HOSTILE.split())) == 5


@settings(max_examples=15)
@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf"]), min_size=1, max_size=60
    )
)
def test_any_latin_text_can_be_set(text: str) -> None:
    setting = Setting((ROOT / "theme" / "one-sheet.typ").read_bytes(), b"", AS_OF, ROOT / "none")
    made = compiled(sheet_data(title=f"T {text}", stage=[text], abstract=[paragraph(f"a {text}")]), "letter", setting)
    assert made.pdf is None if any(c.isalnum() for c in made.lacking) else len(read(made.pdf).pages) == 1


@pytest.mark.parametrize("words", [10, 400, 600])
@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_a_sheet_is_one_page(paper: str, size: tuple[int, int], words: int, setting: Setting) -> None:
    data = sheet_data(abstract=[paragraph("word " * 50)] * (words // 50) + [paragraph("the end")])
    pages = read(compiled(data, paper, setting).pdf).pages
    assert len(pages) == 1
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == size
    assert "the end" in pages[0].extract_text()


def test_what_is_too_long_says_by_how_much(setting: Setting) -> None:
    data = sheet_data(abstract=[paragraph("word " * 50)] * 40)
    with pytest.raises(TooLongError) as caught:
        compiled(data, "a4", setting)
    assert 0 < caught.value.part < 1
    data["talk"]["abstract"] = data["talk"]["abstract"][: int(40 * (1 - caught.value.part))]
    assert len(read(compiled(data, "a4", setting).pdf).pages) == 1


def test_the_same_sheet_has_the_same_bytes(setting: Setting) -> None:
    data = sheet_data(abstract=[paragraph("words")])
    assert compiled(data, "a4", setting) == compiled(data, "a4", setting)


def test_symbols_without_a_font_are_left_out_and_letters_are_not(setting: Setting) -> None:
    made = compiled(sheet_data(title="A party 🎉 for two"), "a4", setting)
    assert made.lacking == "🎉"
    assert "A party for two" in read(made.pdf).pages[0].extract_text()
    made = compiled(sheet_data(title="沈黙"), "a4", setting)
    assert (made.pdf, made.lacking) == (None, "沈黙")


def test_a_title_keeps_no_gap_of_a_symbol_at_its_end(setting: Setting) -> None:
    made = read(compiled(sheet_data(title="A party 🎉"), "a4", setting).pdf)
    assert made.metadata
    assert made.metadata.title == "A party"


def test_addresses_are_written_from_left_to_right_on_every_sheet(setting: Setting) -> None:
    page = read(compiled(sheet_data(title="שלום", language="he"), "a4", setting).pdf).pages[0]
    runs: list[str] = []
    page.extract_text(visitor_text=lambda text, *_: runs.append(text.strip()))
    assert "https://ada.example.org/talks/t/" in runs  # its slash is not turned to the other side


def test_a_package_lists_what_is_in_it(tmp_path: Path) -> None:
    entries = [
        package.Entry("a.txt", b"A\n", "Ä text"),
        package.Entry("b.jpg", b"\xff" * 9, "A picture", "Credit: Bob"),
    ]
    data = package.package(entries, "Ada: kit\nAs of today", "https://ada.example.org/kit/", AS_OF)
    assert data == package.package(entries, "Ada: kit\nAs of today", "https://ada.example.org/kit/", AS_OF)
    (tmp_path / "kit.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.txt", "manifest.json", "a.txt", "b.jpg"]
        assert {info.date_time for info in archive.infolist()} == {(2026, 6, 4, 0, 0, 0)}
        listed = json.loads(archive.read("manifest.json"))
        people = archive.read("manifest.txt").decode()
    assert listed["as_of"] == "2026-06-04"
    assert listed["files"][1] == {
        "path": "b.jpg",
        "what": "A picture",
        "bytes": 9,
        "sha256": hashlib.sha256(b"\xff" * 9).hexdigest(),
        "credit": "Credit: Bob",
    }
    assert people.startswith(
        "Ada: kit\nAs of today\nhttps://ada.example.org/kit/\n\na.txt\n  Ä text\n  2 B\n  SHA-256 "
    )
    if shutil.which("unzip"):
        subprocess.run([shutil.which("unzip") or "", "-tq", tmp_path / "kit.zip"], check=True, capture_output=True)


def test_a_package_without_a_day_has_the_first_that_zip_can_tell() -> None:
    data = package.package([], "x", "https://x.example/", None)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
        assert json.loads(archive.read("manifest.json"))["as_of"] is None


def speaker(site: Site, text: str) -> None:
    site.write("speaker.toml", SPEAKER + text)


WHOLE = (
    AS_OF_LINE
    + f"""\
av = ["A lamp"]
introduction = "Here comes {{name}}, at last."
[pronunciation]
plain = "AY-da"
[bios]
characters_78 = "{"x" * 70}"
[headshot]
file = "kit/ada.jpg"
alt = "Ada"
credit = "Bob"
[terms]
fees = "A cake."
travel = "By train."
[[profiles]]
label = "Photographs"
url = "https://photos.example.org/ada"
"""
)


def whole(site: Site) -> None:
    speaker(site, WHOLE)
    site.write("kit/ada.jpg", photograph())
    site.write("talks/arches.md", TALK)


def test_an_owner_without_a_kit_has_no_page_no_file_and_no_link(site: Site) -> None:
    speaker(site, 'pronouns = "she"\n')
    site.build()
    assert not (site.output / "speaking/kit").exists()
    assert not (site.output / "kit").exists()
    assert "speaking/kit" not in site.read("speaking/index.html") + site.read("sitemap.xml")


def test_a_whole_kit(site: Site) -> None:
    whole(site)
    site.build()
    page = site.page("speaking/kit/")
    assert page.css_first("h1").text() == "The organiser’s kit"
    assert "speaking/kit/" in site.read("sitemap.xml")
    assert "/speaking/kit/" in site.read("speaking/index.html")
    assert "/speaking/introduction/" in site.read("speaking/kit/index.html")
    links = [a.attributes["href"].removeprefix("/") for a in page.css("a[download]")]
    assert len(links) == 7
    for link in links:
        assert (site.output / link).is_file()
    assert page.css_first("[data-copy]").attributes["data-copy"] == "Ada Example"
    assert "As of 4 June 2026" in page.body.text()
    for heading in page.css("h1, h2, h3"):
        assert heading.text(strip=True)
    # Nothing of the original is published.
    assert not list(site.output.rglob("ada.jpg"))
    talk = site.page("talks/arches/")
    assert {a.attributes["href"] for a in talk.css("a[download]")} == {"/kit/arches-a4.pdf", "/kit/arches-letter.pdf"}
    with zipfile.ZipFile(site.output / "kit/kit.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            *(
                "manifest.txt",
                "manifest.json",
                "texts/name.txt",
                "texts/bio-78-characters.txt",
                "texts/introduction.txt",
                "texts/on-stage.txt",
                "texts/terms.txt",
                "texts/profiles.txt",
                "pictures/headshot-square-web.jpg",
            ),
            *("pictures/headshot-square-print.jpg", "pictures/headshot-portrait-web.jpg"),
            *("pictures/headshot-portrait-print.jpg", "talks/arches-a4.pdf", "talks/arches-letter.pdf"),
        ]
        assert archive.read("texts/introduction.txt") == b"Here comes Ada Example (say AY-da), at last.\n"
        assert archive.read("texts/on-stage.txt").decode() == 'A lamp\n\nArches & "spans"\nA lamp\n'
        assert archive.read("texts/terms.txt").decode() == "Fees\nA cake.\n\nTravel\nBy train.\n"
        assert archive.read("texts/profiles.txt").decode() == "Photographs\nhttps://photos.example.org/ada\n"
        assert archive.read("talks/arches-a4.pdf") == (site.output / "kit/arches-a4.pdf").read_bytes()


def test_pages_show_the_picture_in_the_size_that_fits(site: Site) -> None:
    whole(site)
    site.write("pages/about.md", "title: About\n\nBridges.\n")
    site.write("pages/other.md", "title: Other\n\nNo bridges.\n")
    site.post("a")
    site.build()
    from PIL import Image

    for url in ("", "about/", "speaking/"):
        (image,) = site.page(url).css("figure.portrait img")
        about = image.attributes
        assert (about["alt"], about["width"], about["height"]) == ("Ada", "800", "800")
        assert "loading" not in about, "it stands above the fold"
        widths = []
        for source in (about["srcset"] or "").split(", "):
            address, width = source.split(" ")
            with Image.open(site.output / address.lstrip("/")) as picture:
                widths.append((f"{picture.width}w", picture.format))
            assert width == widths[-1][0]
        assert widths == [("240w", "JPEG"), ("480w", "JPEG"), ("800w", "JPEG")]
        assert about["src"] == "/kit/headshot-square-web.jpg"
        credit = site.page(url).css_first("figure.portrait figcaption")
        assert (credit.text() if credit else "") == ("Picture: Bob" if url else "")
    for url in ("a/", "other/", "speaking/kit/", "archive/"):
        assert not site.page(url).css(".portrait")


def test_without_a_headshot_no_page_shows_one(site: Site) -> None:
    speaker(site, WHOLE.replace('[headshot]\nfile = "kit/ada.jpg"\nalt = "Ada"\ncredit = "Bob"\n', ""))
    site.write("pages/about.md", "title: About\n\nBridges.\n")
    site.build()
    for page in pages_to_read(site.output):
        assert 'class="portrait"' not in page.read_text("utf-8")


BIOS = (
    AS_OF_LINE
    + f'[bios]\ncharacters_78 = "{"x" * 70}"\nwords_50 = """\nAda\'s "bridges" {"& so " * 22}\n\nThe end.\n"""\n'
)


def test_a_bio_is_placed_in_pages_and_posts(site: Site) -> None:
    speaker(site, BIOS)
    site.write("pages/about.md", "title: About\n\n/// bio\n///\n\nAnd:\n\n/// bio\nlength: characters_78\n///\n")
    site.post("a", "Who I am:\n\n/// bio\n    length: words_50\n///\n")
    site.build()
    longest, shortest = site.page("about/").css(".letter > .bio")
    assert [p.text() for p in shortest.css("p")] == ["x" * 70]
    assert longest.css("p")[0].text().startswith("Ada’s “bridges” & so & so")
    assert longest.css("p")[1].text() == "The end."
    assert (longest.attributes["lang"], longest.attributes["dir"]) == ("en", "ltr")
    assert site.page("a/").css_first(".letter > .bio").text() == longest.text()
    assert "Ada’s “bridges”" in site.read("feed.xml")


@pytest.mark.parametrize(
    ("toml", "block", "said"),
    [
        pytest.param(
            BIOS, "length: words_5", "3: `words_5` is no length of a bio; did you mean `words_50`?", id="no length"
        ),
        pytest.param(
            BIOS,
            "length: short",
            "3: `short` is no length of a bio; known are characters_78, characters_150, words_50, words_100, words_250",
            id="a word",
        ),
        pytest.param(
            BIOS,
            "length: words_250",
            "3: there is no such bio; write `words_250` below [bios] in speaker.toml, "
            "or ask for `length: characters_78` or `length: words_50`",
            id="not written",
        ),
        pytest.param(
            "", "", "2: there is no such bio; write `words_100` below [bios] in speaker.toml", id="none written"
        ),
        pytest.param(BIOS, "size: words_50", "3: `/// bio` has no option `size`; it has `length: …`", id="no option"),
    ],
)
def test_a_bio_that_cannot_be_placed_is_a_problem_with_its_line(toml: str, block: str, said: str, site: Site) -> None:
    speaker(site, toml)
    site.write("pages/about.md", f"title: About\n/// bio\n{block}\n///\n".replace("About\n", "About\n\n", 1))
    line, message = said.split(": ", 1)
    assert site.problems() == [f"pages/about.md:{int(line) + 1}: {message}"]


def test_the_introduction_says_the_name(site: Site) -> None:
    whole(site)
    site.build()
    page = site.page("speaking/introduction/")
    assert " ".join(page.css_first("#spoken").text().split()) == "Here comes Ada Example (say AY-da), at last."
    assert page.css_first("#spoken strong").text() == "Ada Example"


def test_a_sheet_is_tagged_titled_and_in_its_language(site: Site) -> None:
    whole(site)
    site.build()
    reader = read((site.output / "kit/arches-a4.pdf").read_bytes())
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert (reader.metadata.title, reader.metadata.author) == ("Arches & “spans”", "Ada Example")
    assert reader.metadata.creation_date == dt.datetime(2026, 6, 4, tzinfo=dt.UTC)
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
    tags = [node["/S"] for node in nodes(root["/StructTreeRoot"]["/K"])]
    assert [tag for tag in tags if tag.startswith("/H")] == ["/H1", *["/H2"] * 8]
    assert [node["/Alt"] for node in nodes(root["/StructTreeRoot"]["/K"]) if node["/S"] == "/Figure"] == ["Ada"]
    text = reader.pages[0].extract_text()
    for part in (
        "Ada Example",
        "The first bridge, the second, and the third.",
        "Two & three",
        "Grace, engineer",
        "English, or slow German",
        "ada@example.org",
        "https://ada.example.org/talks/arches/",
    ):
        assert part in text
    links = [note.get_object()["/A"]["/URI"] for note in reader.pages[0]["/Annots"]]
    assert "https://bridges.example.org/" in links


def nodes(node: Any) -> list[Any]:
    """Give the structure elements below a node of the tree, in reading order."""
    from pypdf.generic import ArrayObject, DictionaryObject

    node = node.get_object()
    if isinstance(node, ArrayObject):
        return [found for child in node for found in nodes(child)]
    if isinstance(node, DictionaryObject) and "/S" in node:
        return [node, *(nodes(node["/K"]) if "/K" in node else [])]
    return []


def test_talks_alone_make_a_kit(site: Site) -> None:
    site.write("talks/arches.md", TALK)
    site.build()
    page = site.page("speaking/kit/")
    assert [h2.text() for h2 in page.css("h2")] == ["Name", "Talks, on a sheet each", "On stage"]
    assert not (site.output / "speaking/introduction").exists()


def test_the_day_of_the_newest_talk_serves_too(site: Site) -> None:
    speaker(site, 'av = ["A lamp"]\n')
    site.write("talks/arches.md", TALK.replace("audience", "modified: 2026-03-04\naudience"))
    site.build()
    assert "As of 4 March 2026" in site.read("speaking/kit/index.html")


def test_every_problem_of_the_kit_comes_at_once_with_its_line(site: Site) -> None:
    speaker(
        site,
        f"""\
introduction = "Hello {{nmae}}"
[bios]
characters_78 = "{"x" * 79}"
words_50 = '''
few
words
'''
[headshot]
file = "kit/none.jpg"
alt = "Ada"
credit = "Bob"
""",
    )
    site.write("kit/nones.jpg", b"")
    site.write("talks/long.md", TALK + "\n" + "word " * 3000)
    site.post("post", body="[x]({filename}gone.md)\n")
    assert site.problems() == [
        "posts/post.md:4: there is no file posts/gone.md; did you mean talks/long.md?",
        (
            "speaker.toml:1: `as_of` is missing; add a line like `as_of = 2026-06-04`, the day these texts were last true, "
            "above the first line in [brackets]"
        ),
        "speaker.toml:7: `{nmae}` is not filled in here; write {name} where your name is said",
        "speaker.toml:15: there is no picture kit/none.jpg in the content folder; did you mean `kit/nones.jpg`?",
        "talks/long.md:18: this talk does not fit on one sheet of paper; take some 2399 words out of its text",
    ]


@pytest.mark.parametrize(("data", "said"), [(b"no picture", "is no JPEG"), (photograph((10, 10)), "is 10×10 pixels")])
def test_a_picture_of_no_use_is_a_problem_with_its_line(data: bytes, said: str, site: Site) -> None:
    whole(site)
    site.write("kit/ada.jpg", data)
    (problem,) = site.problems()
    assert problem.startswith(f"speaker.toml:15: the picture kit/ada.jpg {said}")


def test_a_slow_introduction_and_missing_letters_are_warned_of(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    speaker(site, f'{AS_OF_LINE}introduction = "{"word " * 200}"\n')
    site.write("talks/silence.md", TALK.replace('Arches & "spans"', "𒀀𒈪"))
    site.build()
    of_kit = [record for record in caplog.records if record.name == "plugins.kit"]
    messages = [record.getMessage().removeprefix(f"{site.content}/") for record in of_kit]
    assert messages == [
        "speaker.toml:8: the introduction takes 93 seconds to read aloud; take out 39 words to stay below 75",
        f"talks/silence.md:1: the fonts for paper lack `𒀀𒈪`, so it has no one-sheet; put a font that has them (.ttf or .otf) into {site.content}/kit/fonts/",
    ]
    assert not list(site.output.glob("kit/*.pdf"))
    assert not site.page("talks/silence/").css("a[download]")


def test_a_sheet_is_set_in_the_letters_that_ship_with_the_theme(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    whole(site)
    site.write("talks/silence.md", "lang: ja\n" + TALK.replace('Arches & "spans"', "最初の沈黙 🎉"))
    site.build()
    assert not [record for record in caplog.records if record.name == "plugins.kit"]
    sheet = (site.output / "kit" / "silence-a4.pdf").read_bytes()
    assert "最初の沈黙 🎉" in read(sheet).pages[0].extract_text()
    fonts = {str(font) for font in re.findall(rb"/BaseFont ?/[A-Z]{6}[+]([\w-]+)", sheet)}
    assert any("NotoSerifCJKjp" in font for font in fonts)
    site.write("kit/fonts/own.otf", (ROOT / "theme" / "fonts" / "NotoSerifCJKsc-Regular.otf").read_bytes())
    site.write("talks/silence.md", "lang: ja\n" + TALK.replace('Arches & "spans"', "最初"))
    site.build()
    assert b"NotoSerifCJKsc" in (site.output / "kit" / "silence-a4.pdf").read_bytes()


def test_the_keys_that_wait_in_the_owner_s_file_can_be_used(site: Site) -> None:
    owner = (ROOT / "content" / "speaker.toml").read_text("utf-8")
    waiting = re.sub(r'^# (?=[a-z_0-9]+ = |\[|"""|Please welcome)', "", owner, flags=re.MULTILINE)
    assert waiting.count("\n# ") < owner.count("\n# ") - 20
    site.write("speaker.toml", waiting.replace('card = "images/card.png"', ""))
    site.write("kit/portrait.jpg", photograph())
    site.post("post", tags="a tag of yours")
    site.write("pages/about.md", "title: About\n\nAda.\n")
    assert site.problems() == []
    assert site.page("speaking/introduction/").css_first("#spoken strong").text() == "Hank Blank"


def test_texts_cannot_have_been_true_on_a_day_to_come(site: Site) -> None:
    speaker = site.content / "speaker.toml"
    speaker.write_text(speaker.read_text("utf-8") + 'as_of = 2062-01-01\nav = ["A lamp"]\n', "utf-8")
    assert site.problems() == [
        "speaker.toml:7: 2062-01-01 is still to come; write the day on which these texts were last true"
    ]


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        pytest.param("words_50", "few words", "has 2 words; write 41 more at least", id="too short"),
        pytest.param("characters_78", "x" * 79, "has 79 characters; take out 1", id="one character too many"),
        pytest.param("characters_150", "x" * 127, "has 127 characters; write 1 more at least", id="one too few"),
        pytest.param("words_100", "語" * 101, "has 101 words; take out 1", id="a script without spaces"),
    ],
)
def test_a_bio_of_another_length_is_left_out_with_a_warning_and_the_rest_is_published(
    site: Site, key: str, text: str, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = "ok " * 250
    speaker(site, f'{AS_OF_LINE}[bios]\n{key} = "{text}"\nwords_250 = "{good.strip()}"\n')
    assert site.problems() == []
    (warning,) = [record.getMessage() for record in caplog.records if "bio has" in record.getMessage()]
    line = site.content.joinpath("speaker.toml").read_text("utf-8").splitlines().index(f'{key} = "{text}"') + 1
    assert f"speaker.toml:{line}: the " in warning
    assert said in warning
    assert warning.endswith("; until then the kit leaves it out")
    kit = site.page("speaking/kit/")
    assert good.strip() in kit.html
    assert text not in kit.html
    assert [told["limit"] for told in json.loads(site.read("speaker.json"))["bios"]] == [250]
    with zipfile.ZipFile(next(site.output.glob("kit/*.zip"))) as package:
        assert text not in "".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


def test_with_no_bio_that_fits_there_is_no_kit_for_it_alone(site: Site) -> None:
    speaker(site, '[bios]\nwords_50 = "few words"\n')
    assert site.problems() == []
    assert not (site.output / "speaking/kit").exists()
