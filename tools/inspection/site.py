"""All rules that look at the drawn site, and one walk over it that asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.inspection import bones, doubles, leftovers, links, machines, mail, sharing, structured, tokens, weights
from tools.inspection import feeds as feed_rules
from tools.inspection.feeds import Feeds
from tools.inspection.survey import Seen, Survey, placed
from tools.inspection.weights import Scale

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.problems import Problem
    from tools.inspection.drawn import Drawn
    from tools.inspection.page import Page
    from tools.inspection.rule import Rule
    from tools.inspection.survey import Found
    from tools.inspection.targets import Named

RULES: tuple[Rule, ...] = (
    *links.RULES,
    *bones.RULES,
    *doubles.RULES,
    *leftovers.RULES,
    *feed_rules.RULES,
    *structured.RULES,
    *mail.RULES,
    *sharing.RULES,
    *tokens.RULES,
    *weights.RULES,
)


def findings(drawn: Drawn) -> Iterator[Problem]:
    """Yield everything that is wrong with the drawn site, in no particular order; each thing once."""
    survey, seen, styles = Survey(drawn), [], _Styles()
    scale, feeds = Scale(survey), Feeds(survey)
    for page in survey.pages():
        seen += [Seen(page.name, page.origin, found) for found in _on_page(page, survey, styles)]
        yield from scale.page(page)
    yield from placed(survey, seen)
    yield from feeds.findings()
    yield from links.findings(survey, (*styles.named, *feeds.named))
    yield from doubles.findings(survey, styles.named)
    yield from leftovers.findings(survey)
    yield from tokens.findings(drawn)
    yield from scale.files()


class _Styles:
    """The style sheets in pages: nearly always one and the same, so each is looked at once."""

    def __init__(self) -> None:
        self.named: list[Named] = []
        self._known: set[str] = set()

    def new_on(self, page: Page) -> Iterator[str]:
        for node in page.tree.css("style"):
            text = node.text()
            if text not in self._known:
                self._known.add(text)
                self.named += machines.of_style(text, page.url, page.name)
                yield text


def _on_page(page: Page, survey: Survey, styles: _Styles) -> Iterator[Found]:
    """Yield what is wrong on a page; of one that only leads on, or is not ours, the links count."""
    if page.onward is not None or not page.ours:
        return
    for rule in bones.PAGE_RULES:
        yield from rule(page)
    yield from mail.links(page)
    yield from sharing.links(page)
    yield from structured.data(page, survey.targets)
    for text in styles.new_on(page):
        yield from bones.styles(text)
