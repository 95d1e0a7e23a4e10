"""What was found, judged: which of it stops a publish, which is only told, and which the author has switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from plugins import catalogue
from plugins.problems import each_once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from plugins.catalogue import Rule
    from plugins.problems import Problem


class Findings(NamedTuple):
    """What is wrong, each in the order of files and lines; `errors` stop a build or a publish, `warnings` don't."""

    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def all_rules() -> dict[str, Rule]:
    """Give every rule by its name: those of a build, those over the drawn site, those that ask other sites."""
    return {rule.name: rule for section in sections().values() for rule in section}


def sections() -> dict[str, tuple[Rule, ...]]:
    """Give the rules by what they look at."""
    from tools.inspection import online, site  # slow to import

    return {
        "What you write, and the theme": tuple(catalogue.RULES.values()),
        "The site as it is drawn": tuple(site.RULES),
        "Pages elsewhere, with --online": tuple(online.RULES),
    }


def judged(problems: Iterable[Problem], off: Collection[str]) -> Findings:
    """Sort what was found, each thing once, without what breaks a rule that is `off`."""
    rules = all_rules()
    found = [problem for problem in each_once(problems) if problem.rule not in off]
    errors = tuple(problem for problem in found if rules[problem.rule].stops)
    return Findings(errors, tuple(problem for problem in found if not rules[problem.rule].stops))
