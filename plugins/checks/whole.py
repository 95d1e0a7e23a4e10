"""Rules on the site as a whole: what stands twice, what is missing, what nobody would read."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import TemplateSyntaxError

from plugins import names, pictures
from plugins.checks.rules import blocked_in_door
from plugins.problems import Edit, Problem, did_you_mean, nearest_or_all, undecodable
from plugins.source import blanked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from jinja2 import Environment

    from plugins.ledger import Ledger

TEMPLATES = (
    *("base", "index", "listing", "terms", "article", "page", "speaking", "subscribe", "not_found"),
    *("talk", "kit", "introduction", "dates", "card", "drafts", "moved"),
)
ROOMS = ("posts", "pages", "talks", "images", "kit", "extra", "doors")
# Templates that draw something else than a page.
_NOT_FOR_PAGES = set("base index listing terms article talk kit introduction dates card drafts moved".split())
# Every page links to these.
_NEEDED = (("speaking", "every post invites to it"), ("subscribe", "every page leads to it for the feeds"))
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg")


class Output(NamedTuple):
    """A file that will be written: its path, what it is, and the author's file and line behind it, if there is one."""

    name: str
    what: str
    source: str = ""
    line: int = 1


def twice(contents: Iterable[Any], root: str, ledger: Ledger) -> Iterator[Problem]:
    """Let no two posts share an id, nor two contents an address by their slugs: nobody could tell them apart.

    A post without an id of its own is known as the ledger has it, else by its address below `root`, as in the feed.
    """
    for key in ("id", "slug"):
        first: dict[tuple[str, str], Any] = {}
        for content in contents:
            value = content.metadata.get(key)
            if key == "id" and not value and content.metadata["is_post"]:
                known = ledger.get(content.get_relative_source_path())
                value = known.id if known else f"{root}/{content.url}"
            if not value:
                continue
            where = content.url if key == "slug" else ""
            other = first.setdefault((where, value), content)
            # Of two it is the one that says so itself that can be mended; two permalinks alone are the slugs' matter.
            one, other = (content, other) if key in content.metadata["lines"] else (other, content)
            line = one.metadata["lines"].get(key)
            if other is not one and (line or key == "slug"):
                how = "" if line else f", by a line `slug: {value}-2`"
                message = (
                    f"the {key} `{value}` is also that of {other.metadata['shown']}; give one of them another{how}"
                )
                yield Problem(one.metadata["shown"], line or 1, message, "same-id" if key == "id" else "same-address")


def written_twice(outputs: Iterable[Output], reported: Collection[str]) -> Iterator[Problem]:
    """Let no two things be written to one place, nor one below the other; case is ignored, as Windows ignores it.

    Of `reported` sources it is known already.
    """
    places = defaultdict(list)
    for output in outputs:
        places[output.name.casefold()].append(output)
    for name, found in places.items():
        above = [o for folder in PurePosixPath(name).parents for o in places.get(folder.as_posix(), ())]
        rivals = [*above, *found]
        if len(rivals) < 2:  # noqa: PLR2004  two are one too many
            continue
        one = next((output for output in reversed(rivals) if output.source), rivals[-1])
        if not any(output.source in reported for output in rivals):
            others = ", ".join(output.what for output in rivals if output is not one)
            message = f"this would be written to {one.name}, as is {others}; rename one of them"
            yield Problem(one.source or one.what, one.line, message, "same-address")


def unread(files: Iterable[str], read: Collection[str], shown: str) -> Iterator[Problem]:
    """Let no file be passed over without a word: what is no post, page, picture or the like stands in the wrong place.

    `files` are all files below the content folder, `read` those that were read as posts and pages. A post that is not
    among them was written since: the next build reads it.
    """
    for name in files:
        room, *below = PurePosixPath(name).parts
        if any(part.startswith((".", "#")) or part.endswith("~") for part in (room, *below)):
            continue
        if room in {"posts", "pages", "talks"} and below:
            if name in read or name.endswith(".md"):
                continue
            message = "only .md files are read here; rename it, or move it to images/ or extra/"
            yield Problem(f"{shown}/{name}", 1, message, "unread-file")
        elif (below and room not in ROOMS) or (not below and name.endswith(".md") and name != "README.md"):
            message = (
                f"nothing is read here{did_you_mean(room, ROOMS)}; move it to posts/, pages/, talks/, images/ or extra/"
            )
            yield Problem(f"{shown}/{name}", 1, message, "unread-file")


def unaddressable(refused: Mapping[str, str], shown: str) -> Iterator[Problem]:
    """Tell of files whose names no address can hold; what links to one says so itself.

    `refused` has a name for each to take instead.
    """
    for path, better in refused.items():
        message = f"the name holds `{names.unfit_character(path)}`, which breaks addresses, so this is not published"
        yield Problem(f"{shown}/{path}", 1, f"{message}; rename it {posixpath.basename(better)}", "unfit-name")


def alike(files: Iterable[str], shown: str) -> Iterator[Problem]:
    """Let no two files, by their paths on the disk, be told apart by capitals or by how their letters are put together.

    Macs and Windows have room for one of them, and on the site only one would be found.
    """
    first: dict[str, str] = {}
    for file in sorted(files, reverse=True):  # so that it is told of the one with capitals, or the decomposed one
        name = names.composed(file)
        other = first.setdefault(name.casefold(), file)
        if other == file:
            continue
        if names.composed(other) == name:
            what = f"there are two files {name}, with their letters put together in two ways, as Macs and others do"
            yield Problem(f"{shown}/{file}", 1, f"{what}; take one away, or rename it", "same-address")
        else:
            what = f"this differs from {names.composed(other)} in capitals only, and many systems keep only one of them"
            yield Problem(f"{shown}/{file}", 1, f"{what}; rename one", "same-address")


def lacking_templates(theme: Path) -> Iterator[Problem]:
    """Ask for every template that the site draws: Pelican would silently take another theme's."""
    for name in TEMPLATES:
        path = theme / "templates" / f"{name}.html"
        if not path.is_file():
            message = "the theme lacks this template; bring it back"
            yield Problem(f"theme/templates/{name}.html", 1, message, "theme")


def unknown_template(content: Any, theme: Path) -> Iterator[Problem]:
    """Ask that a template named in the front matter is one that draws pages; posts have their own."""
    name = content.metadata.get("template")
    if not name:
        return
    known = sorted({path.stem for path in (theme / "templates").glob("*.html")} - _NOT_FOR_PAGES)
    place = content.metadata["shown"], content.metadata["lines"]["template"]
    if content.metadata["is_post"]:
        yield Problem(*place, "a post is always drawn as a post; take this line out", "template")
    elif name not in known:
        message = f"the theme has no template `{name}` for pages{did_you_mean(name, known)}; it has {', '.join(known)}"
        yield Problem(*place, message, "template")


def unknown_talks(
    named: Iterable[tuple[str, str, int]], talks: Collection[str], read: Mapping[str, Any]
) -> Iterator[Problem]:
    """Ask that each talk that is `named`, as (name, path, line), is one of the `talks` that are drawn."""
    drafts = {content.slug for content in read.values() if content is not None and content.metadata.get("is_talk")}
    for name, path, line in named:
        if name in talks:
            continue
        alike = names.case_variants(name, talks)
        fix = (Edit(line, name, alike[0]),) if len(alike) == 1 else ()
        if name in drafts:
            message = f"the talk `{name}` is a draft, so nobody can ask for it yet; take this line out until then"
        elif talks:
            message = f"there is no talk `{name}`{nearest_or_all(name, talks)}"
        else:
            message = f"there is no talk `{name}`; write it as talks/{name}.md, or take this line out"
        yield Problem(path, line, message, "talk", fix)


def missing_pages(contents: Iterable[Any], shown: str) -> Iterator[Problem]:
    """Ask for the pages that the theme leads to from everywhere."""
    there = {(content.url, content.template) for content in contents}
    for name, why in _NEEDED:
        if (f"{name}/", name) not in there:
            message = f"this page is missing, and {why}; write it, with the line `template: {name}`"
            yield Problem(f"{shown}/pages/{name}.md", 1, message, "missing-page")


def picture_of_front_matter(content: Any, statics: Collection[str], refused: Mapping[str, str]) -> Iterator[Problem]:
    """Ask that the picture named in the front matter is there, and has a text."""
    image = content.metadata.get("image")
    if not image:
        return
    place = content.metadata["shown"], content.metadata["lines"]["image"]
    if image in statics and not image.lower().endswith(_PICTURES):
        message = f"{image} is no picture that can be shared; name a JPEG or PNG, like images/letter.png"
        yield Problem(*place, message, "named-picture")
    elif not image.startswith("images/") or image not in statics:
        fit = [path for path in (*statics, *refused) if path.lower().endswith(_PICTURES)]
        found = pictures.unnamed(image, place[1], fit, "images/letter.png", refused)
        yield Problem(*place, found[0], "named-picture", found[1])
    if not content.metadata.get("image_alt"):
        message = "the picture has no text for those who don't see it; add a line `image_alt: what it shows`"
        yield Problem(*place, message, "picture-without-text")


def unsound_doors(content: Path, shown: str, environment: Environment) -> Iterator[Problem]:
    """Ask that the owner's own templates can be read, and hold nothing that the policy blocks, before one is drawn."""
    for path in sorted((content / "doors").glob("*.html")):
        place = f"{shown}/doors/{path.name}"
        raw = path.read_bytes()
        wrong = undecodable(raw)
        if wrong:
            yield Problem(place, *wrong, "door")
            continue
        text = raw.decode("utf-8-sig")
        try:
            environment.parse(text)
        except TemplateSyntaxError as error:
            message = f"{error.message}; write {{{{ '{{' }}}} for a brace that is to be shown"
            yield Problem(place, error.lineno, message, "door")
        else:
            markup = _JINJA.sub(blanked, text)
            yield from (Problem(place, *found, "door") for found in blocked_in_door(markup))
