from __future__ import annotations

import base64
import hashlib

import pytest

from tools.likeness import Likeness, likeness

SITE = {"/images/a.jpg": b"1", "/images/b.webp": b"2", "/days.json": b"3", "/feed.xml": b"4", "/favicon.svg": b"5"}


def page(style: str = "p { color: red }", body: str = "<p>words</p>") -> bytes:
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f'<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="style-src \'sha256-{known}\'">'
        f'<style>{style}</style><link rel="icon" href="/favicon.svg"><link rel="alternate" href="/feed.xml"></head>'
        f'<body>{body}<a href="/images/z.jpg">z</a></body></html>'
    ).encode()


def known(data: bytes, **changed: bytes) -> Likeness:
    site = SITE | {f"/{name.replace('__', '.').replace('_', '/')}": value for name, value in changed.items()}
    return likeness(data, site.get)


def test_a_page_is_like_itself() -> None:
    assert known(page()) == known(page())


def test_a_new_style_leaves_the_rest_as_it_was() -> None:
    one, other = known(page()), known(page(style="p { color: blue }"))
    assert one.rest == other.rest
    assert one.style != other.style


def test_new_words_leave_the_style_as_it_was() -> None:
    one, other = known(page()), known(page(body="<p>other words</p>"))
    assert one.rest != other.rest
    assert one.style == other.style


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ('<img src="/images/a.jpg" alt="">', "images_a__jpg"),
        ('<source srcset="/images/a.jpg 1x,/images/b.webp 720w">', "images_b__webp"),
        ('<video poster="/images/a.jpg"></video>', "images_a__jpg"),
        ('<svg><image href="/images/a.jpg"/></svg>', "images_a__jpg"),
        ('<svg><use href="/images/a.jpg#x"/></svg>', "images_a__jpg"),
        ('<div data-days="/days.json" data-said="Copied"></div>', "days__json"),
        ("", "favicon__svg"),
    ],
)
def test_what_the_page_shows_counts(body: str, changed: str) -> None:
    assert known(page(body=body)).rest != known(page(body=body), **{changed: b"new"}).rest


@pytest.mark.parametrize("changed", ["feed__xml", "images_z__jpg"])
def test_what_it_leads_to_does_not(changed: str) -> None:
    assert known(page()) == known(page(), **{changed: b"new"})


def test_any_bytes_have_a_likeness() -> None:
    assert known(b"\xff\0<style>").rest != known(b"").rest
