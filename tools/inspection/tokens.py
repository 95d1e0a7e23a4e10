"""The contrast of the theme's colours, with the owner's in place of them: what is read and what is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from plugins.problems import Problem
from tools.inspection.colours import colour, contrast, declared, luminance
from tools.inspection.places import Place
from tools.inspection.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.inspection.drawn import Drawn

TEXT, LINE = 4.5, 3.0
"""What WCAG 2.2 asks for at level AA: of text (1.4.3), and of lines that show where to write or press (1.4.11)."""

RULE = Rule(
    "token-contrast",
    f"The colours of text have a contrast of {TEXT}:1 with what is behind it, those of fields and buttons {LINE:g}:1.",
    "People with weak eyes, and all others in sunlight, cannot read what has less.",
    stops=True,
)
RULES = (RULE,)


class Pair(NamedTuple):
    """Two tokens of the theme that meet: what is in front, what is behind, the contrast they need, and what for."""

    front: str
    behind: str
    least: float
    what: str


PAIRS = (
    Pair("ink", "paper", TEXT, "text"),
    Pair("ink", "stock", TEXT, "text on the reply card"),
    Pair("ink", "hair", TEXT, "marked text"),
    Pair("soft", "paper", TEXT, "labels"),
    Pair("soft", "stock", TEXT, "labels on the reply card"),
    Pair("accent", "paper", TEXT, "links"),
    Pair("accent", "stock", TEXT, "links on the reply card"),
    Pair("on-accent", "accent", TEXT, "the words of a button"),
    Pair("line", "paper", LINE, "lines of fields"),
    Pair("line", "stock", LINE, "lines of fields on the reply card"),
)


class _Token(NamedTuple):
    value: str
    place: Place
    owners: bool


def findings(drawn: Drawn) -> Iterator[Problem]:
    """Yield each colour that is too much like one it meets, at the line of the owner's, else of the front one."""
    tokens: dict[bool, dict[str, _Token]] = {False: {}, True: {}}
    for folder, shown, name, owners in (
        (drawn.theme, drawn.theme_shown, "static/css/main.css", False),
        (drawn.content, drawn.content_shown, "doors/style.css", True),
    ):
        path = folder / name
        for one in declared(path.read_text("utf-8-sig")) if path.is_file() else ():
            token = _Token(one.value, Place(f"{shown}/{name}", one.line), owners)
            for dark in (True,) if one.dark else (False, True):
                tokens[dark][one.name] = token
    for dark in (False, True):
        judged = filter(None, (_judged(pair, tokens[dark], dark=dark) for pair in PAIRS))
        worst: dict[Place, tuple[float, Problem]] = {}
        for share, problem in judged:
            place = Place(problem.path, problem.line)
            if place not in worst or share < worst[place][0]:
                worst[place] = share, problem
        yield from (problem for _, problem in worst.values())


def _judged(pair: Pair, tokens: dict[str, _Token], *, dark: bool) -> tuple[float, Problem] | None:
    """Give how much of the contrast that they need two tokens have, and what to do, where it is not all."""
    values = {name: token.value for name, token in tokens.items()}
    front, behind = (colour(name, values, dark=dark) for name in (pair.front, pair.behind))
    if front is None or behind is None or contrast(front, behind) >= pair.least:
        return None
    found = contrast(front, behind)
    name, other = pair.front, pair.behind
    if tokens[other].owners and not tokens[name].owners:
        name, other = other, name
    lighter = luminance(front) > luminance(behind)
    way = "lighter" if lighter == (name == pair.front) else "darker"
    when = "in the dark" if dark else "in the light"
    message = (
        f"--{name} has a contrast of {int(found * 10) / 10}:1 with --{other} {when}, where {pair.what} must have "
        f"{pair.least:g}:1; choose a {way} colour"
    )
    return found / pair.least, Problem(*tokens[name].place, message, RULE.name)
