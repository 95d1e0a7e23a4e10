"""The one door: `python3 tasks.py COMMAND`. It makes its own environment from `lock.txt` and works in there."""

import sys

# An older Python must be able to read this file, or it could not be told.
if sys.version_info < (3, 11):  # noqa: UP036  -- the version that starts this need not be the one it needs
    sys.exit("Lectern needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info))

import re
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent

if __name__ == "__main__":
    from tools import environment

    environment.enter(Path(__file__).resolve(), sys.argv[1:])

# From here on the environment's own libraries are there. Those that only one command needs, it imports itself.
from invoke.collection import Collection  # noqa: E402
from invoke.context import Context  # noqa: E402
from invoke.exceptions import Exit  # noqa: E402
from invoke.tasks import task  # noqa: E402

from tools.program import Commands, plainly  # noqa: E402
from tools.visible import spelt_out  # noqa: E402

CONTENT = "the author's folder (usually content)"
QUIET = "tell of problems and warnings only"
CONFIG = "the settings to build with (usually publishconf.py)"


@task(auto_shortflags=False, help={"port": "8000 or the next free one", "open_": "open a browser", "content": CONTENT})
def serve(_: Context, *, port: str | None = None, open_: bool = False, content: str | None = None) -> None:
    """Show the site with its drafts, anew whenever a file is saved."""
    from tools.serve import serve as serve_site

    if port is not None and not re.fullmatch("[1-9][0-9]{0,4}", port, re.ASCII):
        raise Exit(f"--port must be a number like 8000, not {port}.", code=2)
    with plainly():
        serve_site(ROOT, _path(content, "content"), int(port) if port else None, open_browser=open_)


@task(
    auto_shortflags=False,
    help={
        "name": "your full name",
        "given_name": "the name people call you by",
        "line": "one line that says what you do",
        "email": "where invitations arrive",
        "site": "the address that the site will have",
        "language": "the language you write in, like en",
        "timezone": "where your clock stands, like Europe/Berlin",
        "share": "where letters can be shared, like linkedin,email",
        "answers": "a file with these answers, as lines of speaker.toml",
        "content": CONTENT,
    },
)
def adopt(  # noqa: PLR0913  each is an option
    _: Context,
    *,
    name: str | None = None,
    given_name: str | None = None,
    line: str | None = None,
    email: str | None = None,
    site: str | None = None,
    language: str | None = None,
    timezone: str | None = None,
    share: str | None = None,
    answers: str | None = None,
    content: str | None = None,
) -> None:
    """Make this blog your own: say who you are, and set aside what came with it."""
    options = {"name": name, "given_name": given_name, "line": line, "email": email, "site": site}
    options |= {"language": language, "timezone": timezone, "share": share}
    with plainly():
        from tools.desk.adopting import adopt as take_over

        take_over(ROOT, _path(content, "content"), options, Path(answers).resolve() if answers else None)


@task(
    auto_shortflags=False,
    help={
        "title": 'in quotes, like "The second row"',
        "draft": "keep it to your own preview",
        "date": "its day (usually today), like 2026-06-04 or '2026-06-04 09:30'",
        "talk": "the talk it belongs to, by its file's name",
        "slug": "the file's name and the address (usually made of the title)",
        "edit": "open it in your editor",
        "content": CONTENT,
    },
)
def new(  # noqa: PLR0913  each is an option
    _: Context,
    title: str,
    *,
    draft: bool = False,
    date: str | None = None,
    talk: str | None = None,
    slug: str | None = None,
    edit: bool = False,
    content: str | None = None,
) -> None:
    """Begin a letter: a file with its title, its date and its name in feeds."""
    with plainly():
        from tools.desk.letters import Wanted
        from tools.desk.letters import new as new_letter

        new_letter(ROOT, _path(content, "content"), title, Wanted(draft, date, talk, slug, edit))


@task(
    auto_shortflags=False,
    help={
        "title": 'in quotes, like "The second row"',
        "draft": "as every new talk is, until you have filled it in",
        "slug": "the file's name and the address (usually made of the title)",
        "edit": "open it in your editor",
        "content": CONTENT,
    },
)
def new_talk(
    _: Context,
    title: str,
    *,
    draft: bool = False,
    slug: str | None = None,
    edit: bool = False,
    content: str | None = None,
) -> None:
    """Begin a talk: a draft with the lines that a talk needs."""
    with plainly():
        from tools.desk.letters import Wanted
        from tools.desk.letters import new_talk as begin_talk

        begin_talk(ROOT, _path(content, "content"), title, Wanted(draft=draft, slug=slug, edit=edit))


@task(
    auto_shortflags=False,
    help={
        "event": "what the occasion is called, in quotes",
        "date": "its day or hour, like 2027-06-04 or 2027-06-04T09:30",
        "end": "when it is over; of whole days the last one",
        "title": "what you give there",
        "place": "the town",
        "online": "it can be joined from anywhere",
        "url": "a web address where people read more",
        "talk": "the talk you give, by its file's name",
        "tentative": "pencilled in, and known to you only",
        "private": "known to you only",
        "edit": "open events.toml in your editor",
        "content": CONTENT,
    },
)
def new_event(  # noqa: PLR0913  each is an option
    _: Context,
    event: str,
    *,
    date: str | None = None,
    end: str = "",
    title: str = "",
    place: str = "",
    online: bool = False,
    url: str = "",
    talk: str = "",
    tentative: bool = False,
    private: bool = False,
    edit: bool = False,
    content: str | None = None,
) -> None:
    """Note where you will speak, or spoke, in events.toml."""
    if date is None:
        raise Exit("new-event needs --date, like --date 2027-06-04.", code=2)
    with plainly():
        from tools.desk.dates import Wanted
        from tools.desk.dates import new_event as note_event

        wanted = Wanted(event, date, end, title, place, online, url, talk, tentative, private)
        note_event(ROOT, _path(content, "content"), wanted, edit=edit)


@task(
    auto_shortflags=False,
    help={"output": "the folder to fill (usually output)", "config": CONFIG, "content": CONTENT, "quiet": QUIET},
)
def build(
    _: Context,
    *,
    output: str | None = None,
    config: str | None = None,
    content: str | None = None,
    quiet: bool = False,
) -> None:
    """Build the site for the public."""
    start = time.perf_counter()
    with plainly():
        from plugins.problems import shown
        from tools.build import build as build_site
        from tools.progress import Progress

        folder = _path(output, "output")
        progress = Progress(quiet=quiet)
        report = build_site(_path(config, "publishconf.py"), _path(content, "content"), folder, progress)
    _warn(report.warnings)
    if quiet:
        return
    _tell(f"Built {report.contents} into {shown(folder, ROOT)}/ in {time.perf_counter() - start:.1f} s.")


@task(
    auto_shortflags=False,
    help={
        "fix": "mend what is certain, and show it",
        "online": "ask whether what you link to elsewhere is there",
        "format_": "text, json or github (usually text)",
        "rules": "show every rule, and do no more",
        "networks": "show what each network takes, and do no more",
        "quiet": "tell of nothing but what is found",
        "config": CONFIG,
        "content": CONTENT,
    },
)
def check(  # noqa: PLR0913  each is an option
    _: Context,
    *,
    fix: bool = False,
    online: bool = False,
    format_: str = "text",
    rules: bool = False,
    networks: bool = False,
    quiet: bool = False,
    config: str | None = None,
    content: str | None = None,
) -> None:
    """Look for all that is wrong with the site."""
    from tools.inspection import command

    if format_ not in command.FORMATS:
        raise Exit(f"--format must be text, json or github, not {format_}.", code=2)
    if rules or networks:
        typed = {"--format": format_ != "text", "--fix": fix, "--online": online, "--networks": rules and networks}
        _refuse_beside("--rules" if rules else "--networks", [name for name, there in typed.items() if there])
    with plainly():
        if rules:
            command.print_rules(ROOT, _path(content, "content"))
            return
        if networks:
            from tools.networks import print_networks

            print_networks()
            return
        wanted = command.Wanted(fix=fix, online=online, format=format_, quiet=quiet)
        sound = command.check(ROOT, _path(config, "publishconf.py"), _path(content, "content"), wanted)
    if not sound:
        raise Exit(code=1)


@task(
    auto_shortflags=False,
    help={"output": "the folder that was built (usually output)", "dry_run": "show what would be written and sent"},
)
def announce(_: Context, *, output: str | None = None, dry_run: bool = False) -> None:
    """Record and tell what is new, once you have put the site online."""
    with plainly():
        from tools.announcing.command import announce as announce_site

        outcome = announce_site(ROOT, _path(output, "output"), dry_run=dry_run)
    for line in outcome.lines:
        _tell(line)
    _warn(outcome.warnings)


@task(
    auto_shortflags=False,
    help={
        "target": "one of those in content/publish.toml",
        "dry_run": "show what would change, and send nothing",
        "rollback": "go back to the release before",
        "verbose": "name every file that changes",
        "quiet": "tell of warnings and errors only",
        "content": CONTENT,
    },
)
def publish(  # noqa: PLR0913  each is an option
    _: Context,
    target: str,
    *,
    dry_run: bool = False,
    rollback: bool = False,
    verbose: bool = False,
    quiet: bool = False,
    content: str | None = None,
) -> None:
    """Build, check, send and announce the site."""
    from tools.progress import Progress
    from tools.publishing import command

    if dry_run and rollback:
        raise Exit("A way back has no dry run; leave out --dry-run or --rollback.", code=2)
    if quiet and verbose:
        raise Exit("Leave out --quiet or --verbose; one tells nothing, the other all.", code=2)
    told = command.Told(
        _no_word if quiet else _tell, lambda words: _warn((words,)), Progress(quiet=quiet), every_file=verbose
    )
    with plainly():
        if rollback:
            command.roll_back(ROOT, _path(content, "content"), target, told)
        else:
            command.publish(ROOT, _path(content, "content"), target, told, dry_run=dry_run)


@task(auto_shortflags=False)
def workflow(_: Context) -> None:
    """Let GitHub build and publish the site by itself, every night too."""
    from tools.publishing.workflow import PLACE, write_workflow

    known = (ROOT / PLACE).exists()
    with plainly():
        write_workflow(ROOT)
    done = f"{PLACE.as_posix()} is as it should be" if known else f"Wrote {PLACE.as_posix()}"
    _tell(f"{done}; commit it, push it, and set Pages to GitHub Actions.")


@task(
    auto_shortflags=False,
    help={
        "mail": "a saved mail (.eml), a mailbox (.mbox) or a folder of them",
        "csv": "a file to write, for spreadsheets",
        "json": "a file to write, for programs",
        "accept": "the number of an inquiry to put into events.toml, with the draft of an answer",
        "drafts": "the folder for the draft (usually the one you are in)",
        "content": CONTENT,
    },
)
def inquiries(  # noqa: PLR0913  each is an option
    _: Context,
    mail: str,
    *,
    csv: str | None = None,
    json: str | None = None,
    accept: str | None = None,
    drafts: str | None = None,
    content: str | None = None,
) -> None:
    """List the invitations to speak that saved mail holds."""
    from tools.inquiries.command import Wanted
    from tools.inquiries.command import inquiries as list_inquiries

    if accept is not None and not re.fullmatch("[0-9]{1,6}", accept, re.ASCII):
        raise Exit(f"--accept must be a number from the table, not {accept}.", code=2)
    wanted = Wanted(
        csv=Path(csv).resolve() if csv else None,
        json=Path(json).resolve() if json else None,
        accept=int(accept) if accept else None,
    )
    with plainly(Path.cwd()):
        list_inquiries(Path(mail).resolve(), _path(content, "content"), Path(drafts or ".").resolve(), wanted)


@task(auto_shortflags=False, help={"from_": "an address or a remote (usually where you cloned from)"})
def upgrade(_: Context, *, from_: str | None = None) -> None:
    """Take a later version of Lectern by git; your content stays as it is."""
    with plainly():
        from tools.desk.upgrading import upgrade as take_later_version

        take_later_version(ROOT, from_)


@task(auto_shortflags=False)
def test(_: Context) -> None:
    """Check the project itself: style, types, and every test."""
    from tools.checking import check_project

    with plainly():
        failed = check_project(ROOT)
    if failed:
        raise Exit(f"Failed: {', '.join(failed)}.", code=1)


@task(auto_shortflags=False, help={"upgrade": "take the newest versions that pyproject.toml allows"})
def lock(_: Context, *, upgrade: bool = False) -> None:
    """Write lock.txt and tests/lock.txt anew from pyproject.toml."""
    from tools.locking import write_locks

    with plainly():
        write_locks(ROOT, upgrade=upgrade)


def _path(named: str | None, usual: str) -> Path:
    """Give an absolute path: one that was typed counts from where it was typed, the usual one from the project."""
    return Path(named).resolve() if named else ROOT / usual


def _refuse_beside(name: str, others: list[str]) -> None:
    """End the command as misuse where options stand beside one that would pass over them."""
    if others:
        raise Exit(f"{name} shows a list and does no more; leave {' and '.join(others)} out.", code=2)


def _warn(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        sys.stderr.write(f"Warning: {spelt_out(warning)}\n")


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _no_word(_: str) -> None:
    """Tell nobody."""


if __name__ == "__main__":
    Commands(Collection.from_module(sys.modules[__name__])).run()
