"""Rules on the text of one post or page. Each yields (line, message), and a mend where only one is possible."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from plugins.checks import mending
from plugins.checks.pages import text_of
from plugins.names import AUTHORS_COMPUTER
from plugins.problems import did_you_mean
from plugins.source import Source, blanked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from plugins.checks.pages import Element, Text
    from plugins.problems import Edit

    Finding = tuple[int, str]
    Mendable = tuple[int, str, tuple[Edit, ...]]
    Rule = Callable[[Text], Iterator[Finding] | Iterator[Mendable]]

_HTML = frozenset(
    """a abbr acronym address area article aside audio b bdi bdo big blockquote br button canvas caption center cite
    code col colgroup data datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font
    footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label legend li main map mark menu meter nav
    noscript ol optgroup option output p picture pre progress q rb rp rt rtc ruby s samp search section select slot
    small source span strike strong sub summary sup table tbody td template textarea tfoot th thead time tr track tt
    u ul var video wbr""".split()
)
_VOID = frozenset("area br col hr img input source track wbr".split())
# HTML, section 13.1.2.4; a paragraph's end is written by Markdown as well.
_END_IS_OPTIONAL = frozenset(
    "caption colgroup dd dt li optgroup option p rb rp rt rtc tbody td tfoot th thead tr".split()
)
_TAG = re.compile(
    r"""(?<!\\)<(/?)([a-z][a-z0-9]*)(?=[\s/>])(?:[^<>"']|"[^"\n]{0,500}"|'[^'\n]{0,500}')*>""", re.IGNORECASE
)
_DRAWING = re.compile(r"<(svg|math)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_MAY_BE_EMPTY = frozenset(
    """alt allowfullscreen autofocus autoplay checked class controls default disabled download hidden href id inert
    ismap itemscope loop markdown multiple muted nowrap open playsinline popover readonly required reversed rel role
    selected src srcset start style title value""".split()
)
# What a page under this site's policy cannot run, style or frame; see plugins.delivery.policy.
_FORBIDDEN = {
    "script": "a script cannot run here; take it out, or put it into theme/static",
    "style": "a page cannot bring its own style; put the rules into content/doors/style.css",
    "iframe": "a frame loads another site into the page; link to it instead",
    "frame": "a frame loads another site into the page; link to it instead",
    "frameset": "a frame loads another site into the page; link to it instead",
    "object": "an embedded object cannot be shown here; link to it instead",
    "embed": "an embedded object cannot be shown here; link to it instead",
    "form": "a form has nowhere to send to on a static site; use `/// speaking-request`",
    "base": "`<base>` changes where every link leads; take it out",
    "meta": "`<meta>` belongs into the page's head; take it out",
    "link": "`<link>` belongs into content/doors/head.html, and a style sheet's rules into content/doors/style.css",
}
FOLLOWED = frozenset({"href", "xlink:href", "src", "srcset", "poster", "cite", "longdesc"})
"""The attributes whose addresses lead somewhere, as far as the check of links judges them."""
_COPY = "save the file in content/images and write {static}/images/NAME"
# Classes that programs look for (microformats.org/wiki/microformats2), and that name a code's language.
_MICROFORMAT = re.compile("(?:h|p|u|dt|e|language)-")
_LOADED = {"src", "srcset", "poster", "data", "background", "ping"}
_LOADING = {"image", "use", "feimage"}  # of SVG, by their `href`
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)
_EXECUTABLE = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
# What browsers take out of an address before they read it (URL Standard, section 4.4).
_IGNORED = re.compile("^[\0-\x20]+|[\t\n\r]")
_LEFTOVER_LINK = re.compile(r"(?:\{(?:filename|static|attach|tag|category|author)\}|\|(?:filename|static|attach)\|)\S*")
_INDICATED = re.compile(r"\s*(?:\{|%7B)(?:filename|static)(?:\}|%7D)", re.IGNORECASE)
_FOLLOWED = {"href", "src", "poster", "cite"}
_DEEPEST = 500
_MOST = 100
"""Of one kind of mark, what is looked for in the file: each costs a look through all of it."""
# Marks that no text shows by itself: what none is without, its pattern, which looks no further than to the next of its
# kind, and what to write.
_HALF = r"(?:(?<![{0}\w]){0}{0}[^\s{0}]\w*|[^\s{0}]{0}{0}(?![{0}\w]))"
_WRITTEN_ADDRESS = r"https?:|mailto:|www\.|\.{0,2}/|\{\w+\}|[\w/-]+\.(?:md|html?|pdf|png|jpe?g|gif|webp|avif|svg)\b"
_OTHER_HALF = "its other half is missing, or a space stands beside it; mend it, or write"
_LEFTOVER_MARKS = (
    (
        "]",
        rf"(?:!?\[[^\[\]\n]*)?\](?:\([^()\s]*| \((?:{_WRITTEN_ADDRESS})[^()\s]*)",
        "a link is [text](address), with no space before the ( and a ) at its end",
    ),
    ("`", r"(?<![\w`])`[^\s`]\w*|[^\s`]`(?![\w`])", "its other half is missing; add it, or write \\`"),
    ("*", r"(?<![\w*\\])\*[^\W\d_]\w*", f"{_OTHER_HALF} \\*"),
    ("_", r"(?<![\w_])_[^\W\d_]+(?![\w.(])", f"{_OTHER_HALF} \\_"),
    ("[^", r"\[\^[^\[\]\s]+\]", "a footnote needs its text, on a line like `[^1]: the text`"),
    ("{:", r"\{:\s*[.#\w][^{}=\n]*\}", "such a list stands right below a paragraph, without a blank line between them"),
    ("{", r"\{%[^{}\n]*%\}|\{\{[<%][^{}\n]*[>%]\}\}", "it belongs to another site's software; take it out"),
    ("**", _HALF.format(r"\*"), f"{_OTHER_HALF} \\*\\*"),
    ("~~", _HALF.format("~"), f"{_OTHER_HALF} \\~\\~"),
    ("==", r"(?<![=\w])==(?=[^\s=])[^=\n]*[^\s=]==(?![=\w])", "for marked text write <mark>the text</mark>"),
    (":", r"(?<![\w:/])(?::[a-z][a-z0-9_+-]+:)(?![\w:/])", "for an emoji put the sign itself"),
    ("~", r"(?<=\w)~\w{1,12}~(?!\w*~)", "for letters below the line write <sub>2</sub>"),
    ("^", r"(?<=\w)\^\w{1,12}\^", "for letters above the line write <sup>2</sup>"),
    ("[[", r"\[\[[^\[\]\n]+\]\]", "a link is [text]({filename}other.md)"),
    (":::", r"^[ \t]*:{3,}.*", "it belongs to another site's software; take it out"),
    ("[!", r"^[ \t]*\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", "write a word like **Note:** in its place"),
    ("[", r"^\[[xX ]?\](?=\s)", "a task is an item of a list, like `- [ ] to do` or `- [x] done`"),
    ("\\", r"(?<=[\w.,;!?])\\$", "a \\ breaks a line within a paragraph; at its end take it out"),
)
# A text's own star behind a word, and the note that it stands for: no half of an emphasis.
_FOOTNOTE, _FOOTNOTE_SIGN = re.compile(r"\*\w"), re.compile(r"(?<=[^\s*])\*(?![\w*])| \*$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![\w\]])\[[^\[\]]+\]\[([^\[\]]*)\]|^\]\[([^\[\]]+)\]")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]^][^\[\]]*)\]:")
_HEADING_WITHOUT_SPACE = re.compile(r"(#{2,6})([^#\s].*)")
_LEFTOVER_BLOCK = r"(?:\s*(/{{3,}}\s*\w.*)|.*?((?<![:\w/])(?:/{{2,}}|:{{2,}})\s*(?:{names})(?![\w-]).*))"


def no_forbidden_markup(text: Text) -> Iterator[Finding]:
    """Raw HTML holds nothing that the content security policy blocks."""
    seen: Counter[str] = Counter()
    for element in text.elements:
        if element.tag in _FORBIDDEN:
            line = text.source.line_of_element(element.tag, seen[element.tag])
            yield line, f"`<{element.tag}>`: {_FORBIDDEN[element.tag]}"
            seen[element.tag] += 1
        for name in element.attributes:
            if name.startswith("on"):
                message = f"`{name}=` is a script, which cannot run here; take it out"
            elif name == "style":
                message = "`style=` has no effect here; use a class, and content/doors/style.css"
            else:
                continue
            yield text.source.line_of_attribute(name, seen[name]), message
            seen[name] += 1


def nothing_from_elsewhere(text: Text) -> Iterator[Finding]:
    """Pictures and sound come from this site; links may lead anywhere but to code."""
    for address in text.addresses:
        value = _IGNORED.sub("", address.value)
        if address.element.tag in _FORBIDDEN or not value:
            continue  # other rules say so
        loaded = address.attribute in _LOADED or address.element.tag in _LOADING
        if AUTHORS_COMPUTER.match(value):
            if text.content is not None and address.attribute in FOLLOWED:
                continue  # the check of links knows which files are there
            message = f"`{value[:80]}` is on your own computer, where no reader can look; {_COPY}"
        elif loaded and _ANY_SCHEME.match(value):
            message = f"`{value[:80]}` would be loaded from another host; {_COPY}"
        elif _EXECUTABLE.match(value):
            message = f"`{value[:40]}` is code, not an address; link to a page"
        elif address.attribute == "formaction":
            message = "`formaction=` has nowhere to send to on a static site; take it out"
        else:
            continue
        yield text.source.line_of_address(address.value, address.nth), message


def pictures_are_described(text: Text) -> Iterator[Finding]:
    """Each picture has a text for those who don't see it; a mere ornament says so by role="presentation"."""
    for address in text.addresses:
        attributes = address.element.attributes
        if address.element.tag != "img" or address.attribute != "src" or attributes.get("alt", "").strip():
            continue
        if attributes.get("role") not in {"presentation", "none"}:
            advice = f'write ![what it shows]({address.value}), or for an ornament <img alt="" role="presentation" …>'
            line = text.source.line_of_address(address.value, address.nth)
            yield line, f"the picture {address.value} has no text for those who don't see it; {advice}"


def headings_begin_below_the_title(text: Text) -> Iterator[Mendable]:
    """Keep the title the page's only heading of the first rank, with no rank left out below it."""
    before = 1
    seen: Counter[int] = Counter()
    for element in text.elements:
        if not re.fullmatch("h[1-6]", element.tag):
            continue
        rank = int(element.tag[1])
        if rank == 1:
            message = "`#` is for the title, which stands in the front matter; begin headings with `##`, or write \\#"
            yield text.source.line_of_heading(rank, seen[rank]), message, mending.headings(text)
        elif rank > before + 1:
            message = f"a heading `{'#' * rank}` follows one of rank {before}; write `{'#' * (before + 1)}`"
            yield text.source.line_of_heading(rank, seen[rank]), message, ()
        seen[rank] += 1
        before = rank


def ids_are_unique(text: Text) -> Iterator[Finding]:
    """Let an id name one place, so that a link to it leads to one."""
    for name, count in text.ids.items():
        if count > 1:
            yield text.source.line_of_id(name, 1), f"the id `{name}` stands {count} times; give each place its own"


def nothing_is_left_over(text: Text) -> Iterator[Finding]:
    """No link or block syntax stands in the text as it was typed."""
    block_syntax = re.compile(_LEFTOVER_BLOCK.format(names="|".join(map(re.escape, text.blocks))))
    seen: Counter[str] = Counter()
    for prose in text.prose:
        for link in _LEFTOVER_LINK.finditer(prose):
            advice = "write a link like [text]({filename}other.md), or put it into `backquotes` to show it"
            line = text.source.line_of(link[0], seen[link[0]])
            seen[link[0]] += 1
            yield line, f"`{link[0][:40]}` would be shown as it stands; {advice}"
        block = block_syntax.fullmatch(prose) if "//" in prose or "::" in prose else None
        if block:
            found = (block[1] or block[2]).strip()
            name = next((name for name in text.blocks if name in found), text.blocks[0])
            advice = f"a block is a line `/// {name}` at the left margin, and a line `///` below it"
            yield text.source.line_of(found, seen[found]), f"`{found[:40]}` would be shown as it stands; {advice}"
            seen[found] += 1


def no_markdown_is_left_over(text: Text) -> Iterator[Finding]:
    """No mark of Markdown stands in the text because its other half is missing."""
    prose = "\n".join(text.prose)
    for sign, pattern, advice in _LEFTOVER_MARKS:
        if sign not in prose:
            continue
        marks = dict.fromkeys(found[0] for found in re.finditer(pattern, prose, re.MULTILINE))
        for mark in islice(marks, _MOST):
            line = text.source.line_of_mark(mark.strip())
            if not line or (_FOOTNOTE.match(mark) and _FOOTNOTE_SIGN.search(prose)):
                continue
            if "`" in mark:
                yield line, f"“{mark[:40]}” would be shown as it stands; {advice}"
            else:
                quoted = "or put it into `backquotes` to show it"
                yield line, f"`{mark[:40]}` would be shown as it stands; {advice}, {quoted}"


def references_are_defined(text: Text) -> Iterator[Finding]:
    """Let each link by reference have its address: else it would be shown as it was typed."""
    defined = {found[1] for _, prose in text.source.lines() if (found := _DEFINITION.match(prose))}
    for found in islice((each for prose in text.prose if "][" in prose for each in _REFERENCE.finditer(prose)), _MOST):
        shown = found[1] or found[2] or found[0].partition("]")[0].lstrip("[")
        if shown.isdigit() and found[0].partition("]")[0].lstrip("[").isdigit():
            continue  # [1][2] in a text are notes of its own kind
        advice = did_you_mean(shown, defined) or f"; write a line like `[{shown[:40]}]: https://…` for it"
        line = text.source.line_of_mark(found[0])
        if line:
            yield line, f"`{found[0][:40]}` leads nowhere{advice}"


def headings_have_a_space(text: Text) -> Iterator[Mendable]:
    """Ask for the space that CommonMark wants behind the signs of a heading."""
    for line, prose in text.source.lines():
        found = _HEADING_WITHOUT_SPACE.match(prose)
        if found:
            edit = text.source.edit(
                line, text.source.written(line), f"{found[1]} {text.source.written(line)[len(found[1]) :]}"
            )
            yield line, f"a heading has a space behind its signs; write `{found[1]} {found[2][:40].rstrip()}`", edit


def classes_have_a_style(text: Text, known: Collection[str]) -> Iterator[Finding]:
    """Let each class that the author gives be one that a style sheet has."""
    given = {name for element in text.elements for name in element.attributes.get("class", "").split()}
    for name in sorted(given - set(known))[:_MOST]:
        line = None if _MICROFORMAT.match(name) else text.source.line_of_class(name)
        if line:
            advice = did_you_mean(name, known) or "; write rules for it into content/doors/style.css, or take it out"
            yield line, f"no style has the class `{name}`{advice}"


def footnotes_have_one_text(text: Text) -> Iterator[Finding]:
    """Let a footnote's name stand for one text: of two, the first would be lost."""
    seen: dict[str, int] = {}
    for line, prose in text.source.lines():
        found = re.match(r" {0,3}(\[\^[^\]\s]+\]):", prose)
        if found and found[1] in seen:
            yield line, f"the footnote `{found[1]}` stands on line {seen[found[1]]} too; give one of them another name"
        elif found:
            seen[found[1]] = line


def words_are_not_taken_for_markup(text: Text) -> Iterator[Finding]:
    """No word in <angle brackets> or {braces} disappears because it was read as an element or an attribute."""
    for element in text.elements:
        if element.drawn:
            continue
        if element.tag not in _HTML and "-" not in element.tag and element.tag not in _FORBIDDEN:
            advice = f"write `<{element.tag}>` in backquotes, or \\<{element.tag}>"
            yield text.source.line_of_element(element.tag), f"`<{element.tag}>` is not HTML and would vanish; {advice}"
        for name, value in element.attributes.items():
            if not value and name not in _MAY_BE_EMPTY and not name.startswith(("data-", "on")):
                advice = "write \\{ for a brace, or put it into `backquotes`"
                line = text.source.line_of(name.strip("_") or "{")
                yield line, f"`{name}` was read as an attribute of `<{element.tag}>` and would vanish; {advice}"


def tags_are_paired(text: Text) -> Iterator[Finding]:
    """Let each tag of raw HTML have its other half: a browser drops the one, and runs the other on to the end."""
    prose = _DRAWING.sub(blanked, "\n".join(line for _, line in text.source.lines()))
    unclosed: list[tuple[str, int]] = []
    reported: Counter[str] = Counter()
    line, at = text.source.first_line, 0
    for found in _TAG.finditer(prose):
        line, at = line + prose.count("\n", at, found.start()), found.start()
        tag = found[2].lower()
        if tag not in _HTML or tag in _VOID:
            continue
        if not found[1]:
            unclosed.append((tag, line))
            continue
        if all(tag != name for name, _ in unclosed[-_DEEPEST:]):
            if reported[tag]:
                reported[tag] -= 1
            else:
                yield line, f"`</{tag}>` closes nothing and would vanish; take it out, or write \\</{tag}> to show it"
            continue
        while (inner := unclosed.pop())[0] != tag:
            if inner[0] not in _END_IS_OPTIONAL:
                reported[inner[0]] += 1
                yield inner[1], f"`<{inner[0]}>` is open where `</{tag}>` stands; put `</{inner[0]}>` before that"
    for tag, opened in unclosed:
        if tag not in _END_IS_OPTIONAL:
            yield opened, f"`<{tag}>` is never closed; add `</{tag}>` where it ends, or write \\<{tag}> to show it"


def links_are_followed(text: Text) -> Iterator[Finding]:
    """Keep `{filename}` and `{static}` to where Pelican follows them: one in a tag, in a few attributes."""
    for element in text.elements:
        names = [name for name, value in element.attributes.items() if _INDICATED.match(value)]
        if not names or (len(names) == 1 and names[0] in _FOLLOWED and element.attributes[names[0]].startswith("{")):
            continue
        found = element.attributes[names[-1]][:40]
        message = f"`{found}` is not followed in `{names[-1]}=`; write one such link in a tag, in `src` or `href`"
        yield text.source.line_of_attribute(names[-1]), message


def blocked_in_door(markup: str) -> Iterator[Finding]:
    """Yield what the policy would block in a template of the owner's: what posts may not hold, but for head matter."""
    text = text_of(markup, Source(markup, 1))
    yield from no_forbidden_markup(text._replace(elements=[e for e in text.elements if not _belongs_in_door(e)]))
    yield from nothing_from_elsewhere(text)


def _belongs_in_door(element: Element) -> bool:
    """Tell whether this is what doors are for: words about the page, and scripts of this site's own."""
    if element.tag == "script":
        source = element.attributes.get("src", "")
        return bool(source) and not _ANY_SCHEME.match(_IGNORED.sub("", source))
    return element.tag == "meta" or (element.tag == "link" and "stylesheet" not in element.attributes.get("rel", ""))


RULES: tuple[tuple[str, Rule], ...] = (
    ("forbidden-markup", no_forbidden_markup),
    ("from-elsewhere", nothing_from_elsewhere),
    ("picture-without-text", pictures_are_described),
    ("headings", headings_begin_below_the_title),
    ("headings", headings_have_a_space),
    ("same-anchor", ids_are_unique),
    ("leftover-mark", nothing_is_left_over),
    ("leftover-mark", no_markdown_is_left_over),
    ("leftover-mark", references_are_defined),
    ("footnote", footnotes_have_one_text),
    ("vanishing-word", words_are_not_taken_for_markup),
    ("vanishing-word", tags_are_paired),
    ("unfollowed-link", links_are_followed),
)
"""The name under which each is told."""
