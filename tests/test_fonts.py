from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import ROOT

from plugins.fonts import Fonts, clean

FOLDER = ROOT / "theme" / "fonts"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    return Fonts(FOLDER, tmp_path_factory.mktemp("fonts"))


@pytest.mark.parametrize(
    ("text", "language", "families"),
    [
        pytest.param("“Hello”, 50 %", "en", ["TeX Gyre Pagella"], id="Latin"),
        pytest.param("Người Việt Nam", "vi", ["TeX Gyre Pagella"], id="Vietnamese"),
        pytest.param("Привет, Hank", "ru", ["Libertinus Serif"], id="one face for Latin and Cyrillic"),
        pytest.param("شكرا", "ar", ["TeX Gyre Pagella", "Noto Naskh Arabic"], id="Arabic"),
        pytest.param("骨の話", "ja", ["TeX Gyre Pagella", "Noto Serif CJK JP"], id="Japanese forms"),
        pytest.param("骨", "zh", ["TeX Gyre Pagella", "Noto Serif CJK SC"], id="Chinese forms"),
        pytest.param("骨", "zh-TW", ["TeX Gyre Pagella", "Noto Serif CJK TC"], id="Taiwanese forms"),
        pytest.param("骨头", "en", ["TeX Gyre Pagella", "Noto Serif CJK SC"], id="one face for a whole title"),
        pytest.param("제목", "ko", ["TeX Gyre Pagella", "Noto Serif CJK KR"], id="Korean"),
        pytest.param("👩‍👩‍👧‍👦 🇩🇪 👍🏽 ❤️‍🔥 1️⃣", "en", ["TeX Gyre Pagella", "Noto Emoji"], id="emoji"),
    ],
)
def test_a_text_is_given_the_families_that_it_needs(
    fonts: Fonts, text: str, language: str, families: list[str]
) -> None:
    choice = fonts.choice(text, language)
    assert choice == (clean(text), tuple(families), "", True)


@pytest.mark.parametrize(
    ("text", "shown", "lacking", "whole"),
    [
        pytest.param("𒀀 abc", "• abc", "𒀀", False, id="a script that no font writes"),
        pytest.param("龘話", "〓話", "龘", True, id="a rare Han character"),
        pytest.param("a\U0001f8ff b", "a• b", "\U0001f8ff", True, id="an emoji of years to come"),
        pytest.param("e\U0001e8d0", "e", "\U0001e8d0", True, id="a mark that no font has"),
        pytest.param("", "", "", True, id="nothing"),
        pytest.param("\ue000", "•", "\ue000", True, id="a private character"),
    ],
)
def test_what_no_font_has_is_visibly_replaced(
    fonts: Fonts, text: str, shown: str, lacking: str, *, whole: bool
) -> None:
    choice = fonts.choice(text, "en")
    assert (choice.text, choice.lacking, choice.whole) == (shown, lacking, whole)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param(" a\n\tb\u00a0 c ", "a b c", id="white space"),
        pytest.param("a\x00\x1b\x7f\u0080b", "ab", id="controls"),
        pytest.param("a\u202eb\u2067c\u2069\ufeff", "abc", id="what turns text round"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("x" + "\u0336\u0321\u0322\u0316\u0317", "x" + "\u0336\u0321\u0322", id="three marks at the most"),
        pytest.param("می‌روم \u200f", "می‌روم \u200f", id="what shapes letters stays"),
        pytest.param("\ud800a\ufffe", "a", id="half a pair, and no character"),
    ],
)
def test_a_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@settings(max_examples=200)
@given(st.text(alphabet=st.characters()))
def test_every_character_that_is_kept_is_in_a_font(fonts: Fonts, text: str) -> None:
    choice = fonts.choice(text, "en")
    unseen = "\u200c\u200d\u200e\u200f\u061c"
    of_choice = [face for face in fonts.faces if face.family in choice.families]
    for character in choice.text:
        seen = character not in unseen and not "\ufe00" <= character <= "\ufe0f" and not character.isspace()
        assert not seen or any(face.has(character) for face in of_choice), ascii(character)


def test_the_fonts_are_open_small_and_subset_with_care() -> None:
    files = sorted(FOLDER.glob("*.[ot]tf"))
    assert sum(file.stat().st_size for file in files) < 12_000_000
    licences = (FOLDER / "OFL.txt").read_text("utf-8") + (FOLDER / "GUST-FONT-LICENSE.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licences
    assert "LaTeX Project Public License" in licences
    for file in files:
        with TTFont(file, lazy=True) as font:
            said = f"{font['name'].getDebugName(0)} {font['name'].getDebugName(13)}"
        assert "Reserved Font Name" not in said, file
        assert "SIL Open Font License" in said or "TeX Gyre" in said, file


def test_the_fonts_are_read_once(fonts: Fonts, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.mktemp("cache")
    first = Fonts(FOLDER, cache)
    assert first.faces == fonts.faces
    kept = [file.read_bytes() for file in cache.iterdir()]
    assert len(kept) == 1
    assert Fonts(FOLDER, cache).digest(["Noto Emoji"]) == first.digest(["Noto Emoji"])
    assert first.digest(["Noto Emoji"]) != first.digest(["Noto Serif"])
