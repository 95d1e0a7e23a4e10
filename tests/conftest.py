"""What all tests share: a real tiny site, both real sites built once, and a clean house after each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sites import ROOT, Site, build
from ssh_host import Host, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What is random is checked, not how fast: a machine may have much else to do.
settings.register_profile("lectern", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lectern")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture(autouse=True)
def _no_plugin_outlives_its_test() -> Iterator[None]:
    """Pelican's signals live as long as the process: disconnect what a test connected. So do warnings already told."""
    from blinker import ANY, Signal
    from pelican.log import LimitFilter
    from pelican.plugins import signals

    yield
    LimitFilter._raised_messages.clear()  # noqa: SLF001  told once in a process, a warning would be missed by a test
    LimitFilter._group_count.clear()  # noqa: SLF001
    for signal in vars(signals).values():
        if isinstance(signal, Signal):
            for receiver in list(signal.receivers_for(ANY)):
                signal.disconnect(receiver)


def _built(name: str, content: Path, folder: Path, *, publish: bool) -> Path:
    output = folder / name
    build(content, output, publish=publish)
    return output


@pytest.fixture(scope="session")
def speaker_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The speaker's own site, as published."""
    return _built("speaker", ROOT / "content", tmp_path_factory.mktemp("built"), publish=True)


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example site, as published; it lives under /blog/."""
    return _built("example", ROOT / "tests" / "example", tmp_path_factory.mktemp("built"), publish=True)


@pytest.fixture(scope="session")
def example_preview(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example site as `serve` shows it: with drafts and posts that wait for their day."""
    return _built("preview", ROOT / "tests" / "example", tmp_path_factory.mktemp("built"), publish=False)


@pytest.fixture(scope="session")
def ssh_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Another computer. A space and an apostrophe are in the way of whoever quotes badly."""
    yield from started(tmp_path_factory.mktemp("it's a host"))
