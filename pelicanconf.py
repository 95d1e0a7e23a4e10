"""How the site is built. What the speaker decides stands in content/speaker.toml."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the `pelican` command does not put the project's folder there by itself

from jinja2 import StrictUndefined  # noqa: E402  after the path is set

from plugins import compiled, names, slugs  # noqa: E402
from plugins.anchors import heading_ids, theme_anchors  # noqa: E402
from plugins.clock import site_date  # noqa: E402
from plugins.problems import shown  # noqa: E402
from plugins.reading.shelf import newest_first  # noqa: E402
from plugins.sharing.networks import NETWORKS  # noqa: E402
from plugins.speaker import load_speaker  # noqa: E402
from plugins.words import load_words  # noqa: E402

PATH = str(Path(os.environ.get("LECTERN_CONTENT") or ROOT / "content").resolve())
CONTENT_SHOWN = shown(PATH, ROOT)
FILES = names.by_name(Path(PATH), names.listing(Path(PATH)))  # as they lie on the disk, by their names on the site
SPEAKER = load_speaker(Path(PATH) / "speaker.toml", f"{CONTENT_SHOWN}/speaker.toml", NETWORKS)
WORDS = load_words(ROOT / "theme" / "words", "theme/words", SPEAKER.language)
SITE_DATE = site_date(SPEAKER.timezone, os.environ)
PREVIEW = True  # drafts and posts that wait for their day are drawn

SITENAME = SPEAKER.name
SITEURL = SPEAKER.base  # links begin at the host's root, so that a page is the same wherever it is looked at
TIMEZONE = SPEAKER.timezone
DEFAULT_LANG = SPEAKER.language
LOCALE = ["C.UTF-8", "C"]  # one language for every machine; files are UTF-8
CACHE_PATH = str(ROOT / ".cache" / "lectern")  # what takes long to make; safe to delete
THEME = str(ROOT / "theme")
THEME_ANCHORS = theme_anchors(ROOT / "theme")
THEME_STATIC_PATHS: list[str] = []  # plugins.delivery places them, named by their content
THEME_TEMPLATES_OVERRIDES = [PATH]  # for the owner's doors
PLUGINS = [
    f"plugins.{room}"
    for room in (
        *("reading", "talks", "listings", "speaking", "dates", "kit", "contact", "open_data"),
        *("images", "cards", "icons", "sharing", "preview", "feeds", "search", "addresses"),
        *("drafts", "delivery", "checks"),
    )
]

ARTICLE_PATHS = ["posts"]
PAGE_PATHS = ["pages"]
STATIC_PATHS = ["images", "extra"]
# By name: what systems and editors leave behind. Other hidden files are meant, like .nojekyll and .well-known.
IGNORE_FILES = [".DS_Store", "._*", "[Tt]humbs.db", "[Dd]esktop.ini", "*~", "#*#", ".#*", ".*.sw?", ".*.md"]
EXTRA_PATH_METADATA = {
    path.relative_to(PATH).as_posix(): {"path": names.composed(path.relative_to(Path(PATH) / "extra").as_posix())}
    for path in sorted((Path(PATH) / "extra").rglob("*"))
}
USE_FOLDER_AS_CATEGORY = False
DEFAULT_CATEGORY = WORDS.say("default_category")
FILENAME_METADATA = ""
FORMATTED_FIELDS: list[str] = []
SLUG_REGEX_SUBSTITUTIONS = slugs.SUBSTITUTIONS
ARTICLE_ORDER_BY = newest_first
ARTICLE_TRANSLATION_ID = PAGE_TRANSLATION_ID = None  # a post in another language is a post like any other

ARTICLE_URL = ARTICLE_LANG_URL = SPEAKER.permalink
ARTICLE_SAVE_AS = ARTICLE_LANG_SAVE_AS = f"{SPEAKER.permalink}index.html"
PAGE_URL = PAGE_LANG_URL = "{slug}/"
PAGE_SAVE_AS = PAGE_LANG_SAVE_AS = "{slug}/index.html"
DRAFT_URL = DRAFT_LANG_URL = DRAFT_PAGE_URL = DRAFT_PAGE_LANG_URL = "drafts/{slug}/"
DRAFT_SAVE_AS = DRAFT_LANG_SAVE_AS = DRAFT_PAGE_SAVE_AS = DRAFT_PAGE_LANG_SAVE_AS = "drafts/{slug}/index.html"
TALK_URL = TALK_LANG_URL = "talks/{slug}/"
TALK_SAVE_AS = TALK_LANG_SAVE_AS = "talks/{slug}/index.html"
# A letter and the talk that it belongs to may well have one name.
DRAFT_TALK_URL = DRAFT_TALK_LANG_URL = "drafts/talks/{slug}/"
DRAFT_TALK_SAVE_AS = DRAFT_TALK_LANG_SAVE_AS = "drafts/talks/{slug}/index.html"
TAG_URL, TAG_SAVE_AS = "tag/{slug}/", "tag/{slug}/index.html"
CATEGORY_URL, CATEGORY_SAVE_AS = "category/{slug}/", "category/{slug}/index.html"
AUTHOR_SAVE_AS = ""
DIRECT_TEMPLATES: list[str] = []
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None

BLOCKS: dict[str, object] = {}  # plugins add theirs
SHARED_PICTURES: dict[str, tuple[str, tuple[int, int]] | None] = {}  # what networks show in place of a picture
KEYS: dict[str, dict[str, object]] = {"posts": {}, "pages": {}, "talks": {}}  # the same
MARKDOWN = {
    "output_format": "html",
    "extension_configs": {
        "markdown.extensions.extra": {},
        "markdown.extensions.codehilite": {"css_class": "code", "guess_lang": False},
        "markdown.extensions.toc": {"slugify": heading_ids(frozenset().union(*THEME_ANCHORS.values()))},
        "plugins.reading.markup": {"blocks": BLOCKS, "table": WORDS.say("table")},
        "plugins.images": {},
    },
}
JINJA_ENVIRONMENT = compiled.kept(
    Path(CACHE_PATH, "templates"),
    {
        "autoescape": True,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
    },
)
# Asked once: a template that is not there would be looked for in vain on every page.
DOORS = frozenset(path.name for path in Path(PATH, "doors").glob("*.html"))
JINJA_GLOBALS = {"say": WORDS.say}
JINJA_FILTERS = {"absolute": SPEAKER.absolute}
