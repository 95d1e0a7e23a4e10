"""Names of files, whatever form, capitals or place they are written with, in the whole site and alone."""

from __future__ import annotations

import logging
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sharing import PNG

from plugins import ledger, names
from plugins.problems import Edit, SiteError, did_you_mean
from tools.desk.letters import Wanted, new
from tools.inspection.mending import mend

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

HEAD = "title: A\ndate: 2026-01-02\n\n"
NAME = "Größe"
MAC = unicodedata.normalize("NFD", NAME)
# Composed and decomposed, the same to any reader: Latin, Vietnamese, kana and Hangul.
FORMS = [NAME, "Việt-Nam", "がぎ", "한글", "e\u0301te\u0323\u0301"]


def one_form(disk: Path) -> bool:
    """Tell whether a file system takes both forms of a name for one."""
    (disk / NAME).mkdir()
    both = (disk / MAC).exists()
    (disk / NAME).rmdir()
    return both


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_a_name_is_one_in_both_forms(
    site: Site, name: str, on_disk: str, written: str, caplog: pytest.LogCaptureFixture
) -> None:
    there, said = unicodedata.normalize(on_disk, name), unicodedata.normalize(written, name)  # type: ignore[arg-type]
    published = unicodedata.normalize("NFC", name)
    site.write(f"images/{there}.png", PNG)
    site.write(f"extra/{there}.txt", "Hi.")
    site.write(f"kit/{there}.pdf", "Hi.")
    site.write(
        f"posts/{there}.md", f"title: Other\ndate: 2026-01-03\nid: urn:x\n\n## There\n\n[a]({{filename}}{said}.md)\n"
    )
    site.write(
        "posts/a.md",
        f"title: A\ndate: 2026-01-02\nslug: a\nimage: images/{said}.png\nimage_alt: A\n\n"
        f"[Other]({{filename}}{said}.md#there), ![B]({{static}}/images/{said}.png), ![C](/images/{quote(said)}.png),\n"
        f"<a href='https://ada.example.org/images/{said}.png'>D</a> [E]({{static}}/extra/{said}.txt)\n"
        f"[F]({{static}}/kit/{said}.pdf)\n"
        f"<a href='https://other.example/{said}'>elsewhere</a>\n",
    )
    assert site.problems() == []
    assert not [record.getMessage() for record in caplog.records if record.name.startswith("pelican")]
    page = site.read("a/index.html")
    assert (site.output / "kit" / f"{published}.pdf").is_file()
    assert (site.output / "images" / f"{published}.png").is_file()
    assert (site.output / f"{published}.txt").is_file()
    assert all(unicodedata.is_normalized("NFC", path.name) for path in site.output.rglob("*"))
    assert f"https://other.example/{said}" in page, "what another host calls a file is its own matter"
    own = page.replace(f"https://other.example/{said}", "")
    assert unicodedata.is_normalized("NFC", own)
    assert quote(unicodedata.normalize("NFD", name)) not in own or published == unicodedata.normalize("NFD", name)
    assert own.count('width="') >= 2


def test_two_files_of_one_name_in_two_forms_are_both_named(site: Site, tmp_path: Path) -> None:
    if one_form(tmp_path):
        pytest.skip("this file system takes both for one")
    for name in (NAME, MAC):
        site.write(f"images/{name}.png", PNG)
        site.write(f"posts/{name}.md", HEAD.replace("date", f"slug: {len(name)}-x\ndate"))
    problems = site.problems()
    assert len(problems) == 2
    assert all("there are two files" in problem and NAME in problem for problem in problems)


@pytest.mark.parametrize("names", [("images/hat.png", "images/Hat.PNG"), ("posts/hat.md", "posts/HAT.md")])
def test_two_files_that_differ_in_capitals_are_both_named(site: Site, names: tuple[str, str]) -> None:
    for at, name in enumerate(names):
        site.write(name, PNG if name.startswith("images") else HEAD.replace("date", f"slug: hat-{at}\ndate"))
    if len(list((site.content / names[0]).parent.iterdir())) < 2:
        pytest.skip("this file system ignores capitals")
    (problem,) = site.problems()
    assert all(name in problem for name in names)
    assert "in capitals only" in problem


def test_published_toml_knows_a_file_in_either_form(site: Site) -> None:
    entry = 'id = "urn:old"\naddresses = ["old/"]\ntitle = "Other"\ndate = 2026-01-03\n'
    site.write("published.toml", f'["posts/{MAC}.md"]\n{entry}')
    site.write(f"posts/{NAME}.md", "title: Other\ndate: 2026-01-03\n\nWords.\n")
    assert site.problems() == []
    assert "urn:old" in site.read("feed.xml")
    assert "../grosse/" in site.read("old/index.html") or "/grosse/" in site.read("old/index.html")
    both = f'["posts/{NAME}.md"]\n{entry}\n["posts/{MAC}.md"]\n{entry}gone = true\n'
    known = ledger.load(site.write("published.toml", both), "published.toml")
    assert [(name, known[name].gone) for name in known] == [(f"posts/{NAME}.md", False)]


def test_a_photograph_a_card_and_a_menu_are_found_in_either_form(site: Site) -> None:
    from PIL import Image

    for path, size in ((f"kit/{MAC}.jpg", (1000, 1250)), (f"images/{MAC}.png", (1200, 630))):
        (site.content / path).parent.mkdir(exist_ok=True)
        Image.new("RGB", size).save(site.content / path)
    site.write(f"extra/{MAC}.html", "<p>Hi.")
    speaker = (site.content / "speaker.toml").read_text("utf-8")
    more = f'[headshot]\nfile = "kit/{NAME}.jpg"\nalt = "A"\ncredit = "B"\n[[menu]]\nlabel = "A"\nurl = "/{MAC}.html"\n'
    site.write("speaker.toml", f'{speaker}card = "images/{NAME}.png"\nas_of = 2026-01-02\n{more}')
    assert site.problems() == []
    assert (site.output / "kit/headshot-square-web.jpg").is_file()
    assert f"/{NAME}.html" in site.read("index.html")


def test_a_photograph_in_other_capitals_is_named_and_mended(site: Site) -> None:
    site.write("kit/Ada.JPG", PNG)
    site.write("kit/ada2.jpg", PNG)
    path = site.content / "speaker.toml"
    speaker = path.read_text("utf-8")
    path.write_text(
        f'{speaker}as_of = 2026-01-02\n[headshot]\nfile = "kit/ada.jpg"\nalt = "A"\ncredit = "B"\n', "utf-8"
    )
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert problem.message.endswith("; did you mean `kit/Ada.JPG`?")
    assert problem.fix == (Edit(problem.line, "kit/ada.jpg", "kit/Ada.JPG"),)
    assert path.read_text("utf-8").splitlines()[problem.line - 1] == 'file = "kit/ada.jpg"'


@pytest.mark.parametrize(
    ("name", "written", "said", "mended"),
    [
        ("Card.png", "images/card.png", "did you mean `images/Card.png`?", True),
        ("card.PNG", "card.PNG", "did you mean `images/card.PNG`?", True),
        ("card.png", "images/crad.png", "did you mean `images/card.png`?", False),
        ("my card.png", "images/my card.png", "rename the file, and write images/my-card.png", False),
        ("card.webp", "images/card.webp", "save it as PNG or JPEG, and name that", False),
        ("card(1).png", "images/card(1).png", "make it 1200×630", False),
    ],
)
def test_what_is_wrong_with_a_cards_name_is_said_and_what_is_certain_is_mended(
    site: Site, name: str, written: str, said: str, *, mended: bool
) -> None:
    site.write(f"images/{name}", PNG)
    path = site.content / "speaker.toml"
    path.write_text(f'{path.read_text("utf-8")}card = "{written}"\n', "utf-8")
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert problem.message.endswith(said)
    assert problem.fix == ((Edit(problem.line, written, f"images/{name}"),) if mended else ())
    assert path.read_text("utf-8").splitlines()[problem.line - 1] == f'card = "{written}"'


@pytest.mark.parametrize(
    ("written", "said", "mended"),
    [
        ("gone.md", "there is no file posts/gone.md; write the path of one that is there", ""),
        ("secnd.md", "there is no file posts/secnd.md; did you mean posts/second.md?", ""),
        ("SECOND.md", "for capitals count; did you mean posts/second.md?", "{filename}second.md"),
        ("second.md", "write {filename}second.md", ""),
        ("posts/second.md", "did you mean posts/second.md?", "{filename}/posts/second.md"),
        ("second.html", "write {filename}/posts/second.md", ""),
        ("/2026/second/", "write {filename}/posts/second.md", ""),
        ("Second", "write {filename}/posts/second.md", ""),
        ("{filename}c#.md", "holds `#`, which breaks addresses; rename the file c-sharp.md, and link to that", ""),
        ("{static}/images/room.jpg", "did you mean images/Room.JPEG?", ""),
    ],
)
def test_a_link_to_a_file_that_is_not_there_names_one_that_is(site: Site, written: str, said: str, mended: str) -> None:
    site.write("images/Room.JPEG", PNG)
    site.post("second")
    site.post("c#")
    site.post("a", f"[A]({written})\n")
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert problem.message.endswith(said)
    if mended:
        assert [edit.new[edit.new.index("(") + 1 :] for edit in problem.fix] == [mended]


def test_a_picture_in_a_head_that_is_not_there_brings_the_one_most_like_it(site: Site) -> None:
    site.write("images/Room.JPEG", PNG)
    site.post("a", image="images/room.jpg", image_alt="B")
    (problem,) = site.problems()
    assert problem.endswith("there is no picture images/room.jpg; did you mean images/Room.JPEG?")


# What was written, and what becomes of it by --fix. The files are images/room.jpg, images/2026/stage.jpg and slides.pdf.
PATHS = {
    "images/room.jpg": "{static}/images/room.jpg",
    "Images/Room.JPG": "{static}/images/room.jpg",
    "./images/room.jpg": "{static}/images/room.jpg",
    "room.jpg": "{static}/images/room.jpg",
    "content/images/room.jpg": "{static}/images/room.jpg",
    "../content/images/room.jpg": "{static}/images/room.jpg",
    r"images\room.jpg": "{static}/images/room.jpg",
    r"..\images\room.jpg": "{static}/images/room.jpg",
    "/images/Room.jpg": "/images/room.jpg",
    "{static}/images/Room.jpg": "{static}/images/room.jpg",
    "{static}../images/ROOM.jpg": "{static}../images/room.jpg",
    "{static}images/room.jpg": "{static}/images/room.jpg",
    "{static}/room.jpg": "{static}/images/room.jpg",
    "{filename}/images/room.jpg": "{static}/images/room.jpg",
    "stage.jpg": "{static}/images/2026/stage.jpg",
    "images/stage.jpg": "",
    "/home/ada/blog/content/images/room.jpg": "{static}/images/room.jpg",
    r"C:\Users\Ada\blog\content\images\room.jpg": "{static}/images/room.jpg",
    r"C:\Users\Ada\Pictures\room.jpg": "",
    "file:///Users/ada/Pictures/room.jpg": "",
    "~/Pictures/room.jpg": "",
}


def prepared(site: Site, written: str, form: str) -> Path:
    for name in ("room.jpg", "2026/stage.jpg"):
        site.write(f"images/{name}", PNG)
    # The right picture stands above, so that its line is the wrong one.
    return site.write("posts/a.md", f"{HEAD}![A]({{static}}/images/room.jpg)\n\n{form.format(written)}\n")


@pytest.mark.parametrize("form", ["![B]({})", "[B]({})", '<img src="{}" alt="B">', "![B][1]\n\n[1]: {}"])
@pytest.mark.parametrize("written", PATHS)
def test_the_file_that_is_there_is_named_and_what_is_certain_is_mended(site: Site, written: str, form: str) -> None:
    path = prepared(site, written, form)
    line = 8 if "[1]" in form else 6
    right = PATHS[written]
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert (problem.line, problem.rule) == (line, "broken-link")
    assert (right or "images/").removeprefix("{static}").lstrip("./") in problem.message
    before = path.read_text("utf-8")
    list(mend(site.content.parent, [problem._replace(path=f"content/{problem.path.rpartition('/content/')[2]}")]))
    assert path.read_text("utf-8") == (before[::-1].replace(written[::-1], right[::-1], 1)[::-1] if right else before)
    if right:
        assert site.problems() == []


@pytest.mark.parametrize("written", ["../images/room.jpg", "/images/room.jpg", "images/room.jpg"])
def test_below_a_path_the_file_is_named_too(site: Site, written: str) -> None:
    speaker = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", speaker.replace('ada.example.org"\nshare', 'ada.example.org/blog"\nshare'))
    prepared(site, written, "![B]({})")
    found = site.problems()
    assert len(found) == (written[0] != ".")
    assert all("write {static}/images/room.jpg" in problem for problem in found)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            r"C:\Users\Ada Example\My Photo (1).JPG",
            "content/images as my-photo-1.jpg, and write {static}/images/my-photo-1.jpg",
        ),
        ("C:/Users/ada/hat.png", "content/images as hat.png"),
        ("/Users/ada/Desktop/hat.png", "content/images as hat.png"),
        ("/home/ada/hat.png", "content/images as hat.png"),
        ("file:///C:/Users/Ada/My%20Hat.png", "content/images as my-hat.png"),
        ("~/Pictures/hat.png", "content/images as hat.png"),
        (r"\\server\share\hat.png", "content/images as hat.png"),
        ("smb://server/share/hat.png", "content/images as hat.png"),
        (r"%USERPROFILE%\hat.png", "content/images as hat.png"),
        ("/private/var/folders/x/hat.png", "content/images as hat.png"),
        ("/c/Users/ada/hat.HEIC", "content/images as hat.heic"),
        ("file:///home/ada/Slides.pdf", "content/extra as Slides.pdf"),
    ],
)
@pytest.mark.parametrize("form", ["![B](<{}>)", "<img src='{}' alt='B'>", "[B](<{}>)"])
def test_a_path_of_the_authors_computer_gets_the_advice_for_pictures(
    site: Site, written: str, said: str, form: str
) -> None:
    prepared(site, written, form)
    (problem,) = site.problems()
    assert problem.startswith("posts/a.md:6: ")
    assert f"copy it into {said}" in problem


def test_where_static_is_not_followed_the_address_itself_is_named(site: Site) -> None:
    prepared(site, "images/room.jpg 2x", '<img src="/images/room.jpg" srcset="{}" alt="B">')
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert problem.message.endswith("; write /images/room.jpg")
    assert problem.fix == ()


def test_a_page_below_media_is_an_address_like_any_other(site: Site) -> None:
    site.write("extra/media/hat.png", PNG)
    site.write("posts/a.md", f"{HEAD}![A](/media/hat.png)\n")
    assert site.problems() == []


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("images/Room.JPG", "images/room.jpg"),
        ("room.jpg", "images/room.jpg"),
        ("/images/room.jpg", "images/room.jpg"),
        ("{static}/images/room.jpg", "images/room.jpg"),
        (r"content\images\room.jpg", "images/room.jpg"),
        ("images/2025/stage.jpg", ""),
        (r"C:\Users\Ada\hat.png", ""),
    ],
)
@pytest.mark.parametrize("key", ["image", "recording_image"])
def test_a_picture_named_in_the_head_is_found_likewise(site: Site, key: str, written: str, mended: str) -> None:
    for name in ("room.jpg", "2026/stage.jpg"):
        site.write(f"images/{name}", PNG)
    if key == "image":
        path = site.write("posts/a.md", f"title: A\ndate: 2026-01-02\nimage: {written}\nimage_alt: B\n\nC\n")
    else:
        head = (
            "title: A\npromise: B.\ntakeaways:\n  - C\n  - D\n  - E\nrecording: https://x.example/\nrecording_alt: F\n"
        )
        path = site.write("talks/a.md", f"---\n{head}recording_image: '{written}'\n---\n\nG\n")
    with pytest.raises(SiteError) as stopped:
        site.build()
    (problem,) = stopped.value.problems
    assert problem.rule == "named-picture"
    assert (mended or "images/") in problem.message
    assert [edit.new for edit in problem.fix] == [mended] * bool(mended)
    if mended:
        path.write_text(path.read_text("utf-8").replace(*problem.fix[0][1:]), "utf-8")
        assert site.problems() == []


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("images/my photo.png", "images/my-photo.png"),
        ("images/50% off.png", "images/50-off.png"),
        ("images/a#1.png", "images/a-1.png"),
        ("images/trip to Rome/hat.png", "images/trip-to-rome/hat.png"),
        ("extra/My CV.pdf", "extra/my-cv.pdf"),
    ],
)
def test_a_file_whose_name_is_refused_stops_the_build_only_where_it_is_used(
    site: Site, name: str, better: str, caplog: pytest.LogCaptureFixture
) -> None:
    site.write(name, PNG)
    with caplog.at_level(logging.WARNING):
        assert site.problems() == []
    (told,) = [record.problem for record in caplog.records if hasattr(record, "problem")]
    assert told.rule == "unfit-name"
    assert told.message.endswith(f"rename it {better.rpartition('/')[2]}")
    assert not list(site.output.rglob(name.rpartition("/")[2]))
    site.write("posts/a.md", f"{HEAD}[A](<{{static}}/{name}>)\n")
    (problem,) = site.problems()
    assert problem.startswith("posts/a.md:4: ")
    assert f"{{static}}/{better}" in problem
    (site.content / name).rename(site.content / name.replace(name.rpartition("/")[2], better.rpartition("/")[2]))


def test_a_refused_name_in_the_head_and_a_better_one_that_is_taken(site: Site) -> None:
    site.write("images/my hat.png", PNG)
    site.write("images/my-hat.png", PNG)
    site.write("posts/a.md", "title: A\ndate: 2026-01-02\nimage: images/my hat.png\nimage_alt: B\n\nC\n")
    (problem,) = site.problems()
    assert problem.startswith("posts/a.md:3: ")
    assert "write images/my-hat-2.png" in problem


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(["NFC", "NFD"]))
def test_an_address_in_one_form_stays_what_it_means(text: str, form: str) -> None:
    root = "https://ada.example.org"
    written = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    for address in (f"/x/{written}", f"/x/{quote(written)}", f"{root}/{written}"):
        made = names.composed_address(address, root)
        assert names.composed_address(made, root) == made
        assert unicodedata.normalize("NFC", address) == unicodedata.normalize("NFC", made) or "%" in address
    assert names.composed_address(f"https://x.example/{written}", root) == f"https://x.example/{written}"


@pytest.mark.parametrize(
    "case", ["images/Room.jpg", "Images/room.jpg", "images/room.jpg/", "images/../images/room.jpg", "images"]
)
def test_a_file_is_located_by_its_very_name(tmp_path: Path, case: str) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images/room.jpg").touch()
    (tmp_path / "images" / f"{MAC}.jpg").touch()
    assert names.located(tmp_path, "images/room.jpg") == tmp_path / "images/room.jpg"
    found = names.located(tmp_path, f"images/{NAME}.jpg")
    assert found is not None
    assert found.samefile(tmp_path / "images" / f"{MAC}.jpg")
    assert names.located(tmp_path, case) is None or case.endswith("/")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_option_names_a_talk_in_either_form(site: Site, form: str) -> None:
    site.write("talks/a.md", "title: A\nslug: größe\n\nWords.\n")
    written = unicodedata.normalize(form, "größe")  # type: ignore[arg-type]
    new(site.content.parent, site.content, "Hello", Wanted(talk=f"{written}.md"))
    assert "talk: größe\n" in (site.content / "posts/hello.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "taken", "better"),
    [
        ("images/my photo.png", set(), "images/my-photo.png"),
        ("images/my photo.png", {"images/my-photo.png", "images/my-photo-2.png"}, "images/my-photo-3.png"),
        ("images/???.png", set(), "images/file.png"),
        ("images/ü b.JPG", set(), "images/u-b.jpg"),
        ("?/a.png", set(), "folder/a.png"),
        ('images/a"b\\c#1.png', set(), "images/a-b-c-1.png"),
        ("extra/.my file", set(), "extra/file.my-file"),
        ("extra/my file", set(), "extra/my-file"),
    ],
)
def test_a_name_to_take_instead(name: str, taken: set[str], better: str) -> None:
    assert names.addressable_name(name, taken) == better


@settings(deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_whatever_a_file_is_called_the_other_name_is_none_that_is_refused(name: str) -> None:
    assert not names.unfit_character(names.addressable_name(f"images/{name}"))


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=20), max_size=4))
def test_what_is_meant_is_one_of_the_files_that_are_there(written: str, known: list[str]) -> None:
    assert set(names.meant(written, known).files) <= set(known)


@pytest.mark.parametrize(
    ("word", "known", "near"),
    [("ROOM", ["ROAM", "room"], "room"), ("hall", ["HALL", "hal"], "HALL"), ("hal", ["hall", "xyz"], "hall")],
)
def test_what_differs_in_capitals_is_nearer_than_what_is_alike(word: str, known: list[str], near: str) -> None:
    assert did_you_mean(word, known) == f"; did you mean `{near}`?"


def test_a_file_in_other_capitals_is_named_before_one_that_is_alike(site: Site) -> None:
    for name in ("ROAM.png", "room.png"):
        site.write(f"images/{name}", PNG)
    site.write("posts/a.md", f"{HEAD}![A]({{static}}/images/ROOM.png)\n")
    (problem,) = site.problems()
    assert problem.endswith("there is no file images/ROOM.png, for capitals count; did you mean images/room.png?")
