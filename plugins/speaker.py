"""`content/speaker.toml` as a `Speaker`: who speaks, said once, checked at the door."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  msgspec reads the annotation
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from plugins import hosts, names, toml_file
from plugins.mailto import recipient
from plugins.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from plugins.toml_file import Rule, Said

CARD_SIZE = (1200, 630)
Text = Annotated[str, msgspec.Meta(min_length=1)]

# RFC 5322's dot-atom without the rarest characters.
_EMAIL = re.compile(r"[a-z0-9_+'=~-]+(\.[a-z0-9_+'=~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
_HANDLE = re.compile(r"@[\w.-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_SITE = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?(/[\w~-][\w.~-]*)*/?", re.ASCII)
_PLACEHOLDERS = ("{slug}", "{category}", "{date:%Y}", "{date:%m}", "{date:%d}")
_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"}


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A labelled address: an entry of the menu, or a profile elsewhere."""

    label: Text
    url: Text

    def __post_init__(self) -> None:
        """Write an address of this site as its pages have it."""
        if self.url.startswith("/"):
            msgspec.structs.force_setattr(self, "url", names.composed(self.url))


class Pronunciation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the name is said: as anybody would spell it out, and in the International Phonetic Alphabet."""

    plain: Text
    ipa: str = ""


class Bios(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The speaker's life in the lengths that programmes ask for, in plain text; empty where not written."""

    characters_78: str = ""
    characters_150: str = ""
    words_50: str = ""
    words_100: str = ""
    words_250: str = ""


class Headshot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The photograph that all sizes are made from: a file in the content folder, its text and its credit.

    `focus` is what a crop keeps in its middle, as parts of width and height from the upper left corner.
    """

    file: Text
    alt: Text
    credit: Text
    focus: tuple[float, float] = (0.5, 0.4)


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the speaker wants organisers to know beforehand, in plain text; empty where it is nobody's business."""

    fees: str = ""
    travel: str = ""


class Speaker(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The speaker, as every plugin and template knows them. `site` may carry a path: https://name.github.io/blog/."""

    name: Text
    given_name: Text
    line: Text
    email: Text
    site: Text
    language: Text = "en"
    timezone: Text = "UTC"
    bio: str = ""
    permalink: Text = "{slug}/"
    card: str = ""
    share: tuple[str, ...] = ("linkedin", "email")
    menu: tuple[Link, ...] = ()
    profiles: tuple[Link, ...] = ()
    phone: str = ""
    pronouns: str = ""
    pronunciation: Pronunciation | None = None
    bios: Bios = Bios()
    introduction: str = ""
    headshot: Headshot | None = None
    av: tuple[Text, ...] = ()
    terms: Terms = Terms()
    as_of: dt.date | None = None
    availability: bool = False
    mailing_list: bool = False
    topics: tuple[Text, ...] = ()
    feed_tags: tuple[Text, ...] = ()
    hub: str = ""
    indexnow: str = ""
    security: str = ""
    fediverse: str = ""

    @property
    def root(self) -> str:
        """The site's address without a slash at its end."""
        return self.site.rstrip("/")

    @property
    def base(self) -> str:
        """The path below which the site lives: empty, or like `/blog`."""
        return urlsplit(self.root).path

    @property
    def mailto(self) -> str:
        """The mailto URI of the speaker's address."""
        return recipient(self.email)

    @property
    def dir(self) -> str:
        """The direction in which the site's language is written: `ltr` or `rtl`."""
        return direction(self.language)

    @property
    def names(self) -> dict[str, str]:
        """What the interface's words call the speaker: {name}, {given} and {line}."""
        return {"name": self.name, "given": self.given_name, "line": self.line}

    def absolute(self, url: str) -> str:
        """Give the whole address of a page of this site from its address below the site's root."""
        return f"{self.root}/{url.lstrip('/')}"


def direction(language: str) -> str:
    """Give `rtl` for a language usually written from right to left, else `ltr`."""
    first, *others = language.lower().split("-")
    return "rtl" if first in _RIGHT_TO_LEFT or {"arab", "hebr"} & set(others) else "ltr"


def load_speaker(path: Path, shown: str, networks: Collection[str]) -> Speaker:
    """Read and check the speaker's file; `shown` is its path in messages, `networks` are the known share targets.

    Raises `SiteError` with every problem and its line.
    """
    return toml_file.load(path, shown, Speaker, rules(path.parent, networks), rule="speaker")


def rules(content: Path, networks: Collection[str]) -> dict[str, Rule]:
    """Give by key what a value is held to: a function that says what is wrong with one, or nothing."""
    return {
        "email": _email,
        "site": _site,
        "language": _language,
        "timezone": time_zone,
        "permalink": _permalink,
        "card": lambda value: _card(value, content),
        "menu[].url": _menu_url,
        "profiles[].url": web_address,
        "share[]": lambda value: _network(value, networks),
        "share": _once,
        "phone": _phone,
        "headshot.file": _photograph,
        "headshot.focus": _focus,
        "hub": _hub,
        "indexnow": _indexnow,
        "security": _security,
        "fediverse": _fediverse,
    }


def _email(value: object) -> str | None:
    if isinstance(value, str) and _EMAIL.fullmatch(value):
        return None
    return _unfit_mail(value) or f"`{value}` is not an e-mail address; write one address like name@example.com"


def _unfit_mail(value: object) -> str | None:
    """Say how to write an address whose host has letters beyond ASCII; None for any other."""
    form = hosts.ascii_mail(str(value).strip())
    if form == value or not _EMAIL.fullmatch(form):
        return None
    return f"not every mail program finds `{value}`; write {form}, which is the same address"


def web_address(value: object) -> str | None:
    """Say what is wrong with the address of a page, or nothing."""
    try:
        parts = urlsplit(str(value))
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        sound = sound and not re.search(r"\s", str(value))
    except ValueError:
        sound = False
    return None if sound else f"`{value}` is not a web address; write one like https://www.example.com/"


def _site(value: object) -> str | None:
    if web_address(value) is None and _SITE.fullmatch(str(value)):
        return None
    form = hosts.ascii_address(str(value).strip())
    if "." in form and _SITE.fullmatch(form):
        return f"`{value}` cannot be the site's address as it is written; write {form}"
    return web_address(value) or (
        f"`{value}` cannot be the site's address; write it in small letters, like https://www.example.com/blog/"
    )


def _menu_url(value: object) -> str | None:
    if str(value).startswith("/") and not str(value).startswith("//"):
        return None
    if web_address(value) is None:
        return None
    return f"`{value}` leads nowhere; write a page of this site like /about/, or a whole address with https://"


def _language(value: object) -> str | None:
    if _LANGUAGE.fullmatch(str(value)):
        return None
    return f"`{value}` is not a language tag; write one like en or pt-BR"


def time_zone(value: object) -> str | None:
    """Say what is wrong with the name of a time zone, or nothing."""
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        return f"`{value}` is not a time zone; write one like Europe/Berlin or America/New_York"
    return None


def _permalink(value: object) -> str | None:
    pattern = str(value)
    wrong = [found for found in _PLACEHOLDER.findall(pattern) if found not in _PLACEHOLDERS]
    if wrong:
        return f"`{wrong[0]}` cannot stand in a permalink; use {', '.join(_PLACEHOLDERS)}"
    plain = re.fullmatch(r"([a-z0-9_-]+/)+", _PLACEHOLDER.sub("x", pattern))
    if "{slug}" not in pattern or not plain:
        return f"`{pattern}` cannot be a permalink; write one like {{slug}}/ or {{date:%Y}}/{{date:%m}}/{{slug}}/"
    return None


def _card(value: object, content: Path) -> Said:
    """Say what is wrong with the picture for shared links; 1200×630 is what Open Graph's readers crop to."""
    if not value:
        return None
    name = names.composed(str(value))
    path = names.located(content, name)
    if path is None or not name.startswith("images/"):
        near, mend = nearest_file(str(value), content, "images")
        advice = near or "; write a path like images/card.png"
        return [toml_file.Finding((), f"there is no picture {value} in the content folder{advice}", mend)]
    refused = names.unfit_character(name)
    if refused:
        advice = f"rename the file, and write {names.addressable_name(name)}"
        return f"the name of {value} holds `{refused}`, which breaks addresses; {advice}"
    if not name.lower().endswith((".png", ".jpg", ".jpeg")):
        return f"the picture {value} is none that all networks show; save it as PNG or JPEG, and name that"
    from PIL import Image  # slow to import: only where there is a picture

    try:
        with Image.open(path) as picture:
            size = picture.size
    except OSError:
        return f"the picture {value} cannot be read; save it anew"
    return None if size == CARD_SIZE else f"the picture {value} is {size[0]}×{size[1]} pixels; make it 1200×630"


def nearest_file(written: str, content: Path, folder: str) -> tuple[str, tuple[str, ...]]:
    """Return `; did you mean `x`?` for the file of a folder that a path may mean; empty where there is none.

    Where it is certain, the path as it is written and as it should be follow.
    """
    name = names.composed(written)
    known = names.by_name(content, names.listing(content / folder))
    meant = names.meant(name, known)
    if not meant.files:
        return did_you_mean(name, known), ()
    mend = (written, meant.files[0]) if meant.sure and len(meant.files) == 1 else ()
    return f"; did you mean `{meant.files[0]}`?", mend


def _network(value: object, networks: Collection[str]) -> str | None:
    if value in networks:
        return None
    others = networks.items() if isinstance(networks, Mapping) else ()
    key = next((key for key, network in others if str(value).casefold() in network.aliases), None)
    if key:
        return f"the network `{value}` is called `{key}` here; write `{key}`"
    return f"unknown network `{value}`{did_you_mean(str(value), networks)}; the known ones are {', '.join(networks)}"


def _once(value: object) -> str | None:
    if isinstance(value, list):
        again = [name for at, name in enumerate(value) if name in value[:at]]
        if again:
            return f"`{again[0]}` stands twice in `share`; take one out"
    return None


def _phone(value: object) -> str | None:
    """Ask for a number that phones dial from any country (E.164: fifteen digits at most, after a plus)."""
    if not value or re.fullmatch(r"\+[0-9](?:[ ()./-]*[0-9]){5,14}", str(value)):
        return None
    return f"`{value}` cannot be dialled from everywhere; write it with its country, like +49 30 123456"


def _hub(value: object) -> str | None:
    """Ask for an address that `announce` sends to: encrypted, unless it is on this computer."""
    wrong = web_address(value) if value else None
    if wrong or not value or re.match(r"https:|http://(?:localhost|127\.0\.0\.1|\[::1\])[:/]", str(value)):
        return wrong
    return f"`{value}` would be told unencrypted; write an address that begins with https://"


def _indexnow(value: object) -> str | None:
    """Ask for a key as IndexNow has it (indexnow.org/documentation, "Verifying ownership via the key")."""
    if not value or re.fullmatch(r"[A-Za-z0-9-]{8,128}", str(value)):
        return None
    return f"`{value}` cannot be the key for IndexNow; make up 8 to 128 letters, digits and hyphens"


def _security(value: object) -> str | None:
    """Ask for a contact as security.txt has it (RFC 9116, section 2.5.3): an e-mail or a web address."""
    if not value or _EMAIL.fullmatch(str(value)) or (web_address(value) is None and str(value).startswith("https:")):
        return None
    return _unfit_mail(value) or (
        f"`{value}` is no contact; write an e-mail address, or a page that begins with https://"
    )


def _fediverse(value: object) -> str | None:
    if not value or _HANDLE.fullmatch(str(value)):
        return None
    form = hosts.ascii_mail(str(value))
    advice = form if _HANDLE.fullmatch(form) else "it like @name@mastodon.example"
    return f"`{value}` is not a fediverse handle; write {advice}"


def _photograph(value: object) -> str | None:
    """Ask for a path of the kit's own folder; what is in the file is looked at when the kit is made."""
    if re.fullmatch(r"kit/(?!.*\.\.)[^\\:]+", str(value)):
        return None
    return f"`{value}` is not where the photograph can stand; put it into the folder kit/ and write kit/portrait.jpg"


def _focus(value: object) -> str | None:
    if isinstance(value, list) and all(isinstance(part, int | float) and 0 <= part <= 1 for part in value):
        return None
    return "`focus` names parts of width and height from the upper left corner; write it like [0.5, 0.4]"
