"""Pages as the independent web reads them: microformats2, by a parser that knows nothing of us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mf2py
import pytest
from sites import pages_to_read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sites import Site

ROOT = "https://ada.example.org/"
# The parser writes the offset of a time without its colon.


def read(site: Site, url: str) -> dict[str, Any]:
    return mf2py.parse(doc=site.read(f"{url}index.html"), url=ROOT + url, html_parser="lxml")


def found(parsed: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Yield all items of a kind, wherever they stand."""
    for item in parsed if isinstance(parsed, list) else []:
        if isinstance(item, dict) and "type" in item:
            if kind in item["type"]:
                yield item["properties"]
            yield from found(item.get("children", []), kind)
            for values in item["properties"].values():
                yield from found(values, kind)


def test_a_letter_is_an_entry_with_all_that_readers_see(site: Site) -> None:
    site.post(
        "stones",
        'One *stone*.\n\n<span class="h-card">No more</span>\n',
        title='Stones & "arches"',
        date="2026-03-04 09:30",
        modified="2026-05-06",
        summary="It holds.",
        category="Craft",
        tags="stone, c++",
    )
    site.post("other", tags="stone")
    site.build()
    items = read(site, "stones/")["items"]
    (entry,) = [item["properties"] for item in items if "h-entry" in item["type"]]
    assert entry["name"] == ["Stones & “arches”"]
    assert entry["url"] == entry["uid"] == [f"{ROOT}stones/"]
    assert entry["published"] == ["2026-03-04T09:30:00+0000"]
    assert entry["updated"] == ["2026-05-06T00:00:00+0000"]
    assert entry["summary"] == ["It holds."]
    assert entry["category"] == ["Craft", "stone", "c++"]
    (author,) = entry["author"]
    assert author["type"] == ["h-card"]
    assert author["properties"] == {"name": ["Ada Example"], "url": [ROOT]}
    (content,) = entry["content"]
    assert content["html"].strip().startswith("<p>One <em>stone</em>.</p>")
    assert content["value"].split() == "One stone. No more Ada Example".split(), "and no share row, no P.S."


def test_what_was_not_changed_and_has_no_summary_says_neither(site: Site) -> None:
    site.post("plain")
    site.build()
    (entry,) = [item["properties"] for item in read(site, "plain/")["items"] if "h-entry" in item["type"]]
    assert not entry.keys() & {"updated", "summary"}


def test_a_letters_picture_is_named(site: Site) -> None:
    from test_images import picture

    site.write("images/own.png", picture(600, 400))
    site.post("shown", image="images/own.png", image_alt="Own")
    site.build()
    (entry,) = found(read(site, "shown/")["items"], "h-entry")
    assert entry["featured"][0] == f"{ROOT}images/own.png"


@pytest.mark.parametrize(
    ("url", "name", "entries"),
    [
        ("", "Ada Example: letters", ["B", "A"]),
        ("2026/", "Letters of 2026", ["B", "A"]),
        ("tag/x/", "Letters about x", ["A"]),
    ],
)
def test_lists_are_feeds_of_entries(site: Site, url: str, name: str, entries: list[str]) -> None:
    site.post("a", tags="x", summary="First.")
    site.post("b", date="2026-04-05")
    site.build()
    (feed,) = [item for item in read(site, url)["items"] if "h-feed" in item["type"]]
    assert feed["properties"]["name"] == [name]
    items = [child["properties"] for child in feed["children"]]
    assert [item["name"] for item in items] == [[entry] for entry in entries]
    assert items[-1]["url"] == [f"{ROOT}a/"]
    assert items[-1]["published"] == ["2026-03-04"]
    assert items[-1]["summary"] == ["First."]
    assert [item["type"] for item in feed["children"]] == [["h-entry"]] * len(entries)


def test_home_holds_the_card_that_stands_for_the_site(site: Site) -> None:
    site.post("a")
    toml = (site.content / "speaker.toml").read_text("utf-8")
    site.write("speaker.toml", toml + '[[profiles]]\nlabel = "P"\nurl = "https://p.example/ada"\n')
    site.build()
    parsed = read(site, "")
    (card,) = [card for card in found(parsed["items"], "h-card") if ROOT in card.get("uid", [])]
    assert card["url"] == card["uid"] == [ROOT], "representative: its url and uid are the page's own"
    assert (card["name"], card["email"], card["note"]) == (
        ["Ada Example"],
        ["mailto:ada@example.org"],
        ["speaks about bridges"],
    )
    assert parsed["rels"]["me"] == ["https://p.example/ada"]
    assert parsed["rels"]["author"] == [ROOT]
    (card,) = [card for card in found(read(site, "speaking/")["items"], "h-card") if "uid" in card]
    assert (card["name"], card["uid"], card["email"]) == (["Ada Example"], [ROOT], ["mailto:ada@example.org"])
    assert card["url"] == [ROOT, "https://p.example/ada"]


def test_the_photograph_is_on_the_card(example_site: Path) -> None:
    root = "https://talks.example.org/blog/"
    parsed = mf2py.parse(doc=(example_site / "index.html").read_text("utf-8"), url=root, html_parser="lxml")
    (card,) = [card for card in found(parsed["items"], "h-card") if "photo" in card]
    assert card["uid"] == [root]
    (photo,) = card["photo"]
    assert (example_site / photo["value"].removeprefix(root)).is_file()
    assert photo["value"] == f"{root}kit/headshot-square-web.jpg"
    assert photo["alt"].startswith("A drawing of a woman")


def test_dates_are_events(site: Site) -> None:
    site.write(
        "events.toml",
        '[[events]]\ntitle = "Bridges"\nevent = "Fair"\nplace = "Hall"\nstart = 2027-06-04T09:30:00\nend = 2027-06-04T10:15:00\n'
        'url = "https://fair.example/"\n[[events]]\nevent = "Feast"\nonline = true\nstart = 2027-06-05\n',
    )
    site.build()
    first, second = found(read(site, "speaking/dates/")["items"], "h-event")
    assert first["name"] == ["Bridges"]
    assert first["url"] == ["https://fair.example/"]
    assert first["start"] == ["2027-06-04T09:30:00+0000"]
    assert first["end"] == ["2027-06-04T10:15:00+0000"]
    assert first["location"] == ["Hall"]
    assert (second["name"], second["start"]) == (["Feast"], ["2027-06-05"])
    assert "end" not in second


@pytest.mark.parametrize("which", ["speaker_site", "example_site"])
def test_every_entry_can_be_followed(which: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    root = {"speaker_site": "https://www.hankblank.com/", "example_site": "https://talks.example.org/blog/"}[which]
    count = 0
    for path in pages_to_read(folder):
        name = path.relative_to(folder).as_posix()
        parsed = mf2py.parse(
            doc=path.read_text("utf-8"), url=root + name.removesuffix("index.html"), html_parser="lxml"
        )
        for entry in found(parsed["items"], "h-entry"):
            assert entry["name"][0].strip(), name
            assert entry["published"], name
            assert (folder / entry["url"][0].removeprefix(root) / "index.html").is_file(), name
            count += 1
    assert count > 20
