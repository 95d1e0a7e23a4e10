from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import vobject
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from plugins.contact import telephone
from plugins.contact.qr import Code, qr_code
from plugins.contact.room import is_full
from plugins.contact.vcard import name_parts, vcard
from plugins.media import content_type
from plugins.speaker import Link, Pronunciation, Speaker
from plugins.text import CONTROL

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site


def speaker(**given: Any) -> Speaker:
    usual = {
        "name": "Ada Example",
        "given_name": "Ada",
        "line": "speaks about bridges",
        "email": "ada@example.org",
        "site": "https://ada.example.org/blog/",
    }
    return Speaker(**usual | given)


def read(data: bytes) -> dict[str, list[Any]]:
    """Read the one contact in a file, as an address book does."""
    (contact,) = vobject.readComponents(io.StringIO(data.decode("utf-8"), newline=""))
    return {name: [line.value for line in lines] for name, lines in contact.contents.items()}


def test_a_speaker_with_everything() -> None:
    data = vcard(
        speaker(
            phone="+49 30 23125 042",
            pronouns="she/her",
            pronunciation=Pronunciation("AY-da"),
            profiles=(
                Link("Talks; recordings, and so on", "https://v.example/a,b;c?d=e"),
                Link("Два", "https://b.example/"),
            ),
        )
    )
    assert data.decode().split("\r\n") == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "PRODID:-//Lectern//Business card//EN",
        "N:Example;Ada;;;",
        "FN:Ada Example",
        "TITLE:speaks about bridges",
        "EMAIL;TYPE=INTERNET:ada@example.org",
        "TEL;TYPE=VOICE:+493023125042",
        "URL:https://ada.example.org/blog/",
        "item1.URL:https://v.example/a%2Cb%3Bc?d=e",
        r"item1.X-ABLabel:Talks\; recordings\, and so on",
        "item2.URL:https://b.example/",
        "item2.X-ABLabel:Два",
        "NOTE:AY-da · she/her",
        "END:VCARD",
        "",
    ]
    contact = read(data)
    assert contact["url"] == ["https://ada.example.org/blog/", "https://v.example/a%2Cb%3Bc?d=e", "https://b.example/"]
    assert contact["x-ablabel"] == ["Talks; recordings, and so on", "Два"]


def test_nothing_is_said_of_what_is_not_given() -> None:
    assert read(vcard(speaker())).keys() == {"version", "prodid", "n", "fn", "title", "email", "url"}


@pytest.mark.parametrize(
    ("name", "given_name", "parts"),
    [
        pytest.param("Ada Example", "Ada", ("Example", "Ada"), id="usual"),
        pytest.param("Ada  King of  Lovelace", "Ada", ("King of Lovelace", "Ada"), id="several names, two spaces"),
        pytest.param("Mary Ann Evans", "Mary Ann", ("Evans", "Mary Ann"), id="two given names"),
        pytest.param("Dr. Ada Example", "Ada", ("", "Dr. Ada Example"), id="title first"),
        pytest.param("山田 太郎", "太郎", ("", "山田 太郎"), id="family name first"),
        pytest.param("Annabel Example", "Ann", ("", "Annabel Example"), id="short form"),
        pytest.param("Ada", "Ada", ("", "Ada"), id="one name"),
    ],
)
def test_a_name_is_taken_apart_only_where_it_can_be_put_together_again(
    name: str, given_name: str, parts: tuple[str, str]
) -> None:
    assert name_parts(name, given_name) == parts


def test_the_name_people_use_is_kept_where_the_full_name_lacks_it() -> None:
    contact = read(vcard(speaker(name="Robert Example", given_name="Bob")))
    assert (contact["fn"], contact["nickname"]) == (["Robert Example"], ["Bob"])


# What speaker.toml can hold; an address book reads every kind of line end as the same.
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=300).filter(
    lambda text: not CONTROL.search(text) and bool(text.strip())
)


@given(_TEXTS, _TEXTS, _TEXTS)
def test_any_text_comes_back_from_lines_of_75_octets(name: str, line: str, label: str) -> None:
    data = vcard(speaker(name=name, given_name="Ada", line=line, profiles=(Link(label, "https://a.example/"),)))
    assert data.endswith(b"\r\n")
    pieces = data.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(piece) <= 75 and b"\n" not in piece and b"\r" not in piece for piece in pieces)
    assert all(piece.decode("utf-8") for piece in pieces)
    contact = read(data)
    assert contact["fn"] == [" ".join(name.split())]
    assert contact["title"] == ["\n".join(line.splitlines())]
    assert contact["x-ablabel"] == ["\n".join(label.splitlines())]


def test_folding_uses_the_whole_line_and_splits_no_character() -> None:
    full = vcard(speaker(line="x" * 69)).split(b"\r\n")
    assert b"TITLE:" + b"x" * 69 in full
    folded = vcard(speaker(line="x" * 68 + "é" + "y" * 80)).split(b"\r\n")
    at = folded.index(b"TITLE:" + b"x" * 68)
    assert folded[at + 1 : at + 3] == [" é".encode() + b"y" * 72, b" " + b"y" * 8]


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        pytest.param("+49 30 23125-042", "tel:+493023125042", id="international"),
        pytest.param("+44 (0)20 7946.0018", "tel:+442079460018", id="a zero that is dialled at home only"),
        pytest.param("+1 (202) 555-0100", "tel:+12025550100", id="brackets"),
    ],
)
def test_a_number_is_dialled_by_its_digits(phone: str, address: str) -> None:
    assert telephone(phone) == address


def drawn(code: Code, pixels: int = 4) -> Image.Image:
    """Draw the path as an SVG reader does: each `Mx y.5hn` is a stroke one unit thick."""
    image = Image.new("L", (code.size * pixels,) * 2, 255)
    draw = ImageDraw.Draw(image)
    for stroke in code.path.split("M")[1:]:
        start, length = stroke.split("h")
        x, y = (float(part) for part in start.split(" "))
        corners = (x, y - 0.5, x + int(length), y + 0.5)
        left, top, right, bottom = (round(corner * pixels) for corner in corners)
        draw.rectangle((left, top, right - 1, bottom - 1), fill=0)
    return image


@pytest.mark.parametrize(
    ("address", "size"),
    [
        pytest.param("https://www.hankblank.com/", 25, id="26 letters"),
        pytest.param("https://talks.example.org/blog/", 29, id="31 letters"),
        pytest.param(f"https://example.org/{'a-long-way/' * 15}", 57, id="long"),
    ],
)
def test_a_reader_finds_the_address_in_the_drawing(address: str, size: int) -> None:
    code = qr_code(address)
    assert code.size == size + 2 * 4
    (found,) = zxingcpp.read_barcodes(drawn(code))
    assert found.text == address
    assert found.ec_level in {"M", "Q", "H"}


def test_the_code_has_its_quiet_zone() -> None:
    code = qr_code("https://www.hankblank.com/")
    assert drawn(code, 1).point(lambda value: 255 - value).getbbox() == (4, 4, code.size - 4, code.size - 4)


def test_the_page_of_a_speaker_who_gives_the_least(site: Site) -> None:
    site.build()
    page = site.page("card/")
    card = page.css_first(".card")
    assert card.css_first("h1").text() == "Ada Example"
    assert card.css_first(".calling").text() == "speaks about bridges"
    assert [a.attributes["href"] for a in card.css("a")] == ["mailto:ada@example.org", "/"]
    assert not card.css(".note")
    code = card.css_first("svg[role=img]")
    assert code.attributes["aria-label"] == "QR code that leads to ada.example.org"
    assert code.css_first("path").attributes["d"] == qr_code("https://ada.example.org/").path
    assert page.css_first(".button").attributes["href"] == "/contact.vcf"
    assert not page.css(".act [rel~=me]")
    assert len(page.css(".ten[hidden] .visit")) == len(page.css(".ten use[href='#to-site']")) == 10
    assert not page.css(".ten a, .ten [id], .ten h1, .ten .note")
    assert site.page("").css_first("footer a[href='/card/']").text() == "Business card"
    assert "https://ada.example.org/card/" in site.read("sitemap.xml")


def test_the_page_of_a_speaker_who_gives_all(site: Site) -> None:
    toml = site.content / "speaker.toml"
    toml.write_text(
        toml.read_text("utf-8")
        + 'as_of = 2026-06-04\nphone = "+49 30 23125 042"\npronouns = "she/her"\npronunciation = { plain = "AY-da <eggs>" }\n'
        + 'profiles = [{ label = "A & B", url = "https://a.example/?a=1&b=2" }]\n',
        "utf-8",
    )
    site.build()
    page = site.page("card/")
    assert page.css_first(".card .note").text() == "AY-da <eggs>\u00a0· she/her"
    assert page.css_first("a[href^='tel:']").attributes["href"] == "tel:+493023125042"
    assert page.css_first(".act [rel~=me]").attributes["href"] == "https://a.example/?a=1&b=2"
    assert "+49 30 23125 042" in page.css_first(".ten .visit").text()
    contact = read((site.output / "contact.vcf").read_bytes())
    assert contact["tel"] == ["+493023125042"]
    assert contact["note"] == ["AY-da <eggs> · she/her"]


def test_the_code_is_free_of_what_the_policy_blocks(example_site: Path) -> None:
    page = (example_site / "card" / "index.html").read_text("utf-8")
    assert "style=" not in page
    assert read((example_site / "contact.vcf").read_bytes())["fn"] == ["Testa Muster-Exampleton"]
    assert content_type("contact.vcf") == "text/vcard; charset=utf-8"


LONG_LINE = "speaks on listening, and on everything that companies and organisations would rather not say aloud"


@pytest.mark.parametrize(
    ("name", "line", "said", "addresses", "full"),
    [
        pytest.param("Ada", "a line", "", ["ada@example.org", "example.org"], False, id="little"),
        pytest.param("Testa Muster-Exampleton", "l" * 60, "s" * 43, ["a" * 26] * 3, False, id="as much as fits"),
        pytest.param("Dr. Katharina Schmidt-Hohenfels", LONG_LINE, "s" * 43, ["a" * 55] * 2, True, id="much"),
        pytest.param("沈黙" * 12, "話" * 60, "", ["a" * 26] * 2, True, id="wide letters"),
    ],
)
def test_a_full_card_is_known(name: str, line: str, said: str, addresses: list[str], full: bool) -> None:  # noqa: FBT001  a parameter of the test
    assert is_full(name, line, said, addresses) is full
