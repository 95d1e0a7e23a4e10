"""Every rule that a build holds the author's files to: a rule is one row of the table."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """A rule of the checks. `asks` and `why` are one sentence each.

    What breaks a rule that `stops` is an error and stops building and publishing, else a warning. An `optional` rule
    may be switched off in content/checks.toml.
    """

    name: str
    asks: str
    why: str
    stops: bool
    optional: bool = True


# Without these the site would be broken, or nobody could tell what was meant.
_NEEDED = (
    Rule(
        "front-matter",
        "A post, page or talk begins with lines like `title: What I saw`, each key once, then a blank line.",
        "What is not read as a key is shown as text, or lost.",
        stops=True,
        optional=False,
    ),
    Rule(
        "front-matter-value",
        "Each key of the front matter is a known one, those that are needed are there, and each has a fitting value.",
        "A mistyped key or date would silently do something else than was meant.",
        stops=True,
        optional=False,
    ),
    Rule(
        "encoding",
        "Text is saved as UTF-8 and holds no control characters.",
        "Other bytes would be shown as signs that nobody wrote.",
        stops=True,
        optional=False,
    ),
    Rule(
        "unreadable",
        "Every file in posts/, pages/ and talks/ can be turned into a page.",
        "A post that cannot be read would be missing without a word.",
        stops=True,
        optional=False,
    ),
    Rule(
        "file-name",
        "A file's name, or its `slug:`, is made of letters, digits and hyphens, and not too long.",
        "It becomes part of an address, and other signs break links.",
        stops=True,
        optional=False,
    ),
    Rule(
        "tag",
        "A tag or category has letters or digits in its name, and is not too long.",
        "Its list needs an address.",
        stops=True,
        optional=False,
    ),
    Rule(
        "same-address",
        "No two files are written to the same place.",
        "One of the two would be lost.",
        stops=True,
        optional=False,
    ),
    Rule(
        "same-id",
        "No two posts have the same id.",
        "Feed readers would take them for one post.",
        stops=True,
        optional=False,
    ),
    Rule(
        "same-anchor",
        "An id stands once in a text, and is none that the theme uses.",
        "A link to it would lead to the wrong place.",
        stops=True,
        optional=False,
    ),
    Rule(
        "block",
        "A block is a line `/// name`, lines `option: value` that it knows, and a line `///`.",
        "A mistyped block would be shown as it was typed.",
        stops=True,
        optional=False,
    ),
    Rule(
        "quote",
        "Each line to quote has an anchor of its own.",
        "A link that passes it on would lead to another line.",
        stops=True,
        optional=False,
    ),
    Rule(
        "series",
        "A part names its series, no two posts are the same part, and a series is spelt in one way.",
        "Readers would get the parts in the wrong order.",
        stops=True,
        optional=False,
    ),
    Rule(
        "talk",
        "A talk that a post or an event names is there, and no draft.",
        "The page would offer a talk that nobody can ask for.",
        stops=True,
        optional=False,
    ),
    Rule(
        "template",
        "A page names a template that draws pages; a post names none.",
        "The page could not be drawn.",
        stops=True,
        optional=False,
    ),
    Rule(
        "missing-page",
        "The pages for speaking requests and for subscribing are there.",
        "Every page links to them.",
        stops=True,
        optional=False,
    ),
    Rule(
        "broken-link",
        "A link leads to a page, file or place that is there, or to an address that is whole.",
        "A reader who follows it would get nothing.",
        stops=True,
        optional=False,
    ),
    Rule(
        "unfollowed-link",
        "`{filename}` and `{static}` stand once in a tag, at the beginning of `href`, `src`, `poster` or `cite`.",
        "Elsewhere they are not replaced, and the link is broken.",
        stops=True,
        optional=False,
    ),
    Rule(
        "named-picture",
        "A picture that the front matter names is there, below images/.",
        "A shared link, or a recording, would show nothing.",
        stops=True,
        optional=False,
    ),
    Rule(
        "picture",
        "A picture can be read, and is not larger than readers can use.",
        "It could not be made ready for phones.",
        stops=True,
        optional=False,
    ),
    Rule(
        "forbidden-markup",
        "A text holds no scripts, styles, frames, forms and the like.",
        "The site's policy blocks them, so that readers would see a gap.",
        stops=True,
        optional=False,
    ),
    Rule(
        "from-elsewhere",
        "Pictures and sound come from this site, and links lead to pages, not to code.",
        "The site's policy blocks the rest, and other hosts would learn who reads here.",
        stops=True,
        optional=False,
    ),
    Rule(
        "door",
        "The templates and the style sheet in doors/ can be read and hold nothing that the site's policy blocks.",
        "They stand on every page.",
        stops=True,
        optional=False,
    ),
    Rule(
        "theme",
        "The theme has every template, and every text of the interface in the site's language.",
        "A page could not be drawn, or would be drawn by another theme.",
        stops=True,
        optional=False,
    ),
    Rule(
        "speaker",
        "speaker.toml can be read, with known keys and fitting values.",
        "Every page shows something of it.",
        stops=True,
        optional=False,
    ),
    Rule(
        "events",
        "events.toml can be read, and each event has a place, and an end after its beginning.",
        "Organisers and calendars go by it.",
        stops=True,
        optional=False,
    ),
    Rule(
        "calendar",
        "An exported calendar beside events.toml can be read.",
        "Days would be shown as free that are taken.",
        stops=True,
        optional=False,
    ),
    Rule(
        "feed-tags",
        "A tag listed in `feed_tags` stands there once, and a published post has it.",
        "Its feed would be empty.",
        stops=True,
        optional=False,
    ),
    Rule(
        "kit",
        "The introduction and the photograph for organisers are as programmes ask for them, and dated.",
        "Organisers print them as they are.",
        stops=True,
        optional=False,
    ),
    Rule(
        "one-sheet",
        "A talk fits on one sheet of paper.",
        "Its one-sheet for organisers could not be made.",
        stops=True,
        optional=False,
    ),
    Rule(
        "icon",
        "favicon.svg is a drawing without scripts.",
        "Browsers' and phones' icons are made from it.",
        stops=True,
        optional=False,
    ),
    Rule(
        "ledger",
        "published.toml is as the last announcement wrote it.",
        "It remembers by which names feed readers know the posts.",
        stops=True,
        optional=False,
    ),
    Rule(
        "publish",
        "publish.toml can be read, with known targets.",
        "The site would go to the wrong place, or nowhere.",
        stops=True,
        optional=False,
    ),
    Rule(
        "checks",
        "checks.toml switches off rules that are there and may be switched off, each with a reason.",
        "Nobody could tell later why a rule is off.",
        stops=True,
        optional=False,
    ),
    Rule(
        "build",
        "The site can be built with the settings, plugins and theme as they are.",
        "There would be nothing to publish.",
        stops=True,
        optional=False,
    ),
)
# A writer may know better.
_OPTIONAL = (
    Rule(
        "renamed-post",
        "A post that stands for one that was published and is gone has that one's id.",
        "Subscribers would get it twice.",
        stops=True,
    ),
    Rule(
        "menu",
        "A link of the menu leads to a page that is there.",
        "Every page shows the menu.",
        stops=True,
    ),
    Rule(
        "unread-file",
        "Every file of the content folder lies where it is used.",
        "It would be passed over without a word.",
        stops=True,
    ),
    Rule(
        "picture-without-text",
        "A picture has a text that says what it shows, or is marked as an ornament.",
        "Who cannot see it would not know what is there.",
        stops=True,
    ),
    Rule(
        "headings",
        "Headings in a text begin with `##`, and none is more than one deeper than that before.",
        "Screen readers go by them; `#` is the title's.",
        stops=True,
    ),
    Rule(
        "leftover-mark",
        "No marks of links, blocks or Markdown are left in a text as they were typed.",
        "Readers would see them.",
        stops=True,
    ),
    Rule(
        "unknown-class",
        "A class that a text gives, as by `{: .pull }`, is one that a style sheet has.",
        "A mistyped one would do nothing.",
        stops=True,
    ),
    Rule(
        "code-fence",
        "Code between ``` ends, with at most one word behind the first mark.",
        "The text after it would be shown as code.",
        stops=True,
    ),
    Rule(
        "list",
        "A list begins and counts as it is written, and no line of prose is taken for one.",
        "It would run on as a paragraph, or be numbered anew.",
        stops=True,
    ),
    Rule(
        "table",
        "Each row of a table has no more cells than its head, and the line below the head as many.",
        "What is too much would vanish, or the table be shown as text.",
        stops=True,
    ),
    Rule(
        "footnote",
        "A footnote has one text, and something refers to it.",
        "The text would be lost, or a link in it would lead nowhere.",
        stops=True,
    ),
    Rule(
        "vanishing-word",
        "No word in <brackets> or {braces} is taken for markup.",
        "It would vanish from the page.",
        stops=True,
    ),
    Rule(
        "unfit-name",
        "The name of a picture or another file that is published is made of what addresses can hold.",
        "It is left out until it is renamed; a link to it would break.",
        stops=False,
    ),
    Rule(
        "other-domain",
        "A `CNAME` in extra/ is one line, the host of `site`.",
        "The site would be shown at another address than its pages, feeds and cards name.",
        stops=False,
    ),
    Rule(
        "own-address",
        "A link to a post or page of this site is `{filename}` and its file.",
        "It follows when the address changes, and works in the preview.",
        stops=False,
    ),
    Rule(
        "unshown-picture",
        "A picture that the front matter names is none that networks refuse: no SVG, and not below 200 pixels.",
        "A shared link shows the card instead of it.",
        stops=False,
    ),
    Rule(
        "changed-id",
        "A post keeps the id under which it was published.",
        "Subscribers may get it twice.",
        stops=False,
    ),
    Rule(
        "missing-letters",
        "The fonts have all letters that pictures and papers need.",
        "They show a sign instead, or are not made.",
        stops=False,
    ),
    Rule(
        "tentative-event",
        "A tentative event says whether it is public.",
        "Without a word it is not, and you might think that it is.",
        stops=False,
    ),
    Rule(
        "bio-length",
        "A biography is as long as its name says, and at least 85 % of that.",
        "It would not fit where organisers print it, so it is left out of the kit and of speaker.json.",
        stops=False,
    ),
    Rule(
        "long-introduction",
        "The introduction can be read aloud in a minute.",
        "Hosts shorten a long one as they like.",
        stops=False,
    ),
    Rule(
        "icon-detail",
        "favicon.svg holds nothing that icons are drawn without.",
        "They would differ from what browsers show.",
        stops=False,
    ),
    Rule(
        "old-facts",
        "What other sites take was looked up within a year.",
        "They change.",
        stops=False,
    ),
    Rule(
        "pelican",
        "Pelican has nothing to remark.",
        "It builds the site, and what it passes over may be missing.",
        stops=False,
    ),
)
RULES = {rule.name: rule for rule in (*_NEEDED, *_OPTIONAL)}
"""By name."""
