"""The business card: a page to show, a code to scan, a file that phones import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.contact.qr import qr_code
from plugins.contact.room import is_full
from plugins.contact.vcard import dialled, vcard
from plugins.sheets import Sheet, plan

if TYPE_CHECKING:
    from pelican import Pelican

_FILE = "contact.vcf"


class ContactGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes the card and the contact."""

    def generate_context(self) -> None:
        """Plan them."""
        words, names = self.settings["WORDS"], self.settings["SPEAKER"].names
        title, description = words.say("card_title"), words.say("card_description", **names)
        self.sheet = plan(self.context, Sheet("card/", title, description))
        self.context["planned_outputs"].append((_FILE, "the contact for phones"))

    def generate_output(self, writer: Any) -> None:
        """Write them."""
        speaker, sheet = self.settings["SPEAKER"], self.sheet
        plain = speaker.pronunciation.plain if speaker.pronunciation else ""
        said = "\u00a0· ".join(filter(None, (plain, speaker.pronouns)))
        host = speaker.root.removeprefix("https://")
        writer.write_file(
            sheet.save_as,
            self.get_template("card"),
            self.context,
            url=sheet.url,
            sheet=sheet,
            said=said,
            host=host,
            full=is_full(speaker.name, speaker.line, said, (speaker.email, speaker.phone, host)),
            code=qr_code(f"{speaker.root}/"),
            vcard_url=f"{self.settings['SITEURL']}/{_FILE}",
        )
        output.write(self.output_path, _FILE, vcard(speaker))


def telephone(phone: str) -> str:
    """Give the address that dials a number (RFC 3966)."""
    return f"tel:{dialled(phone)}"


def _offer(pelican: Pelican) -> None:
    pelican.settings["JINJA_FILTERS"]["telephone"] = telephone


def _generators(_: Any) -> type[Generator]:
    return ContactGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.get_generators.connect(_generators)
