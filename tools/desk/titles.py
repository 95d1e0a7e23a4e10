"""A title as it was meant, and the name of the file that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins import slugs
from plugins.keys import WrongValueError
from plugins.reading.metadata import EVERYWHERE
from tools.desk.desk import RefusedError, unwritable

if TYPE_CHECKING:
    from tools.desk.desk import Desk

LONGEST_NAME = 80
"""Longer than nearly all titles, and still to be read in a list of files."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}


def tidied(title: str) -> str:
    """Give a title in one line, without space around it. Raises `RefusedError` where it cannot be one."""
    folded = " ".join(filter(None, (line.strip() for line in title.splitlines())))
    if not folded:
        raise RefusedError('The title is empty; write one in quotes, like "The second row".')
    if unwritable(folded):
        raise RefusedError("The title holds a control character, or bytes that are not UTF-8; type it anew.")
    return folded


def slug(title: str) -> str:
    """Give what a title makes of an address, cut at a hyphen where it is long. It may be empty.

    A day that the title begins with is left out: before a file's name it is no part of the address.
    """
    whole = slugs.slug(title)
    while slugs.DATE_PREFIX.match(whole):
        whole = slugs.DATE_PREFIX.sub("", whole, count=1)
    if len(whole) <= LONGEST_NAME:
        return whole
    at = whole.rfind("-", 0, LONGEST_NAME + 1)
    return whole[: at if at > 0 else LONGEST_NAME].rstrip("-_")


def chosen_slug(desk: Desk, title: str, wanted: str | None) -> str:
    """Give the slug that was asked for, else the title's. Raises `RefusedError` where there is none to be had."""
    if wanted is None:
        made = slug(title)
        if not made:
            message = "This title makes no address, for it has neither letters nor digits"
            raise RefusedError(f"{message}; choose one with --slug, like --slug a-thank-you.")
        # With a device's name, Windows can make neither a file nor the folder of an address.
        return f"{made}-1" if made in _DEVICES else made
    try:
        EVERYWHERE["slug"].read(wanted, desk.around())
    except WrongValueError as wrong:
        raise RefusedError(f"--slug: {wrong}.") from None
    if slugs.slug_of_file(wanted) != wanted or len(wanted) > slugs.LONGEST:
        message = f"write at most {slugs.LONGEST} small letters from a to z, digits and hyphens"
        raise RefusedError(f"--slug: `{wanted}` cannot name a file and an address; {message}.")
    if wanted in _DEVICES:
        raise RefusedError(
            f"--slug: Windows keeps the name `{wanted}` for itself; add something to it, like {wanted}-1."
        )
    return wanted
