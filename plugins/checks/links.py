"""Links inside the site: every file, page and anchor they name is there."""

from __future__ import annotations

import difflib
import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from plugins import names, slugs
from plugins.checks.rules import FOLLOWED
from plugins.markup import absolute
from plugins.media import media_type
from plugins.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from plugins.checks.pages import Address, Text
    from plugins.problems import Edit

_INDICATED = re.compile(r"[{|](?P<what>[a-z]+)[|}](?P<rest>.*)", re.DOTALL)
_SCHEMES = ("https", "http", "mailto", "tel")
_INDICATING = {"href", "src", "poster", "cite"}
"""Where Pelican follows `{static}` and its kin."""
_UNREADABLE = "`{}` is not an address; write one like https://www.example.com/"
_MARKDOWN = (".md", ".markdown")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_HOST = re.compile(r"www(?:\.[\w-]+){2,}(?::\d+)?(?:/\S*)?", re.ASCII)
_PAGES = ("", ".html", ".htm")


class Site(NamedTuple):
    """What links may lead to: contents and static files by source path, written files, ids by address of a page.

    `sources` are the source paths of the contents by their whole addresses; `refused` are files whose names cannot be
    addresses, with names to take instead; `terms` tells of each kind, `tag` and `category`, whether there is one of a
    name.
    """

    contents: Mapping[str, Any]
    sources: Mapping[str, str]
    statics: Mapping[str, Any]
    refused: Mapping[str, str]
    written: Collection[str]
    terms: Mapping[str, Callable[[str], bool]]
    ids: Mapping[str, Collection[str]]
    base: str
    root: str
    preview: bool


def broken_links(text: Text, site: Site) -> Iterator[Problem]:
    """Yield a problem for each link in the text that leads nowhere."""
    shown, source = text.content.metadata["shown"], text.source
    for address in text.addresses:
        message = _message(address.value, text, site) if address.attribute in FOLLOWED else None
        if message and address.value.startswith("#fnref:"):
            yield Problem(shown, source.line_of(f"[^{address.value[7:]}]:"), message, "footnote")
        elif message:
            if address.attribute not in _INDICATING:  # there the address itself must stand
                message = message.replace("{static}/images", f"{site.base}/images")
            line = source.line_of_address(address.value, address.nth)
            yield Problem(shown, line, message, "broken-link", _mend(address, text, site))


def own_addresses(text: Text, site: Site) -> Iterator[Problem]:
    """Yield a problem for each link to a post or page of this site by its whole address, which may change."""
    for address in text.addresses:
        whole, mark, anchor = address.value.partition("#")
        if address.attribute != "href" or whole not in site.sources:
            continue
        right = f"{_link('filename', site.sources[whole], text)}{mark}{anchor}"
        if _message(right, text, site):
            continue  # a draft, or no such place: that is another matter
        message = f"`{address.value[:80]}` is a page of this site, and its address may change; write {right}"
        fix = text.source.address_edit(address.value, address.nth, right)
        yield Problem(
            text.content.metadata["shown"],
            text.source.line_of_address(address.value, address.nth),
            message,
            "own-address",
            fix,
        )


def _mend(address: Address, text: Text, site: Site) -> tuple[Edit, ...]:
    """Give the edit that makes the link lead somewhere, where there is one such and no more."""
    both = {what: names.meant(address.value, known) for what, known in _known(site).items()}
    files = [
        f"{{{what}}}/{one}"
        for what, meant in both.items()
        for one in meant.files
        if meant.sure and "#" not in address.value
    ]
    for candidates in (_candidates(address.value, text, site), files):
        right = {
            value
            for value in candidates
            if not _message(value, text, site) and (value[0] != "{" or address.attribute in _INDICATING)
        }
        if right:
            break
    return text.source.address_edit(address.value, address.nth, right.pop()) if len(right) == 1 else ()


def _candidates(value: str, text: Text, site: Site) -> Iterator[str]:
    """Yield what the address may have been meant to be."""
    if _EMAIL.fullmatch(value):
        yield f"mailto:{value}"
    if _HOST.fullmatch(value):
        yield f"https://{value}"
    indicated = _INDICATED.fullmatch(value)
    path, mark, anchor = (indicated["rest"] if indicated else value).partition("#")
    if "%" in path or "?" in path or (indicated and indicated["what"] not in {"filename", "static"}):
        return
    what = indicated["what"] if indicated else "filename"
    known = _known(site)[what]
    if indicated or path.endswith(_MARKDOWN):
        source = _source(path, text)
        at_root = path.startswith("/")
        yield from (
            f"{_link(what, one, text, at_root=at_root)}{mark}{anchor}" for one in names.case_variants(source, known)
        )
    elif path.startswith(f"{site.base}/"):
        below = path.removeprefix(f"{site.base}/")
        name = f"{below}index.html" if not below or below.endswith("/") else below
        for one in names.case_variants(name, site.written):
            yield f"{site.base}/{one.removesuffix('index.html') if name.endswith('/index.html') else one}{mark}{anchor}"


def _known(site: Site) -> dict[str, Mapping[str, Any]]:
    """Return what each indicator leads to."""
    return {"static": site.statics, "filename": site.contents}


def _link(what: str, source: str, text: Text, *, at_root: bool = False) -> str:
    """Write a link to a source file, from the content folder or from where the text stands."""
    if at_root:
        return f"{{{what}}}/{source}"
    return f"{{{what}}}{posixpath.relpath(source, posixpath.dirname(text.content.relative_source_path) or '.')}"


def _source(path: str, text: Text) -> str:
    """Give the source file, below the content folder, that a path in a text names."""
    folder = posixpath.dirname(text.content.relative_source_path)
    return path[1:] if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))


def _message(value: str, text: Text, site: Site) -> str | None:
    if not value:
        return "this link is empty; write where it leads"
    indicated = _INDICATED.fullmatch(unquote(value)) if value[0] in "{|" else None
    if indicated:
        return _indicated(indicated["what"], indicated["rest"], text, site)
    if value.startswith(site.root + "/") or value == site.root:
        value = f"{site.base}/{value[len(site.root) + 1 :]}"
    if names.AUTHORS_COMPUTER.match(value):
        return f"`{value[:80]}` is on your own computer, where no reader can look; {_advice(value, site)}"
    try:
        parts = urlsplit(value)
    except ValueError:
        return _UNREADABLE.format(value[:80])
    if parts.scheme or parts.netloc:
        return _outer(parts, value)
    return _inner(parts.path, parts.fragment, text, site)


def _outer(parts: SplitResult, value: str) -> str | None:
    near = difflib.get_close_matches(parts.scheme, _SCHEMES, n=1, cutoff=0.7) if parts.scheme not in _SCHEMES else []
    if near:
        return f"`{value[:80]}` begins with {parts.scheme}:; did you mean {near[0]}:?"
    try:
        unreadable = parts.port == 0  # raises for what is no number, or too high a one
    except ValueError:
        unreadable = True
    if unreadable:
        return _UNREADABLE.format(value[:80])
    if parts.scheme in {"http", "https", ""} and not parts.netloc:
        return f"`{value[:80]}` names no site; write an address like https://www.example.com/"
    return None


def _indicated(what: str, rest: str, text: Text, site: Site) -> str | None:
    """Judge `{filename}path#anchor` and its kin."""
    if what in site.terms:
        return None if site.terms[what](rest) else f"there is no {what} `{rest}`; write the name of one that a post has"
    if what not in {"filename", "static"}:
        return f"`{{{what}}}` is not known; write {{filename}} for a post or page, {{static}} for a picture or file"
    unfit = _source(rest, text)
    if unfit in site.refused:
        return f"{_unfit(unfit)}; rename the file, and write {{static}}/{site.refused[unfit]}"
    path, _, anchor = rest.partition("#")
    path = path.partition("?")[0]
    source = _source(path, text)
    target = _known(site)[what].get(source)
    if target is None:
        return _missing(unfit if unfit in site.contents else source, what, site)
    if what == "filename" and not site.preview and target.status == "draft" and text.content.status != "draft":
        return f"{source} is a draft or waits for its day, so this link leads nowhere yet; take it out until then"
    return _anchor(anchor, target.url, site)


def _unfit(path: str) -> str:
    return f"the name of {path} holds `{names.unfit_character(path)}`, which breaks addresses"


def _missing(source: str, what: str, site: Site) -> str:
    if what == "filename" and source in site.contents:  # what follows `#` or `?` was taken for an anchor or a query
        better = slugs.slug(posixpath.basename(source).removesuffix(".md"))
        return f"{_unfit(source)}; rename the file {better}.md, and link to that"
    if what == "filename" and source in site.statics:
        return f"{source} is no post or page; write {{static}} for a picture or file"
    alike = names.case_variants(source, _known(site)[what])
    if alike:
        return f"there is no file {source}, for capitals count; did you mean {alike[0]}?"
    meant = names.meant(source, [*site.statics, *site.contents]).files
    if meant:
        return f"there is no file {source}; did you mean {' or '.join(meant[:3])}?"
    near = names.nearest(source, [*site.statics, *site.contents])
    return f"there is no file {source}; {f'did you mean {near}?' if near else 'write the path of one that is there'}"


def _inner(path: str, anchor: str, text: Text, site: Site) -> str | None:
    """Judge an address without a host, relative to its page."""
    if not path:
        return _anchor(anchor, text.content.url, site)
    if path.endswith(_MARKDOWN):
        source = _source(unquote(path), text)
        if source not in site.contents:
            return f"a file is linked to like {{filename}}{path}, but {_missing(source, 'filename', site)}"
        return f"`{path}` is a file, not a page; write {{filename}}{path}"
    whole = absolute(f"{site.base}/{text.content.url}", path)
    return _written(urlsplit(whole).path, anchor, path, site) if whole else _UNREADABLE.format(path[:80])


def _written(path: str, anchor: str, value: str, site: Site) -> str | None:
    below = unquote(path).removeprefix(f"{site.base}/")
    if site.base and not path.startswith(f"{site.base}/"):
        page = not posixpath.splitext(path)[1]
        advice = "write {filename} and a file's path" if page else _advice(value, site)
        return f"`{value}` leads out of this site, which lives below {site.base}/; {advice}"
    name = f"{below}index.html" if not below or below.endswith("/") else below
    if name not in site.written:
        return f"there is no page or file {value} on this site; {_advice(value, site)}"
    return _anchor(anchor, below, site)


def _advice(value: str, site: Site) -> str:
    """Say what was probably meant by an address that leads nowhere."""
    named = _named_file(value, site)
    if named:
        return named
    if "@" in value:
        return f"for an e-mail address write mailto:{value}"
    if value.startswith("www."):
        return f"for another site write https://{value}"
    stem, ending = posixpath.splitext(value.rstrip("/"))
    pages = names.meant(f"{stem}.md", site.contents).files if stem and ending.lower() in _PAGES else ()
    if pages:
        return f"write {' or '.join(f'{{filename}}/{one}' for one in pages[:3])}"
    if ending:
        return "write {static} and the path of a picture or file, like {static}/images/letter.png"
    return "write {filename} and the path of a post or page"


def _named_file(value: str, site: Site) -> str:
    """Say how to link to the file that an address names, which is there or still lies elsewhere; nothing for none."""
    meant, unfit = names.meant(value, site.statics).files, names.meant(value, site.refused).files
    if meant:
        return f"write {' or '.join(f'{{static}}/{one}' for one in meant[:3])}"
    if unfit:
        return f"rename the file {unfit[0]}, and write {{static}}/{site.refused[unfit[0]]}"
    if not names.PERHAPS_AUTHORS_COMPUTER.match(value):
        near = names.nearest(value, site.statics) if posixpath.splitext(value)[1] else ""
        return f"did you mean {{static}}/{near}?" if near and "@" not in value else ""
    name = names.addressable_name(posixpath.basename(unquote(value).replace("\\", "/")))
    folder = "images" if media_type(name).startswith("image/") else "extra"
    return f"copy it into content/{folder} as {name}, and write {{static}}/{folder}/{name}"


def _anchor(anchor: str, url: str, site: Site) -> str | None:
    anchor = anchor.partition(":~:")[0]  # a text fragment: the browser looks for the words
    if anchor in {"", "top"} or url not in site.ids:
        return None  # a list or a file: its anchors are the theme's
    if unquote(anchor) in site.ids[url]:
        return None
    if anchor.startswith("fnref:"):
        note = anchor.removeprefix("fnref:")
        return f"nothing refers to the footnote `[^{note}]`; write `[^{note}]` in the text, or take the footnote out"
    near = difflib.get_close_matches(anchor, list(site.ids[url]), n=1)
    return f"there is no place `#{anchor}` on that page" + (f"; did you mean `#{near[0]}`?" if near else "")
