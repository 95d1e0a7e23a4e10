"""The bones of every page: its title, language, headings, ids, and the names of what can be pressed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tools.inspection.page import FOLLOWED
from tools.inspection.rule import Rule
from tools.inspection.survey import Found
from tools.inspection.targets import host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

    from tools.inspection.page import Page

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_RANK = re.compile("h[1-6]")
_NOT_TYPED = {"hidden", "submit", "button", "reset", "image"}
_LOADING = {"img", "script", "source", "video", "audio", "track", "iframe", "embed", "object", "input", "use", "image"}
_LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon", "prefetch"}
_IN_STYLE = re.compile(
    r"""url\(\s*["']?((?:https?:)?//[^"')\s]+)|@import\s+["']((?:https?:)?//[^"']+)""", re.IGNORECASE
)

TITLE = Rule(
    "page-titles",
    "Every page has a title.",
    "Tabs, bookmarks, search engines and screen readers name the page by it.",
    stops=True,
)
DESCRIPTION = Rule(
    "page-descriptions",
    "Every page that can be found describes itself in a sentence.",
    "Search engines and shared links show that sentence below the title.",
    stops=False,
)
LANGUAGE = Rule(
    "page-languages",
    "Every page names its language.",
    "Screen readers choose their voice by it, and browsers offer to translate.",
    stops=True,
)
HEADINGS = Rule(
    "page-headings",
    "Every page has one heading of the first rank, and leaves no rank out below it.",
    "People who cannot see the page find their way by its headings.",
    stops=True,
)
IDS = Rule(
    "page-ids",
    "No id stands twice on a page as it is drawn.",
    "A link to such a place leads to the first one only, and a label may name the wrong field.",
    stops=True,
)
LINKS = Rule(
    "empty-links",
    "Every link has words, or a picture that is described.",
    "Nobody who listens to the page can tell where an empty link leads.",
    stops=True,
)
CONTROLS = Rule(
    "unnamed-controls",
    "Every button and every field has a name.",
    "Nobody who listens to the page can tell what a nameless one is for.",
    stops=True,
)
PICTURES = Rule(
    "undescribed-pictures",
    "Every picture on a page has a text for those who don't see it, or says that it is an ornament.",
    "Without it a screen reader reads out the name of the file, or nothing.",
    stops=True,
)
ELSEWHERE = Rule(
    "foreign-resources",
    "No page loads anything from another host.",
    "The site's policy blocks it, and the other host would learn who reads the page.",
    stops=True,
)
RULES = (TITLE, DESCRIPTION, LANGUAGE, HEADINGS, IDS, LINKS, CONTROLS, PICTURES, ELSEWHERE)


def titles(page: Page) -> Iterator[Found]:
    """Ask for a title, and for a description of what can be found."""
    if not page.title:
        yield Found(
            "the page has no title; write one, as `title:` or in the template", TITLE.name, whole=True, key="title"
        )
    if page.listed and not page.meta("description"):
        message = "the page has no description; write one, as `summary:` or in the template"
        yield Found(message, DESCRIPTION.name, whole=True, key="summary")


def language(page: Page) -> Iterator[Found]:
    """Ask for the language of the whole page."""
    lang = page.tree.root.attributes.get("lang") if page.tree.root else None
    if not _LANGUAGE.fullmatch(lang or ""):
        yield Found('`<html>` names no language; write it like `<html lang="en">`', LANGUAGE.name, texts=("<html",))


def headings(page: Page) -> Iterator[Found]:
    """Ask for headings in order. What waits for a script counts: nobody knows when it comes."""
    ranks = [(int(tag[1]), _words(node)) for tag, _, node in page.elements if _RANK.fullmatch(tag)]
    firsts = [words for rank, words in ranks if rank == 1]
    if not firsts:
        yield Found(
            "the page has no heading of the first rank; give its title one, as `<h1>`", HEADINGS.name, whole=True
        )
    for words in firsts[1:]:
        message = f"the heading “{words[:60]}” is a second one of the first rank; give it the second rank"
        yield Found(message, HEADINGS.name, texts=(words,))
    before = ranks[0][0] if ranks else 0
    for rank, words in ranks[1:]:
        if rank > before + 1:
            message = (
                f"the heading “{words[:60]}” has rank {rank} after one of rank {before}; give it rank {before + 1}"
            )
            yield Found(message, HEADINGS.name, texts=(words,))
        before = rank


def ids(page: Page) -> Iterator[Found]:
    """Ask for ids that stand once."""
    for name, count in page.ids.items():
        if count > 1:
            yield Found(f"the id `{name}` stands {count} times; give each place its own", IDS.name, ids=(name,))


def links(page: Page) -> Iterator[Found]:
    """Ask for links with words."""
    for tag, attributes, node in page.elements:
        if tag != "a" or "href" not in attributes or node.mem_id in page.waiting or _name(node):
            continue
        href = attributes["href"] or ""
        message = f"the link to {href[:80] or 'nowhere'} has no words; write what it leads to"
        yield Found(message, LINKS.name, links=(href,) if href else ())


def controls(page: Page) -> Iterator[Found]:
    """Ask for buttons and fields with names. Those that wait for a script get theirs from it."""
    labelled = {attributes.get("for") for tag, attributes, _ in page.elements if tag == "label"}
    for tag, attributes, node in page.elements:
        if tag not in {"button", "input", "select", "textarea"} or node.mem_id in page.waiting:
            continue
        typed = tag != "button" and attributes.get("type") not in _NOT_TYPED
        pressed = tag == "button" or attributes.get("type") in {"button", "image"}
        if typed and not (attributes.get("id") in labelled or _name(node) or _within(node, "label")):
            named = attributes.get("id") or attributes.get("name") or ""
            message = f"the field {named or 'on this page'} has no label; write `<label for=…>` before it"
            yield Found(message, CONTROLS.name, ids=(named,) if named else ())
        elif pressed and not (_name(node) or attributes.get("value") or attributes.get("alt")):
            markup = (node.html or "").partition(">")[0] + ">"
            message = f"the button {markup[:80]} has no words; write what it does"
            yield Found(message, CONTROLS.name, texts=(markup.replace('=""', ""), markup))


def pictures(page: Page) -> Iterator[Found]:
    """Ask for the text of each picture."""
    for tag, attributes, node in page.elements:
        if tag != "img" or (attributes.get("alt") or "").strip() or _is_ornament(attributes):
            continue
        if node.mem_id in page.waiting:
            continue
        source = attributes.get("src") or ""
        message = f'the picture {source[:80]} has no text for those who don\'t see it; write alt="what it shows"'
        yield Found(message, PICTURES.name, links=(source, source.rpartition("/")[2]))


def resources(page: Page) -> Iterator[Found]:
    """Ask that nothing is loaded from another host."""
    for tag, attributes, _ in page.elements:
        loading = tag in _LOADING or (
            tag == "link" and _LOADED_LINKS & set((attributes.get("rel") or "").lower().split())
        )
        for name in FOLLOWED if loading else ():
            value = attributes.get(name) or ""
            if name != "cite" and _is_elsewhere(value.strip(), page):
                advice = "save the file in content/images or content/extra and write its address here"
                yield Found(f"{value[:80]} is loaded from another host; {advice}", ELSEWHERE.name, links=(value,))


def styles(text: str) -> Iterator[Found]:
    """Ask the same of a style sheet; it stands on every page, and is looked at once."""
    for found in _IN_STYLE.finditer(text):
        address = found[1] or found[2]
        message = (
            f"{address[:80]} is loaded from another host; save the file in content/extra and write its address here"
        )
        yield Found(message, ELSEWHERE.name, links=(address,))


PAGE_RULES: tuple[Callable[[Page], Iterator[Found]], ...] = (
    titles,
    language,
    headings,
    ids,
    links,
    controls,
    pictures,
    resources,
)


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _name(node: LexborNode) -> str:
    """Give what a screen reader would say of an element, as far as it is written in it."""
    told = (_words(node), *((node.attributes.get(name) or "").strip() for name in ("aria-label", "title")))
    labelled = node.attributes.get("aria-labelledby") or ""
    shown = next((one.attributes.get("alt") or "" for one in node.css("img[alt]") if one.attributes.get("alt")), "")
    return next(filter(None, (*told, labelled, shown)), "")


def _within(node: LexborNode, tag: str) -> bool:
    above = node.parent
    while above is not None and above.tag != tag:
        above = above.parent
    return above is not None


def _is_ornament(attributes: dict[str, str | None]) -> bool:
    return attributes.get("role") in {"presentation", "none"} or attributes.get("aria-hidden") == "true"


def _is_elsewhere(value: str, page: Page) -> bool:
    return value.startswith(("http://", "https://", "//", "ftp:")) and host(value) != host(page.root)
