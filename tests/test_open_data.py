from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from sites import ROOT

from plugins.open_data.document import document
from plugins.speaker import Headshot, Link, Pronunciation, Speaker, Terms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sites import Site

SCHEMA = json.loads((ROOT / "plugins" / "open_data" / "speaker.schema.json").read_text("utf-8"))
LEAST = Speaker(
    name="Ada Example",
    given_name="Ada",
    line="speaks about bridges",
    email="ada@example.org",
    site="https://ada.example.org/blog/",
)
ALL = Speaker(
    name="Ada Example",
    given_name="Ada",
    line="speaks about bridges",
    email="ada@example.org",
    site="https://ada.example.org/blog/",
    language="en-GB",
    timezone="Europe/Berlin",
    bio="Builds & speaks.",
    phone="+49 30 23125 042",
    pronouns="she/her",
    pronunciation=Pronunciation("AY-da", "ˈeɪdə"),
    headshot=Headshot("images/ada.jpg", "Ada on a bridge", "Photo: Max Beispielmann"),
    topics=("bridges", "arches & piers"),
    profiles=(Link("Brücken", "https://social.example.org/@ada?a=1&b=2"),),
    av=("A lamp",),
    terms=Terms("On request", "By train"),
)
TALK = SimpleNamespace(
    slug="arches",
    url="talks/arches/",
    title="Arches & <piers>",
    lang="de",
    content='<p>One <em>stone</em>.</p>\n<ul>\n<li>Two</li>\n</ul>\n<div class="footnote"><p>Not this.</p><p>Nor this.</p></div>',
    metadata={
        "promise": "Why it holds.",
        "takeaways": ("a", "b", "c"),
        "formats": ("Keynote, 45 minutes",),
        "audience": "Builders",
        "language": "German",
        "av": ("A stone",),
        "slides": "https://slides.example.org/",
        "recording": "https://video.example.org/?v=1",
        "testimonials": (
            SimpleNamespace(_asdict=lambda: {"words": "It held.", "name": "Max", "role": "", "event": ""}),
        ),
    },
)
KIT = SimpleNamespace(
    bios=(SimpleNamespace(text="Ada builds.", count=11, unit="characters", limit=78),),
    introduction=SimpleNamespace(text="Please welcome {name}.\n\n{name}!", seconds=2),
    headshots=(
        SimpleNamespace(
            shape="square", use="web", url="kit/headshot-square-web.jpg", width=800, height=800, bytes=9999
        ),
    ),
    sheets={"arches": (("a4", "kit/arches-a4.pdf"), ("letter", "kit/arches-letter.pdf"))},
    as_of=dt.date(2026, 6, 4),
)
USUAL = {
    "uid": "a@ada.example.org",
    "event": "Bridge day",
    "title": "",
    "place": "",
    "online": False,
    "timezone": "Europe/Berlin",
    "url": "",
    "talk": "",
    "status": "firm",
}
_BERLIN = ZoneInfo("Europe/Berlin")
EVENTS = [
    SimpleNamespace(**USUAL | {"start": dt.date(2026, 3, 28), "end": dt.date(2026, 3, 29), "place": "Köln"}),
    SimpleNamespace(
        **USUAL
        | {
            "start": dt.datetime(2027, 3, 27, 19, 0, tzinfo=_BERLIN),
            "end": dt.datetime(2027, 3, 28, 10, 0, tzinfo=_BERLIN),
            "talk": "arches",
            "title": "Arches",
            "status": "tentative",
            "url": "https://day.example.org/",
        }
    ),
    SimpleNamespace(
        **USUAL | {"start": dt.datetime(2027, 5, 1, 9, 30, tzinfo=dt.UTC), "end": None, "online": True, "talk": "gone"}
    ),
]


def validator() -> Draft202012Validator:
    return Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every part of the schema that describes an object."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_the_schema_is_one_and_says_what_everything_is() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    found = list(objects(SCHEMA))
    assert len(found) == 11
    for part in found:
        assert part["additionalProperties"] is False
        assert set(part["required"]) <= set(part["properties"])
        for name, described in part["properties"].items():
            named = (
                described if "$ref" not in described else SCHEMA["$defs"][described["$ref"].split("/")[-1]] | described
            )
            assert named["title"], name
            assert named["description"], name


def test_everything_is_told_and_holds_to_the_schema() -> None:
    told = document(ALL, [TALK], EVENTS, KIT)
    validator().validate(told)
    # Nothing that the schema describes was left untold.
    for part, name in (("speaker", told["speaker"]), ("talk", told["talks"][0]), ("picture", told["pictures"][0])):
        assert name.keys() == SCHEMA["$defs"][part]["properties"].keys()
    assert told["speaker"]["introduction"]["text"] == "Please welcome Ada Example.\n\nAda Example!"
    assert told["speaker"]["topics"] == ["bridges", "arches & piers"]
    assert told["pictures"][0]["url"] == "https://ada.example.org/blog/kit/headshot-square-web.jpg"
    assert told["talks"][0]["abstract"] == "One stone.\n\nTwo"
    assert told["talks"][0]["testimonials"] == [{"words": "It held.", "name": "Max"}]
    assert told["talks"][0]["sheets"][1]["url"] == "https://ada.example.org/blog/kit/arches-letter.pdf"


def test_events_keep_their_days_offsets_and_talks() -> None:
    days, night, online = document(ALL, [TALK], EVENTS, None)["events"]
    assert (days["start"], days["end"]) == ("2026-03-28", "2026-03-29")
    assert (night["start"], night["end"]) == ("2027-03-27T19:00:00+01:00", "2027-03-28T10:00:00+02:00")
    assert night["talk"] == document(ALL, [TALK], EVENTS, None)["talks"][0]["url"]
    assert online == {
        "uid": "a@ada.example.org",
        "event": "Bridge day",
        "online": True,
        "start": "2027-05-01T09:30:00+00:00",
        "timezone": "Europe/Berlin",
        "status": "firm",
    }


def test_an_owner_who_gives_the_least() -> None:
    told = document(LEAST, [], [], None)
    validator().validate(told)
    assert [told[name] for name in ("bios", "pictures", "talks", "events")] == [[], [], [], []]
    assert told["speaker"].keys() == set(SCHEMA["$defs"]["speaker"]["required"])


@pytest.mark.parametrize(
    ("way", "value"),
    [
        pytest.param(("surprise",), 1, id="unknown at the top"),
        pytest.param(("speaker", "age"), 7, id="unknown of the speaker"),
        pytest.param(("events", 0, "public"), False, id="unknown of an event"),
        pytest.param(("version",), 2, id="another version"),
        pytest.param(("speaker", "phone"), "", id="empty text"),
        pytest.param(("speaker", "email"), "ada", id="no e-mail"),
        pytest.param(("speaker", "url"), "/blog/", id="address without a host"),
        pytest.param(("speaker", "as_of"), "2026-02-30", id="no such day"),
        pytest.param(("events", 1, "start"), "2027-03-27T19:00:00", id="time without an offset"),
        pytest.param(("events", 1, "status"), "perhaps", id="unknown status"),
        pytest.param(("bios", 0, "count"), 0, id="nothing counted"),
        pytest.param(("talks", 0, "promise"), "x" * 151, id="long promise"),
    ],
)
def test_the_schema_refuses_what_is_wrong(way: tuple[Any, ...], value: Any) -> None:
    told: Any = document(ALL, [TALK], EVENTS, KIT)
    place = told
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    with pytest.raises(ValidationError):
        validator().validate(told)


@pytest.mark.parametrize(
    ("which", "root"),
    [("speaker_site", "https://www.hankblank.com"), ("example_site", "https://talks.example.org/blog")],
)
def test_both_sites_hold_to_the_schema_that_they_publish(which: str, root: str, request: pytest.FixtureRequest) -> None:
    folder: Path = request.getfixturevalue(which)
    raw = (folder / "speaker.json").read_bytes()
    told, schema = json.loads(raw), json.loads((folder / "speaker.schema.json").read_bytes())
    assert told["$schema"] == schema["$id"] == f"{root}/speaker.schema.json"
    assert schema | {"$id": ""} == SCHEMA | {"$id": ""}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(told)
    assert raw.endswith(b"}\n")
    assert b"\r" not in raw
    for name in ("index.html", "speaking/index.html"):
        assert 'type="application/json" href="' in (folder / name).read_text("utf-8")


def test_addresses_in_the_document_lead_somewhere(example_site: Path) -> None:
    told = json.loads((example_site / "speaker.json").read_bytes())
    found = [talk["url"] for talk in told["talks"]] + [picture["url"] for picture in told["pictures"]]
    found += [sheet["url"] for talk in told["talks"] for sheet in talk["sheets"]]
    found += [told["speaker"][name] for name in ("url", "contact", "kit") if name in told["speaker"]]
    assert len(found) > 3
    for url in found:
        name = url.removeprefix("https://talks.example.org/blog/")
        assert (example_site / (f"{name}index.html" if name.endswith("/") or not name else name)).is_file(), url
    talks = {talk["url"] for talk in told["talks"]}
    assert all(event.get("talk") in {None, *talks} for event in told["events"])


def test_a_talk_is_told_and_a_draft_is_not(site: Site) -> None:
    head = "title: {}\npromise: Why it holds.\ntakeaways:\n  - a\n  - b\n  - c\n{}\nText.\n"
    site.write("talks/arches.md", head.format("Arches", ""))
    site.write("talks/piers.md", head.format("Piers", "status: draft\n"))
    site.write("talks/domes.md", head.format("Domes", "status: hidden\n"))
    site.build()
    raw = site.read("speaker.json")
    assert [talk["url"] for talk in json.loads(raw)["talks"]] == ["https://ada.example.org/talks/arches/"]
    assert "Piers" not in raw
    assert "Domes" not in raw


def test_public_events_are_told_in_the_order_of_time_and_no_others(site: Site) -> None:
    events = [
        ("Later", "2027-06-04T09:30:00", ""),
        ("Past", "2026-03-28", ""),
        ("Nobody's business", "2026-12-01", "public = false\n"),
    ]
    entry = '[[events]]\nevent = "{}"\nplace = "Berlin"\nstart = {}\n{}\n'
    site.write("events.toml", "".join(entry.format(*event) for event in events))
    site.build()
    told = json.loads(site.read("speaker.json"))["events"]
    assert [(event["event"], event["start"]) for event in told] == [
        ("Past", "2026-03-28"),
        ("Later", "2027-06-04T09:30:00+00:00"),
    ]
    for path in site.output.rglob("*"):
        assert not path.is_file() or b"Nobody" not in path.read_bytes(), path
