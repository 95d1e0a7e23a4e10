"""The kit as values: what was written, what was made of it, and the files that organisers take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from plugins.kit.bios import Bio
    from plugins.kit.introduction import Introduction


class Picture(NamedTuple):
    """A headshot: shape, use (web, print or page), address below the site's root, pixels, and its size in bytes."""

    shape: str
    use: str
    url: str
    width: int
    height: int
    bytes: int


class Paper(NamedTuple):
    """A one-sheet to take away: the paper (a4 or letter), its file, its address, both below the root, and its bytes."""

    paper: str
    name: str
    url: str
    bytes: int


class TalkPapers(NamedTuple):
    """What the kit has of one talk: its one-sheets, and what it needs on stage beyond what all talks need."""

    title: str
    url: str
    language: str
    papers: tuple[Paper, ...]
    stage: tuple[str, ...]


class Kit(NamedTuple):
    """The organiser's kit; whatever the owner has not filled in is empty.

    `files` are to be written: path below the output folder, and bytes. `sheets` gives (paper, address) pairs by the
    slug of a talk. `as_of` is None only where talks are all there is, and none of them tells a day. `portraits` are one
    picture in the widths that pages show it in, ascending.
    """

    bios: tuple[Bio, ...]
    introduction: Introduction | None
    terms: Mapping[str, str]
    headshots: tuple[Picture, ...]
    talks: tuple[TalkPapers, ...]
    sheets: Mapping[str, tuple[tuple[str, str], ...]]
    as_of: dt.date | None
    files: Mapping[str, bytes]
    portraits: tuple[Picture, ...] = ()

    @property
    def portrait(self) -> str:
        """The address, below the root, of the picture that stands for the speaker; empty where there is none."""
        return next((shot.url for shot in self.headshots if (shot.shape, shot.use) == ("square", "web")), "")

    @property
    def papers(self) -> list[TalkPapers]:
        """The talks that have one-sheets."""
        return [talk for talk in self.talks if talk.papers]

    @property
    def stage(self) -> list[TalkPapers]:
        """The talks that need something of their own on stage."""
        return [talk for talk in self.talks if talk.stage]
