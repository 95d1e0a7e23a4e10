"""The speaking request: an invitation under every post, the reply card, and a block to place one anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pelican.plugins import signals

from plugins.blocks import Block
from plugins.speaking import inquiry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pelican import Pelican

    from plugins.speaking.inquiry import Invitation


class _Speaking:
    """The filter `article|invitation` and the block `/// speaking-request`, for one speaker."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.speaker = settings["SPEAKER"]
        self.words = settings["WORDS"]
        self.base = settings["SITEURL"]

    def invitation(self, article: Any) -> Invitation:
        """Give the invitation that knows the post it stands under."""
        topic = article.metadata.get("topic", "")
        return inquiry.invitation(self.speaker, self.words, topic, (article.title, article.url))

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
    settings["SPEAKING"] = inquiry.questions(settings["SPEAKER"], settings["WORDS"])
    settings["BLOCKS"]["speaking-request"] = Block(("topic",), speaking.block)


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
