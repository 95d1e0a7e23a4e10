"""Open Graph (ogp.me) and its kin as pairs of names and values, in the order in which they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.preview.values import Image, Pairs
    from plugins.speaker import Speaker

# Open Graph wants a country with each language. Most languages are told with the one of their own letters, like de_DE;
# these are not (developers.facebook.com, "Localization", has the list).
_COUNTRIES = dict(
    pair.split("_")
    for pair in (
        "ar_AR bn_IN ca_ES cs_CZ cy_GB da_DK el_GR en_US et_EE eu_ES fa_IR ga_IE gl_ES he_IL "
        "hi_IN ja_JP ko_KR ms_MY nb_NO nn_NO sl_SI sq_AL sr_RS sv_SE ta_IN uk_UA ur_PK vi_VN zh_CN"
    ).split()
)
_OF_THEIR_LETTERS = frozenset("bg de es fi fr hr hu id is it lt lv mk nl pl pt ro ru sk th tr".split())


def locale(language: str) -> str:
    """Give a language tag (BCP 47) as Open Graph writes it, like `de_AT`; empty where no country can be told."""
    first, *others = language.split("-")
    country = next((part.upper() for part in others if len(part) == 2 and part.isalpha()), "")  # noqa: PLR2004  ISO 3166
    if not country and first in _OF_THEIR_LETTERS:
        country = first.upper()
    country = country or _COUNTRIES.get(first, "")
    return f"{first}_{country}" if country else ""


def filled(pairs: Pairs) -> Pairs:
    """Leave out what nobody has said."""
    return tuple((name, value) for name, value in pairs if value)


def images(pictures: tuple[Image, ...]) -> Iterator[tuple[str, str]]:
    """Yield each picture with what is known of it; its own properties follow it."""
    for picture in pictures:
        yield "og:image", picture.url
        yield "og:image:type", picture.type
        if picture.size:
            yield "og:image:width", str(picture.size[0])
            yield "og:image:height", str(picture.size[1])
        yield "og:image:alt", picture.alt


def profile(speaker: Speaker) -> Pairs:
    """Give the speaker's names; a name that doesn't begin with the given name is not taken apart."""
    rest = speaker.name.removeprefix(f"{speaker.given_name} ")
    last = rest if rest != speaker.name else ""
    return (("profile:first_name", speaker.given_name), ("profile:last_name", last))


def card(title: str, description: str, pictures: tuple[Image, ...]) -> Pairs:
    """Give X's card, which one picture stands on (developer.x.com, "Cards markup")."""
    first = pictures[0] if pictures else None
    return filled(
        (
            ("twitter:card", "summary_large_image" if first else "summary"),
            ("twitter:title", title),
            ("twitter:description", description),
            ("twitter:image", first.url if first else ""),
            ("twitter:image:alt", first.alt if first else ""),
        )
    )
