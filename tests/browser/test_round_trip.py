"""Whatever is typed into the real reply card and sent is read back by the command, field by field."""

from __future__ import annotations

import datetime as dt
import mailbox
import re
import tempfile
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.inquiries.block import KEYS
from tools.inquiries.reading import read

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from served import Served

LETTERS = {"why", "other"}
# What could pass for a part of the block, of a mail or of a spreadsheet.
TRICKS = [
    "event: x",
    "--- end ---",
    "--- inquiry 1 ---",
    "> quoted",
    "| piped",
    "From me",
    "=1+1",
    "\n\n",
    "  ",
    "🎉",
    "שלום",
    "講演",
    "e\u0301",
]
LINE = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(TRICKS), max_size=4
).map(" ".join)
TEXT = st.lists(LINE, max_size=4).map("\n".join)
DAY = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)).map(str)
TYPED = st.fixed_dictionaries(
    {key: TEXT if key in LETTERS else LINE for key in KEYS if key not in {"date", "until", "talk", "email", "post"}}
    | {
        "date": DAY,
        "until": DAY | st.just(""),
        "talk": st.sampled_from(["", "the-second-row"]),
        "email": st.sampled_from(["zoe+x@example.org", "o'neill@xn--mller-kva.example"]),
    }
)
# Fills the card as a visitor would, and gives what stands in it then, the message, and the draft file.
SEND = """async ([src, typed]) => {
    const module = await import(src);
    const { elements } = document.querySelector('#reply-card form');
    for (const [name, value] of Object.entries(typed)) elements.namedItem(name).value = value;
    elements.event.dispatchEvent(new Event('input', { bubbles: true }));
    const body = document.querySelector('#message').value;
    const there = Object.fromEntries(Object.keys(typed).map((name) => [name, elements.namedItem(name).value]));
    const { email, name, event } = there;
    const eml = module.eml({ to: 'testa@example.org', name, email, subject: event, body, date: new Date(0) });
    return { there, body, eml };
}"""


@pytest.fixture(scope="module")
def card(browser: Any, example: Served) -> Page:
    page = browser.new_page()
    page.goto(example.url("speaking/?talk=the-second-row&post=%2Fthanks%2F"))
    return page


def asked(values: dict[str, str]) -> dict[str, str]:
    """Give the values as the block may hold them: white space is one blank, lines have no blanks at their ends."""
    clean = {}
    for key, value in values.items():
        if key in LETTERS:
            rows = re.split(r"\r\n?|[\n\v\f\x85\u2028\u2029]", value)
            rows = [re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", " ", row) for row in rows]
            clean[key] = "\n".join(re.sub(r"[\s\ufeff]+$", "", row) for row in rows).strip("\n")
        else:
            clean[key] = re.sub(r"[\s\ufeff\x00-\x1f\x7f-\x9f]+", " ", value).strip()
    return {key: value for key, value in clean.items() if value} | {"post": "https://talks.example.org/blog/thanks/"}


def read_back(path: Path) -> dict[str, str]:
    reading = read(path)
    (found,) = reading.found
    return {key: value for key in KEYS if (value := getattr(found.inquiry, key))}


def forwarded(body: str, mark: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"], message["Message-ID"] = "team@example.org", "Fwd: Inquiry", "<2@example.org>"
    quoted = "".join(f"{mark}{line}\n" for line in body.split("\n"))
    message.set_content(
        f"See below.\n\n---------- Forwarded message ---------\nFrom: Zoë <zoe@example.org>\n\n{quoted}"
    )
    return message


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(typed=TYPED)
def test_what_was_typed_is_what_is_read(card: Page, typed: dict[str, str]) -> None:
    src = card.locator("script[src*='reply-card']").get_attribute("src")
    sent = card.evaluate(SEND, [src, typed])
    expected = asked(sent["there"])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "draft.eml").write_bytes(sent["eml"].encode("ascii"))
        assert read_back(folder / "draft.eml") == expected
        assert message_from_string(sent["eml"], policy=default).get_content() == sent["body"].replace("\n", "\r\n")
        for mark in ("", "> "):
            box = mailbox.mbox(folder / f"box{len(mark)}.mbox")
            box.add(forwarded(sent["body"], mark).as_bytes())
            box.close()
            assert read_back(folder / f"box{len(mark)}.mbox") == expected, mark
