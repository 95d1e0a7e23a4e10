"""Pictures: turned upright and rid of what a camera wrote, offered in the formats and widths that readers need."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown.extensions import Extension
from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.bodies import replace_body
from plugins.images.collecting import ENDINGS, Collection, Found, name, shared_name
from plugins.images.figures import FigureTreeprocessor
from plugins.images.markup import Shown, pictured, source_path, uses
from plugins.images.sharing import LEAST, Shareable
from plugins.kept import prune
from plugins.problems import Problem, warn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown import Markdown

_LOG = logging.getLogger(__name__)
_KEPT = 5_000
"""Made files in the cache at the most, where there are fewer than five hundred pictures: seven a picture."""
_NAMED = ("image", "recording_image")  # in front matter


class PictureGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes the pictures, each at its own address and in the sizes that pages offer."""

    def generate_output(self, _: Any) -> None:
        """Write them."""
        collection: Collection = self.context["pictures"]
        for path in collection.found:
            output.write(self.output_path, self.context["static_content"][path].save_as, collection.file(path))
            for file, data in collection.files(path).items():
                output.write(self.output_path, file, data)


class _Room:
    """The pictures of the build in hand, and the texts that show them."""

    def __init__(self, settings: dict[str, Any], context: dict[str, Any]) -> None:
        self.settings, self.context = settings, context
        content = Path(settings["PATH"])
        self.paths = {
            path
            for path in context["static_content"]
            if not path.startswith("extra/") and Path(path).suffix.lower() in ENDINGS
        }
        # AVIF takes longest to make, and whoever writes waits for the preview.
        kinds = ("WEBP",) if settings["PREVIEW"] else ("AVIF", "WEBP")
        self.collection = Collection(content, Path(settings["CACHE_PATH"], "images"), kinds, settings["FILES"])
        self.places = {static.save_as: path for path, static in context["static_content"].items()}
        read = (each for each in context["generated_content"].values() if each is not None)
        self.contents = sorted(read, key=lambda content: content.source_path)

    def make(self) -> None:
        """Make what pages show, put it into them, and say what is wrong."""
        self.collection.publish(self.paths)
        drawn = [content for content in self.contents if content.save_as]
        self.collection.offer(path for content in drawn for path, _ in self._used(content, sized=True))
        self._share(drawn)
        for content in drawn:
            if "<img" in (content._content or ""):  # noqa: SLF001  before links are resolved
                replace_body(content, pictured(content._content, partial(self._shown, content)))  # noqa: SLF001  as above
        self.context.setdefault("problems", []).extend(self._problems())
        files = {
            name(path, kind, variant): f"a size of {path}"
            for path, kinds in self.collection.variants.items()
            for kind, variants in kinds.items()
            for variant in variants
        }
        shared = self.settings["SHARED_PICTURES"]
        files |= {made[0]: f"{path} for shared links" for path, made in shared.items() if made}
        self.context.setdefault("planned_outputs", []).extend(files.items())

    def _share(self, drawn: Sequence[Any]) -> None:
        """Make what networks show of the pictures that stand for texts; warn of those that stay unseen."""
        made_of = self.settings["SHARED_PICTURES"]
        made_of.clear()
        made_of |= dict.fromkeys(path for path, found in self.collection.found.items() if _is_unshown(path, found))
        named = [(str(content.metadata["image"]), content) for content in drawn if content.metadata.get("image")]
        first = (next((path for path, _ in self._used(content) if path not in made_of), "") for content in drawn)
        self.collection.share(
            {*(path for path, _ in named), *(path for path in first if path.lower().endswith(".avif"))}
        )
        for path, made in self.collection.shared.items():
            if made.data or made.wrong:
                size = made.width, made.height
                made_of[path] = (shared_name(path, made), size) if made.data else None
        for path, content in named:
            wrong = self.collection.shared.get(path, Shareable()).wrong
            if wrong:
                place = content.metadata["shown"], content.metadata["lines"]["image"]
                warn(_LOG, Problem(*place, f"{_said(path, wrong)}; until then the card is shared", "unshown-picture"))

    def _used(self, content: Any, *, sized: bool = False) -> Iterator[tuple[str, int]]:
        """Yield path and line of each picture that a text shows; with `sized`, only where its sizes are offered."""
        source = content.metadata["source"]
        for use in uses(content._content or ""):  # noqa: SLF001  as above
            path = None if sized and use.has_choice else self._path(use.source, content)
            if path in self.paths:
                yield str(path), source.line_of_address(use.source, use.nth)

    def _path(self, source: str, content: Any) -> str | None:
        page = content.get_relative_source_path()
        return source_path(source, page, content.url, self.settings["SITEURL"], self.places)

    def _shown(self, content: Any, source: str) -> Shown | None:
        path = self._path(source, content)
        found = self.collection.found.get(path or "")
        if path is None or found is None:
            return None
        root = self.settings["SITEURL"]
        variants = {
            kind: tuple((f"{root}/{name(path, kind, variant)}", variant.width) for variant in each)
            for kind, each in self.collection.variants.get(path, {}).items()
        }
        return Shown(found.width, found.height, variants)

    def _problems(self) -> Iterator[Problem]:
        """Yield what is wrong with each picture, where it is used; with one that nothing uses, at itself."""
        wrong = self.collection.wrong
        told = set()
        for content in self.contents if wrong else ():
            values = content.metadata
            named = [(str(values[key]), values["lines"].get(key, 1)) for key in _NAMED if values.get(key)]
            for path, line in (*self._used(content), *named):
                if path in wrong:
                    told.add(path)
                    if content.save_as or values["future"]:  # a draft doesn't stop a publish
                        yield Problem(values["shown"], line, _said(path, wrong[path]), "picture")
        for path in sorted(wrong.keys() - told):
            yield Problem(f"{self.settings['CONTENT_SHOWN']}/{path}", 1, _said(path, wrong[path]), "picture")


def _is_unshown(path: str, found: Found) -> bool:
    """Tell whether no network shows a picture as it stands in a text."""
    return path.lower().endswith(".svg") or min(found.width, found.height) < LEAST


def _said(path: str, what: str) -> str:
    return f"the picture {path.rpartition('/')[2][:80]} {what}"


def _collect(generator: Any) -> None:
    """Take the pictures over from Pelican, which would copy them with all that a camera wrote into them."""
    context, settings = generator.context, generator.settings
    room = _Room(settings, context)
    room.make()
    context["pictures"] = room.collection
    context["staticfiles"] = [each for each in context["staticfiles"] if room.places[each.save_as] not in room.paths]
    prune(room.collection.cache, max(_KEPT, 10 * len(room.paths)))


def _generators(_: Any) -> type[Generator]:
    return PictureGenerator


class ImagesExtension(Extension):
    """Pictures for Python-Markdown."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  the library's name
        """Add it to the parser, after attribute lists (8)."""
        md.treeprocessors.register(FigureTreeprocessor(md), "lectern-pictures", 4)


def makeExtension(**options: Any) -> ImagesExtension:  # noqa: N802  the library's name
    """Make the extension, as Python-Markdown asks for it."""
    return ImagesExtension(**options)


def register() -> None:
    """Connect to Pelican."""
    signals.static_generator_finalized.connect(_collect)
    signals.get_generators.connect(_generators)
