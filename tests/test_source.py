from __future__ import annotations

import pytest

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
