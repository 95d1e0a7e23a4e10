"""The commands' door: Invoke's parser, with words and exit codes of our own."""

from __future__ import annotations

import itertools
import os
import re
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.exceptions import Exit, ParseError
from invoke.parser.context import ParserContext
from invoke.program import Program

from plugins.problems import did_you_mean
from tools.excerpts import entries
from tools.problem_print import print_problems
from tools.refusals import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from invoke.collection import Collection
    from invoke.parser.argument import Argument

_ROOT = Path(__file__).resolve().parents[1]
_MISUSED = 2  # what Python and most of its programs give for arguments that they cannot read
_UNHEARD = 141  # what shells give for a program whose reader has gone, as `head` goes
_INTERRUPTED = 130  # what shells give for a program that Ctrl-C has ended
_OPTION = re.compile(r"-[A-Za-z]|--[a-z][a-z-]*(=.*)?", re.DOTALL)


class Commands(Program):
    """Runs `python3 tasks.py COMMAND`; an unknown command or option is told in a line, with status 2."""

    def __init__(self, commands: Collection) -> None:
        """Offer the commands of a collection."""
        self._commands = commands
        # Invoke takes the words of an option away from its task as soon as it has read them.
        self._help = {name: dict(commands[name].help) for name in commands.task_names}
        super().__init__(namespace=commands, name="Lectern", binary="python3 tasks.py")

    def run(self, argv: list[str] | None = None, exit: bool = True) -> None:  # noqa: A002, FBT001, FBT002  as Invoke has it
        """Read the command line and do what it says; end quietly where nobody reads on."""
        try:
            try:
                super().run(argv, exit)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            # Python would try once more to show the rest when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(_UNHEARD)

    def normalize_argv(self, argv: list[str] | None) -> None:
        """Bring `--help` before its command: Invoke would take it for the path that `inquiries` asks for."""
        super().normalize_argv(argv)
        program, *words = self.argv
        words[:2] = sorted(words[:2], key=lambda word: word not in {"--help", "-h"})
        self.argv = [program, *self._told_apart(words)]

    def _told_apart(self, words: list[str]) -> list[str]:
        """Say by its option the one thing that a command asks for: it may begin with a hyphen, as `-5 things` does."""
        if not words or words[0] not in self._commands.task_names:
            return words
        context = ParserContext(name=words[0], args=self._commands[words[0]].get_arguments())
        if len(context.positional_args) != 1:
            return words
        (asked,) = context.positional_args
        things, options = _sorted_out(words[1:], context.flags)
        if len(things) > 1:
            example = ', like "The second row"' if asked.name == "title" else " if it holds spaces"
            message = f"{words[0]} takes one {str(asked.name).upper()}; put quotes around it{example}."
            raise Exit(message, code=_MISUSED)
        # With a space behind it, one that has an option's very name is none.
        given = [f"--{asked.name}={thing}{' ' * (thing in context.flags)}" for thing in things]
        return [words[0], *given, *options]

    def print_help(self) -> None:
        """List the commands, a line each."""
        sys.stdout.write(
            f"Usage: {self.binary} COMMAND [--OPTION …]\n{self.binary} COMMAND --help lists the options.\n\n"
        )
        self.list_tasks()

    def print_task_help(self, name: str) -> None:
        """Say what a command needs and does, and list its options."""
        context = self.parser.contexts[name]
        needs = "".join(f" {argument.name.upper()}" for argument in context.positional_args)
        sys.stdout.write(f"Usage: {self.binary} {name}{needs} [--OPTION …]\n\n{self.collection[name].__doc__}\n\n")
        self.print_columns(context.help_tuples())

    def parse_tasks(self) -> None:
        """Read the command and its options."""
        try:
            super().parse_tasks()
        except ParseError as error:
            unknown = re.fullmatch("No idea what '(.+)' is!", str(error))
            if unknown:
                raise Exit(self._unknown(unknown[1], error.context), code=_MISUSED) from None
            words = re.sub("Flag <Argument: (.+)> needed value.*", r"--\1 needs a value.", str(error))
            words = re.sub("'(.+)' did not receive .* arguments: '(.+)'", self._needs, words)
            raise Exit(f"{words} `{self.binary}` lists the commands.", code=_MISUSED) from None

    def _unknown(self, word: str, context: ParserContext | None) -> str:
        """Say that there is no such command or option, and which one is near."""
        if context is not None and context.name and word.startswith("-"):
            kind, known, shown = "option", [*context.flags, "--help"], f"`{self.binary} {context.name} --help`"
        else:
            kind, known, shown = "command", list(self._commands.task_names), f"`{self.binary}`"
        near = did_you_mean(word.partition("=")[0], known)
        return f"There is no {kind} `{word}`{near or f'; {shown} lists them.'}"

    def _needs(self, found: re.Match[str]) -> str:
        """Say what a command lacks, in the words of its help."""
        told = self._help[found[1]].get(found[2], "")
        return f"{found[1]} needs {found[2].upper()}{': ' * bool(told)}{told}."

    def execute(self) -> None:
        """Run the command."""
        # Invoke keeps Python from storing what it has compiled; plugins would be compiled anew at every build.
        sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
        super().execute()


def _sorted_out(words: list[str], flags: Mapping[str, Argument]) -> tuple[list[str], list[str]]:
    """Part what follows a command into what it asks for and its options, which keep their order."""
    things: list[str] = []
    options: list[str] = []
    waiting = iter(words)
    for word in waiting:
        name, equals, _ = word.partition("=")
        if word == "--":
            things += waiting
        elif name in flags:
            options.append(word)
            if flags[name].takes_value and not equals:
                options += itertools.islice(waiting, 1)
        elif _OPTION.fullmatch(word):
            options.append(word)
        else:
            things.append(word)
    return things, options


@contextmanager
def plainly(root: Path = _ROOT) -> Iterator[None]:
    """End the command with the words and status of an error that is meant for the author, and no traceback.

    Those are the exceptions that carry an `exitcode`, and `OSError`. With `LECTERN_VERBOSE` the traceback is shown.
    Lines of a file that the words name are shown with those around them; relative paths count from `root`.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Exit(code=_INTERRUPTED) from None
    except BrokenPipeError as error:
        # Raises it anew where the pipe is the one that shows our words, and no other program's.
        sys.stdout.write("\n")
        sys.stdout.flush()
        raise Exit(told(error), code=1) from None
    except Exception as error:
        exitcode = getattr(error, "exitcode", 1 if isinstance(error, OSError) else None)
        if exitcode is None:
            raise
        if os.environ.get("LECTERN_VERBOSE"):
            traceback.print_exception(error)
        words = told(error) if isinstance(error, OSError) and not hasattr(error, "exitcode") else str(error)
        found = entries(words, root)
        if not any(entry.lines for entry in found):
            raise Exit(words, code=exitcode) from None
        print_problems(found)
        raise Exit(code=exitcode) from None
