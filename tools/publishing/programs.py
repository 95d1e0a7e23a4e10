"""Programs that reach a target: found, kept from asking anything, and what they say made one sentence."""

from __future__ import annotations

import re
import shutil
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.publishing.target import TargetError

NEVER_ASK = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15")
"""Options for ssh: no question, and no waiting for a computer that is gone."""

_SAID = Path(__file__).with_name("said.toml")


class Meaning(NamedTuple):
    """What a line that fits the pattern means; it goes on after the name of the place."""

    pattern: re.Pattern[str]
    words: str


@cache
def meanings(*groups: str) -> tuple[Meaning, ...]:
    """Give the rows of these groups of said.toml, in this order."""
    table = tomllib.loads(_SAID.read_text("utf-8"))
    rows = [row for group in groups for row in table[group]]
    return tuple(Meaning(re.compile("|".join(row["says"])), row["means"]) for row in rows)


def program(name: str) -> str:
    """Give the path of a program. Raises `TargetError` where it is not installed."""
    found = shutil.which(name)
    if found is None:
        raise TargetError(f"`{name}` is not on this computer; install it, then publish again.")
    return found


def sentence(place: str, said: str, known: tuple[Meaning, ...], otherwise: str) -> str:
    """Say what happened at a place, with the line of what a program said that tells it, or else with its last one."""
    lines = [line for line in map(_clean, said.splitlines()) if line]
    for pattern, words in known:
        for line in lines:
            if pattern.search(line):
                return f"{place} {words} ({line})."
    return f"{place} {otherwise}{f' ({lines[-1]})' if lines else ''}."


def _clean(line: str) -> str:
    """Take out what frames a line, what would steer a terminal, and a secret in an address."""
    line = re.sub(r"(?<=://)[^/@\s]*@", "", line.strip(" \t@"))
    return "".join(sign if sign.isprintable() else " " for sign in line).rstrip(". ")
