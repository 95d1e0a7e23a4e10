from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.addresses.domain import fault
from plugins.hosts import ascii_address, ascii_host, ascii_mail

ROOT = "https://www.xn--mller-kva.example/blog"
HOST = "www.xn--mller-kva.example"


@pytest.mark.parametrize(
    ("host", "found"),
    [
        pytest.param("www.müller.example", HOST, id="umlaut"),
        pytest.param("WWW.MÜLLER.example", HOST, id="capitals"),
        pytest.param("www.mu\u0308ller.example", HOST, id="decomposed"),
        pytest.param("straße.example", "xn--strae-oqa.example", id="a letter that older programs took for two"),
        pytest.param("例え。テスト", "xn--r8jz45g.xn--zckzah", id="a dot of Japan"),
        pytest.param("WWW.Example.org", "www.example.org", id="ASCII"),
        pytest.param("a..ü", "", id="an empty part"),
        pytest.param("-ü-.example", "", id="hyphens at the ends"),
        pytest.param("ü" * 64, "", id="too long"),
        pytest.param("ü\ud800", "", id="half a character"),
    ],
)
def test_a_host_as_machines_have_it(host: str, found: str) -> None:
    assert ascii_host(host) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://www.müller.example", f"https://{HOST}"),
        ("HTTPS://WWW.Müller.example:8080/Blog/", f"https://{HOST}:8080/Blog/"),
        ("www.müller.example/x", f"https://{HOST}/x"),
        ("https://me:pw@müller.example", ""),
        ("https://a:99999/", ""),
        ("https://[", ""),
        ("", ""),
    ],
)
def test_an_address_as_machines_have_it(address: str, found: str) -> None:
    assert ascii_address(address) == found


@settings(deadline=None)
@given(st.text())
def test_whatever_was_written_ends_in_ascii_or_nothing(text: str) -> None:
    assert ascii_host(text).isascii()
    assert ascii_mail(f"ada@{text}").rpartition("@")[2].isascii()
    ascii_address(text)
    fault(text, ROOT)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("old.example\n", 1, f"while `site` in speaker.toml is at {HOST}; write {HOST}", id="another"),
        pytest.param("xn--mller-kva.example", 1, f"write {HOST}", id="without www"),
        pytest.param(f"https://{HOST}/\n", 1, f"the bare name of a domain here; write {HOST}", id="a whole address"),
        pytest.param(f"{HOST}/blog", 1, "the bare name", id="a path"),
        pytest.param(f"{HOST}:443", 1, "the bare name", id="a port"),
        pytest.param("www.müller.example", 1, f"write {HOST}", id="letters beyond ASCII"),
        pytest.param(f"\n{HOST}\n\nold.example\n", 4, "one domain", id="two"),
        pytest.param("\n", 1, "names no domain", id="empty"),
    ],
)
def test_a_cname_of_another_domain(text: str, line: int, said: str) -> None:
    found = fault(text, ROOT)
    assert found
    assert found[0] == line
    assert said in found[1]


@pytest.mark.parametrize("text", [HOST, f"{HOST.upper()}\r\n", f"\n {HOST} \n"])
def test_a_cname_of_the_sites_own_domain(text: str) -> None:
    assert fault(text, ROOT) is None
