from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image, ImageChops
from sites import ROOT, build

from plugins import speaker
from plugins.cards import card, drawing, png
from plugins.cards.card import Card, Text, drawable
from plugins.fonts import Fonts
from plugins.speaker import CARD_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site

    from plugins.pictures import Picture

THEME = ROOT / "theme"
TITLES = {
    "very long": ("Once upon a time there was a title that did not want to end, " * 6, "en"),
    "one very long word": ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "de"),
    "nothing to break at": ("a" * 112 + " /x" * 40, "en"),
    "one character": ("W", "en"),
    "Arabic": ("كيف تبدأ الحديث مع شخص لا تعرفه؟ ثلاث قواعد بسيطة", "ar"),
    "Hebrew with Latin and figures": ("שָׁלוֹם Hank Blank 2026: שיחה על networking", "he"),
    "Japanese": ("最初の一言の前の沈黙：話し手が黙っているあいだ、聴き手は「耳を澄ませて」いる", "ja"),
    "very long Chinese": ("如何在一次会议上让所有人都记住你的名字而不觉得你烦人，鬱鬱寡歡龘以及其他" * 4, "zh"),
    "Korean": ("처음 만난 사람에게 말을 거는 세 가지 방법", "ko"),
    "emoji": ("The family 👩‍👩‍👧‍👦 flies 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 👍🏽 ❤️‍🔥 1️⃣ ☕", "en"),
    "combining marks": ("Người Việt Z̸̡̢̛̖̗̘̙̜̝̞̟̠̊̋̌̍̎̏̐̑̒å̵̧̛̖̗̘̙̜̝̞̟̠̋̌̍̎l̶̨̛̖̗̘̙̊̋̌̍g̷̡̛̖̗o̸̊̋̌̍ Ế Ặ Ỡ", "vi"),
    "markup": ('#set text(red) $x^2$ *bold* _it_ `code` \\ "Q&A" <b> @me [x] // -- ~ 50% {name}', "en"),
    "controls and both directions": ("abc \u202eevil\u202c \u2067שלום\u2069 123 (ابجد) \x07\x00\x1b[31m end", "en"),
    "a script that no font writes": ("𒀀𒈪𒊏 𒀭", "akk"),
    "nothing": ("", "en"),
}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    return Fonts(THEME / "fonts", tmp_path_factory.mktemp("fonts"))


def data(fonts: Fonts, title: str, language: str = "en", **other: Text) -> dict[str, Any]:
    texts = {
        "name": Text("Ada Example", "en", "ltr"),
        "line": Text("speaks about bridges", "en", "ltr"),
        "address": Text("ada.example.org", "en", "ltr"),
        "label": Text("4 June 2026", "en", "ltr"),
    }
    direction = speaker.direction(language)
    return drawable(Card(title=Text(title, language, direction), **texts | other), fonts).data


def drawn(fonts: Fonts, title: str, language: str = "en", **other: Text) -> bytes:
    return draughtsman().drawn(data(fonts, title, language, **other))


def draughtsman() -> drawing.Draughtsman:
    return drawing.Draughtsman((THEME / "card.typ").read_bytes(), THEME / "fonts")


def opened(picture: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(picture))
    image.load()
    return image.convert("RGB")


def ink(picture: Image.Image, area: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
    """Give the box around all that is not paper in a part of a picture, in pixels of that part."""
    part = picture.crop(area)
    return ImageChops.difference(part, Image.new("RGB", part.size, (0xF7, 0xF3, 0xEA))).getbbox()


TITLE = (0, 215, 1200, 545)


@pytest.mark.parametrize(("title", "language"), TITLES.values(), ids=TITLES)
def test_a_hard_title_stands_inside_its_card(fonts: Fonts, title: str, language: str) -> None:
    made = drawn(fonts, title, language)
    picture = opened(made)
    assert made.startswith(b"\x89PNG")
    assert len(made) <= 60_000
    assert picture.size == (1200, 630)
    box = ink(picture, TITLE)
    if not title:
        assert box is None
        return
    assert box
    assert (box[0] >= 70, box[2] <= 1130) == (True, True), "it touches the margins"
    assert (box[1] > 2, box[3] < 328) == (True, True), "it touches the rule or the foot"
    assert ink(picture, (0, 0, 60, 630)) is ink(picture, (1140, 0, 1200, 630)) is None
    assert ink(picture, (0, 600, 1200, 630)) is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_names_and_addresses_keep_their_line(fonts: Fonts, language: str) -> None:
    long = {key: Text("Ada Example and others " * 9, "en", "ltr") for key in ("name", "line", "address", "label")}
    picture = opened(drawn(fonts, "Title", language, **long))
    assert ink(picture, (0, 0, 60, 630)) is ink(picture, (1140, 0, 1200, 630)) is None


def test_a_short_title_is_set_larger(fonts: Fonts) -> None:
    def height(title: str) -> int:
        box = ink(opened(drawn(fonts, title)), TITLE)
        assert box
        return box[3] - box[1]

    one_line = height("HHHH")
    assert one_line > 90
    assert height("HHHH " * 5) > one_line  # two lines of nearly that size
    assert one_line > height("H" * 14) > 20


def test_lines_are_of_like_length(fonts: Fonts) -> None:
    picture = opened(drawn(fonts, "A thank-you, on paper"))  # “on” would stand in the first line, too
    box = ink(picture, TITLE)
    assert box
    upper, lower = ink(picture, (0, 215, 1200, 215 + box[1] + 60)), ink(picture, (0, 160 + box[3], 1200, 545))
    assert upper
    assert lower
    assert upper[2] - lower[2] < 350


def test_a_title_from_right_to_left_stands_on_the_right(fonts: Fonts) -> None:
    box = ink(opened(drawn(fonts, "שלום", "he")), TITLE)
    assert box
    assert box[0] > 600
    assert box[2] > 1100
    box = ink(opened(drawn(fonts, "Hello")), TITLE)
    assert box
    assert box[0] < 100


def test_every_letter_of_a_title_makes_a_difference(fonts: Fonts) -> None:
    assert drawn(fonts, "骨", "ja") != drawn(fonts, "骨", "zh"), "Chinese and Japanese forms differ"
    for one, other in (("👩‍👩‍👧‍👦", "👩👩👧👦"), ("🇩🇪", "🇫🇷"), ("é", "e"), ("شكرا", "شكر")):
        assert drawn(fonts, one) != drawn(fonts, other)


def test_a_title_is_never_read_as_markup(fonts: Fonts) -> None:
    for title in ("#panic()", '"', "\\u{41}", "${x}", "*", "<a>", "@a", "]"):
        assert data(fonts, title)["title"]["text"] == title
        assert ink(opened(drawn(fonts, title)), TITLE)


DRAW = """
import sys, hashlib, pathlib
from plugins.cards.card import Card, Text, drawable
from plugins.cards.drawing import Draughtsman
from plugins.fonts import Fonts
theme = pathlib.Path(sys.argv[1], "theme")
fonts = Fonts(theme / "fonts", pathlib.Path(sys.argv[2]))
texts = [Text(text, "en", "ltr") for text in ("Ada", "speaks", "Bridges & 橋 👩‍👩‍👧‍👦", "ada.example.org", "4 June 2026")]
card = drawable(Card(*texts), fonts)
print(hashlib.sha256(Draughtsman((theme / "card.typ").read_bytes(), theme / "fonts").drawn(card.data)).hexdigest())
"""


def test_two_runs_give_the_same_bytes_wherever_they_run(tmp_path: Path) -> None:
    found = set()
    for number, there in enumerate(
        ({"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"}, {"LC_ALL": "C", "RAYON_NUM_THREADS": "1"})
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **there}
        run = [sys.executable, "-c", DRAW, str(ROOT), str(folder / "cache")]
        done = subprocess.run(run, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


@pytest.mark.parametrize(
    "bytes_",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"a", id="one byte"),
        *(pytest.param(b"a" * length, id=f"a run of {length}") for length in (3, 4, 5, 258, 259, 260, 261, 100_000)),
        pytest.param(bytes(range(256)) * 3, id="every byte"),
        pytest.param(b"".join(bytes([byte]) * (byte + 1) for byte in range(256)), id="every length"),
        pytest.param(bytes(zlib.crc32(bytes([at % 256, at // 256])) % 256 for at in range(20_000)), id="noise"),
    ],
)
def test_what_is_deflated_can_be_read_by_zlib(bytes_: bytes) -> None:
    assert zlib.decompress(png.deflated(bytes_), wbits=-15) == bytes_


def test_codes_are_never_too_long() -> None:
    weights = [1, 1]
    while len(weights) < 26:
        weights.append(weights[-1] + weights[-2])  # where codes grow longest
    bytes_ = b"".join(bytes([at, 255]) * weight for at, weight in enumerate(weights))
    assert zlib.decompress(png.deflated(bytes_), wbits=-15) == bytes_


def test_too_many_strokes_take_fewer_colours(monkeypatch: pytest.MonkeyPatch, fonts: Fonts) -> None:
    title = "Bridges and what they carry"
    whole = drawn(fonts, title)
    monkeypatch.setattr(drawing, "MOST", len(whole) - 1)
    less = drawn(fonts, title)
    assert len(less) < len(whole)
    assert opened(less).size == CARD_SIZE


def cards(site: Site) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((site.output / "cards").iterdir())}


def names(site: Site) -> list[str]:
    return [name.rsplit("-", 1)[0] for name in cards(site)]


def test_every_post_page_and_talk_has_a_card_and_so_has_the_site(site: Site) -> None:
    site.post("bridge")
    site.post("hidden", status="hidden")
    site.post("sketch", status="draft")
    site.post("later", date="2031-01-01")
    site.write("pages/404.md", "title: Gone\nslug: 404\nstatus: hidden\ntemplate: not_found\n\nNothing.\n")
    site.write("talks/arch.md", "title: Arch\npromise: Stands.\ntakeaways:\n  - a\n  - b\n  - c\n\nText.\n")
    site.build()
    assert names(site) == ["arch", "bridge", "hidden", "site", "speaking", "subscribe"]
    assert all(opened(picture).size == (1200, 630) for picture in cards(site).values())
    site.build(publish=False)
    assert {"sketch", "later"} < set(names(site))


def test_a_card_of_the_owners_stands_for_the_site(site: Site) -> None:
    file = io.BytesIO()
    Image.new("RGB", (1200, 630)).save(file, "PNG")
    site.write("images/card.png", file.getvalue())
    site.write("speaker.toml", 'card = "images/card.png"\n' + (site.content / "speaker.toml").read_text("utf-8"))
    site.build()
    assert names(site) == ["speaking", "subscribe"]


def test_a_card_is_drawn_again_only_when_it_changed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    times = []
    draw = drawing.Draughtsman.drawn
    monkeypatch.setattr(drawing.Draughtsman, "drawn", lambda self, data: times.append(data) or draw(self, data))
    title = f"A bridge of {random.SystemRandom().random()}"  # the cache outlives the test
    site.post("bridge", title=title)
    site.build()
    first, before = len(times), cards(site)
    assert first >= 1
    site.post("bridge", "Other words.\n", title=title, summary="Another summary.")
    site.build()
    assert (len(times), cards(site)) == (first, before)
    site.post("bridge", title=f"{title}!")
    build(site.content, site.output)
    assert len(times) == first + 1
    new = set(cards(site)) - set(before)
    assert len(new) == 1
    assert new.pop().startswith("bridge-")


def test_a_title_that_no_font_writes_gives_way_to_the_speaker(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.post("tablet", title="𒀀𒈪𒊏")
    site.post("rocket", title="Off \U0001f8ff")
    site.build()
    assert {"tablet", "rocket"} < set(names(site))
    shown = f"{site.content}/posts/"
    assert (
        f"{shown}tablet.md:1: no font of the theme has `𒀀𒈪𒊏`, so its card picture says who speaks instead"
        in caplog.text
    )
    assert f"{shown}rocket.md:1: no font of the theme has `\U0001f8ff`, so its card picture shows a sign" in caplog.text


def test_a_title_that_cannot_be_seen_gives_way_too(site: Site) -> None:
    site.write("posts/d.md", "title: Draft without a day\nstatus: draft\n\nx\n")
    site.post("unseen", title='"\u200f"')
    site.build(publish=False)
    site.post("unseen", title="\u200f\u200d")
    assert site.problems(publish=False) == []
    assert {"d", "unseen"} < set(names(site))


def test_the_seam_gives_a_picture_that_is_there(site: Site) -> None:
    from pelican.plugins import signals

    found: list[Picture | None] = []

    def ask(generators: list[Any]) -> None:
        give = generators[0].settings["CARD_PICTURE"]
        contents = generators[0].context["generated_content"].values()
        found.extend(give(content) for content in contents if content.slug in {"bridge", "404"})
        found.append(give(None))

    signals.all_generators_finalized.connect(ask)
    site.post("bridge", title='The "first" bridge')
    site.write("pages/404.md", "title: Gone\nslug: 404\nstatus: hidden\ntemplate: not_found\n\nNothing.\n")
    site.build()
    post, gone, home = sorted(found, key=lambda picture: picture.url if picture else "cards/c")
    assert gone is None
    assert post
    assert home
    assert (post.alt, home.alt) == ('The "first" bridge · Ada Example', "Ada Example · speaks about bridges")
    assert (site.output / post.url).is_file()
    assert (site.output / home.url).is_file()


def test_other_letters_give_a_card_another_name(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.post("bridge")
    site.build()
    before = set(cards(site))
    monkeypatch.setattr(Fonts, "digest", lambda *_: "another font")
    site.build()
    assert len(set(cards(site)) - before) == len(before)


def test_names_of_files_are_short_and_plain() -> None:
    name = card.named("x" * 300, (b"a",))
    assert len(name) < 100
    assert name != card.named("x" * 300, (b"b",))
    assert card.named("---", (b"a",)).startswith("cards/card-")
