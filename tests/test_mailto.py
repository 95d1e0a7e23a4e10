from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from plugins.mailto import encode, mailto

VECTORS = json.loads((Path(__file__).parent / "mailto_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "encoded"), VECTORS["encode"])
def test_vectors_shared_with_the_script(text: str, encoded: str) -> None:
    assert encode(text) == encoded


@pytest.mark.parametrize(("parts", "uri"), VECTORS["mailto"])
def test_whole_addresses_shared_with_the_script(parts: list[str], uri: str) -> None:
    assert mailto(*parts) == uri


@given(st.text())
def test_decoding_gives_back_what_went_in(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    assert unquote(encode(text)) == lines


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_only_unreserved_characters_and_percent_signs_are_left(text: str) -> None:
    assert set(encode(text)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%")


@given(st.text(), st.text())
def test_a_mail_program_reads_one_subject_and_one_body(subject: str, body: str) -> None:
    fields = parse_qsl(urlsplit(mailto("a@example.org", subject, body)).query, keep_blank_values=True)
    assert [name for name, _ in fields] == ["subject", "body"]
    assert "\n" not in fields[0][1]
    assert "\r" not in fields[0][1]


def test_a_plus_is_written_alike_wherever_the_site_links_to_the_speaker(example_site: Path) -> None:
    kinds = {".html", ".xml", ".json", ".txt", ".xsl"}
    found: dict[str, set[str]] = {}
    for path in example_site.rglob("*"):
        if path.suffix in kinds:
            for address in re.findall(r"mailto:testa[^@\"<>]*@", path.read_text("utf-8")):
                found.setdefault(address, set()).add(path.relative_to(example_site).as_posix())
    of_the_colophon = "mailto:testa@"
    assert set(found) == {"mailto:testa%2Bspeaking@", "mailto:testa%2Bsecurity@", of_the_colophon}
    assert found["mailto:testa%2Bspeaking@"] >= {"index.html", "card/index.html", "feed.xml", "subscribe/index.html"}
    sheet = PdfReader(example_site / "kit/the-second-row-a4.pdf")
    links = [note.get_object()["/A"]["/URI"] for page in sheet.pages for note in page["/Annots"]]
    assert "mailto:testa%2Bspeaking@example.org" in links
