"""The speaking request: an invitation under every post and talk, the reply card, and a block to place one anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pelican.plugins import signals

from plugins.blocks import Block
from plugins.speaking import inquiry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pelican import Pelican

    from plugins.speaking.inquiry import Invitation, Questions


class _Speaking:
    """The filter `content|invitation`, the card's `questions` and the block `/// speaking-request`, for one speaker."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.speaker = settings["SPEAKER"]
        self.words = settings["WORDS"]
        self.base = settings["SITEURL"]

    def questions(self, talks: Iterable[Any] = ()) -> Questions:
        """Give the reply card for the talks on offer."""
        return inquiry.questions(self.speaker, self.words, talks)

    def invitation(self, content: Any) -> Invitation:
        """Give the invitation that knows the post or the talk it stands under, and the talk that a post belongs to."""
        if content.metadata.get("is_talk") is True:
            return inquiry.invitation(self.speaker, self.words, talk=(content.slug, content.title))
        # Filled while talks are read: complete by the time a page is drawn.
        talk = self.settings.get("TALKS", {}).get(content.metadata.get("talk"))
        topic = content.metadata.get("topic", "")
        named = (talk.slug, talk.title) if talk else None
        return inquiry.invitation(self.speaker, self.words, topic, (content.title, content.url), named)

    def block(self, options: Mapping[str, str]) -> ET.Element:
        """Draw a button to the reply card, and the address as a link: in a page and a feed alike."""
        asked = inquiry.invitation(self.speaker, self.words, options.get("topic", ""))
        element = ET.Element("p", {"class": "invitation"})
        ET.SubElement(element, "a", {"class": "button", "href": f"{self.base}/{asked.url}"}).text = asked.label
        beside = ET.SubElement(element, "span")
        beside.text, _, after = self.words.say("or_write", email="\0").partition("\0")
        address = ET.SubElement(beside, "a", {"href": asked.mailto})
        address.text, address.tail = asked.email, after
        element[0].tail = " "
        return element


def _offer(pelican: Pelican) -> None:
    settings = pelican.settings
    speaking = _Speaking(settings)
    settings["JINJA_FILTERS"]["invitation"] = speaking.invitation
    settings["JINJA_GLOBALS"]["questions"] = speaking.questions
    settings["BLOCKS"]["speaking-request"] = Block(("topic",), speaking.block)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
