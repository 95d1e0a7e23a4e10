"""What each kind of page says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from plugins import text
from plugins.bodies import plain_body
from plugins.preview import jsonld, opengraph
from plugins.preview.images import Pictures
from plugins.preview.values import Preview

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from plugins.preview.values import Image, Pairs
    from plugins.sheets import Sheet

_DESCRIPTION = 160
"""Characters of a description that search engines show at the most."""
_KINDS = {"about": "ProfilePage", "speaking": "ContactPage"}
_ABOVE = {"year": "archive", "tag": "tags", "category": "categories"}
_SPEAKING = "speaking/"
_ABOUT_SPEAKER = (_SPEAKING, "card/")


class _Said(NamedTuple):
    """A page's own words and pictures."""

    headline: str
    description: str
    images: tuple[Image, ...]


class Previews:
    """Answers for the pages of one site. What it is told of them all, it is told before the first one is drawn."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Know who speaks, and in which words."""
        self.speaker, self.words = settings["SPEAKER"], settings["WORDS"]
        self.names = self.speaker.names
        self.pictures = Pictures(settings)
        self.shared: set[str] = set()  # titles and summaries that several posts have
        self.titles: dict[str, str] = {}  # of pages, by their addresses below the root
        self.photo = ""

    def article(self, article: Any) -> Preview:
        """Give a post's."""
        description, (images, told) = self._description(article), self.pictures.of_content(article)
        tags, category = [tag.name for tag in getattr(article, "tags", ())], article.category
        published, modified = article.date.isoformat(), article.updated.isoformat()
        updated = modified if hasattr(article, "modified") else ""
        data = jsonld.post(
            self.speaker,
            self._trail((category.name, category.url), (article.title, article.url)),
            description=description,
            image=list(told),
            datePublished=published,
            dateModified=modified,
            inLanguage=article.lang,
            wordCount=sum(text.counts(plain_body(article))),
            articleSection=category.name,
            keywords=tags,
        )
        more = (
            ("article:published_time", published),
            ("article:modified_time", updated),
            ("article:author", f"{self.speaker.root}/"),
            ("article:section", category.name),
            *(("article:tag", tag) for tag in tags),
        )
        said = _Said(article.title, description, images)
        found = self._of(article, said, data, kind="article", more=more)
        names = (("author", self.speaker.name), *found.names)
        return self._told_apart(found._replace(updated=updated, names=names), article.date)

    def _told_apart(self, preview: Preview, date: dt.datetime) -> Preview:
        """Put the day to the title and the description that another post has too."""
        day = self.words.long_date(date)
        if preview.headline in self.shared:
            preview = preview._replace(title=self._titled(f"{preview.headline}, {day}"))
        if preview.description in self.shared:
            preview = preview._replace(description=f"{day}: {preview.description}")
        return preview

    def page(self, page: Any) -> Preview:
        """Give that of one of the speaker's own pages."""
        kind = _KINDS.get(page.slug, "WebPage")
        description, (images, told) = self._description(page), self.pictures.of_content(page)
        about = {"description": description, "inLanguage": page.lang, "image": list(told)}
        profile = kind == "ProfilePage"
        if kind != "WebPage":
            about["mainEntity"] = jsonld.person(self.speaker, self.photo)
        if profile:
            days = (("dateCreated", "date"), ("dateModified", "modified"))
            about |= {name: getattr(page, key).isoformat() for name, key in days if hasattr(page, key)}
        data = jsonld.page(self.speaker, kind, self._trail((page.title, page.url)), **about)
        more = opengraph.profile(self.speaker) if profile else ()
        said = _Said(page.title, description, images)
        return self._of(page, said, data, kind="profile" if profile else "website", more=more)

    def talk(self, talk: Any) -> Preview:
        """Give a talk's."""
        values = talk.metadata
        description, (images, told) = self._description(talk), self.pictures.of_content(talk)
        data = jsonld.talk(
            self.speaker,
            self._trail(*self._at(_SPEAKING), (talk.title, talk.url)),
            self.photo,
            description=description,
            image=list(told),
            inLanguage=talk.lang,
            teaches=list(values.get("takeaways", ())),
            audience={"@type": "Audience", "audienceType": values["audience"]} if values["audience"] else None,
            review=[jsonld.review(said.words, said.name, said.role) for said in values["testimonials"]],
        )
        return self._of(talk, _Said(talk.title, description, images), data)

    def sheet(self, sheet: Sheet) -> Preview:
        """Give that of a page which a room draws."""
        images = self.pictures.of_site(sheet)
        above = self._at(_SPEAKING) if sheet.url.startswith(_SPEAKING) else ()
        whose = jsonld.person(self.speaker, self.photo) if sheet.url.startswith(_ABOUT_SPEAKER) else None
        trail = self._trail(*above, (sheet.title, sheet.url))
        about = {"description": sheet.description, "inLanguage": self.speaker.language, "about": whose}
        data = jsonld.page(self.speaker, "WebPage", trail, **about)
        shown = [image.url for image in images]
        data["@graph"] += [node | jsonld.filled(image=node.get("image", shown)) for node in sheet.data]
        return self._of(sheet, _Said(sheet.title, sheet.description, images), data)

    def listing(self, listing: Any) -> Preview:
        """Give a list's."""
        headline, description = self._named(listing.kind, listing.name)
        home = listing.kind == "home"
        trail = [] if home else [(headline, listing.url.partition("page/")[0] if listing.page > 1 else listing.url)]
        if listing.kind in _ABOVE:
            above = _ABOVE[listing.kind]
            trail.insert(0, (self._named(above, "")[0], f"{above}/"))
        if listing.page > 1:
            pages = {"page": listing.page, "pages": listing.pages}
            headline = self.words.say("page_of", title=headline, **pages)
            description = self.words.say("page_of", title=description.rstrip("."), **pages)
            trail.append((headline, listing.url))
        about = {"description": description, "inLanguage": self.speaker.language}
        data = (
            jsonld.page(self.speaker, "CollectionPage", self._trail(*trail), **about)
            if trail
            else jsonld.home(self.speaker, description, self.photo)
        )
        found = self._of(listing, _Said(headline, description, self.pictures.of_site(listing)), data)
        return found._replace(title=headline) if home else found

    def _named(self, kind: str, name: str) -> tuple[str, str]:
        """Give what a list is called and what it holds."""
        names = self.names | {"speaker": self.speaker.name, kind: name}
        headline, description = (
            ("site_title", "site_description") if kind == "home" else (f"{kind}_title", f"{kind}_description")
        )
        return self.words.say(headline, **names), self.words.say(description, **names)

    def _description(self, content: Any) -> str:
        return text.cut(content.metadata.get("summary") or plain_body(content) or content.title, _DESCRIPTION)

    def _trail(self, *steps: tuple[str, str]) -> jsonld.Trail:
        return (
            (self.speaker.name, f"{self.speaker.root}/"),
            *((name, self.speaker.absolute(url)) for name, url in steps),
        )

    def _at(self, url: str) -> tuple[tuple[str, str], ...]:
        return ((self.titles[url], url),) if url in self.titles else ()

    def _titled(self, headline: str) -> str:
        return str(self.words.say("page_title", title=headline, name=self.speaker.name))

    def _of(self, subject: Any, said: _Said, data: jsonld.Data, kind: str = "website", more: Pairs = ()) -> Preview:
        """Give what every page says, `more` after it."""
        headline, description, images = said
        url = self.speaker.absolute(subject.url)
        properties = (
            ("og:site_name", self.speaker.name),
            ("og:locale", opengraph.locale(getattr(subject, "lang", self.speaker.language))),
            ("og:type", kind),
            ("og:title", headline),
            ("og:description", description),
            ("og:url", url),
            *opengraph.images(images),
            *more,
        )
        # What is shown to nobody yet, to few, or where nothing stands, is nothing to be found.
        unlisted = getattr(subject, "status", "published") != "published"
        names = (("robots", "noindex" if unlisted else ""), ("fediverse:creator", self.speaker.fediverse))
        return Preview(
            title=self._titled(headline),
            headline=headline,
            description=description,
            url=url,
            images=images,
            properties=opengraph.filled(properties),
            names=opengraph.filled(names) + opengraph.card(headline, description, images),
            data=data,
        )
