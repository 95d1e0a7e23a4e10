"""Twice as many posts cost about twice as much: calls are counted, so that no clock and no machine has a say."""

from __future__ import annotations

import cProfile
import io
import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from released import QUIET
from sites import EPOCH, ROOT, Site

from tools.build import build
from tools.inspection.command import Wanted, check
from tools.publishing import command
from tools.publishing.command import Told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW, MANY = 200, 400
MOST = 2.2
FEWEST_CALLS = 5 * MANY
"""What is called less often costs nothing: a second page of a list, say."""
BODY = """\
Some "words" about *bridges*, and [an older one]({{filename}}post-{before}.md#its-part), by its
[whole address](https://ada.example.org/post-{before}/) too, [a tag]({{tag}}t{tag}) and [a file]({{static}}/extra/plan.txt).[^1]

## Its part

![A bridge]({{static}}/images/bridge-{picture}.png)

/// quote
text: The {at}th bridge holds.
///

[^1]: The note of post {at}.
"""


def _write_blog(site: Site, count: int) -> None:
    """Write posts of every kind: with tags, series, talks, quotes, pictures, links, and a past of their own."""
    site.write("publish.toml", '[publish.here]\nto = "folder"\npath = "www"\n')
    site.write("extra/plan.txt", "A plan.\n")
    site.write("doors/after-post.html", "<p>After a post.</p>\n")
    promise = "promise: More of it.\ntakeaways:\n  - One\n  - Two\n  - Three\n"
    for at in range(3):
        site.write(f"talks/talk-{at}.md", f"title: Talk {at}\n{promise}\nSome words.\n")
        picture = io.BytesIO()
        Image.new("RGB", (30 + at, 20), "teal").save(picture, "PNG")
        site.write(f"images/bridge-{at}.png", picture.getvalue())
    past = []
    for at in range(count):
        head = {
            "title": f"Letter {at} of many" if at % 7 else "A title that others have too",
            "date": f"{2000 + at % 20}-{1 + at % 12:02}-{1 + at % 28:02}",
            "category": f"Kind {at % 8}",
            "tags": f"t{at % 6}, t{(at + 1) % 6}, of {at // 50}",
        }
        head |= {"summary": f'In "short": number {at}.'} if at % 3 else {}
        head |= {"series": f"Series {at // 20}"} if at % 2 else {}
        head |= {"talk": f"talk-{at % 3}"} if at % 4 == 0 else {}
        head |= {"image": f"images/bridge-{at % 3}.png", "image_alt": "A bridge"} if at % 5 == 0 else {}
        head |= {"status": "draft"} if at % 25 == 24 else {}
        body = BODY.format(at=at, before=max(at - 5, 0), tag=at % 6, picture=at % 3)
        site.post(f"post-{at}", "Some words.\n" if at % 5 else body + f"\n## Part {at}\n", **head)
        if at % 2 == 0:  # published before, at another address
            past.append(f'["posts/post-{at}.md"]\nid = "was-{at}"\naddresses = ["was-{at}/"]\n')
        if at % 5 == 0:  # gone, and perhaps renamed
            past.append(f'["posts/gone-{at}.md"]\nid = "gone-{at}"\naddresses = ["gone-{at}/"]\ntitle = "Gone {at}"\n')
    site.write("published.toml", "\n".join(past))


def _publish(root: Path, site: Site) -> None:
    command.publish(root, site.content, "here", Told(_say_nothing, _say_nothing, QUIET))


def _check(root: Path, site: Site) -> None:
    """Look at the preview, as `serve` builds it, with its drafts."""
    check(root, root / "pelicanconf.py", site.content, Wanted(quiet=True))


def _build(root: Path, site: Site) -> None:
    build(root / "publishconf.py", site.content, site.output)


def _say_nothing(_: str) -> None: ...


def _calls(run: Callable[[Path, Site], None], folder: Path, count: int) -> Counter[str]:
    """Give how often each function is called where the site has so many posts."""
    site = Site(folder)
    _write_blog(site, count)
    for name in ("publishconf", "pelicanconf"):
        text = f"import runpy\nglobals().update(runpy.run_path({str(ROOT / f'{name}.py')!r}))\n"
        (folder / f"{name}.py").write_text(text, "utf-8")
    counting = cProfile.Profile()
    counting.runcall(run, folder, site)
    calls: Counter[str] = Counter()
    for row in counting.getstats():  # each generator has templates of its own: several functions of one name
        code = row.code
        name = code if isinstance(code, str) else f"{code.co_filename}:{code.co_firstlineno} {code.co_name}"
        calls[name] += row.callcount
    return calls


@pytest.mark.parametrize("run", [_build, _check, _publish])
def test_twice_the_posts_cost_twice_the_calls(
    run: Callable[[Path, Site], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each takes long, costs the same for each post, and is kept from one test to the next.
    monkeypatch.setattr("plugins.cards.kept", lambda *_: b"\x89PNG\r\n\x1a\n")
    monkeypatch.setattr("plugins.search.indexing.index", lambda *_: {})
    monkeypatch.setattr(os, "environ", os.environ | {"SOURCE_DATE_EPOCH": EPOCH})
    few, many = _calls(run, tmp_path / "few", FEW), _calls(run, tmp_path / "many", MANY)
    assert many.total() <= MOST * few.total()
    grown = [f"{few[f]} to {n}: {f}" for f, n in many.items() if n >= FEWEST_CALLS and n > MOST * few[f]]
    assert not grown, "\n".join(grown)
