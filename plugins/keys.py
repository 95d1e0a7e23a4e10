"""The keys of front matter: a room that wants one says how its value is read, in the setting `KEYS`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.names import composed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    Written = str | Sequence[str | dict[str, str]]


class WrongValueError(ValueError):
    """A value that cannot be read; its text says what to write instead, `item` (from 0) which entry of a list it is."""

    def __init__(self, message: str, item: int | None = None) -> None:
        """Keep both."""
        super().__init__(message)
        self.item = item


class Surroundings(NamedTuple):
    """What reading a value may depend on besides the value itself."""

    timezone: ZoneInfo
    language: str
    site_date: dt.date
    is_post: bool


class Key(NamedTuple):
    """How a value is read, and a line to add where it is missing; no line where it may be left out."""

    read: Callable[[Any, Surroundings], Any]
    example: str = ""


def text(value: Written, _: Surroundings) -> str:
    """Give one text. Raises `WrongValueError` for a list."""
    if not isinstance(value, str):
        raise WrongValueError("this must be one text, not a list; write it on one line, without brackets or hyphens")
    return value


def name(value: Written, around: Surroundings) -> str:
    """Return one text that names a file, in the form in which names are compared."""
    return composed(text(value, around))


def texts(value: Written, around: Surroundings) -> list[str]:
    """Give the parts of a text between commas, or semicolons where there are any, or the entries of a list; each once.

    Raises `WrongValueError` for a list of more than texts, and for one in brackets where those are read as text.
    """
    if isinstance(value, str):
        if value.startswith("[") and value.endswith("]") and value[1:-1].strip(" []"):
            inner = re.sub("[\\[\\]\"']", "", value).strip()
            raise WrongValueError(f"the brackets would be part of the names; write `{inner}`")
        value = [*value.split(";" if ";" in value else ",")]
    return list(dict.fromkeys(entries(value, around)))


def entries(value: Written, _: Surroundings) -> tuple[str, ...]:
    """Give the entries of a list, or a text alone as the only one. Raises `WrongValueError` for more than texts."""
    listed = [value] if isinstance(value, str) else value
    for at, entry in enumerate(listed):
        if not isinstance(entry, str):
            raise WrongValueError("the colon parts this entry in two; put the whole of it in 'quotes'", at)
    return tuple(str(entry).strip() for entry in listed if str(entry).strip())
