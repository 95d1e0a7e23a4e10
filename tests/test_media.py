from __future__ import annotations

import mimetypes

import pytest

from plugins.media import content_encoding, content_type, media_type

TYPES = {
    "feed.xml": "application/xml; charset=utf-8",
    "a.svg": "image/svg+xml; charset=utf-8",
    "a.JS": "text/javascript; charset=utf-8",
    "a.mjs": "text/javascript; charset=utf-8",
    "a.webmanifest": "application/manifest+json; charset=utf-8",
    "a.jsonld": "application/ld+json; charset=utf-8",
    "a.ics": "text/calendar; charset=utf-8",
    "a.vcf": "text/vcard; charset=utf-8",
    "a.vtt": "text/vtt; charset=utf-8",
    "a.csv": "text/csv; charset=utf-8",
    "a.md": "text/markdown; charset=utf-8",
    "a.rss": "application/rss+xml; charset=utf-8",
    "a.png": "image/png",
    "a.heic": "image/heic",
    "a.avif": "image/avif",
    "a.woff2": "font/woff2",
    "a.otf": "font/otf",
    "a.m4a": "audio/mp4",
    "a.ogg": "audio/ogg",
    "a.opus": "audio/ogg",
    "a.flac": "audio/flac",
    "a.wav": "audio/wav",
    "A.MP3": "audio/mpeg",
    "a.m4v": "video/mp4",
    "a.mov": "video/quicktime",
    "a.webm": "video/webm",
    "a.epub": "application/epub+zip",
    "a.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "a.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "a.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "a.odt": "application/vnd.oasis.opendocument.text",
    "a.key": "application/vnd.apple.keynote",
    "a.wasm": "application/wasm",
    "slides.tar.gz": "application/gzip",
    "pagefind/wasm.en.pagefind": "application/octet-stream",
    "pagefind/fragment/en_1.pf_fragment": "application/octet-stream",
    "folder.png/_headers": "application/octet-stream",
}


@pytest.mark.parametrize(("name", "kind"), TYPES.items(), ids=TYPES)
def test_types_do_not_depend_on_the_machine(name: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # As a program on Windows, or an /etc/mime.types, may have it.
    monkeypatch.setattr(mimetypes, "types_map", dict.fromkeys(mimetypes.types_map, "text/evil"))
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: ("text/evil", None))
    assert content_type(name) == kind
    assert media_type(name) == kind.partition(";")[0]


def test_only_a_compressed_drawing_says_so() -> None:
    assert [content_encoding(name) for name in ("a.svgz", "a.SVGZ", "a.svg", "a.gz", "svgz")] == [
        "gzip",
        "gzip",
        "",
        "",
        "",
    ]
