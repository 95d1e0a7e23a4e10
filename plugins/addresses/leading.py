"""The pages and rules that lead on from addresses that were left: planned when all is read, written with the rest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from plugins import output
from plugins.addresses import redirects
from plugins.addresses.sitemap import uri

if TYPE_CHECKING:
    from pelican.generators import Generator
    from pelican.writers import Writer

    from plugins.ledger import Present

# Hosts answer with the one whatever stands nowhere, and the other is ours.
_NOT_TO_BE_LEFT = ("404.html", redirects.NAME)


def plan(context: dict[str, Any], here: tuple[Present, ...]) -> None:
    """Find the addresses that were left of what is `here`, and announce to the checks what will be written.

    A rule of the owner's, in extra/_redirects, goes before ours, and its address is the owner's matter altogether.
    """
    base, extra = context["SITEURL"], Path(context["PATH"], "extra", redirects.NAME)
    # Bytes that are no UTF-8 stay as they are.
    own = extra.read_text("utf-8-sig", "surrogateescape") if extra.is_file() else ""
    moves = redirects.moved(context["LEDGER"], here, [*_taken(context), *_NOT_TO_BE_LEFT])
    spared = redirects.own_sources(own, base)
    moves = tuple(move for move in moves if move.old.rstrip("/") not in spared)
    # Where the host has no use for this file, everybody can read it.
    listed = [move for move in moves if context["generated_content"][move.source].status != "hidden"]
    rules = redirects.rules(listed, base, own) if listed else ""
    context["moved"], context["redirect_rules"] = moves, rules.encode("utf-8", "surrogateescape")
    planned = context["planned_outputs"]
    planned += [(move.page, f"the page that leads on from {move.old}") for move in moves if move.page]
    if rules and not extra.is_file():
        planned.append((redirects.NAME, f"the file {redirects.NAME}"))
    elif rules:
        context["staticfiles"] = [file for file in context["staticfiles"] if file.save_as != redirects.NAME]


def _taken(context: dict[str, Any]) -> list[str]:
    """Give the files of the site; what other rooms plan only now stands at addresses of their own."""
    contents = [content for content in context["generated_content"].values() if content is not None]
    names = [content.save_as for content in (*contents, *context["static_content"].values()) if content.save_as]
    return names + [name for name, _ in context["planned_outputs"]]


def write(generator: Generator, writer: Writer) -> tuple[tuple[str, str], ...]:
    """Write them; give the path of each page, and the whole address that it leads to."""
    context, root = generator.context, generator.settings["SPEAKER"].root
    if context["redirect_rules"]:
        output.write(generator.output_path, redirects.NAME, context["redirect_rules"])
    pages = [move for move in context["moved"] if move.page]
    for move in pages:
        content, to = context["generated_content"][move.source], uri(f"{context['SITEURL']}/{move.new}")
        writer.write_file(move.page, generator.get_template("moved"), context, content=content, to=to, url=move.old)
    return tuple((move.page, uri(f"{root}/{move.new}")) for move in pages)
