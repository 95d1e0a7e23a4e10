"""Icons drawn from one SVG by Typst, which takes nothing from the machine it runs on."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PAPER = "#f7f3ea"
"""The theme's paper by daylight, below icons that may not be see-through."""
SCRIPTED = "an icon cannot hold a script, and the site's policy would block it; take `{}` out"


_NAMESPACE = "http://www.w3.org/2000/svg"


class Form(NamedTuple):
    """A square PNG: its width in pixels, which part of that the drawing takes, and whether it lies on paper."""

    size: int
    part: float = 1
    paper: bool = False


# A home screen rounds the corners, so the drawing keeps off them. What a launcher cuts to any shape keeps to the circle
# of 40 % of the width (W3C, Web Application Manifest, "Icon masks and safe zone"): a square of 56 % lies within it.
PNGS: dict[str, Form] = {
    "apple-touch-icon.png": Form(180, 0.76, paper=True),
    "icon-192.png": Form(192),
    "icon-512.png": Form(512),
    "icon-maskable-512.png": Form(512, 0.56, paper=True),
}
ICO = "favicon.ico"
ICO_SIZES = (16, 32, 48)


class UndrawableError(ValueError):
    """An SVG that no icon can be drawn from: `line`, from 1, and why."""

    def __init__(self, line: int, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.line = line


def examine(svg: bytes) -> Iterator[tuple[int, str]]:
    """Yield line and text of what icons are drawn without, though browsers know it.

    Raises `UndrawableError` for what is no SVG, or holds a script.
    """
    reader = expat.ParserCreate(namespace_separator=" ")
    found: list[tuple[int, str]] = []
    path: list[str] = []

    def opened(tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if not path and tag != f"{_NAMESPACE} svg":
            raise UndrawableError(reader.CurrentLineNumber, f'this must begin with <svg xmlns="{_NAMESPACE}">')
        scripted = [name] if name == "script" else [key for key in attributes if key.lower().startswith("on")]
        if scripted:
            raise UndrawableError(reader.CurrentLineNumber, SCRIPTED.format(scripted[0]))
        path.append(name)
        told(" ".join(attributes.values()))

    def told(text: str) -> None:
        if "var(" in text:
            found.append((reader.CurrentLineNumber, "icons are drawn without `var(…)`; write the colour itself"))

    def closed(_: str) -> None:
        path.pop()

    reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = opened, closed, told
    try:
        reader.Parse(svg, True)  # noqa: FBT003  expat knows no names here
    except expat.ExpatError as error:
        raise UndrawableError(error.lineno, f"this SVG cannot be read ({expat.ErrorString(error.code)})") from None
    yield from found[:1]


def icons(svg: bytes) -> dict[str, bytes]:
    """Give the icons by their file names. Raises `UndrawableError`."""
    made = {name: _png(svg, form) for name, form in PNGS.items()}
    return made | {ICO: ico([(size, _png(svg, Form(size))) for size in ICO_SIZES])}


def _png(svg: bytes, form: Form) -> bytes:
    import typst  # slow to import

    ground = f'rgb("{PAPER}")' if form.paper else "none"
    side = f"{form.size * form.part}pt"
    source = (
        f"#set page(width: {form.size}pt, height: {form.size}pt, margin: 0pt, fill: {ground})\n"
        f'#place(center + horizon, image("icon.svg", width: {side}, height: {side}, fit: "contain"))'
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "icon.svg").write_bytes(svg)
        compiler = typst.Compiler(root=folder, ignore_system_fonts=True)
        try:
            return bytes(compiler.compile(input=source.encode(), format="png", ppi=72))  # type: ignore[arg-type]
        except typst.TypstError as error:
            raise UndrawableError(1, f"no icon can be drawn of this SVG ({error.message}); save it anew") from None


def ico(pngs: Sequence[tuple[int, bytes]]) -> bytes:
    """Give a Windows icon of PNGs by their width, below 256 pixels (ICONDIR and ICONDIRENTRY; PNG since Vista)."""
    entries, place = b"", 6 + 16 * len(pngs)
    for size, png in pngs:
        entries += struct.pack("<BBBBHHII", size, size, 0, 0, 1, 32, len(png), place)
        place += len(png)
    return struct.pack("<HHH", 0, 1, len(pngs)) + entries + b"".join(png for _, png in pngs)
