"""`python3 tasks.py publish`: built, checked, compared with what is online, sent, seen to have arrived, announced."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from plugins import ledger
from plugins.names import composed
from plugins.problems import Problem, SiteError, shown
from plugins.sharing.networks import NETWORKS
from plugins.speaker import load_speaker
from plugins.toml_file import line_of
from tools.faults import BuildError
from tools.holding import held
from tools.output import SOURCES
from tools.publishing import settings as files
from tools.publishing import summary
from tools.publishing.release import Release, sha256
from tools.publishing.shelf import Store
from tools.replacing import replace
from tools.staging import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plugins.addresses.book import AddressBook
    from tools.progress import Progress
    from tools.publishing.release import Changes
    from tools.publishing.target import Target

_TEXTS = "texts.json"
"""What was published last from here, in the job's folder."""
_OWN_DOMAIN = (".github.io", ".gitlab.io", ".codeberg.page")


class Told(NamedTuple):
    """Whom a publishing tells what it does: line by line, of what should be looked at, and how far it is.

    With `every_file`, each file that changes has a line.
    """

    line: Callable[[str], None]
    warning: Callable[[str], None]
    progress: Progress
    every_file: bool = False


class Job(NamedTuple):
    """One publishing: the project, its content folder, the target's name and settings, and a folder of its own."""

    root: Path
    content: Path
    name: str
    settings: files.Settings
    state: Path
    shown: str

    def store(self) -> Store | None:
        """Give the releases that are kept on this computer, of a target that keeps none itself."""
        return Store(self.state, self.settings.keep) if isinstance(self.settings, files.S3) else None


class _Build(NamedTuple):
    """The release that was built, its texts, its addresses, and the speaker's time zone."""

    release: Release
    texts: summary.Texts
    book: AddressBook
    timezone: str


def publish(root: Path, content: Path, name: str, told: Told, *, dry_run: bool = False) -> None:
    """Publish the site of `content` to the target `name` of its publish.toml; with `dry_run`, say what would change.

    Raises `SiteError` and `BuildError` where it cannot be built, `TargetError` where it cannot be sent, `HeldError`
    where another publishing is on its way. What is online then stays as it is.
    """
    with _job(root, content, name) as job:
        _target(job, "")  # what is wrong with it is told before anything is built
        build = _built(job, told)
        release, book = build.release, build.book
        target = _target(job, book.root)
        changes = target.compare(release)
        for line in _told_of(changes, job, target, build, every=told.every_file):
            told.line(line)
        if dry_run:
            told.line("Nothing was sent.")
            return
        if any(changes):
            _deliver(job, target, release, told.progress)
            told.line(_outcome(job, target, book.root, summary.moment(release.name, build.timezone)))
        elif target.removes_later:
            target.deliver(release, told.progress)
        replace(job.state / _TEXTS, summary.written(build.texts))
        _announce(job, release, book, told)


def roll_back(root: Path, content: Path, name: str, told: Told) -> None:
    """Bring the release online again that was there before. Raises as `publish` does."""
    with _job(root, content, name) as job:
        target = _target(job, "")
        release = target.roll_back(told.progress)
        store = job.store()
        if store:
            store.switch(release)
        (job.state / _TEXTS).unlink(missing_ok=True)
        try:
            speaker = load_speaker(content / "speaker.toml", "speaker.toml", NETWORKS)
            site, timezone = speaker.root, speaker.timezone
        except SiteError:  # a way back must not wait until that is mended
            site, timezone = "", "UTC"
        told.line(_outcome(job, target, site, summary.moment(release, timezone), again=True))
        told.line("The next publish brings the newer state back; mend first what was wrong with it.")


@contextmanager
def _job(root: Path, content: Path, name: str) -> Iterator[Job]:
    """Read the settings, and keep every other publishing to this target out."""
    recover(root)
    settings = files.load(content, shown(content, root), name)
    state = root / ".cache" / "publishing" / name
    state.mkdir(parents=True, exist_ok=True)
    with held(state / "lock", f"Another publishing to {name} is running; let it finish, then try again.", wait=False):
        yield Job(root, content, name, settings, state, shown(content, root))


def _built(job: Job, told: Told) -> _Build:
    """Build the site into a folder of the job's own, and look it through."""
    from tools.build import draw
    from tools.inspection.judging import judged
    from tools.inspection.looking import found_in, switched_off

    folder = job.state / "built"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    off = switched_off(job.root, job.content)
    report = draw(job.root / "publishconf.py", job.content, folder, told.progress)
    if report.book is None:
        raise BuildError(["publishconf.py shows drafts; set PREVIEW = False there."])
    found = judged(found_in(report), off)
    for problem in found.warnings:
        told.warning(str(problem))
    if found.errors:
        raise SiteError(found.errors)
    names = sorted(composed(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file())
    now = dt.datetime.now(dt.UTC)
    hashes = {name: sha256(folder / name) for name in names}
    name = f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03}Z"
    release = Release(name, folder, hashes, dict(report.book.moved))
    timezone = report.drawn.speaker.timezone if report.drawn else "UTC"
    return _Build(release, summary.texts(report.book, release), report.book, timezone)


def _target(job: Job, root: str) -> Target:
    """Give the target, for a site at the address `root`, which a way back need not know.

    What it is made with, like boto3, is loaded for it alone.
    """
    settings = job.settings
    match settings:
        case files.Rsync():
            from tools.publishing.rsync import RsyncTarget

            return RsyncTarget(settings)
        case files.GitHub():
            from tools.publishing.github import GitTarget

            return GitTarget(settings, job.state / "git", domain=_domain(root), root=job.root)
        case files.S3():
            from tools.publishing.s3 import S3Target

            return S3Target(settings, Store(job.state, settings.keep).before)
    from tools.publishing.folder import FolderTarget, HostTarget

    place = _place(job, settings.path)
    if isinstance(settings, files.Host):
        return HostTarget(place, settings.keep, settings.command, job.root, urlsplit(root).path)
    return FolderTarget(place, settings.keep)


def _place(job: Job, path: str) -> Path:
    """Give the folder of releases. Raises `SiteError` where it has another use, or would be among the sources."""
    place = Path(job.root, Path(path).expanduser()).resolve()
    taken = (job.content, *(job.root / name for name in (*SOURCES, "output", ".preview", ".cache")))
    if job.root.is_relative_to(place) or any(place.is_relative_to(other) for other in taken):
        line = line_of((job.content / files.NAME).read_text("utf-8-sig"), ("publish", job.name, "path"))
        message = f"`{path}` leads to {place}, which has another use; name a folder for the releases alone"
        raise SiteError([Problem(f"{job.shown}/{files.NAME}", line, message, "publish")])
    return place


def _domain(root: str) -> str:
    """Give the site's own domain; none where it lives at a host's."""
    host = urlsplit(root).hostname or ""
    return "" if host.endswith(_OWN_DOMAIN) else host


def _deliver(job: Job, target: Target, release: Release, progress: Progress) -> None:
    store = job.store()
    if store:
        with progress.step("Keeping the release", len(release.files)) as advance:
            store.add(release, advance)
    target.deliver(release, progress)
    if store:
        store.switch(release.name)
        store.prune()


def _told_of(changes: Changes, job: Job, target: Target, build: _Build, *, every: bool) -> Iterator[str]:
    """Say how the release differs from what is online: texts by title, files by number, or `every` file by name."""
    if not any(changes):
        yield f"Nothing has changed since the last release at {target.where}."
        return
    try:
        known = ledger.load(job.content / ledger.NAME, ledger.NAME)
    except SiteError:  # announcing says so
        known = {}
    book = build.book
    continued = ledger.successors(known, book.presents, book.root, book.waiting)
    before = summary.Earlier(_last_texts(job), known, continued)
    yield from summary.summary(before, build.texts, build.release, changes)
    later = " by the publishing after this one" if target.removes_later and changes.removed else ""
    counts = f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed{later}"
    yield f"Files at {target.where}: {counts}."
    for mark, paths in zip("+~-", changes, strict=True) if every else ():
        yield from (f"  {mark} {path}" for path in sorted(paths, key=lambda path: (not path.endswith(".html"), path)))


def _last_texts(job: Job) -> summary.Texts | None:
    try:
        return summary.read((job.state / _TEXTS).read_bytes())
    except OSError:
        return None


def _outcome(job: Job, target: Target, root: str, when: str, *, again: bool = False) -> str:
    """Say where readers find the site now, and as of which moment; of a place for trials the place alone."""
    site = (
        f"{root}/ as of {when}, in {target.where}" if root and job.settings.announce else f"{target.where} as of {when}"
    )
    by_hand = isinstance(job.settings, files.Host) and not job.settings.command
    done = "Ready to be uploaded" if by_hand else "Online"
    return f"{done}{' again' * again}: {site}."


def _announce(job: Job, release: Release, book: AddressBook, told: Told) -> None:
    """Write the ledger and tell who asked. The site is online: what fails now is a warning."""
    from tools.announcing.command import announced

    if not job.settings.announce:
        told.line(f"Not announced, since `announce` is false for {job.name}.")
        return
    try:
        said = announced(job.root, release.folder, book)
    except (OSError, SiteError, BuildError) as error:
        told.warning(f"the site is online, but was not announced ({error}); publish again once it is mended")
        return
    for line in said.lines:
        told.line(line)
    for warning in said.warnings:
        told.warning(warning)
