"""Media types by the endings of files: one table for everything that sends or describes one, the same everywhere."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"
# As IANA has registered them (iana.org/assignments/media-types); where it has none, as browsers take them. Python's own
# table knows fewer, and more with each version; the machine's is not asked, since any program may change it.
_TYPES = {
    "application/atom+xml": ".atom",
    "application/epub+zip": ".epub",
    "application/geo+json": ".geojson",
    "application/gpx+xml": ".gpx",
    "application/gzip": ".gz .tgz",
    "application/json": ".json .map",
    "application/ld+json": ".jsonld",
    "application/manifest+json": ".webmanifest",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/rtf": ".rtf",
    "application/vnd.apple.keynote": ".key",
    "application/vnd.apple.numbers": ".numbers",
    "application/vnd.apple.pages": ".pages",
    "application/vnd.google-earth.kml+xml": ".kml",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    f"{_OPEN_DOCUMENT}.graphics": ".odg",
    f"{_OPEN_DOCUMENT}.presentation": ".odp",
    f"{_OPEN_DOCUMENT}.spreadsheet": ".ods",
    f"{_OPEN_DOCUMENT}.text": ".odt",
    f"{_OFFICE}.presentationml.presentation": ".pptx",
    f"{_OFFICE}.presentationml.slideshow": ".ppsx",
    f"{_OFFICE}.presentationml.template": ".potx",
    f"{_OFFICE}.spreadsheetml.sheet": ".xlsx",
    f"{_OFFICE}.wordprocessingml.document": ".docx",
    f"{_OFFICE}.wordprocessingml.template": ".dotx",
    "application/wasm": ".wasm",
    "application/x-7z-compressed": ".7z",
    "application/x-subrip": ".srt",
    "application/xhtml+xml": ".xhtml",
    "application/xml": ".xml .xsl .xslt",
    "application/zip": ".zip",
    "audio/aac": ".aac",
    "audio/flac": ".flac",
    "audio/midi": ".mid .midi",
    "audio/mp4": ".m4a .m4b",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".oga .ogg .opus .spx",
    "audio/wav": ".wav",
    "audio/webm": ".weba",
    "font/collection": ".ttc",
    "font/otf": ".otf",
    "font/ttf": ".ttf",
    "font/woff": ".woff",
    "font/woff2": ".woff2",
    "image/apng": ".apng",
    "image/avif": ".avif",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/heif": ".heif",
    "image/jpeg": ".jfif .jpeg .jpg",
    "image/jxl": ".jxl",
    "image/png": ".png",
    "image/svg+xml": ".svg .svgz",
    "image/tiff": ".tif .tiff",
    "image/vnd.microsoft.icon": ".ico",
    "image/webp": ".webp",
    "text/calendar": ".ics",
    "text/css": ".css",
    "text/csv": ".csv",
    "text/html": ".htm .html",
    "text/javascript": ".js .mjs",
    "text/markdown": ".markdown .md",
    "text/plain": ".asc .bib .log .tex .toml .txt .yaml .yml",
    "text/tab-separated-values": ".tsv",
    "text/vcard": ".vcard .vcf",
    "text/vtt": ".vtt",
    "text/x-opml": ".opml",
    "video/matroska": ".mkv",
    "video/mp4": ".m4v .mp4",
    "video/ogg": ".ogv",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
}
_BY_ENDING = {ending: kind for kind, endings in _TYPES.items() for ending in endings.split()}
_OTHERS = mimetypes.MimeTypes().types_map[True]
_UNKNOWN = "application/octet-stream"


def media_type(name: str) -> str:
    """Return the media type of a file or path by its ending."""
    ending = PurePosixPath(name).suffix.lower()
    return _BY_ENDING.get(ending) or _OTHERS.get(ending, _UNKNOWN)


def content_type(name: str) -> str:
    """Return the value of the `Content-Type` header; whatever is text is UTF-8."""
    kind = media_type(name)
    is_text = kind.startswith("text/") or kind.endswith(("+xml", "+json", "/xml", "/json"))
    return f"{kind}; charset=utf-8" if is_text else kind


def content_encoding(name: str) -> str:
    """Return the value of the `Content-Encoding` header; empty for a file that is sent as it stands."""
    return "gzip" if name.lower().endswith(".svgz") else ""
