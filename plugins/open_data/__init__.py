"""The speaker as data: speaker.json under a documented schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import output
from plugins.open_data.document import SCHEMA, document

_FILES = (("speaker.json", "the speaker as data"), (SCHEMA, "the schema of speaker.json"))


class OpenDataGenerator(Generator):  # type: ignore[misc]  # Pelican ships no types
    """Writes the document and its schema."""

    def generate_context(self) -> None:
        """Plan them."""
        self.context.setdefault("planned_outputs", []).extend(_FILES)

    def generate_output(self, _: Any) -> None:
        """Write them from what the other rooms have found."""
        speaker, found = self.settings["SPEAKER"], self.context
        dates = found.get("dates")  # a list of posts, Pelican's own, until the room of dates has found some
        events = [*reversed(dates.past), *dates.coming] if hasattr(dates, "coming") else []
        self._write("speaker.json", document(speaker, found.get("talks", ()), events, found.get("kit")))
        schema = json.loads(Path(__file__).with_name(SCHEMA).read_bytes())
        self._write(SCHEMA, schema | {"$id": speaker.absolute(SCHEMA)})

    def _write(self, name: str, data: dict[str, Any]) -> None:
        output.write(self.output_path, name, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


def _generators(_: Any) -> type[Generator]:
    return OpenDataGenerator


def register() -> None:
    """Connect to Pelican."""
    signals.get_generators.connect(_generators)
