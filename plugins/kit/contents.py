"""What the kit says in the interface's words: its pages, and what is in the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.kit.package import Entry, package, text
from plugins.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.kit.values import Kit
    from plugins.speaker import Speaker
    from plugins.words import Words

PAGE, INTRODUCTION, PACKAGE = "speaking/kit/", "speaking/introduction/", "kit/kit.zip"
_KILO = 1000


def pages(kit: Kit, speaker: Speaker, words: Words) -> Iterator[tuple[str, Sheet]]:
    """Yield the kit's pages, each after the name of its template."""
    changed = kit.as_of.isoformat() if kit.as_of else None
    description = words.say("kit_description", speaker=speaker.name)
    yield "kit", Sheet(PAGE, words.say("kit_title"), description, changed=changed)
    if kit.introduction:
        title = words.say("introduction_title", speaker=speaker.name)
        description = words.say("introduction_description", speaker=speaker.name, seconds=kit.introduction.seconds)
        yield "introduction", Sheet(INTRODUCTION, title, description, changed=changed)


def packed(kit: Kit, speaker: Speaker, words: Words) -> Kit:
    """Give the kit with kit.zip among its files."""
    heading = words.say("kit_heading", speaker=speaker.name)
    if kit.as_of:
        heading = f"{heading}\n{words.say('kit_as_of', date=words.long_date(kit.as_of))}"
    entries = [*_texts(kit, speaker, words), *_pictures(kit, speaker, words), *_papers(kit, words)]
    data = package(entries, heading, speaker.absolute(PAGE), kit.as_of)
    return kit._replace(files={**kit.files, PACKAGE: data})


def file_size(count: int, words: Words) -> str:
    """Give a number of bytes as readers expect it: `84 kB`, `2.1 MB`."""
    if count < _KILO * _KILO:
        return words.say("size_kb", count=max(1, round(count / _KILO)))
    whole, tenth = divmod(round(count * 10 / _KILO**2), 10)
    return words.say("size_mb", whole=whole, tenth=tenth)


def spoken(kit: Kit, speaker: Speaker, words: Words) -> str:
    """Give the introduction in plain text, with how the name is said beside it; empty where there is none."""
    said = speaker.pronunciation
    name = f"{speaker.name} {words.say('name_say', said=said.plain)}" if said else speaker.name
    return kit.introduction.said(name) if kit.introduction else ""


def on_stage(kit: Kit, speaker: Speaker) -> str:
    """Give in plain text what is needed on stage, always and for single talks; empty where nothing is."""
    lists = [speaker.av, *((talk.title, *talk.stage) for talk in kit.stage)]
    return "\n\n".join("\n".join(needs) for needs in lists if needs)


def _texts(kit: Kit, speaker: Speaker, words: Words) -> Iterator[Entry]:
    said = speaker.pronunciation
    parts = (speaker.name, said.plain if said else "", said.ipa if said else "", speaker.pronouns)
    yield Entry("texts/name.txt", text("\n".join(filter(None, parts))), words.say("kit_name"))
    for bio in kit.bios:
        label = words.say("kit_bio", length=words.say(f"bio_{bio.unit}", count=bio.limit))
        yield Entry(f"texts/bio-{bio.limit}-{bio.unit}.txt", text(bio.text), label)
    if kit.introduction:
        yield Entry("texts/introduction.txt", text(spoken(kit, speaker, words)), words.say("kit_introduction"))
    terms = "\n\n".join(f"{words.say(f'terms_{kind}')}\n{term}" for kind, term in kit.terms.items())
    profiles = "\n\n".join(f"{profile.label}\n{profile.url}" for profile in speaker.profiles)
    lists = (("on-stage", "kit_stage", on_stage(kit, speaker)), ("terms", "kit_terms", terms))
    for name, key, written in (*lists, ("profiles", "kit_profiles", profiles)):
        if written:
            yield Entry(f"texts/{name}.txt", text(written), words.say(key))


def _pictures(kit: Kit, speaker: Speaker, words: Words) -> Iterator[Entry]:
    shot = speaker.headshot
    if shot is None:
        return
    for picture in kit.headshots:
        name = words.say(f"headshot_{picture.shape}_{picture.use}")
        what = words.say("kit_picture", name=name, width=picture.width, height=picture.height, alt=shot.alt)
        credit = words.say("kit_credit", credit=shot.credit)
        yield Entry(f"pictures/{picture.url.removeprefix('kit/')}", kit.files[picture.url], what, credit)


def _papers(kit: Kit, words: Words) -> Iterator[Entry]:
    for talk in kit.talks:
        for paper in talk.papers:
            name = paper.name.removeprefix("kit/")
            yield Entry(f"talks/{name}", kit.files[paper.name], f"{talk.title}: {words.say(f'paper_{paper.paper}')}")
