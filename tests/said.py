"""What the commands say of themselves: the options and commands that a text names, and those that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_COMMAND = re.compile(r"(?:python3 tasks\.py |`(?=[a-z-]+ ))(?P<name>[a-z][a-z-]*)(?P<rest>[^`\n]*)")
COMMANDS = tasks.Collection.from_module(tasks)


def options_of(command: str) -> set[str]:
    """Return the options that a command takes, as they are typed."""
    names = (name for argument in COMMANDS[command].get_arguments() for name in argument.names)
    return {f"--{name.rstrip('_').replace('_', '-')}" for name in names} | {"--help"}


def named_options(text: str) -> list[str]:
    """Return each option that a text names."""
    return _OPTION.findall(text)


def named_commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each of this project's commands that a text names, with the options beside it."""
    for found in _COMMAND.finditer(text):
        if "tasks.py" in found[0] or found["name"] in COMMANDS.task_names:
            yield found["name"], named_options(found["rest"])
