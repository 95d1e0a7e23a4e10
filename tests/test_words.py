from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from plugins.problems import SiteError
from plugins.words import load_words

ENGLISH = Path(__file__).parent.parent / "theme" / "words" / "en.toml"


def words_folder(folder: Path, **files: str) -> Path:
    (folder / "en.toml").write_text(ENGLISH.read_text("utf-8"), "utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_english() -> None:
    words = load_words(ENGLISH.parent, "theme/words", "en-GB")
    assert words.say("ask", given="Ada") == "Ask Ada to speak"
    day = dt.date(2026, 6, 4)
    assert (words.long_date(day), words.day_month(day)) == ("4 June 2026", "4 June")


def test_a_missing_text_or_value_is_an_error_not_an_empty_place() -> None:
    words = load_words(ENGLISH.parent, "theme/words", "en")
    with pytest.raises(KeyError):
        words.say("no such text")
    with pytest.raises(KeyError):
        words.say("ask")


def test_a_language_without_a_file(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"theme/words/eo.toml:1: there are no words for the language `eo`"):
        load_words(words_folder(tmp_path), "theme/words", "eo")


def test_a_translation_must_be_whole(tmp_path: Path) -> None:
    short = ENGLISH.read_text("utf-8").replace('ask = "Ask {given} to speak"', 'ask = "{name} einladen"')
    short = short.replace('"December"]', "]").replace('related = "', 'relatet = "').replace('draft = "', 'draft = "} ')
    with pytest.raises(SiteError) as caught:
        load_words(words_folder(tmp_path, de=short), "theme/words", "de")
    lines = short.splitlines()
    found = {lines[problem.line - 1].split(" ")[0]: problem.message for problem in caught.value.problems}
    assert found == {
        "names": "write all 12 months",
        "[words]": "related missing; translate them from en.toml; nothing asks for relatet; take them out",
        "ask": "`{name}` is not filled in here; use given",
        "draft": "a brace stands alone; write {{ or }} where you mean a brace itself",
    }


def test_a_whole_translation_serves(tmp_path: Path) -> None:
    german = (
        ENGLISH.read_text("utf-8")
        .replace('"June"', '"Juni"')
        .replace('"{day} {month} {year}"', '"{day}. {month} {year}"')
    )
    assert load_words(words_folder(tmp_path, de=german), "w", "de-AT").long_date(dt.date(2026, 6, 4)) == "4. Juni 2026"


def test_every_text_is_used() -> None:
    root = ENGLISH.parent.parent.parent
    sources = [
        p.read_text("utf-8")
        for room in ("plugins", "theme")
        for p in (root / room).rglob("*")
        if p.suffix in {".py", ".html"}
    ]
    used = "\n".join([*sources, (root / "pelicanconf.py").read_text("utf-8")])
    built = (
        "field_",
        "year_",
        "tag_",
        "category_",
        "tags_",
        "categories_",
        "archive_",
        "bio_",
        "headshot_",
        "paper_",
        "terms_",
        "series_",
        "all_series_",
        "unseen_",
    )
    keys = tomllib.loads(ENGLISH.read_text("utf-8"))["words"]
    assert [key for key in keys if f'"{key}"' not in used and not key.startswith(built)] == []
