"""The one small script: the reply card as visitors fill it, and what is copied, printed and shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from served import Served

    Visit = Callable[..., Page]

VECTORS = json.loads((Path(__file__).parent.parent / "mailto_vectors.json").read_text("utf-8"))
# One answer for every line, with whatever a keyboard can do.
ANSWERS = {
    "event": 'Q&A: "50% off" #1 + C++',
    "organisation": "Müller & Söhne <GmbH>",
    "date": "4–6 June 2027, or later?",
    "place": "upstairs; 100% online\\offline",
    "audience": "~40 people (!'*)",
    "hopes": "First line\nsecond 🎉 line\n\nשלום, 講演",
    "name": "Zoë O'Neill",
    "email": "zoe+events@example.org",
}


def fill(page: Page, **answers: str) -> None:
    for name, answer in answers.items():
        page.fill(f"[name={name}]", answer)


def opened(page: Page, press: Callable[[], Any]) -> tuple[str, str, str]:
    """Press, catch the address that the page hands to a mail program, and read it as one does."""
    client = page.context.new_cdp_session(page)
    client.send("Page.enable")
    asked: list[str] = []
    client.on("Page.frameRequestedNavigation", lambda event: asked.append(event["url"]))
    press()
    page.wait_for_function("!document.querySelector('.copy').hidden")
    page.wait_for_timeout(100)
    (uri,) = asked
    parts = urlsplit(uri)
    assert parts.scheme == "mailto"
    assert "+" not in parts.path + parts.query
    fields = parse_qs(parts.query, strict_parsing=True)
    assert fields.keys() == {"subject", "body"}
    return unquote(parts.path), fields["subject"][0], fields["body"][0]


@pytest.fixture
def card(speaker: Served, visit: Visit) -> Page:
    return visit(speaker.url("speaking/"))


def test_the_encoder_is_the_twin_of_ours(card: Page) -> None:
    code = """async ([src, name, cases]) => {
        const module = await import(src);
        return cases.map(([given]) => module[name](...[given].flat()));
    }"""
    src = card.locator("script[src]").first.get_attribute("src")
    for name, cases in VECTORS.items():
        # Playwright's own protocol cannot carry a lone surrogate: the cases travel as ASCII.
        found = card.evaluate(
            f"([src, name, text]) => ({code})([src, name, JSON.parse(text)])", [src, name, json.dumps(cases)]
        )
        assert found == [expected for _, expected in cases]


def test_every_answer_arrives_as_it_was_typed(card: Page) -> None:
    fill(card, **ANSWERS)
    to, subject, body = opened(card, lambda: card.click("form .button"))
    assert to == "hank@hankblank.com"
    assert subject == "Will you speak to us?"
    assert body.startswith("Dear Hank,\r\n")
    for answer in ANSWERS.values():
        assert answer.replace("\n", "\r\n") in body
    assert body.count("\n") == body.count("\r\n")
    assert card.input_value("#message") == body.replace("\r\n", "\n")


def test_lines_left_empty_leave_no_trace(card: Page) -> None:
    fill(card, event="A conference", date="May", name="Zoë", email="zoe@example.org")
    _, _, body = opened(card, lambda: card.click("form .button"))
    assert "{" not in body
    assert "place" not in body.lower()
    assert "\r\n\r\n\r\n" not in body


def test_it_can_be_filled_by_keyboard_alone(card: Page) -> None:
    card.locator("[name=event]").focus()
    for name, answer in ANSWERS.items():
        assert card.evaluate("document.activeElement.name") == name
        card.keyboard.insert_text(answer)
        card.keyboard.press("Tab")
    assert card.evaluate("document.activeElement.className") == "button"
    _, _, body = opened(card, lambda: card.keyboard.press("Enter"))
    assert ANSWERS["name"] in body


def test_what_is_missing_is_said_and_nothing_typed_is_lost(card: Page) -> None:
    fill(card, event="A conference", hopes="Something", email="not an address")
    card.click("form .button")
    summary = card.locator(".errors")
    assert card.evaluate("document.activeElement.className") == "errors"
    assert card.title().startswith("Error: ")
    links = summary.locator("a")
    assert links.all_inner_texts() == [
        "Write a date, or say that any will do",
        "Write your name",
        "Write your e-mail address, like name@example.com",
    ]
    for link in links.all():
        link.click()
        field = card.evaluate(
            "(e => [e.getAttribute('aria-invalid'), document.getElementById(e.getAttribute('aria-describedby')).innerText])(document.activeElement)"
        )
        assert field == ["true", link.inner_text()]
    assert card.input_value("[name=event]") == "A conference"
    assert card.input_value("[name=hopes]") == "Something"
    fill(card, date="May", name="Zoë", email="zoe@example.org")
    opened(card, lambda: card.click("form .button"))
    assert not summary.is_visible()
    assert not card.title().startswith("Error: ")
    assert card.locator("[aria-invalid]").count() == 0


def test_after_pressing_the_message_can_be_copied(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/"), permissions=["clipboard-read", "clipboard-write"])
    fill(page, **ANSWERS)
    opened(page, lambda: page.click("form .button"))
    page.click("[data-copy-from]")
    page.get_by_text("Message copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n") == page.input_value("#message")
    assert page.locator(".copy").get_by_text("hank@hankblank.com").is_visible()
    assert page.input_value("[name=event]") == ANSWERS["event"]


def test_a_letter_too_long_for_mail_programs_is_offered_to_copy(card: Page) -> None:
    fill(card, **(ANSWERS | {"hopes": "講演" * 200}))
    card.click("form .button")
    card.get_by_text("too long to hand to a mail program").wait_for()
    assert "講演" * 200 in card.input_value("#message")


def test_typed_text_outlives_a_reload_and_the_way_back(card: Page, speaker: Served) -> None:
    fill(card, **ANSWERS)
    card.reload()
    assert {name: card.input_value(f"[name={name}]") for name in ANSWERS} == ANSWERS
    card.goto(speaker.url("about/"))
    card.go_back()
    assert card.input_value("[name=hopes]") == ANSWERS["hopes"]


def test_it_works_where_the_browser_keeps_nothing(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/"))
    page.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page.reload()
    fill(page, **ANSWERS)
    assert ANSWERS["event"] in opened(page, lambda: page.click("form .button"))[2]


def test_it_works_where_the_browser_is_older(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/"))
    page.add_init_script(
        "window.CSSStyleSheet = class { constructor() { throw new TypeError('Illegal constructor') } }"
    )
    page.reload()
    fill(page, **ANSWERS)
    assert ANSWERS["event"] in opened(page, lambda: page.click("form .button"))[2]


def test_a_topic_is_never_cut_inside_a_character(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/?topic=" + "a" * 199 + quote("🎉🎉")))
    assert "a🎉" in page.input_value("[name=hopes]")
    assert "\ufffd" not in page.input_value("[name=hopes]")


def test_an_address_without_a_domain_is_told(card: Page) -> None:
    fill(card, **(ANSWERS | {"email": "anna@hospital"}))
    card.click("form .button")
    assert card.locator(".errors a").all_inner_texts() == ["Write your e-mail address, like name@example.com"]


def test_the_invitation_under_a_post_fills_the_card(example: Served, visit: Visit) -> None:
    page = visit(example.url(example.post("qa-fifty-percent-off")))
    page.click(".postscript a.button")
    page.wait_for_url("**/speaking/**")
    topic = "Q&A: 50% off #1 + more?"
    assert topic in page.input_value("[name=hopes]")
    fill(page, event="E", date="D", name="N", email="n@example.org")
    _, subject, body = opened(page, lambda: page.click("form .button"))
    assert subject == f"Will you speak about {topic}?"
    assert f"https://talks.example.org/blog/{example.post('qa-fifty-percent-off')}" in body


@pytest.mark.parametrize(
    "post", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/../../x", "/a b"]
)
def test_an_address_that_is_not_ours_is_not_believed(post: str, example: Served, visit: Visit) -> None:
    page = visit(example.url(f"speaking/?post={quote(post, safe='')}"))
    fill(page, event="E", date="D", name="N", email="n@example.org")
    _, _, body = opened(page, lambda: page.click("form .button"))
    assert "evil" not in body
    assert "I have read" not in body


def test_without_a_script_the_address_and_the_questions_are_there(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("speaking/"), java_script_enabled=False)
    assert not page.locator("form").is_visible()
    card = page.locator("#reply-card")
    assert "hank@hankblank.com" in card.inner_text()
    parts = urlsplit(card.locator("a.button").get_attribute("href"))
    assert unquote(parts.path) == "hank@hankblank.com"
    body = parse_qs(parts.query, strict_parsing=True)["body"][0]
    for line in card.locator(".blanks li").all_inner_texts():
        assert f"\r\n{line}: \r\n" in body


def test_the_link_of_a_post_can_be_copied_printed_and_shared(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("lite-beer-days/"), permissions=["clipboard-read", "clipboard-write"])
    page.add_init_script(
        "window.print = () => (window.printed = true);"
        "navigator.canShare = () => true; navigator.share = async (what) => { window.shared = what }"
    )
    page.reload()
    page.click("[data-copy]")
    page.get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://www.hankblank.com/lite-beer-days/"
    page.click("[data-print]")
    assert page.evaluate("window.printed")
    page.click("[data-share]")
    assert page.evaluate("window.shared.url") == "https://www.hankblank.com/lite-beer-days/"


def test_what_the_browser_cannot_do_is_not_offered(speaker: Served, visit: Visit) -> None:
    page = visit(speaker.url("lite-beer-days/"))
    page.add_init_script(
        "navigator.canShare = undefined; Object.defineProperty(navigator, 'clipboard', { value: undefined })"
    )
    page.reload()
    assert not page.locator("[data-copy]").is_visible()
    assert not page.locator("[data-share]").is_visible()
    assert page.locator("[data-print]").is_visible()


def test_nothing_is_fetched_before_a_click(speaker: Served, visit: Visit) -> None:
    page = visit("about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(speaker.url("a-card-for-coffee/"), wait_until="networkidle")
    assert all(url.startswith(speaker.origin) for url in asked), asked


def test_axe_finds_nothing_while_errors_and_the_message_are_shown(card: Page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    card.click("form .button")
    results = Axe().run(card)
    assert results.violations_count == 0, results.generate_report()
    fill(card, **ANSWERS)
    opened(card, lambda: card.click("form .button"))
    results = Axe().run(card)
    assert results.violations_count == 0, results.generate_report()
