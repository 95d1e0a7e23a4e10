"""The reply card as visitors fill it, and every way in which the inquiry leaves the page."""

from __future__ import annotations

import base64
import datetime as dt
import io
import re
import time
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from patience import PATIENCE

from plugins.mailto import mailto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page
    from served import Served

    Visit = Callable[..., Page]

# One answer for every line, with whatever a keyboard can do.
ANSWERS = {
    "event": 'Q&A: "50% off" #1 + C++',
    "date": "2027-06-04",
    "until": "2027-06-06",
    "when": "or later?",
    "place": "upstairs; 100% online\\offline",
    "audience": "~40 people (!'*)",
    "talk": "the-second-row",
    "topic": "{name} & naïve <tips>",
    "name": "Zoë O'Neill",
    "email": "zoe+events@example.org",
    "why": "First line\nevent: a second 🎉\n\n--- end ---",
    "slot": "講演",
    "length": "½ h",
    "budget": "€ 2,000",
    "travel": "train = paid",
    "organisation": "Müller & Söhne",
    "other": "שלום",
}
LEAST = {
    "event": "A conference",
    "date": "2027-05-02",
    "place": "Berlin",
    "audience": "40 dentists",
    "name": "Zoë",
    "email": "zoe@example.org",
}
FOLDED = ("why", "slot", "length", "budget", "travel", "organisation", "other")
PRESS = "form .button >> visible=true"


def field(page: Page, name: str) -> Locator:
    return page.locator(f"[name={name}]")


def fill(page: Page, **answers: str) -> None:
    for name, answer in answers.items():
        if name in FOLDED and not page.locator("details").evaluate("e => e.open"):
            page.click("summary")
        if name == "talk":
            field(page, name).select_option(answer)
        else:
            field(page, name).fill(answer)


def typed(page: Page) -> dict[str, str]:
    values = page.evaluate("[...document.querySelectorAll('form [name]')].map(e => [e.name, e.value])")
    return {name: value for name, value in values if value}


def said(body: str) -> dict[str, str]:
    """Read the block as software does."""
    _, found, rest = body.replace("\r\n", "\n").partition("\n\n--- inquiry 1 ---\n")
    assert found
    block, found, after = rest.partition("\n--- end ---")
    assert (found, after.strip()) == ("\n--- end ---", "")
    values: dict[str, str] = {}
    for line in block.split("\n"):
        if line.startswith("|"):
            values[list(values)[-1]] += "\n" + line[2:]
        else:
            key, _, value = line.partition(": ")
            assert key not in values
            values[key] = value
    return values


def opened(page: Page, press: Callable[[], Any]) -> tuple[str, str, str]:
    """Press, catch the address that the page hands to a mail program, and read it as one does."""
    client = page.context.new_cdp_session(page)
    client.send("Page.enable")
    asked: list[str] = []
    client.on("Page.frameRequestedNavigation", lambda event: asked.append(event["url"]))
    press()
    page.get_by_text("Nothing opened?").wait_for()
    end = time.monotonic() + PATIENCE
    while not asked:
        assert time.monotonic() < end, "nothing was handed on"
        page.wait_for_timeout(20)
    page.wait_for_timeout(100)
    (uri,) = asked
    parts = urlsplit(uri)
    assert parts.scheme == "mailto"
    assert "+" not in parts.path + parts.query
    fields = parse_qs(parts.query, strict_parsing=True)
    assert fields.keys() == {"subject", "body"}
    return unquote(parts.path), fields["subject"][0], fields["body"][0]


def sent(page: Page) -> tuple[str, str, str]:
    return opened(page, lambda: page.click(PRESS))


def axe(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page)
        assert results.violations_count == 0, f"{scheme}: {results.generate_report()}"


@pytest.fixture
def card(example: Served, visit: Visit) -> Page:
    return visit(example.url("speaking/"), permissions=["clipboard-read", "clipboard-write"])


@pytest.fixture(scope="module")
def script(browser: Browser, example: Served) -> Iterator[Callable[..., Any]]:
    """Call a function of the card's script, as it is in the page."""
    page = browser.new_page()
    page.goto(example.url("speaking/"))
    src = page.locator("script[src*='reply-card']").get_attribute("src")
    code = "async ([src, name, given]) => (await import(src))[name](...given)"
    yield lambda name, *given: page.evaluate(code, [src, name, list(given)])
    page.close()


def drafted(script: Callable[..., Any], **parts: str) -> bytes:
    mail = {"to": "a@example.org", "name": "Zoë", "email": "b@example.org", "subject": "s", "body": "b"}
    return script("eml", mail | {"date": dt.datetime(1970, 1, 1, tzinfo=dt.UTC)} | parts).encode("ascii")


# What is typed arrives


def test_every_answer_arrives_as_it_was_typed(card: Page) -> None:
    fill(card, **ANSWERS)
    to, subject, body = sent(card)
    assert (to, subject) == ("testa+speaking@example.org", 'Will you speak at Q&A: "50% off" #1 + C++?')
    assert said(body) == ANSWERS
    assert list(said(body)) == [
        *"event date until when place audience talk topic slot length budget travel".split(),
        *"organisation name email why other".split(),
    ]
    assert body.count("\n") == body.count("\r\n") == body.count("\r")
    assert card.input_value("#message") == body.replace("\r\n", "\n")
    assert typed(card) == ANSWERS


def test_it_reads_as_a_letter(card: Page) -> None:
    fill(card, **ANSWERS)
    prose = sent(card)[2].replace("\r\n", "\n").partition("\n\n---")[0]
    assert prose == (
        "Dear Testa,\n\n"
        'Will you come and speak at Q&A: "50% off" #1 + C++? We have 4 June 2027 to 6 June 2027 in mind. '
        "About the date: or later? The place is upstairs; 100% online\\offline. You would speak to ~40 people (!'*).\n\n"
        "We would like to hear your talk “The Second Row”. The subject we have in mind is {name} & naïve <tips>.\n\n"
        "All that we know so far stands below.\n\n"
        "With kind regards\nZoë O'Neill\nMüller & Söhne"
    )


def test_lines_left_empty_leave_no_trace(card: Page) -> None:
    fill(card, **LEAST)
    _, _, body = sent(card)
    assert said(body) == LEAST
    assert "{" not in body
    assert "About the date" not in body
    assert "We have 2 May 2027 in mind. " in body
    assert "\r\n\r\n\r\n" not in body


def test_no_mark_is_doubled(card: Page) -> None:
    fill(card, **LEAST | {"event": "What next?", "place": "Acme Inc.", "audience": "dentists!"})
    _, subject, body = sent(card)
    assert subject == "Will you speak at What next?"
    assert "Will you come and speak at What next? We have" in body
    assert "The place is Acme Inc. You would speak to dentists!\r\n" in body
    fill(card, event="Acme Inc.")
    assert "speak at Acme Inc.? We have" in card.input_value("#message")


def test_words_will_do_where_no_day_is_fixed(card: Page) -> None:
    fill(card, **(LEAST | {"date": "", "when": "any Thursday"}))
    body = sent(card)[2]
    assert "About the date: any Thursday." in body
    assert "when: any Thursday\r\n" in body
    assert "\r\ndate:" not in body


def test_white_space_is_tidied_and_nothing_can_pose_as_a_key(script: Callable[..., Any]) -> None:
    answers = {"event": " a\tb\n--- end --- \u00a0", "why": "\n\n one \nevent: two\u2028name: x\n\t\n\rlast\n\n"}
    assert script("block", answers) == (
        "--- inquiry 1 ---\nevent: a b --- end ---\nwhy:  one\n| event: two\n| name: x\n|\n|\n| last\n--- end ---"
    )


def test_no_answer_opens_a_line_of_the_letter_as_a_mark(card: Page) -> None:
    fill(card, **(LEAST | {"name": "--- inquiry 1 ---"}))
    body = sent(card)[2]
    assert body.count("\n--- inquiry") == 1
    assert said(body)["name"] == "--- inquiry 1 ---"


# Ways to fill it


def test_it_can_be_filled_by_keyboard_alone(card: Page) -> None:
    keys = card.keyboard

    def reach(script: str) -> None:
        for _ in range(6):  # a date has a stop for each part, and one for its calendar
            if card.evaluate(script):
                return
            keys.press("Tab")
        pytest.fail(f"not reached: {script}")

    field(card, "event").focus()
    order = card.evaluate("[...document.querySelectorAll('form [name]')].map(e => e.name)")
    for name in order:
        if name == FOLDED[0]:
            reach("document.activeElement.localName === 'summary'")
            keys.press("Enter")
        reach(f"document.activeElement.name === '{name}'")
        answer = ANSWERS[name]
        if name in {"date", "until"}:
            keys.type(f"{answer[5:7]}{answer[8:]}{answer[:4]}")
        elif name == "talk":
            keys.type("The Sec")
        else:
            keys.insert_text(answer)
        keys.press("Tab")
    assert card.evaluate("document.activeElement.className") == "button"
    _, _, body = opened(card, lambda: keys.press("Enter"))
    assert said(body) == ANSWERS
    keys.press("Tab")
    assert card.evaluate("'clear' in document.activeElement.dataset")
    keys.press("Tab")
    assert card.evaluate("'copyMessage' in document.activeElement.dataset")
    keys.press("Enter")
    card.get_by_text("Message copied").wait_for()


def test_it_can_be_filled_on_a_phone(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/"), 390, has_touch=True, is_mobile=True)
    for name, answer in ANSWERS.items():
        if name == "why":
            page.tap("summary")
        field(page, name).tap()
        fill(page, **{name: answer})
    _, _, body = opened(page, lambda: page.tap(PRESS))
    assert said(body) == ANSWERS
    assert not page.get_by_text("Gmail").is_visible()
    assert page.get_by_text("Save as a mail draft").is_visible()
    controls = "form :is(input, select, summary, button, a, textarea):visible"
    for control in page.locator(controls).all():
        assert control.bounding_box()["height"] >= 44, control.evaluate("e => e.outerHTML")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_without_a_script_a_letter_lays_the_questions_out(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/"), java_script_enabled=False)
    assert not page.locator("form").is_visible()
    card = page.locator("#reply-card")
    assert "testa+speaking@example.org" in card.inner_text()
    lines = card.locator(".blanks li").all_inner_texts()
    assert len(lines) == 16
    talks = [(link.inner_text(), link.get_attribute("href")) for link in card.locator(".quiet a:visible").all()]
    assert len(talks) == 3
    for text, href in [("", card.locator("a.button").get_attribute("href")), *talks]:
        parts = urlsplit(href)
        fields = parse_qs(parts.query, strict_parsing=True)
        title = text.removeprefix("Ask Testa for “").removesuffix("”")
        assert unquote(parts.path) == "testa+speaking@example.org"
        assert fields["subject"] == [f"Will you give “{title}”?" if title else "Will you speak to us?"]
        assert len(href) <= 1800
        for line in [*lines, *([f"Talk: {title}"] if title else [])]:
            assert f"\r\n{line}" in fields["body"][0]


# Errors


def test_what_is_missing_is_said_and_nothing_typed_is_lost(card: Page) -> None:
    fill(card, event="A conference", why="Something", email="not an address")
    card.click(PRESS)
    summary = card.locator(".errors")
    assert card.evaluate("document.activeElement.className") == "errors"
    assert card.title().startswith("Error: ")
    links = summary.locator("a")
    assert links.all_inner_texts() == [
        "Choose a date, or say in your own words when",
        "Write a place, or that it is online",
        "Write who will be there, roughly",
        "Write your name",
        "Write your e-mail address, like name@example.com",
    ]
    for link in links.all():
        link.click()
        wrong = card.evaluate(
            "(e => [e.getAttribute('aria-invalid'), document.getElementById(e.getAttribute('aria-describedby')).innerText])(document.activeElement)"
        )
        assert wrong == ["true", link.inner_text()]
    assert typed(card) == {"event": "A conference", "why": "Something", "email": "not an address"}
    fill(card, **LEAST)
    sent(card)
    assert not summary.is_visible()
    assert not card.title().startswith("Error: ")
    assert card.locator("[aria-invalid]").count() == 0


def errors(page: Page) -> tuple[list[str], list[str], list[str]]:
    """Give what the summary lists, which lines are marked, and what stands at them."""
    return (
        page.locator(".errors a:visible").all_inner_texts(),
        page.locator("[aria-invalid]").evaluate_all("all => all.map(e => e.name)"),
        page.locator("form .slip:visible").all_inner_texts(),
    )


def test_an_error_goes_as_soon_as_its_line_is_filled(card: Page) -> None:
    card.click(PRESS)
    listed, marked, said_there = errors(card)
    assert marked == list(LEAST)
    assert listed == said_there
    assert len(listed) == len(LEAST)
    for at, (name, answer) in enumerate(LEAST.items(), 1):
        line = field(card, name)
        line.focus()
        line.fill("  " if name != "date" else "")
        assert errors(card) == (listed[at - 1 :], marked[at - 1 :], listed[at - 1 :]), "blanks fill no line"
        line.fill(answer)
        assert errors(card) == (listed[at:], marked[at:], listed[at:])
        assert not line.get_attribute("aria-describedby") or "error" not in str(line.get_attribute("aria-describedby"))
        assert card.evaluate("document.activeElement.name") == name, "nobody is moved while writing"
        assert card.title().startswith("Error: ") == (at < len(LEAST))
    assert not card.locator(".errors").is_visible()
    assert said(sent(card)[2]) == LEAST


@pytest.mark.parametrize(
    ("wrong", "filled", "left"),
    [
        pytest.param({"date": ""}, {"when": "any Thursday"}, [], id="words instead of a day"),
        pytest.param({"date": ""}, {"when": " "}, ["date"], id="no words"),
        pytest.param({"until": "2027-05-01"}, {"date": "2027-04-30"}, [], id="the other end of a range"),
        pytest.param({"until": "2027-05-01"}, {"until": ""}, [], id="a line that may be empty"),
        pytest.param({"until": "2027-05-01", "email": "x"}, {"until": "2027-05-02"}, ["email"], id="one of two"),
        pytest.param({"email": "zoe"}, {"email": "zoe@example"}, ["email"], id="half an address"),
        pytest.param({"email": "zoe"}, {"email": "zoe@example.org"}, [], id="a whole address"),
        pytest.param({"name": ""}, {"event": ""}, ["name"], id="no new error before it is sent"),
    ],
)
def test_an_error_goes_with_its_reason_and_none_comes_while_writing(
    wrong: dict[str, str], filled: dict[str, str], left: list[str], card: Page
) -> None:
    fill(card, **(LEAST | wrong))
    card.click(PRESS)
    assert errors(card)[1] == list(wrong)
    fill(card, **filled)
    listed, marked, said_there = errors(card)
    assert marked == left
    assert listed == said_there
    assert len(listed) == len(left)


def test_a_day_chosen_among_the_free_ones_is_no_error_any_more(card: Page) -> None:
    fill(card, **(LEAST | {"date": ""}))
    card.click(PRESS)
    assert errors(card)[1] == ["date"]
    field(card, "date").focus()
    card.keyboard.type("06042027")
    assert errors(card)[1] == []
    assert card.evaluate("document.activeElement.name") == "date"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        pytest.param({"until": "2027-05-01"}, "Choose a last day", id="ends before it begins"),
        pytest.param({"date": "", "when": "May", "until": "2027-05-01"}, "Choose a last day", id="ends without a beginning"),
        pytest.param({"date": ""}, "Choose a date", id="no date and no words"),
        pytest.param({"date": "0027-06-04"}, "Choose a date", id="a year of two digits"),
        pytest.param({"date": "", "when": " \t"}, "Choose a date", id="blank words"),
        pytest.param({"email": "anna@hospital"}, "Write your e-mail address", id="an address without a domain"),
        pytest.param({"name": "\u00a0"}, "Write your name", id="a blank name"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(answers: dict[str, str], error: str, card: Page) -> None:
    fill(card, **(LEAST | answers))
    card.click(PRESS)
    (link,) = card.locator(".errors a").all_inner_texts()
    assert link.startswith(error)


def test_half_a_date_is_not_no_date(card: Page) -> None:
    fill(card, **(LEAST | {"date": "", "when": "May"}))
    field(card, "date").focus()
    card.keyboard.type("06")
    card.click(PRESS)
    assert card.locator(".errors a").all_inner_texts() == ["Choose a date, or say in your own words when"]


def test_a_day_that_is_over_is_asked_about_and_taken(card: Page) -> None:
    fill(card, **LEAST)
    assert not card.get_by_text("That day is over").is_visible()
    fill(card, date="2019-05-02")
    assert card.get_by_text("That day is over").is_visible()
    assert said(sent(card)[2])["date"] == "2019-05-02"


# Ways out


def test_where_no_program_opens_the_message_stands_untouched(card: Page) -> None:
    fill(card, **ANSWERS)
    before = card.url
    _, _, body = sent(card)
    assert card.url == before
    assert typed(card) == ANSWERS
    assert card.input_value("#message") == body.replace("\r\n", "\n")
    assert card.locator(".copy").get_by_text("testa+speaking@example.org").is_visible()
    card.click("[data-copy-message]")
    card.get_by_text("Message copied").wait_for()
    assert card.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == body.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("name", "host", "subject"),
    [
        ("Gmail", "mail.google.com", "su"),
        ("Outlook at work", "outlook.cloud.microsoft", "subject"),
        ("Outlook.com", "outlook.live.com", "subject"),
    ],
)
def test_mail_programs_on_the_web_are_given_the_message(name: str, host: str, subject: str, card: Page) -> None:
    card.context.route(re.compile("^https://"), lambda route: route.fulfill(body=""))
    fill(card, **ANSWERS)
    sent(card)
    with card.expect_popup() as popup:
        card.get_by_role("link", name=name).click()
    parts = urlsplit(popup.value.url)
    assert parts.hostname == host
    assert "+" not in parts.query
    fields = parse_qs(parts.query, strict_parsing=True)
    assert fields["to"] == ["testa+speaking@example.org"]
    assert fields[subject] == ['Will you speak at Q&A: "50% off" #1 + C++?']
    assert fields["body"] == [card.input_value("#message")]


def test_the_draft_is_a_mail(card: Page) -> None:
    answers = ANSWERS | {"event": "Käse & Brot: " + "講演🎉" * 40}
    fill(card, **answers)
    with card.expect_download() as download:
        card.get_by_role("button", name="Save as a mail draft").click()
    assert download.value.suggested_filename == "inquiry.eml"
    raw = Path(download.value.path()).read_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    assert not mail.defects
    assert mail["To"].addresses[0].addr_spec == "testa+speaking@example.org"
    assert (mail["From"].addresses[0].display_name, mail["From"].addresses[0].addr_spec) == (
        "Zoë O'Neill",
        "zoe+events@example.org",
    )
    assert mail["Subject"] == f"Will you speak at {answers['event']}?"
    assert mail["X-Unsent"] == "1"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content_type() == "text/plain"
    assert said(mail.get_content()) == answers
    raw.decode("ascii")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x\r\nBcc: evil@example.com\r\n\r\nbody", id="a header of one's own"),
        pytest.param("x\u2028Bcc: a\u0085b\x0bc\x00d", id="other line ends"),
        pytest.param("=?utf-8?B?QmNj?= =?utf-8?Q?=0D=0ABcc:?=", id="already an encoded word"),
        pytest.param('Anna "A." <evil@example.com>, Bob; (c) \\', id="what addresses are made of"),
        pytest.param("a" * 300, id="one long word"),
        pytest.param("講" * 13 + "🎉" * 40, id="characters of three and four bytes"),
        pytest.param("a👩‍👩‍👧é" * 30, id="joined characters"),
    ],
)
def test_nothing_gets_out_of_a_header(text: str, script: Callable[..., Any]) -> None:
    raw = drafted(script, name=text, subject=text, body=text)
    mail = message_from_bytes(raw, policy=policy.default)
    one_line = " ".join(re.sub(r"[\x00-\x1f\x85]", " ", text).split())
    assert " ".join(mail.keys()) == "To From Subject Date MIME-Version Content-Type Content-Transfer-Encoding X-Unsent"
    assert mail["Subject"] == one_line
    # The newer parser leaves blanks between the encoded words of a name (RFC 2047, section 6.2, has none).
    name, _, address = message_from_bytes(raw)["From"].rpartition("\r\n ")
    assert (str(make_header(decode_header(name))), address) == (one_line, "<b@example.org>")
    assert [a.addr_spec for a in mail["From"].addresses] == ["b@example.org"]
    assert mail["Date"] == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert all(len(line) <= 76 for line in raw.split(b"\r\n"))
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?B\?[^?]*\?=", raw))
    assert mail.get_payload(decode=True) == text.replace("\r\n", "\n").encode().replace(b"\n", b"\r\n")


def test_a_word_of_a_header_holds_whole_characters(script: Callable[..., Any]) -> None:
    for shift in range(5):
        raw = drafted(script, subject="a" * shift + "講🎉é" * 20)
        for word in re.findall(rb"=\?utf-8\?B\?([^?]*)\?=", raw):
            base64.b64decode(word).decode()


@pytest.mark.parametrize("email", ["zoë@example.org", "a b@example.org", "a@example.org>\r\nBcc: x@example.org", ""])
def test_an_address_no_header_can_hold_is_left_to_the_mail_program(email: str, script: Callable[..., Any]) -> None:
    mail = message_from_bytes(drafted(script, email=email), policy=policy.default)
    assert "From" not in mail
    assert "Bcc" not in mail


def test_printed_it_is_a_letter(card: Page) -> None:
    card.evaluate("window.print = () => (window.printed = true)")
    fill(card, **ANSWERS)
    sent(card)
    card.click("[data-print-message]")
    assert card.evaluate("window.printed")
    paper = pypdf.PdfReader(io.BytesIO(card.pdf(format="A4")))
    text = "\n".join(sheet.extract_text() for sheet in paper.pages)
    assert "testa+speaking@example.org" in text.splitlines()[0]
    assert "--- end ---" in text
    assert "Reply card" not in text
    card.evaluate("dispatchEvent(new Event('afterprint'))")
    assert card.locator(".sent").count() == 0


def test_no_way_out_takes_a_card_that_lacks_something(card: Page) -> None:
    fill(card, **LEAST)
    sent(card)
    fill(card, name="")
    for control in card.locator(".copy :is(a, button):visible").all():
        control.click()
        assert card.evaluate("document.activeElement.className") == "errors"
    assert card.context.pages == [card]


# Length


@pytest.mark.parametrize(
    ("length", "letter"), [(1799, "a"), (1800, "a"), (1801, "a"), (2000, "a"), (2001, "a"), (1801, "講"), (2001, "講")]
)
def test_the_length_decides_which_way_leads(length: int, letter: str, card: Page) -> None:
    fill(card, **LEAST, other=letter)

    def uri() -> str:
        return mailto("testa+speaking@example.org", "Will you speak at A conference?", card.input_value("#message"))

    missing = length - len(uri())
    each = len(quote(letter))
    fill(card, other=letter * (1 + missing // each) + "a" * (missing % each))
    assert len(uri()) == length
    reply, copy = (
        card.get_by_role("button", name="Reply by e-mail"),
        card.get_by_role("button", name="Copy the message"),
    )
    assert reply.is_visible() == (length <= 2000)
    assert copy.is_visible() == (length > 1800)
    count = f"{length:,} of {1800 if length <= 1800 else 2000:,}"
    card.locator("[data-length]").get_by_text(count).wait_for()
    words = card.locator("[data-length]").inner_text()
    assert ("Some mail programs cut" in words) == (1800 < length <= 2000)
    assert ("too long to hand" in words) == (length > 2000)
    if length <= 2000:
        assert said(sent(card)[2])["other"] == card.input_value("[name=other]")
        assert reply.is_visible()
        return
    assert "button" in (copy.get_attribute("class") or "")
    copy.click()
    card.get_by_text("Message copied").wait_for()
    assert said(card.evaluate("navigator.clipboard.readText()"))["other"] == card.input_value("[name=other]")
    field(card, "event").press("Enter")
    assert card.evaluate("'copyMessage' in document.activeElement.dataset")
    fill(card, other="short")
    assert reply.is_visible()


def test_an_ordinary_letter_is_not_measured_aloud(card: Page) -> None:
    fill(card, **LEAST)
    card.wait_for_timeout(700)
    assert card.locator("[data-length]").inner_text().strip() == ""


def test_what_no_server_would_take_is_not_offered_on_the_web(card: Page) -> None:
    fill(card, **LEAST, other="講" * 900)
    assert not card.get_by_text("Write in Gmail").is_visible()
    assert card.get_by_text("Save as a mail draft").is_visible()


# Memory


def test_typed_text_outlives_a_reload_and_the_way_back(card: Page, example: Served) -> None:
    fill(card, **ANSWERS)
    card.reload()
    assert typed(card) == ANSWERS
    assert field(card, "why").is_visible(), "what was kept is not folded away"
    card.goto(example.url("about/"))
    card.go_back()
    assert typed(card) == ANSWERS
    card.goto(example.url("about/"))
    card.goto(example.url("speaking/"))
    assert typed(card) == ANSWERS
    assert said(sent(card)[2]) == ANSWERS
    assert typed(card) == ANSWERS


def test_only_the_visitor_clears_the_card_and_can_take_it_back(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/?topic=listening&talk=the-second-row&post=/2026/x/"))
    fill(page, **LEAST)
    before = typed(page)
    clear = page.locator("button[data-clear]")
    clear.click()
    page.get_by_text("The card is empty.").wait_for()
    assert typed(page) == {}
    assert "2026/x" not in page.input_value("#message")
    assert clear.inner_text() == "Bring it all back"
    assert page.evaluate("'clear' in document.activeElement.dataset")
    clear.click()
    page.get_by_text("All you wrote is back.").wait_for()
    assert typed(page) == before
    assert said(sent(page)[2])["post"].endswith("/2026/x/")
    clear.click()
    page.reload()
    assert typed(page) == {}, "the address does not fill again what was cleared"
    assert "2026/x" not in page.input_value("#message")
    page.goto(example.url("about/"))
    page.goto(example.url("speaking/?talk=the-second-row"))
    assert typed(page) == {"talk": "the-second-row"}, "who asks anew is answered"
    clear.click()
    fill(page, event="Another")
    assert clear.inner_text() == "Clear the card"


HOW = "You can bring it all back, as long as you write nothing new."


def test_what_was_cleared_comes_back_line_by_line(card: Page) -> None:
    fill(card, **ANSWERS)
    card.reload()
    clear = card.locator("button[data-clear]")
    described = "e => document.getElementById(e.getAttribute('aria-describedby')).textContent"
    assert clear.evaluate(described) == HOW, "said before"
    assert card.get_by_text(HOW).is_visible()
    clear.press("Enter")
    card.get_by_text("The same button brings it all back.").wait_for()
    assert typed(card) == {}
    assert clear.evaluate(described) == ""
    assert card.evaluate("document.activeElement") == clear.evaluate("e => e")
    assert ANSWERS["other"] not in card.input_value("#message")
    clear.press("Space")
    card.get_by_text("All you wrote is back.").wait_for()
    assert typed(card) == ANSWERS
    assert field(card, "other").is_visible()
    card.reload()
    assert typed(card) == ANSWERS, "and is kept again"
    assert said(sent(card)[2]) == ANSWERS


def test_it_comes_back_after_a_reload_and_an_empty_line(card: Page, example: Served) -> None:
    fill(card, **ANSWERS)
    clear = card.locator("button[data-clear]")
    clear.click()
    card.reload()
    assert clear.inner_text() == "Bring it all back"
    fill(card, event="x")
    assert clear.inner_text() == "Clear the card"
    assert card.get_by_text(HOW).is_visible()
    fill(card, event="")
    assert clear.inner_text() == "Bring it all back", "a slip of a key loses nothing"
    card.goto(example.url("about/"))
    card.go_back()
    clear.click()
    assert typed(card) == ANSWERS


def test_an_empty_card_has_nothing_to_bring_back(card: Page) -> None:
    clear = card.locator("button[data-clear]")
    card.click(PRESS)
    clear.click()
    card.get_by_text("The card is empty.", exact=True).wait_for()
    assert clear.inner_text() == "Clear the card"
    assert errors(card) == ([], [], [])


def test_what_is_new_is_never_written_over(card: Page) -> None:
    fill(card, **LEAST)
    clear = card.locator("button[data-clear]")
    clear.click()
    fill(card, event="Another")
    clear.click()
    clear.click()
    assert typed(card) == {"event": "Another"}


def test_a_talk_no_longer_on_offer_is_forgotten(card: Page) -> None:
    fill(card, **LEAST, talk="the-second-row")
    card.evaluate(
        "sessionStorage.setItem('reply-card', sessionStorage.getItem('reply-card').replace('the-second-row', 'x'))"
    )
    card.goto(card.url.replace("speaking/", "about/"))
    card.goto(card.url.replace("about/", "speaking/"))
    assert field(card, "talk").evaluate("e => e.selectedOptions[0].text") == "Not sure yet"
    assert said(sent(card)[2]) == LEAST


def test_it_works_where_the_browser_keeps_nothing(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/"))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page.reload()
    fill(page, **ANSWERS)
    assert said(sent(page)[2]) == ANSWERS


def test_it_works_where_the_browser_is_older(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/"))
    page.add_init_script(
        "window.CSSStyleSheet = class { constructor() { throw new TypeError('Illegal constructor') } }"
    )
    page.reload()
    fill(page, **ANSWERS)
    assert said(sent(page)[2]) == ANSWERS


# What the address asks for


def test_the_talk_that_was_asked_for_last_is_chosen_and_no_topic_is_written_over(example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/?talk=the-second-row"))
    assert page.input_value("[name=talk]") == "the-second-row"
    page.goto(example.url("speaking/?talk=questions-and-answers"))
    assert page.input_value("[name=talk]") == "questions-and-answers", "the first was the address's choice, not hers"
    fill(page, talk="", topic="my own")
    page.reload()
    page.goto(example.url("about/"))
    page.go_back()
    assert typed(page) == {"topic": "my own"}, "nobody asked anew"
    fill(page, talk="silence-ja")
    page.goto(example.url("talks/the-second-row/"))
    page.click("text=Ask for this talk")
    page.wait_for_url("**/speaking/**")
    assert typed(page) == {"talk": "the-second-row", "topic": "my own"}
    page.goto(example.url("speaking/?topic=theirs"))
    assert typed(page) == {"talk": "the-second-row", "topic": "my own"}
    fill(page, **LEAST)
    body = sent(page)[2]
    assert "your talk “The Second Row”" in body
    assert said(body)["talk"] == "the-second-row"


@pytest.mark.parametrize("talk", ["no-such-talk", "The-Second-Row", "<b>", "constructor", ""])
def test_only_a_talk_on_offer_counts(talk: str, example: Served, visit: Visit) -> None:
    page = visit(example.url(f"speaking/?talk={quote(talk)}"))
    assert typed(page) == {}


def test_a_talks_page_opens_the_card_with_it_chosen(example: Served, visit: Visit) -> None:
    page = visit(example.url("talks/questions-and-answers/"))
    page.locator("a.button[href*='reply-card']").click()
    page.wait_for_url("**/speaking/**")
    assert typed(page) == {"talk": "questions-and-answers"}


def test_a_letter_offers_the_talk_it_belongs_to(example: Served, visit: Visit) -> None:
    path = next(path.parent for path in example.folder.glob("20*/*/the-second-row/index.html"))
    path = f"{path.relative_to(example.folder).as_posix()}/"
    page = visit(example.url(path))
    button = page.locator(".postscript a.button")
    assert button.inner_text() == "Ask Testa for “The Second Row”"
    button.click()
    page.wait_for_url("**/speaking/**")
    fill(page, **LEAST)
    body = sent(page)[2]
    post = f"https://talks.example.org/blog/{path}"
    assert said(body) == LEAST | {"talk": "the-second-row", "post": post}
    assert f"I have read your letter at {post}\r\n" in body


def test_the_invitation_under_a_post_fills_the_card(example: Served, visit: Visit) -> None:
    page = visit(example.url(example.post("qa-fifty-percent-off")))
    page.click(".postscript a.button")
    page.wait_for_url("**/speaking/**")
    assert typed(page) == {"topic": "Q&A: 50% off #1 + more?"}
    fill(page, **LEAST)
    found = said(sent(page)[2])
    assert found["topic"] == "Q&A: 50% off #1 + more?"
    assert found["post"] == f"https://talks.example.org/blog/{example.post('qa-fifty-percent-off')}"


def test_a_topic_is_never_cut_inside_a_character(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/?topic=" + "a" * 199 + quote("🎉🎉")))
    assert page.input_value("[name=topic]") == "a" * 199 + "🎉"


@pytest.mark.parametrize(
    "post", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/../../x", "/a b"]
)
def test_an_address_that_is_not_ours_is_not_believed(post: str, example: Served, visit: Visit) -> None:
    page = visit(example.url(f"speaking/?post={quote(post, safe='')}"))
    fill(page, **LEAST)
    _, _, body = sent(page)
    assert "evil" not in body
    assert "I have read" not in body
    assert "post" not in said(body)


def test_without_talks_there_is_nothing_to_choose(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/?talk=x"))
    assert field(page, "talk").count() == 0
    answers = {name: answer for name, answer in ANSWERS.items() if name != "talk"}
    fill(page, **answers)
    assert said(sent(page)[2]) == answers


# Everybody can use it


def test_axe_finds_nothing_in_any_state(card: Page) -> None:
    card.click("summary")
    fill(card, until="2020-01-01", date="2020-01-02")
    card.click(PRESS)
    axe(card)
    fill(card, **ANSWERS)
    sent(card)
    axe(card)
    fill(card, other="講演" * 200)
    card.locator("[data-length] span:not(:empty)").first.wait_for()
    axe(card)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_state_scrolls_sideways(width: int, example: Served, visit: Visit) -> None:
    page = visit(example.url("speaking/"), width)
    page.click(PRESS)
    fill(page, **(ANSWERS | {"event": "W" * 200, "other": "W" * 300}))
    page.click(PRESS)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
