"""Which feeds there are: of the whole blog, of each category, of the tags that the owner lists, of the appearances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from plugins.feeds import formats
from plugins.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from plugins.feeds.entries import Feed
    from plugins.speaker import Speaker
    from plugins.words import Words

DATES = "speaking/dates/"
"""The address of the page of appearances."""


class Format(NamedTuple):
    """A kind of feed: its file's name, its media type, what people call it, and the function that writes it."""

    file: str
    type: str
    label: str
    written: Callable[[Feed], bytes]


FORMATS = (
    Format("feed.xml", "application/rss+xml", "RSS", formats.rss),
    Format("atom.xml", "application/atom+xml", "Atom", formats.atom),
    Format("feed.json", "application/feed+json", "JSON Feed", formats.json_feed),
)
"""In the order in which pages name them: a program that takes the first gets what all programs read."""


class FeedLink(NamedTuple):
    """A feed as pages name it: title, absolute address, media type and the format's name."""

    title: str
    url: str
    type: str
    label: str


class Place(NamedTuple):
    """Where feeds are: below `url` (relative to the root, empty for the whole blog), which is also their page.

    `subject` is what makes it one of several, empty for the whole blog; `records` are the posts or events, in the
    feed's order.
    """

    url: str
    subject: str
    title: str
    description: str
    records: Sequence[Any] = ()

    def links(self, speaker: Speaker) -> tuple[FeedLink, ...]:
        """Give the place's feeds."""
        return tuple(
            FeedLink(f"{self.title} ({kind.label})", speaker.absolute(self.url + kind.file), kind.type, kind.label)
            for kind in FORMATS
        )


def whole(speaker: Speaker, words: Words, articles: Sequence[Any] = ()) -> Place:
    """Give the place of the whole blog."""
    title = words.say("feed_title", **speaker.names)
    return Place("", "", title, words.say("site_description", **speaker.names), articles)


def parts(speaker: Speaker, words: Words, context: Mapping[str, Any], tags: Iterable[Any]) -> Iterator[Place]:
    """Yield the places of each category that has posts, by name, of each of the `tags`, and of the appearances."""
    posts = dict(context["tags"])
    categories = sorted(context["categories"], key=lambda one: (one[0].name.casefold(), one[0].name))
    listed = [("category", "feed_category_title", *one) for one in categories]
    listed += [("tag", "feed_tag_title", tag, posts[tag]) for tag in tags]
    for kind, key, term, articles in listed:
        named = {kind: term.name}
        title = words.say(key, **speaker.names, **named)
        description = words.say(f"{kind}_description", speaker=speaker.name, **named)
        yield Place(term.url, words.say(f"{kind}_title", **named), title, description, articles)
    dates = context["dates"]
    if any(dates):
        title = words.say("calendar_name", **speaker.names)
        records = (*reversed(dates.coming), *dates.past)
        subject = words.say("dates_title", **speaker.names)
        yield Place(DATES, subject, title, words.say("dates_description", **speaker.names), records)


def listed_tags(
    names: Iterable[str],
    there: Mapping[str, Any],
    slug_of: Callable[[str], str],
    place: Callable[[int], tuple[str, int]],
) -> tuple[list[Any], list[Problem]]:
    """Give the tags that the owner lists, and what is wrong with the list.

    `there` are the tags of listed posts by slug, `slug_of` gives that of a name, `place` path and line of an entry.
    """
    found: dict[str, Any] = {}
    problems = []
    for at, name in enumerate(names):
        slug = slug_of(name)
        if slug in found:
            message = f"the tag `{name}` stands twice in `feed_tags`; take one out"
            problems.append(Problem(*place(at), message, "feed-tags"))
        elif slug not in there:
            near = did_you_mean(name, [tag.name for tag in there.values()])
            message = f"no published post has the tag `{name}`{near or '; take it out until one has'}"
            problems.append(Problem(*place(at), message, "feed-tags"))
        else:
            found[slug] = there[slug]
    return list(found.values()), problems
