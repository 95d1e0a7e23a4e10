"""How a page looks elsewhere: its title, description and picture for tabs, search engines and shared links."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from pelican.contents import Article, Content, Page
from pelican.plugins import signals

from plugins import text
from plugins.pictures import Picture, picture_of
from plugins.preview import jsonld
from plugins.sheets import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pelican import Pelican
    from pelican.generators import Generator

_DESCRIPTION = 160
"""Characters of a description that search engines show at the most."""


class Image(NamedTuple):
    """A picture for cards: an absolute address, and its text."""

    url: str
    alt: str


class Preview(NamedTuple):
    """What a page says of itself. `title` is for the tab, `headline` the same without the site's name.

    `url` is canonical and absolute, `kind` is Open Graph's type, times are ISO 8601, `data` is JSON-LD.
    """

    title: str
    headline: str
    description: str
    url: str
    kind: str
    image: Image | None
    published: str | None
    modified: str | None
    tags: tuple[str, ...]
    data: dict[str, Any]


class _Previews:
    """The filter `content|preview` for one site."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.speaker = settings["SPEAKER"]
        self.words = settings["WORDS"]
        self.shared: set[str] = set()  # titles and summaries that several posts have
        self.names = self.speaker.names

    def preview(self, subject: Any) -> Preview:
        """Give the preview of an article, a page, a talk, a sheet or a listing."""
        if isinstance(subject, Article):
            return self._article(subject)
        if isinstance(subject, Page):
            return self._page(subject)
        if isinstance(subject, Content):
            return self._talk(subject)
        if isinstance(subject, Sheet):
            return self._sheet(subject)
        return self._listing(subject)

    def _card(self, picture: Picture | None) -> Image | None:
        if picture is None and self.speaker.card:
            picture = Picture(quote(self.speaker.card), self.words.say("site_title", **self.names))
        return Image(self.speaker.absolute(picture.url), picture.alt) if picture else None

    def _article(self, article: Any) -> Preview:
        url = self.speaker.absolute(article.url)
        plain = text.plain(article._content)  # noqa: SLF001  before links are resolved
        description = text.cut(article.metadata.get("summary") or plain or article.title, _DESCRIPTION)
        image = self._card(picture_of(article))
        tags = tuple(tag.name for tag in getattr(article, "tags", ()))
        published = article.date.isoformat()
        modified = article.updated.isoformat() if hasattr(article, "modified") else None
        category = article.category
        data = jsonld.post(
            self.speaker,
            trail=[
                (self.speaker.name, f"{self.speaker.root}/"),
                (category.name, self.speaker.absolute(category.url)),
                (article.title, url),
            ],
            headline=article.title,
            description=description,
            datePublished=published,
            dateModified=modified or published,
            inLanguage=article.lang,
            wordCount=sum(text.counts(plain)),
            articleSection=category.name,
            keywords=list(tags),
            image=image.url if image else None,
        )
        day = self.words.long_date(article.date)
        headline = f"{article.title}, {day}" if article.title in self.shared else article.title
        if description in self.shared:
            description = f"{day}: {description}"
        title = self._titled(headline)
        return Preview(title, article.title, description, url, "article", image, published, modified, tags, data)

    def _page(self, page: Any) -> Preview:
        url = self.speaker.absolute(page.url)
        plain = text.plain(page._content)  # noqa: SLF001  before links are resolved
        description = text.cut(page.metadata.get("summary") or plain or page.title, _DESCRIPTION)
        kind = {"about": "ProfilePage", "speaking": "ContactPage"}.get(page.slug, "WebPage")
        data = jsonld.page(self.speaker, url=url, title=page.title, description=description, kind=kind)
        title = self._titled(page.title)
        og_kind = "profile" if kind == "ProfilePage" else "website"
        return Preview(title, page.title, description, url, og_kind, self._card(picture_of(page)), None, None, (), data)

    def _talk(self, talk: Any) -> Preview:
        url, values = self.speaker.absolute(talk.url), talk.metadata
        description = values["summary"] or text.cut(text.plain(talk._content), _DESCRIPTION)  # noqa: SLF001  as above
        data = jsonld.talk(
            self.speaker,
            url=url,
            title=talk.title,
            description=description,
            inLanguage=talk.lang,
            teaches=list(values.get("takeaways", ())),
            audience={"@type": "Audience", "audienceType": values["audience"]} if values["audience"] else None,
            review=[jsonld.review(said.words, said.name, said.role) for said in values["testimonials"]],
        )
        title, image = self._titled(talk.title), self._card(picture_of(talk))
        return Preview(title, talk.title, description, url, "website", image, None, None, (), data)

    def _sheet(self, sheet: Sheet) -> Preview:
        url = self.speaker.absolute(sheet.url)
        data = jsonld.page(self.speaker, url=url, title=sheet.title, description=sheet.description, kind="WebPage")
        data["@graph"] += sheet.data
        title = self._titled(sheet.title)
        return Preview(title, sheet.title, sheet.description, url, "website", self._card(None), None, None, (), data)

    def _listing(self, listing: Any) -> Preview:
        url = self.speaker.absolute(listing.url)
        names = self.names | {"speaker": self.speaker.name, listing.kind: listing.name}
        if listing.kind == "home":
            headline = self.words.say("site_title", **self.names)
            description = self.words.say("site_description", **names)
        else:
            headline = self.words.say(f"{listing.kind}_title", **names)
            description = self.words.say(f"{listing.kind}_description", **names)
        if listing.page > 1:
            headline = self.words.say("page_of", title=headline, page=listing.page, pages=listing.pages)
            description = self.words.say(
                "page_of", title=description.rstrip("."), page=listing.page, pages=listing.pages
            )
        first_home = listing.kind == "home" and listing.page == 1
        title = headline if listing.kind == "home" else self._titled(headline)
        data = (
            jsonld.home(self.speaker, description)
            if first_home
            else jsonld.page(self.speaker, url=url, title=headline, description=description, kind="CollectionPage")
        )
        return Preview(title, headline, description, url, "website", self._card(None), None, None, (), data)

    def _titled(self, title: str) -> str:
        return str(self.words.say("page_title", title=title, name=self.speaker.name))


def _offer(pelican: Pelican) -> None:
    previews = pelican.settings["PREVIEWS"] = _Previews(pelican.settings)
    pelican.settings["JINJA_FILTERS"]["preview"] = previews.preview


def _count(generators: list[Generator]) -> None:
    context, settings = generators[0].context, generators[0].settings
    contents = [content for content in context["generated_content"].values() if content is not None]
    said = Counter(content.metadata.get(key) for content in contents for key in ("title", "summary"))
    settings["PREVIEWS"].shared = {words for words, times in said.items() if words and times > 1}


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(_offer)
    signals.all_generators_finalized.connect(_count)
