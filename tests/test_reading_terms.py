"""Each tag and category has one address, whatever else the blog holds, and no two have the same without a word."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from plugins import slugs
from plugins.reading import terms

if TYPE_CHECKING:
    from sites import Site


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["市", "事", "詩"], id="Chinese"),
        pytest.param(["తెలుగు", "telugu"], id="Telugu and Latin"),
        pytest.param(["telugu", "తెలుగు"], id="Latin and Telugu"),
        pytest.param(["мел", "мель"], id="a soft sign"),
        pytest.param(["かき", "がき"], id="a mark that is a letter"),
        pytest.param(["हिन्दी", "हिन्दि"], id="vowel signs"),
        pytest.param(["R&D", "RD"], id="an ampersand"),
        pytest.param([".NET", "Net"], id="a full stop"),
        pytest.param(["C", "C++", "C#", "C."], id="signs that are read"),
        pytest.param(["Q&A", "QA"], id="questions"),
    ],
)
def test_each_name_has_an_address_and_the_first_one_the_plain_one(names: list[str]) -> None:
    found = terms.addresses(names)
    assert len(set(found.values())) == len(names)
    assert found[slugs.identity(names[0])] == slugs.slug(names[0])
    assert terms.addresses([*names, *reversed(names), "other"]).items() >= found.items()


@pytest.mark.parametrize(
    "spellings",
    [
        ["Résumé", "resume", "RÉSUMÉ", unicodedata.normalize("NFD", "résumé")],
        ["ΑΘΉΝΑ", "Αθηνα"],
        ["がき", unicodedata.normalize("NFD", "がき")],
        ["Москва", "МОСКВА"],
        ["Łódź", "lodz"],
        ["Straße", "STRASSE"],
        ["ＢＧＰ", "bgp"],
        ["public  speaking", "Public-Speaking", "public–speaking"],
        ["Speaker's notes", "speaker’s notes"],
    ],
)
def test_spellings_of_one_name_have_one_address(spellings: list[str]) -> None:
    assert list(terms.addresses(spellings).values()) == [slugs.slug(spellings[0])]


def titles(site: Site, page: str) -> list[str]:
    return [found.text(strip=True).removeprefix("1.") for found in site.page(page).css("ol.contents > li a[href]")]


def test_tags_that_sound_alike_have_pages_of_their_own(site: Site) -> None:
    site.post("one", tags="市, telugu, Café", category="市", series="市", date="2026-03-01")
    body = "[on poems]({tag}詩) and [on things]({category}事)\n"
    site.post("two", body, tags="事, 詩, తెలుగు, 詩, CAFE", date="2026-03-05", category="事", series="事")
    site.build()
    things, poems = slugs.hashed_slug("事"), slugs.hashed_slug("詩")
    found = {path.name: titles(site, f"tag/{path.name}/") for path in (site.output / "tag").iterdir()}
    one, two = ["One"], ["Two"]
    telugu = {"telugu": one, slugs.hashed_slug("తెలుగు"): two}
    assert found == {"shi": one, things: two, poems: two, "cafe": two + one} | telugu
    assert [site.page(f"tag/{name}/").css_first("h1").text(strip=True)[-1] for name in ("shi", things)] == ["市", "事"]
    links = {link.attributes["href"] for link in site.page("two/").css("a")}
    assert {f"/tag/{things}/", f"/tag/{poems}/", f"/category/{things}/", f"/series/{things}/"} <= links
    assert [titles(site, f"{kind}/{things}/") for kind in ("category", "series")] == [two, two]


def test_no_newer_post_and_no_draft_moves_the_page_of_a_tag(site: Site) -> None:
    site.post("b", tags="事, R&D", series="事", date="2026-03-04")
    site.build()
    kinds = ("tag", "series")
    before = {path.relative_to(site.output) for kind in kinds for path in (site.output / kind).rglob("*.html")}
    site.post("a", tags="市, RD", series="市", date="2026-03-05")
    site.post("c", tags="詩", date="2020-01-01", status="draft")
    site.build()
    after = {path.relative_to(site.output) for kind in kinds for path in (site.output / kind).rglob("*.html")}
    assert before < after
    assert (titles(site, "tag/shi/"), titles(site, "tag/rd/"), titles(site, "series/shi/")) == (["B"], ["B"], ["B"])
