from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.source import Source

BODY = """\
First `{static}x` in code.

```
{static}x fenced
```

    {static}x indented code

- a list

    {static}x inside the list

<!-- {static}x commented -->
Again ``{static}x ` y`` and {static}x here,
and {static}x there.
"""


@pytest.mark.parametrize(("nth", "line"), [(0, 20), (1, 23), (2, 24), (9, 24)])
def test_code_is_passed_over(nth: int, line: int) -> None:
    assert Source(BODY, 10).line_of("{static}x", nth) == line


def test_what_stands_only_in_code_is_found_there() -> None:
    assert Source("```\nonly\n```\n", 5).line_of("only") == 6


def test_what_is_nowhere_is_at_the_beginning() -> None:
    assert Source("text\n", 7).line_of("none") == 7


@settings(deadline=None)
@given(st.text(min_size=1), st.text())
def test_whatever_is_looked_for_is_no_pattern(sought: str, around: str) -> None:
    source = Source(f"{around}\n<{sought} {sought}=x id={sought}>\n[a]({sought})\n", 3)
    lines = range(3, 3 + len(source.body.split("\n")))
    found = (
        *(source.line_of(sought), source.line_of_address(sought), source.line_of_element(sought)),
        *(source.line_of_attribute(sought), source.line_of_id(sought)),
    )
    assert set(found) <= set(lines)
    source.address_edit(sought, 0, r"\g<9>")


@pytest.mark.parametrize("name", ["a[b", "a(", "a*b", "a\\1", "a{2}", "a?", "a+b", "(?P<x>"])
def test_an_element_and_an_attribute_are_found_by_their_very_names(name: str) -> None:
    source = Source(f'<ab>\n<p ab="">\n<{name}>\n<p {name}="">\n', 1)
    assert (source.line_of_element(name), source.line_of_attribute(name)) == (3, 4)


def test_an_element_is_not_taken_for_one_whose_name_begins_alike() -> None:
    assert Source("<x-y>\n<x>\n", 1).line_of_element("x") == 2
