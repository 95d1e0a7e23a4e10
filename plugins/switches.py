"""`content/checks.toml`: which rules the author has switched off, each with a reason."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from plugins import toml_file
from plugins.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from plugins.catalogue import Rule
    from plugins.toml_file import Keys

    Off = Mapping[str, str]
    """The reason, by the name of the rule."""

NAME = "checks.toml"
NONE: Off = MappingProxyType({})


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    off: dict[str, Any] = {}  # `_wrong` asks for texts: msgspec names no place in a dict


def load(path: Path, shown: str, rules: Mapping[str, Rule], *, complete: bool) -> Off:
    """Give the rules that are switched off; none where there is no such file. `shown` is its path in messages.

    `rules` are those that are known here; where they are `complete`, another name is a problem. Raises `SiteError`
    with every problem and its line.
    """
    if not path.is_file():
        return NONE

    def judged(off: Any) -> list[tuple[Keys, str]]:
        found = ((name, _wrong(name, reason, rules, complete=complete)) for name, reason in _pairs(off))
        return [((name,), message) for name, message in found if message]

    return toml_file.load(path, shown, _File, {"off": judged}, rule="checks").off


def _pairs(off: Any) -> Iterator[tuple[str, Any]]:
    yield from off.items() if isinstance(off, dict) else ()


def _wrong(name: str, reason: Any, rules: Mapping[str, Rule], *, complete: bool) -> str | None:
    """Say what is wrong with one line, or nothing."""
    if name not in rules:
        near = did_you_mean(name, [rule.name for rule in rules.values() if rule.optional])
        return f"there is no rule `{name}`{near or '; `check --rules` lists them'}" if complete else None
    if not rules[name].optional:
        return f"`{name}` cannot be switched off, since the site would be broken; mend what it finds, and take this out"
    if not isinstance(reason, str):
        return f'`{name}` has the wrong shape; write the reason as a text in "quotes"'
    if not reason.strip():
        return f'`{name}` needs a reason; write one between the quotes, like {name} = "this is a quotation"'
    return None
