"""Rules on the site as a whole: what stands twice, what is missing, what the theme lacks."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from plugins.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TEMPLATES = ("base", "index", "listing", "terms", "article", "page", "speaking", "subscribe", "not_found")
_NOT_IN_ADDRESSES = re.compile(r"""[\s"#%<>?\\^`{|}]""")
_MARKDOWN = {".md", ".markdown", ".mkd", ".mdown"}


def twice(contents: Iterable[Any]) -> Iterator[Problem]:
    """No two posts share an id, no two contents of a kind a slug: a share link or a feed could not tell them apart."""
    for key in ("id", "slug"):
        first: dict[tuple[str, str], Any] = {}
        for content in contents:
            value = content.metadata.get(key)
            if not value:
                continue
            other = first.setdefault((type(content).__name__, value), content)
            if other is not content:
                line = content.metadata["lines"].get(key, 1)
                message = f"the {key} `{value}` is also that of {other.metadata['shown']}; give one of them another"
                yield Problem(content.metadata["shown"], line, message)


def written_twice(outputs: Iterable[tuple[str, str, str, int]], reported: set[str]) -> Iterator[Problem]:
    """No two things are written to one file; case is ignored, as Windows and macOS ignore it.

    `outputs` are (file, what it is, source to name, line); sources that are not the author's are empty. Of `reported`
    sources it is known already.
    """
    places = defaultdict(list)
    for name, what, source, line in outputs:
        places[name.casefold()].append((what, source, line))
    for name, found in places.items():
        if len(found) < 2:  # noqa: PLR2004  two are one too many
            continue
        what, source, line = next((f for f in reversed(found) if f[1]), found[-1])
        if source in reported:
            continue
        others = ", ".join(w for w, s, _ in found if (w, s) != (what, source)) or what
        yield Problem(source or "content", line, f"this would be written to {name}, as is {others}; rename one of them")


def unread(folder: Path, shown: str) -> Iterator[Problem]:
    """Each file among posts and pages is Markdown: another would be passed over without a word."""
    for room in ("posts", "pages"):
        for path in sorted((folder / room).rglob("*")):
            if path.is_file() and path.suffix.lower() not in _MARKDOWN and not path.name.startswith("."):
                place = f"{shown}/{path.relative_to(folder).as_posix()}"
                yield Problem(place, 1, "only .md files are read here; rename it, or move it to images/ or extra/")


def unaddressable(statics: Iterable[str], shown: str) -> Iterator[Problem]:
    """No file is named with what an address cannot hold (RFC 3986, section 2): links to it would break."""
    for path in statics:
        wrong = _NOT_IN_ADDRESSES.search(path)
        if wrong:
            message = (
                f"the name holds `{wrong[0]}`, which an address cannot; rename it with letters, digits and hyphens"
            )
            yield Problem(f"{shown}/{path}", 1, message)


def lacking_templates(theme: Path) -> Iterator[Problem]:
    """Ask for every template that the site draws: Pelican would silently take another theme's."""
    for name in TEMPLATES:
        path = theme / "templates" / f"{name}.html"
        if not path.is_file():
            yield Problem(f"theme/templates/{name}.html", 1, "the theme lacks this template; bring it back")


def unknown_template(content: Any, theme: Path) -> Iterator[Problem]:
    """Ask that a template named in the front matter is one of the theme's."""
    name = content.metadata.get("template")
    if name and not (theme / "templates" / f"{name}.html").is_file():
        known = ("page", "speaking", "subscribe", "not_found")
        message = f"the theme has no template `{name}`{did_you_mean(name, known)}; known are {', '.join(known)}"
        yield Problem(content.metadata["shown"], content.metadata["lines"]["template"], message)


def picture_of_front_matter(content: Any, statics: Iterable[str]) -> Iterator[Problem]:
    """Ask that the picture named in the front matter is there, and has a text."""
    image = content.metadata.get("image")
    if not image:
        return
    line = content.metadata["lines"]["image"]
    if image.lstrip("/") not in statics:
        message = f"there is no picture {image} in the content folder; write a path like images/letter.png"
        yield Problem(content.metadata["shown"], line, message)
    if not content.metadata.get("image_alt"):
        message = "the picture has no text for those who don't see it; add a line `image_alt: what it shows`"
        yield Problem(content.metadata["shown"], line, message)
