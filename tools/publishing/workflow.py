"""The file by which GitHub builds and publishes the site itself, every night too."""

from __future__ import annotations

from pathlib import Path

from plugins.sharing.networks import NETWORKS
from plugins.speaker import load_speaker
from tools.faults import BuildError
from tools.replacing import replace

PLACE = Path(".github", "workflows", "lectern.yml")
_WORLD_TIME = '"Etc/UTC"'


def workflow(time_zone: str) -> str:
    """Give the file for an author whose day begins in this time zone."""
    text = Path(__file__).with_name("workflow.yml").read_text("utf-8")
    return text if time_zone == "UTC" else text.replace(_WORLD_TIME, f'"{time_zone}"')


def write_workflow(root: Path) -> Path:
    """Write it into the project in `root` and give its path.

    Raises `SiteError` where speaker.toml is wrong, and `BuildError` where another file has its place.
    """
    speaker = load_speaker(root / "content" / "speaker.toml", "content/speaker.toml", NETWORKS)
    path, text = root / PLACE, workflow(speaker.timezone)
    if path.exists():
        if path.read_text("utf-8", "replace") == text:
            return path
        advice = "move it away to get the newest, then bring over what you had changed"
        raise BuildError([f"{PLACE.as_posix()} is there already, and not as it would be written now; {advice}."])
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, text.encode())
    return path
