"""`content/publish.toml`: where the site is published, one table `[publish.NAME]` for each target. No secrets."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from plugins import toml_file
from plugins.hosts import ascii_address, ascii_host
from plugins.problems import Problem, SiteError, nearest_or_all
from tools.faults import BuildError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "publish.toml"
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Count = Annotated[int, msgspec.Meta(ge=2, le=1000)]
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
# The names of git's branches, as far as anybody gives them (git-check-ref-format).
_BRANCH = re.compile(r"(?![-/.])(?!.*(?:\.\.|//|/\.|@\{|\.lock(?:/|$)))[^\s~^:?*\[\\\x00-\x1f]+(?<![/.])")


class Folder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder on this computer: releases below `path`, and `path`/current is the one that is online.

    `path` counts from the project's folder; `~` is the home. `keep` releases stay. Only where `announce` is true is the
    site there the one that readers know.
    """

    to: Literal["folder"]
    path: _Text
    keep: _Count = 5
    announce: bool = True


class Rsync(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same on another computer, by rsync over ssh. `host` is as ssh takes it, `path` as that computer has it.

    `ssh` is the command with its options, as for rsync's `-e`: keys and ports belong into ssh's own configuration.
    """

    to: Literal["rsync"]
    host: _Text
    path: _Text
    keep: _Count = 5
    ssh: _Text = "ssh"
    announce: bool = True


class GitHub(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A branch of a git repository, for GitHub Pages and its kin. Without `history` it holds one commit only."""

    to: Literal["github"]
    repository: _Text
    branch: _Text = "gh-pages"
    history: bool = True
    announce: bool = True


class S3(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bucket of an S3-compatible store, below `prefix`. Without an `endpoint` it is Amazon's.

    Keys come from where boto3 looks for them: the environment, or the files of the AWS command line.
    """

    to: Literal["s3"]
    bucket: _Text
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    keep: _Count = 5
    announce: bool = True


class Host(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder as Netlify and Cloudflare Pages take it, with `_headers` and `_redirects`.

    `command` is run once it is ready, with the folder's path for `{folder}`: the host's own uploader, for example.
    """

    to: Literal["netlify", "cloudflare"]
    path: _Text
    command: tuple[_Text, ...] = ()
    keep: _Count = 5
    announce: bool = True


Settings = Folder | Rsync | GitHub | S3 | Host
_KINDS: dict[str, type[Settings]] = {
    "folder": Folder,
    "rsync": Rsync,
    "github": GitHub,
    "s3": S3,
    "netlify": Host,
    "cloudflare": Host,
}


def load(content: Path, shown: str, name: str) -> Settings:
    """Give the settings of the target `name`; `shown` is the content folder in messages.

    Raises `SiteError` with every problem of the file, and `BuildError` where it is missing or has no such target.
    """
    path = content / NAME
    if not path.is_file():
        lines = f'[publish.{name}]\nto = "folder"\npath = "where/your/web/server/looks"'
        raise BuildError(
            [f"There is no {shown}/{NAME}, which says where the site goes. Write it, for example:\n\n{lines}\n"]
        )
    data = _data(path)
    unplaced = [key for key, table in data.items() if key != "publish" and _to(table) in _KINDS]
    if unplaced:
        line, wanted = toml_file.line_of(path.read_text("utf-8-sig"), (unplaced[0],)), f"[publish.{unplaced[0]}]"
        raise SiteError([Problem(f"{shown}/{NAME}", line, f"a target stands below a line like {wanted}", "publish")])
    tables = data.get("publish")
    tables = tables if isinstance(tables, dict) else {}
    names = {f"target_{at}": key for at, key in enumerate(tables) if _NAME.fullmatch(key)}
    kinds = [(field, _KINDS.get(_to(tables[key]), _Unknown)) for field, key in names.items()]
    publish = msgspec.defstruct("publish", kinds, frozen=True, rename=names)
    fields = [("publish", publish | None, None)]
    kind: Any = msgspec.defstruct("file", fields, frozen=True, forbid_unknown_fields=True)
    rules: dict[str, toml_file.Rule] = {"publish": _names}
    rules |= {f"publish.{key}.to": _known for key in tables} | {f"publish.{key}.branch": _branch for key in tables}
    rules |= {f"publish.{key}.{field}": _host for key in tables for field in ("host", "endpoint")}
    targets = toml_file.load(path, f"{shown}/{NAME}", kind, rules, rule="publish").publish
    if name not in tables:
        raise BuildError([f"There is no target `{name}` in {shown}/{NAME}{nearest_or_all(name, tables)}"])
    field = next(field for field, key in names.items() if key == name)
    found: Settings = getattr(targets, field)
    return found


class _Unknown(msgspec.Struct, frozen=True):
    """A table whose `to` is missing or unknown: `_known` says so."""

    to: str


def _data(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}  # loading it below says what is wrong


def _to(table: object) -> str:
    return str(table.get("to")) if isinstance(table, dict) else ""


def _known(value: object) -> str | None:
    if value in _KINDS:
        return None
    return f"`{value}` is not a kind of target{nearest_or_all(str(value), _KINDS)}"


def _branch(value: object) -> str | None:
    if not isinstance(value, str) or _BRANCH.fullmatch(value):
        return None
    return f"`{value}` cannot name a branch; write one like gh-pages"


def _host(value: object) -> str | None:
    """Ask for a host as programs look it up: ssh and stores know no letters beyond ASCII."""
    if not isinstance(value, str) or value.isascii() or "." not in value:  # without a dot it is a name of ssh's own
        return None
    user, at, host = value.rpartition("@")
    form = ascii_address(value) if "://" in value else f"{user}{at}{ascii_host(host)}"
    return f"`{value}` has letters that no program looks up; write {form}" if form.isascii() and form else None


def _names(value: Any) -> list[tuple[toml_file.Keys, str]]:
    return [
        ((name,), f"`{name}` cannot name a target; write small letters, digits and hyphens")
        for name in value
        if not _NAME.fullmatch(name)
    ]
