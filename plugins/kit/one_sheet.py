"""A talk on one sheet of paper: a tagged PDF that anybody can read, the same bytes on every machine."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

PAPERS = {"a4": "a4", "letter": "us-letter"}
"""The papers, by their names in files, with Typst's names."""
_STANDARD = "ua-1"  # PDF/UA-1, ISO 14289-1: tagged, with title and language, every character a real one
_UNSHOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_TOO_LONG = re.compile(r"too long by ([0-9.]+)")
_ROUNDS = 60


class TooLongError(ValueError):
    """A talk that does not fit on a sheet, even in the smallest letters; `part` of its abstract is too much."""

    def __init__(self, part: float) -> None:
        """Keep the part."""
        super().__init__()
        self.part = part


class UnsettableError(ValueError):
    """A talk that no sheet can be set of; its text says why, in the compiler's words."""


class Sheet(NamedTuple):
    """A PDF, and the characters that it had to leave out because no font has them.

    Where one of them is a letter, the sheet would be wrong: there is no PDF then.
    """

    pdf: bytes | None
    lacking: str


class Setting(NamedTuple):
    """What sheets are set with besides their text: template, picture, day, and the theme's fonts or the owner's.

    The compiler's own fonts write the languages of Europe; the machine's are never asked, they differ.
    """

    template: bytes
    portrait: bytes
    day: dt.date | None
    fonts: Path


def compiled(data: dict[str, Any], paper: str, setting: Setting) -> Sheet:
    """Set a sheet; `data` is what the template asks for. Raises `TooLongError` and `UnsettableError`."""
    import typst  # slow to import

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "portrait.jpg").write_bytes(setting.portrait)
        fonts = [str(setting.fonts)] if setting.fonts.is_dir() else []
        compiler: Any = typst.Compiler(root=folder, font_paths=fonts, ignore_system_fonts=True)
        lacking = ""
        for _ in range(_ROUNDS):
            try:
                return Sheet(_pdf(compiler, data, paper, setting), lacking)
            except typst.TypstError as error:
                missing = _unshown(error.diagnostic)
                if not missing:
                    raise _explained(error) from None
                lacking = "".join(dict.fromkeys(lacking + missing))
            if any(unicodedata.category(character)[0] in "LMN" for character in lacking):
                return Sheet(None, lacking)
            data = _without(data, set(lacking))
    return Sheet(None, lacking)


def _pdf(compiler: Any, data: dict[str, Any], paper: str, setting: Setting) -> bytes:
    inputs = {"data": json.dumps(data, ensure_ascii=False), "paper": PAPERS[paper]}
    day = setting.day
    seconds = (day.toordinal() - 719163) * 86400 if day else 0  # from 1970-01-01, at midnight UTC
    return bytes(
        compiler.compile(
            input=setting.template, format="pdf", pdf_standards=[_STANDARD], timestamp=seconds, sys_inputs=inputs
        )
    )


def _unshown(diagnostic: str) -> str:
    """Give the characters that Typst says no font has; it names each cluster as a string of its own language."""
    found = "".join(_UNSHOWN.findall(diagnostic))
    return _ESCAPED.sub(lambda at: chr(int(at[1], 16)) if at[1] else at[2], found)


def _explained(error: Any) -> TooLongError | UnsettableError:
    long = _TOO_LONG.search(error.message)
    return TooLongError(float(long[1])) if long else UnsettableError(error.message)


def _without(data: Any, characters: set[str]) -> Any:
    """Give the same data without these characters in its texts."""
    if isinstance(data, str):
        return re.sub(" {2,}", " ", "".join(character for character in data if character not in characters))
    if isinstance(data, list):
        return [_without(value, characters) for value in data]
    if isinstance(data, dict):
        return {key: _without(value, characters) for key, value in data.items()}
    return data
