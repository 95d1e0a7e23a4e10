"""The one reader of Markdown files, in Pelican's READERS seam."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pelican.contents import Category, Tag
from pelican.readers import BaseReader
from pelican.utils import slugify

from plugins import markup, slugs, text
from plugins.keys import Surroundings, WrongValueError
from plugins.problems import Problem, undecodable
from plugins.reading import front_matter, mending
from plugins.reading.metadata import metadata
from plugins.source import Source
from plugins.text import CONTROL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugins.block_structure import Structure
    from plugins.keys import Key

# Texts that name a file: none of those that a sentence may be put in.
_NAMES = {"image", "recording_image", "template"}


class PostReader(BaseReader):  # type: ignore[misc]  # Pelican ships no types
    """Reads posts and pages. What is wrong in a file travels with it as `problems`, since Pelican drops what raises."""

    file_extensions = ("md", "markdown", "mkd", "mdown")

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """Give the body as HTML and the metadata: the front matter's values, and `source`, `lines` and `problems`."""
        path = Path(source_path)
        raw, closed = _opened(path)
        decoded = raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        relative = path.relative_to(self.settings["PATH"])
        kind = relative.parts[0] if relative.parts[0] in self.settings["KEYS"] else "posts"
        keys = self.settings["KEYS"][kind]
        read = partial(_front_matter, keys=keys, around=self._surroundings(kind))
        head, values, unfit = read(decoded)
        html, structure, found = self._converted(head.body, path)
        source = Source(head.body, head.body_line, structure)
        shown = f"{self.settings['CONTENT_SHOWN']}/{relative.as_posix()}"
        # What is missing altogether is no fault of a line.
        given = partial(read, keys={name: key._replace(example="") for name, key in keys.items()})
        fix = partial(mending.fix, decoded, keys=keys, wrong=lambda text: _wrong_lines(*given(text)))
        problems = [
            Problem(shown, *each, "front-matter", head.fixes.get(each[0]) or fix(each[0])) for each in head.problems
        ]
        # What is read otherwise than it was written need not be judged; what is missing is told on the first line.
        told = {line for line, _ in head.problems} - {1}
        problems += [Problem(shown, *each, "front-matter-value", fix(each[0])) for each in unfit if each[0] not in told]
        problems += [Problem(shown, *each, "encoding") for each in filter(None, [undecodable(raw)])]
        problems += [Problem(shown, *each, "encoding") for each in _unprintable(decoded)]
        problems += [Problem(shown, *each) for each in self._complete(values, head.values, path)]
        problems += [Problem(shown, source.line_of(place, nth), message, rule) for place, nth, message, rule in found]
        if closed:  # nothing else can be said of it
            problems = [Problem(shown, 1, closed, "unreadable")]
        values |= {
            "shown": shown,
            "source": source,
            "lines": {key: value.line for key, value in head.values.items()},
            "problems": problems,
        }
        fragment = markup.composed(markup.normal(html), self.settings["SPEAKER"].root)
        return text.typeset_html(fragment, values["lang"]), values

    def _converted(self, body: str, path: Path) -> tuple[str, Structure | None, list[tuple[str, int, str, str]]]:
        """Return the body as HTML, its structure where one was read, and what is wrong in it.

        That is (text to look for, how often it stands before, message, rule).
        """
        md = _markdown(self.settings)
        md.path, md.problems, md.structure = path, [], None
        try:
            return md.reset().convert(body), md.structure, [(*found, "block") for found in md.problems]
        except Exception as error:  # noqa: BLE001  whatever an extension makes of odd text must not drop the post
            message = f"this text cannot be turned into a page ({error}); take its parts out in turn to find which"
            return "", None, [("", 0, message, "unreadable")]

    def _complete(self, values: dict[str, Any], given: dict[str, Any], path: Path) -> list[tuple[int, str, str]]:
        """Add what Pelican and the theme need beside the front matter; give (line, message, rule) of what is wrong."""
        wrong = []
        values["terms"] = {
            "tags": values.get("tags", []),
            "category": [values.get("category", self.settings["DEFAULT_CATEGORY"])],
        }
        if "category" in values:
            values["category"] = Category(values["category"], self.settings)
        if "tags" in values:
            tags = [Tag(name, self.settings) for name in values["tags"]]
            values["tags"] = list({tag.slug: tag for tag in reversed(tags)}.values())[
                ::-1
            ]  # of two spellings the first
        terms = [("category", values.get("category")), *(("tags", tag) for tag in values.get("tags", ()))]
        for key, term in terms:
            if term is not None and not slugs.slug(term.name):
                message = f"`{term.name}` gives no address for its list; name it with letters or digits"
                wrong.append((given[key].line, message, "tag"))
            elif term is not None and len(slugs.slug(term.name)) > slugs.LONGEST:
                message = f"`{term.name[:40]}…` is too long to name a list; are there commas missing?"
                wrong.append((given[key].line, message, "tag"))
        values.setdefault("slug", self._slug(path.stem))
        if not values["slug"]:
            values["slug"] = "unnamed"
            message = "the file's name gives no address; name it with letters or digits, like a-thank-you.md"
            wrong.append((1, message, "file-name"))
        elif len(values["slug"]) > slugs.LONGEST:
            message = f"the address is too long; make it at most {slugs.LONGEST} characters, by `slug:`"
            wrong.append((given["slug"].line if "slug" in given else 1, message, "file-name"))
        if values.get("template") == "not_found":
            values["save_as"] = values["url"] = "404.html"  # the name that static hosts look for
        if values["future"]:
            values["status"] = "draft"
        return wrong

    def _slug(self, stem: str) -> str:
        """Give the address that a file's name makes; a date before it is not part of it."""
        return str(slugify(slugs.DATE_PREFIX.sub("", stem, count=1), self.settings["SLUG_REGEX_SUBSTITUTIONS"]))

    def _surroundings(self, kind: str) -> Surroundings:
        return Surroundings(
            ZoneInfo(self.settings["TIMEZONE"]),
            self.settings["SPEAKER"].language,
            self.settings["SITE_DATE"],
            is_post=kind == "posts",
        )


def _opened(path: Path) -> tuple[bytes, str | None]:
    """Give what the file holds; or where it cannot be opened a mere head, and what to do."""
    try:
        return path.read_bytes(), None
    except OSError as error:
        mend = "take this link away" if path.is_symlink() and not path.exists() else "allow it, or take it away"
        return b"title: closed\n\n", f"this file cannot be opened ({error.strerror}); {mend}"


def _front_matter(
    text: str, keys: Mapping[str, Key], around: Surroundings
) -> tuple[front_matter.Head, dict[str, Any], list[tuple[int, str]]]:
    """Give the head of a file, its values as the site works with them, and which of them it cannot work with."""

    def fits(key: str, value: str) -> bool:
        try:
            return key not in keys or (key not in _NAMES and keys[key].read(value, around) is not None)
        except WrongValueError:
            return False

    head = front_matter.parse(text, keys.keys(), fits)
    values, unfit = metadata(head.values, around, keys)
    # Where there is no head, what else is missing is not the matter.
    return head, values, [] if head.problems and not head.values else unfit


def _wrong_lines(head: front_matter.Head, _: object, unfit: list[tuple[int, str]]) -> set[int]:
    return {line for line, _ in (*head.problems, *unfit)}


def _unprintable(text: str) -> list[tuple[int, str]]:
    """Find control characters, which neither HTML nor XML can hold (XML 1.0, section 2.2)."""
    found = CONTROL.search(text)
    if not found:
        return []
    return [
        (text.count("\n", 0, found.start()) + 1, f"this line holds a control character ({found[0]!r}); type it anew")
    ]


def _markdown(settings: dict[str, Any]) -> Any:
    """Give the one parser of this build: making one for every file would take a tenth of the reading."""
    if "MARKDOWN_PARSER" not in settings:
        from markdown import Markdown  # slow to import: only where something is read

        options = dict(settings["MARKDOWN"])
        options["extensions"] = [*options.get("extensions", []), *options["extension_configs"]]
        settings["MARKDOWN_PARSER"] = Markdown(**options)
    return settings["MARKDOWN_PARSER"]
