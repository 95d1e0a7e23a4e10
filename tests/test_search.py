"""The index: what is in it, and that it is the same bytes each time."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from sites import ROOT

from plugins import text
from plugins.search import indexing
from plugins.search.records import ELIDED, FOLDED, MARK, Record, apart, folded, prose

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site


def fragments(folder: Path) -> dict[str, dict[str, str]]:
    """Give each page of an index by its address, decoded without Pagefind."""
    found = [json.loads(gzip.decompress(path.read_bytes())[12:]) for path in folder.glob("fragment/*")]
    return {fragment["url"]: fragment for fragment in found}


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        pytest.param("two words", "two words", id="Latin"),
        pytest.param("不断电", "不 \u2060断 \u2060电", id="Han, letter by letter"),
        pytest.param("使slides用 三", "使 \u2060slides \u2060用 三", id="Latin within, and a real space"),
        pytest.param("ที่ a", "ท\U00020e35\U00020e48 a", id="a Thai letter's marks become letters"),
        pytest.param("がっ", "か\U00023099 \u2060っ", id="a mark within a kana, too"),
        pytest.param("ン・ス「だ」", "ン・ \u2060ス「 \u2060た\U00023099」", id="punctuation is no piece"),
        pytest.param("الصمت", "الصمت", id="Arabic has spaces"),
        pytest.param("In „Łódź“.", "In \u2060\u2060lódź „Łódź“.", id="another spelling before a word"),
        pytest.param("L’œuvre\u2060 不", "\u2060\u2060oeuvre L’œuvre\u2060 不", id="and before the end of a paragraph"),
    ],
)
def test_scripts_without_spaces_are_parted(plain: str, expected: str) -> None:
    assert apart(plain) == expected


def test_the_browser_parts_the_same_scripts() -> None:
    script = (ROOT / "theme/static/search.js").read_text("utf-8").replace("\\\\u", "\\u")
    ranges = re.sub(r"\\U000(\w{5})", r"\\u{\1}", text.UNSPACED.pattern)
    assert f'"{ranges}[' in script
    assert f"{MARK:#x};" in script
    joined = re.sub(r'" \+\s+"', "", script)
    assert f'"{FOLDED}"' in joined
    assert f'"{ELIDED}"' in joined


@pytest.mark.parametrize(("written", "looked_for"), json.loads((ROOT / "tests/search_vectors.json").read_text("utf-8")))
def test_vectors_shared_with_the_script(written: str, looked_for: str) -> None:
    assert folded(written) == looked_for
    assert folded(looked_for) == looked_for


def test_prose_is_what_the_author_wrote() -> None:
    markup = (
        '<p>One<sup id="fnref:a"><a class="footnote-ref" href="#fn:a">1</a></sup> two.</p>'
        '<p class="invitation"><a href="/speaking/">Ask me</a></p><ul class="quiet"><li>Bluesky</li></ul>'
        '<div class="footnote"><ol><li><p>Below.<a class="footnote-backref" href="#x">↩</a></p></li></ol></div>'
    )
    assert prose(markup) == "One two.\u2060 Below.\u2060"


def test_what_is_listed_can_be_found_and_nothing_else(site: Site) -> None:
    site.post("listed", "A bridge.\n", category="Steel", lang="ar", title='"Said"')
    site.post("draft", status="draft")
    site.post("hidden", status="hidden")
    site.post("later", date="2031-01-01")
    site.write("talks/t.md", "---\ntitle: Talk\npromise: Soon.\ntakeaways:\n  - x1\n  - y2\n  - z3\n---\nBody.\n")
    site.write("pages/404.md", "title: Lost\ntemplate: not_found\nstatus: hidden\n\nNothing.\n")
    site.build()
    found = fragments(site.output / "pagefind")
    assert set(found) == {"listed/", "talks/t/", "speaking/"}
    meta = {"title": '"Said"', "lang": "ar", "dir": "rtl", "date": "2026-03-04", "day": "4 March 2026"}
    assert found["listed/"]["meta"] == meta
    assert found["talks/t/"]["content"].replace("\u2060", "") == "Soon. Body. x1 y2 z3"
    assert list(json.loads((site.output / "pagefind/shelves.json").read_text("utf-8")).values()) == [["2026", "Steel"]]
    assert not list(site.output.glob("pagefind/*ui*")), "an interface of Pagefind's own is published"


def test_a_preview_leaves_the_index_to_whoever_searches(site: Site) -> None:
    site.post("draft", status="draft")
    site.build(publish=False)
    assert [path.name for path in (site.output / "pagefind").iterdir()] == ["records.json"]
    language, records = indexing.unpacked((site.output / "pagefind/records.json").read_bytes())
    assert language == "en"
    assert "drafts/draft/" in {record.url for record in records}


def _record(at: int, word: str) -> Record:
    return Record(f"p{at}/", f"T{at}", f"{word} 不断电 {at}", "en", "ltr", f"{2000 + at}-01-01", "a day", f"c{at % 7}")


@pytest.mark.parametrize("language", ["en", "de", "ja", "pt-BR", "eo"])
def test_every_language_of_a_site_has_an_index(language: str, tmp_path: Path) -> None:
    files = indexing.index(indexing.packed(language, [_record(1, "one")]), tmp_path)
    entry = json.loads(files["pagefind-entry.json"])
    assert [each["page_count"] for each in entry["languages"].values()] == [1]
    assert sum(name.startswith("wasm.") for name in files) == 1


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import hashlib, sys; from pathlib import Path; from plugins.search import indexing\n"
        "found = indexing.index(Path('records').read_bytes(), Path('cache'))\n"
        "print(hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest())"
    )
    digests = set()
    for seed in ("1", "2", "3"):
        folder = tmp_path / seed
        folder.mkdir()
        records = [_record(at, f"word{at}") for at in range(60)]
        ordered = records if seed == "1" else records[::-1]
        (folder / "records").write_bytes(indexing.packed("en", ordered))
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": f"Etc/GMT+{seed}"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_a_binary_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", sys.executable)
    with pytest.raises(indexing.SearchError):
        indexing.index(indexing.packed("en", [_record(1, "one")]), tmp_path)
