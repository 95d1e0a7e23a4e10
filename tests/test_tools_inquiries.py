from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json
import mailbox
import os
import re
import tempfile
import textwrap
import time
import tomllib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlsplit

import msgspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sites import ROOT

import tasks
from plugins.dates import events
from plugins.speaker import Speaker
from plugins.speaking.inquiry import BLOCK, invitation
from plugins.words import Words, load_words
from tools.inquiries import reading as reading_module
from tools.inquiries.block import KEYS, Asked, Inquiry, blocks
from tools.inquiries.dates import DateReader
from tools.inquiries.letters import letters, unflowed
from tools.inquiries.links import unwrapped
from tools.inquiries.reading import Reading, read
from tools.program import Commands

if TYPE_CHECKING:
    from conftest import Site

# The block as the reply card must write it, said a second time and on purpose.
OWN = re.compile(r"[|>]|[a-z]+:|[-–—]+.*[-–—]$")
ORDER = "event date until when place audience talk topic slot length budget travel organisation name email why other post".split()
LETTERS = ("why", "other")
LONG_MARK = (
    "---------- Forwarded message ---------\nFrom: Zoë <zoe@example.org>\nDate: Fri, 4 Jun 2027\nSubject: Hello\n\n"
)


def block_of(fields: dict[str, str]) -> str:
    said = [
        f"{key}: " + "\n| ".join(fields[key].split("\n")).replace("| \n", "|\n") for key in ORDER if fields.get(key)
    ]
    return "\n".join(["--- inquiry 1 ---", *said, "--- end ---"])


def letter_of(fields: dict[str, str]) -> str:
    return f"Dear Testa,\n\nwould you speak to us?\n\nKind regards\n\n{block_of(fields)}\n"


def mail_of(text: str, *, cte: str = "8bit", charset: str = "utf-8", **headers: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    usual = {"From": "zoe@example.org", "Subject": "Hello", "Message-ID": "<1@example.org>"}
    for name, value in (usual | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    message.set_content(text, cte=cte, charset=charset)
    return message.as_bytes()


def broken(line: str) -> list[str]:
    return textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False) or [line]


def read_bytes(raw: bytes, name: str = "mail.eml") -> Reading:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(raw)
        return read(path)


def fields_of(inquiry: Inquiry) -> dict[str, str]:
    return {key: value for key in ORDER if (value := getattr(inquiry, key))}


def unspaced(fields: dict[str, str]) -> dict[str, str]:
    return {key: "".join(value.split()) for key, value in fields.items()}


def only(reading: Reading) -> Inquiry:
    assert len(reading.found) == 1
    return reading.found[0].inquiry


FIELDS = {
    "event": "Spring meeting",
    "date": "2027-06-04",
    "place": "Berlin",
    "audience": "40 dentists",
    "topic": "listening",
    "organisation": "Müller & Söhne",
    "name": "Zoë O'Neill",
    "email": "zoe@example.org",
    "why": "First line\nsecond line\n\nfourth line",
    "post": "https://talks.example.org/blog/2026/03/the-second-row/",
}
HARD = {
    "event": "--- end ---",
    "date": "2027-06-04",
    "until": "2027-06-05",
    "when": "date: 2027-01-01",
    "place": "> Berlin | online; =1+1, \\n \\x1b[0m",
    "audience": "👩‍👩‍👧‍👦 × 40 \U0001f1e9\U0001f1ea עברית العربية 日本語",
    "name": "--- inquiry 1 ---",
    "email": '"zoe"@example.org, eve@example.org',
    "why": "event: forged\n> quoted\n  indented\n| barred\n\n--- end ---\nFrom here\n.\n--\nname: Eve",
    "other": "post: elsewhere\n\n\n--- inquiry 1 ---\nevent: another",
    "post": "https://example.org/?a=b&c=%3Dd",
}

_LETTER = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from(
    "|>:=-—–_. \u00a0\u2028\u202e\u200d\ufeff=?éß\U0001f600"
)
_LINE = st.text(_LETTER, max_size=90) | st.sampled_from(["event: x", "--- end ---", "> y", "From z", "| w", "post: v"])
_ONE = _LINE.map(lambda text: " ".join(text.split()))
_SEVERAL = st.lists(_LINE, max_size=5).map(lambda lines: "\n".join(line.rstrip() for line in lines).strip("\n"))
_SLUG = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", max_size=30)
_DAY = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)).map(str) | st.just("")
_SPECIAL = dict.fromkeys(LETTERS, _SEVERAL) | {
    "date": _DAY,
    "until": _DAY,
    "talk": _SLUG,
    "post": _SLUG.map("https://example.org/{}/".format),
}
INQUIRIES = st.fixed_dictionaries({key: _SPECIAL.get(key, _ONE) for key in ORDER}).map(
    lambda fields: {key: value for key, value in fields.items() if value}
)


@given(INQUIRIES, st.sampled_from(["8bit", "quoted-printable", "base64"]))
@example(HARD, "8bit")
@example(HARD, "quoted-printable")
@example(HARD, "base64")
@settings(max_examples=60)
def test_what_was_typed_comes_back_from_a_mail(fields: dict[str, str], cte: str) -> None:
    assert fields_of(only(read_bytes(mail_of(letter_of(fields), cte=cte)))) == fields


@given(INQUIRIES)
@example(HARD)
@settings(max_examples=40)
def test_what_was_typed_comes_back_once_from_a_mailbox_with_answers_and_forwards(fields: dict[str, str]) -> None:
    text = letter_of(fields)
    quoted = "".join(f"> {line}\n" for line in text.split("\n"))
    twice = "".join(f">{line}\n" for line in quoted.split("\n"))
    attached = EmailMessage(policy=default)
    attached["Subject"] = "Fwd"
    attached.set_content("See below.")
    attached.add_attachment(message_from_bytes(mail_of(text), policy=default))
    texts = [text, f"Gladly.\n\nZoë wrote:\n{quoted}", f"Thanks.\n{twice}", f"For you?\n\n{LONG_MARK}{text}"]
    with tempfile.TemporaryDirectory() as folder:
        box = mailbox.mbox(Path(folder, "box"))
        for number, each in enumerate(texts):
            box.add(mail_of(each, Message_ID=f"<{number}@example.org>"))
        box.add(attached)
        box.flush()
        box.close()
        reading = read(Path(folder, "box"))
    assert fields_of(only(reading)) == fields
    assert (reading.mails, len(reading.found[0].mails)) == (5, 5)


@given(INQUIRIES, st.sampled_from(["", "> ", ">> ", "> > > "]), st.sampled_from(["badly", "well"]))
@example(HARD | {"why": "a word " * 60, "event": " ".join(["word"] * 40)}, "> ", "badly")
@settings(max_examples=80)
def test_lines_that_were_broken_say_the_same_but_for_white_space(fields: dict[str, str], quote: str, how: str) -> None:
    lines: list[str] = []
    for line in letter_of(fields).split("\n"):
        # Either the rest of a long line is quoted too, or goes without.
        first, *rest = broken(f"{quote}{line}") if how == "badly" else [f"{quote}{part}" for part in broken(line)]
        # A word that begins a line by chance and looks like the block's own cannot be told from it.
        assume(not any(OWN.match(part.removeprefix(quote).strip()) for part in rest))
        lines += [first, *rest]
    (block,) = blocks("\n".join(lines))
    assert unspaced(fields_of(block.inquiry)) == unspaced(fields)


LETTER = letter_of(FIELDS)
QUOTED = "".join(f"> {line}\n" for line in LETTER.split("\n"))
DASHED = LETTER.replace("--- inquiry 1 ---", "—- inquiry 1 –").replace("--- end ---", "— end —")


def html_mail(body: str, plain: str = "") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "zoe@example.org"
    message["Message-ID"] = "<html@example.org>"
    message.set_content(plain or body, subtype="plain" if plain else "html")
    if plain:
        message.add_alternative(body, subtype="html")
    return message.as_bytes()


def attached_mail(encoding: str) -> bytes:
    inner = mail_of(LETTER)
    if encoding == "as a file":
        message = EmailMessage(policy=SMTP)
        message["Subject"] = "Fwd"
        message.set_content("See below.")
        message.add_attachment(inner, maintype="application", subtype="octet-stream", filename="Hello.EML")
        return message.as_bytes()
    body = base64.encodebytes(inner) if encoding == "base64" else inner
    head = f"Subject: Fwd\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + body


UTF_16 = b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(
    LETTER.encode("utf-16")
)
AS_HTML = "<div>" + LETTER.replace("\n", "<br>\n") + "</div>"
AS_PARAGRAPHS = "<style>p{}</style>" + "".join(f"<p>{line}</p>" for line in LETTER.split("\n"))
AS_ROWS = "<table>" + "".join(f"<tr><td>{line}</td></tr>" for line in LETTER.split("\n")) + "</table>"
AS_LINKED = AS_HTML.replace("zoe@example.org", '<a href="mailto:zoe@example.org">zoe@<b>example</b>.org</a>')


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail_of(LETTER, charset="iso-8859-1"), id="latin-1"),
        pytest.param(UTF_16, id="utf-16"),
        pytest.param(mail_of(LETTER).replace(b"utf-8", b"us-ascii"), id="charset-denied"),
        pytest.param(mail_of(LETTER).replace(b"utf-8", b"x-unheard-of"), id="charset-unknown"),
        pytest.param(mail_of(LETTER).replace(b"utf-8", b"punycode"), id="charset-slow"),
        pytest.param(mail_of(LETTER).replace(b"utf-8", b"base64"), id="charset-no-charset"),
        pytest.param(mail_of(LETTER).replace(b'"utf-8"', b'"ut\0f-8"'), id="charset-nul"),
        pytest.param(mail_of(LETTER).replace(b"\r\n", b"\n"), id="lf"),
        pytest.param(mail_of(LETTER).replace(b"\r\n", b"\r"), id="cr"),
        pytest.param(mail_of(LETTER.replace(" ", "\xa0")), id="no-break-spaces"),
        pytest.param(mail_of(LETTER.replace("\n", "  \n")), id="trailing-blanks"),
        pytest.param(mail_of(LETTER.replace("\n", "\n\n")), id="double-spaced"),
        pytest.param(mail_of(DASHED), id="corrected-dashes"),
        pytest.param(mail_of(LETTER.replace("\n", "\n    ")), id="indented"),
        pytest.param(mail_of(QUOTED), id="quoted"),
        pytest.param(mail_of(QUOTED.replace("> event", ">event").replace("> when", " > when")), id="quoted-unevenly"),
        pytest.param(mail_of(QUOTED.replace("> place:", "Gladly.\n> place:")), id="answered-inside"),
        pytest.param(mail_of(f"{LONG_MARK}{LETTER}"), id="forwarded-inline"),
        pytest.param(
            mail_of(LETTER.replace("zoe@example.org", "zoe@example.org<mailto:zoe@example.org>")), id="link-in-text"
        ),
        pytest.param(html_mail(AS_HTML, LETTER), id="alternative"),
        pytest.param(html_mail(AS_HTML, "This mail is HTML."), id="alternative-says-nothing"),
        pytest.param(html_mail(AS_HTML), id="html-breaks"),
        pytest.param(html_mail(AS_PARAGRAPHS), id="html-paragraphs"),
        pytest.param(html_mail(AS_LINKED), id="html-links"),
        pytest.param(html_mail(AS_ROWS), id="html-table"),
        pytest.param(html_mail(AS_ROWS.replace("</td></tr>", "")), id="html-table-unclosed"),
        pytest.param(html_mail(f"<pre>{LETTER}</pre>"), id="html-pre"),
        pytest.param(
            html_mail(AS_HTML.replace("utf-8", "x")).replace(b"<div>", b"<div><div><table><tr><td>"), id="html-unclosed"
        ),
        *(pytest.param(attached_mail(name), id=f"attached-{name}") for name in ("8bit", "base64", "as a file")),
        pytest.param(LETTER.encode(), id="no-headers"),
        pytest.param(f"X: y\n{LETTER}".encode(), id="headers-without-end"),
        pytest.param(
            b"Subject: =?utf-8?q?=ff?= =?x?b?!?=\nFrom: <<<a@b\nDate: never\n: \n\xff\xfe\n\n" + LETTER.encode(),
            id="bad-headers",
        ),
        pytest.param(
            mail_of("--- inquiry 1 ---\n--- inquiry 1 ---\n" + block_of(FIELDS) + "\n--- end ---"), id="marks-nested"
        ),
    ],
)
def test_an_inquiry_is_found(raw: bytes) -> None:
    assert unspaced(fields_of(only(read_bytes(raw)))) == unspaced(FIELDS)


def note_of(text: str) -> str:
    return "\n".join(read_bytes(mail_of(text)).notes)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param(LETTER.split("post:")[0], "the block has no end", id="cut-off"),
        pytest.param(
            LETTER.replace("2027-06-04", "June"), "`date` is no day that can be read: June", id="date-in-words"
        ),
        pytest.param(LETTER.replace("2027-06-04", "2027-02-29"), "`date` is no day", id="date-that-is-not"),
        pytest.param(LETTER.replace("2027-06-04", "٢٠٢٧-٠٦-٠٤"), "`date` is no day", id="other-digits"),
        pytest.param(LETTER.replace("2027-06-04", "9999-12-31"), "`date` is no day", id="far-off"),
        pytest.param(LETTER.replace("place:", "until: 2027-06-01\nplace:"), "`until` does not fit", id="until-before"),
        pytest.param(LETTER.replace("place:", "until: 2099-06-01\nplace:"), "`until` does not fit", id="until-decades"),
        pytest.param(
            LETTER.replace("name:", "event: Forged\nname:"), "`event:` stands again or out of order", id="again"
        ),
        pytest.param(LETTER.replace("Berlin", "B" * 1001), "`place` has 1,001 characters; it was cut", id="long"),
        pytest.param(QUOTED.replace("> place:", "Gladly.\n> place:"), "words of an answer", id="answered-inside"),
    ],
)
def test_what_is_odd_is_told_with_the_path(text: str, note: str) -> None:
    assert note in note_of(text)
    assert note_of(text).count("mail.eml: ") == 1


def test_html_only_is_told() -> None:
    assert (
        read_bytes(html_mail(AS_HTML))
        .notes[0]
        .endswith("mail.eml: the block stands in HTML only; its lines may be joined")
    )
    assert not read_bytes(html_mail(AS_HTML, LETTER)).notes


def test_a_later_key_cannot_be_forged_from_a_letter() -> None:
    inquiry = only(read_bytes(mail_of(LETTER.replace("| second line", "email: eve@example.org\nevent: Forged"))))
    assert (inquiry.email, inquiry.event) == ("zoe@example.org", "Spring meeting")
    assert "email: eve@example.org event: Forged" in inquiry.why


def test_no_more_quoting_is_taken_away_than_there_is() -> None:
    (block,) = blocks("> --- inquiry 1 ---\n> event: 5\n> > 4\n> --- end ---\n")
    assert block.inquiry.event == "5 > 4"


def test_an_answer_below_a_broken_quotation_is_not_part_of_it() -> None:
    (block,) = blocks(f"> --- inquiry 1 ---\n> event: {'Spring ' * 12}\nGladly!\n")
    assert "Gladly" not in block.inquiry.event
    assert not block.whole


def test_a_broken_block_ends_where_the_answer_or_the_next_letter_begins() -> None:
    start = LETTER.split("why:")[0]
    quoted = "".join(f"> {line}\n" for line in start.rstrip().split("\n"))
    for text in (
        f"{start}\n\nSent from my phone",
        f"{quoted}Gladly, Testa",
        f"{start}{LETTER.replace('Spring', 'Autumn')}",
    ):
        found = read_bytes(mail_of(text)).found
        assert "zoe@example.org" in [one.inquiry.email for one in found], text
        assert len(found) == 1 + ("Autumn" in text)


def test_what_a_cut_has_left_of_an_inquiry_is_that_inquiry(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail_of(LETTER.split("second")[0], Message_ID="<2@example.org>"))
    (tmp_path / "b.eml").write_bytes(mail_of(LETTER))
    (found,) = read(tmp_path).found
    assert (fields_of(found.inquiry), len(found.mails)) == (FIELDS, 2)
    (tmp_path / "c.eml").write_bytes(mail_of(LETTER.split("second")[0].replace("Berlin", "Bonn")))
    assert len(read(tmp_path).found) == 2


def flowing(text: str) -> bytes:
    return b"From: a@b.org\r\nContent-Type: text/plain; format=flowed; delsp=yes\r\n\r\n" + text.encode()


def bomb(depth: int) -> bytes:
    lines = [f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth)]
    return "".join(lines).encode() + b"Content-Type: text/plain\n\n" + LETTER.encode()


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\0" * 5000, "is no mail", id="nul"),
        pytest.param(bytes(range(256)) * 100, "is no mail", id="binary"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\xff" * 1000, "is no mail", id="picture"),
        pytest.param(mail_of("x" * 21_000_000), "is larger than 20 MB", id="huge"),
        pytest.param(bomb(101), "has too many parts within parts", id="bomb"),
        pytest.param(bomb(50_000), "has too many parts within parts", id="big-bomb"),
        pytest.param(
            b"From: a@example.org\n" + b"Content-Type: message/rfc822\n\n" * 5000,
            "has too many parts",
            id="letters-in-letters",
        ),
        pytest.param(
            b"Content-Type: a/b" + b";c" * 1_000_000 + b"\n\nHello", "has a header without end", id="endless-header"
        ),
        pytest.param(
            b"Content-Type: a/b" + b";\n c" * 1_000_000 + b"\n\nHello", "has a header without end", id="endless-folded"
        ),
    ],
)
def test_a_mail_that_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path, raw: bytes, note: str) -> None:
    (tmp_path / "bad.eml").write_bytes(raw)
    (tmp_path / "good.eml").write_bytes(mail_of(LETTER))
    begin = time.process_time()
    reading = read(tmp_path)
    assert time.process_time() - begin < 10
    assert fields_of(only(reading)) == FIELDS
    assert reading.notes[0].startswith(f"{tmp_path}/bad.eml: {note}")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(bomb(90), id="deep"),
        pytest.param(mail_of("--- inquiry 1 ---\nevent: x\n" * 20_000), id="many-marks"),
        pytest.param(mail_of("--- inquiry 1 ---\nevent: " + "x" * 5_000_000, cte="base64"), id="megabytes"),
        pytest.param(mail_of("--- inquiry 1 ---\nwhy: x\n" + "|\n" * 300_000, cte="base64"), id="a-million-lines"),
        pytest.param(mail_of("--- inquiry 1 ---\nevent: x\n" + "\n" * 300_000, cte="base64"), id="a-million-gaps"),
        pytest.param(mail_of("--- inquiry 1 ---\nemail: " + "a<" * 2_000_000, cte="base64"), id="halves-of-links"),
        pytest.param(mail_of(">" * 3_000_000 + "--- inquiry 1 ---\n", cte="base64"), id="quoted-a-million-times"),
        pytest.param(
            mail_of((">" * 90 + "--- inquiry 1 ---\n" + ">" * 900 + "\n") * 5000, cte="base64"), id="quoted-often"
        ),
        pytest.param(
            mail_of("--- inquiry 1 ---\nwhy: https://a" + ")" * 190_000 + "x\n", cte="base64"), id="brackets-of-links"
        ),
        pytest.param(
            mail_of("--- inquiry 1 ---\nwhy: https://urldefense.com" + "/v3/__" * 30_000 + "\n", cte="base64"),
            id="urldefense",
        ),
        pytest.param(
            mail_of("--- inquiry 1 ---\nwhy: https://urldefense.com/v3/__" + "__;A" * 40_000 + "\n", cte="base64"),
            id="urldefense-ends",
        ),
        pytest.param(
            mail_of("--- inquiry 1 ---\nwhy: " + "https://google.com/url?q=x " * 7_000 + "\n", cte="base64"), id="links"
        ),
        pytest.param(mail_of("--- inquiry 1 ---\ndate: " + "4 June " * 700_000 + "\n", cte="base64"), id="a-long-date"),
        pytest.param(flowing("--- inquiry 1 ---\nwhy: " + "x \n" * 300_000), id="flows"),
        pytest.param(flowing("--- inquiry 1 ---\nwhy: x \n" + ">" * 3_000_000 + " \n"), id="flows-quoted"),
        pytest.param(flowing("--- inquiry 1 ---\n" + "name: \n" * 200_000), id="flows-labels"),
        pytest.param(html_mail("inquiry" + "<div>" * 200_000), id="deep-html"),
        pytest.param(html_mail("inquiry" + "<br>" * 300_000), id="wide-html"),
        pytest.param(
            b"From: " + b"(" * 500_000 + b"\nReferences: " + b"<" * 500_000 + b"\n\n" + LETTER.encode(), id="brackets"
        ),
        pytest.param(b"Subject: " + b"=?utf-8?q?=41?= " * 50_000 + b"\n\n" + LETTER.encode(), id="encoded-words"),
        pytest.param(mail_of("a").replace(b"utf-8", b"idna") + b"a." * 500_000, id="idna"),
        pytest.param(
            mail_of("a").replace(b"utf-8", b"utf-7") + LETTER.encode("utf-7").replace(b"Berlin", b"Ber+2AA-lin"),
            id="half-characters",
        ),
    ],
)
def test_hostile_mail_is_read_in_time(raw: bytes) -> None:
    begin = time.process_time()
    reading = read_bytes(raw)
    assert time.process_time() - begin < 10
    assert not [note for note in reading.notes if "could not be read" in note]
    assert all(len(value) <= 20_000 for one in reading.found for value in fields_of(one.inquiry).values())
    json.dumps([fields_of(one.inquiry) for one in reading.found], ensure_ascii=False).encode()


def test_an_error_that_nobody_foresaw_is_told_for_its_mail_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(raw: bytes) -> Any:
        if b"bad" in raw:
            raise ZeroDivisionError
        return letters(raw)

    monkeypatch.setattr(reading_module, "letters", fail)
    (tmp_path / "a.eml").write_bytes(mail_of("bad"))
    (tmp_path / "b.eml").write_bytes(mail_of(LETTER))
    reading = read(tmp_path)
    assert reading.notes == (f"{tmp_path}/a.eml: could not be read (ZeroDivisionError)",)
    assert only(reading)


def test_mail_is_found_wherever_programs_keep_it(tmp_path: Path) -> None:
    mailbox.Maildir(tmp_path / "Maildir").add(mail_of(letter_of({"event": "Maildir"})))
    places = {
        "Inbox": b"From - Fri Jun 04 09:30:00 2027\n" + mail_of(letter_of({"event": "Thunderbird"})),
        "takeout.mbox": b"From 1@xxx Fri Jun 04 09:30:00 +0000 2027\r\n" + mail_of(letter_of({"event": "Takeout"})),
        "a/b/c/deep.EML": mail_of(letter_of({"event": "Deep"})),
        "apple.emlx": b"%d      \n%s<?xml?>"
        % (len(mail_of(letter_of({"event": "Apple"}))), mail_of(letter_of({"event": "Apple"}))),
        "notes.txt": mail_of(letter_of({"event": "No mail's name"})),
        "outlook.msg": b"\xd0\xcf\x11\xe0",
    }
    for name, raw in places.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.eml")
    reading = read(tmp_path)
    assert [one.inquiry.event for one in reading.found] == ["Apple", "Deep", "Maildir", "Takeout", "Thunderbird"]
    assert reading.notes == (
        f"{tmp_path}/outlook.msg: is in Outlook's own format; save it as .eml, or forward it to yourself as an attachment",
    )
    assert only(read(tmp_path / "notes.txt")).event == "No mail's name"


def test_a_mailbox_is_split_where_mails_begin(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    box = mailbox.mbox(path)
    box.add(
        mail_of(
            letter_of({"event": "One", "why": "x\n" * 3 + "end"}) + "From here on\nFrom Rome to 2027\n>From there\n"
        )
    )
    box.add(mail_of("x" * 21_000_000, Message_ID="<2@example.org>"))
    box.add(mail_of(letter_of({"event": "From afar"}), Message_ID="<3@example.org>"))
    box.flush()
    box.close()
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    reading = read(path)
    assert [one.mails for one in reading.found] == [(f"{path}, mail 3",), (f"{path}, mail 1",)]
    assert reading.notes == (f"{path}, mail 2: is larger than 20 MB; it was passed over",)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_line_that_begins_with_from_begins_no_mail(tmp_path: Path) -> None:
    start = b"From zoe@example.org Fri Jun  4 09:30:00 2027\n"
    text = LETTER.replace("post:", "From 9:30 on\n>From Rome\n>>From far\npost:").encode()
    (tmp_path / "box").write_bytes(start + b"Subject: Hello\n\n" + text + start + b"Subject: Next\n\nHello\n")
    reading = read(tmp_path / "box")
    assert reading.mails == 2
    assert only(reading).why == FIELDS["why"] + " From 9:30 on From Rome >From far"


def test_a_copy_in_another_folder_is_the_same_mail(tmp_path: Path) -> None:
    for name in ("inbox.eml", "all.eml"):
        (tmp_path / name).write_bytes(mail_of(LETTER))
    (tmp_path / "answer.eml").write_bytes(mail_of(QUOTED, Message_ID="<2@example.org>"))
    assert read(tmp_path).found[0].mails == (f"{tmp_path}/all.eml", f"{tmp_path}/answer.eml")


def test_inquiries_stand_in_the_order_of_their_days_those_without_last(tmp_path: Path) -> None:
    for at, day in enumerate(["", "2027-06-05", "soon", "2027-06-04"]):
        (tmp_path / f"{at}.eml").write_bytes(
            mail_of(letter_of({"event": f"E{at}", "date": day}), Message_ID=f"<{at}@x.org>")
        )
    assert [one.inquiry.event for one in read(tmp_path).found] == ["E3", "E1", "E0", "E2"]


def run(*arguments: str | Path) -> int:
    """Give the status with which the command ends."""
    try:
        Commands(tasks.Collection.from_module(tasks)).run(["tasks.py", "inquiries", *map(str, arguments)])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def desk(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a saved mail and a speaker's content, in which the commands are typed."""
    assert site.content == tmp_path / "content"
    (tmp_path / "mail.eml").write_bytes(mail_of(LETTER))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def accepted(*more: str, number: str = "1") -> int:
    return run("mail.eml", "--content", "content", "--accept", number, *more)


def test_the_table_holds_what_a_speaker_asks_first(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = FIELDS | {
        "post": "https://ada.example.org/the-second-row/",
        "event": "A very long name " * 12,
        "until": "2027-06-05",
    }
    (desk / "mail.eml").write_bytes(mail_of(letter_of(own)))
    assert run("mail.eml", "--content", "content") == 0
    out, err = capsys.readouterr()
    head, row, summary = out.splitlines()
    assert head.split() == "N Date Event Place Audience Talk or topic Name E-mail Post".split()
    parts = ["1", "2027-06-04 to 2027-06-05", " ".join(own["event"].split()), "Berlin", "40 dentists", "listening"]
    assert re.split(" {2,}", row.strip()) == [*parts, "Zoë O'Neill", "zoe@example.org", "/the-second-row/"]
    assert (summary, err) == ("1 inquiry in 1 mail.", "")


def test_what_a_stranger_wrote_is_shown_and_never_obeyed(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = {
        "event": "[bold red]\x1b[2J\x07\u202egnirpS\u2066[/]:smile:",
        "date": "\x1b]0;x\x07",
        "name": "A\x9b31m\u200d",
        "place": "\x85\x0b",
    }
    (desk / "mail.eml").write_bytes(mail_of(letter_of(hostile)))
    assert run("mail.eml", "--content", "content") == 0
    out, err = capsys.readouterr()
    assert r"[bold red]\x1b[2J\x07\u202egnirpS\u2066[/]:smile:" in out
    assert r"`date` is no day that can be read: \x1b]0;x\x07" in err
    assert "A\\x9b31m\u200d" in out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2066]", out + err)


def test_in_a_terminal_the_table_keeps_to_its_width(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    assert run("mail.eml", "--content", "content") == 0
    lines = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out).splitlines()
    assert max(map(len, lines)) <= 80
    assert {"Berlin", "zoe@example.org"} <= set(" ".join(lines).split())
    assert desk


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        pytest.param("none", None, "There is no {}/none; write the path of a saved mail", id="missing"),
        pytest.param("a.eml", b"", "{0}/a.eml: is empty\n{0}/a.eml holds no mail that could be read.", id="empty"),
        pytest.param("folder/x.txt", b"Hello", "{}/folder holds no mail", id="folder-without-mail"),
    ],
)
def test_where_no_mail_is_the_command_says_so(
    desk: Path, capsys: pytest.CaptureFixture[str], name: str, raw: bytes | None, words: str
) -> None:
    path = desk / "else" / name
    if raw is not None:
        path.parent.mkdir(parents=True)
        path.write_bytes(raw)
    assert run(path.parent if "/" in name else path, "--content", "content") == 1
    assert words.format("else") in capsys.readouterr().err.replace(f"{desk}/", "")


def test_mail_without_an_inquiry_is_no_mistake(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "mail.eml").write_bytes(mail_of("Hello"))
    assert run("mail.eml", "--content", "content") == 0
    assert capsys.readouterr().out == "No inquiry in 1 mail.\n"
    assert accepted() == 1
    assert capsys.readouterr().err == "There is no inquiry 1; there is none to accept.\n"


def test_the_path_must_be_given(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (run(), desk.exists()) == (2, True)
    assert capsys.readouterr().err.startswith("inquiries needs MAIL")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_its_options_are_listed(capsys: pytest.CaptureFixture[str], option: str) -> None:
    assert run(option) == 0
    said = capsys.readouterr().out
    assert said.startswith("Usage: python3 tasks.py inquiries MAIL [--OPTION …]\n\nList the invitations to speak")
    assert "--accept" in said


@pytest.mark.parametrize("option", ["--csv", "--json", "--drafts"])
def test_a_folder_that_is_missing_is_told_first(desk: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    path = desk / "nowhere" if option == "--drafts" else desk / "nowhere" / "file"
    assert accepted(option, str(path)) == 1
    said = f"There is no folder {desk}/nowhere; make it, or choose another for {option}.\n"
    assert capsys.readouterr() == ("", said)
    assert not (desk / "content/events.toml").exists()


DIARY = """\
# Mine, all mine.
[[events]]
event = "Congress"
online = true
start = 2027-06-03T23:30:00
end = 2027-06-04T00:30:00
timezone = "UTC"
status = "tentative"

[[events]]
event = "Elsewhen"
online = true
start = 2027-06-05

[[blocked]]
start = 2027-06-01
end = 2027-06-04
note = "holiday"
"""
CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART:20270604T090000Z
DTEND:20270604T100000Z
SUMMARY:Secret
END:VEVENT
END:VCALENDAR
"""


def test_clashes_are_told_for_the_speakers_days(site: Site, desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("events.toml", DIARY)
    site.write("phone.ics", CALENDAR.replace("\n", "\r\n"))
    assert run("mail.eml", "--content", "content") == 0
    told = [
        "2027-06-03 to 2027-06-04: Congress (tentative)",
        "2027-06-01 to 2027-06-04: blocked (holiday)",
        "2027-06-04: phone.ics",
    ]
    assert capsys.readouterr().err.splitlines() == [f"Warning: inquiry 1 clashes with {line}" for line in told]
    site.write("speaker.toml", (desk / "content/speaker.toml").read_text("utf-8") + 'timezone = "America/New_York"\n')
    assert run("mail.eml", "--content", "content") == 0
    assert "Congress" not in capsys.readouterr().err


def test_a_broken_diary_keeps_nobody_from_reading_mail(
    site: Site, desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("events.toml", "[[events]]\nevent = 1\n")
    site.write("phone.ics", "x")
    assert run("mail.eml", "--content", "content") == 0
    out, err = capsys.readouterr()
    assert "Spring meeting" in out
    assert "Warning: content/events.toml:2: `event` has the wrong shape" in err
    assert "Warning: content/phone.ics:1: " in err
    assert "Warning: clashes with other dates could not be looked for." in err
    assert desk


def test_json_holds_every_field_as_it_was_written(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "mail.eml").write_bytes(mail_of(letter_of(HARD)))
    assert run("mail.eml", "--content", "content", "--json", "all.json") == 0
    (one,) = json.loads((desk / "all.json").read_bytes())
    assert {key: one[key] for key in ORDER} == {key: HARD.get(key, "") for key in ORDER}
    assert (one["number"], one["mails"], one["complete"], one["clashes"]) == (1, ["mail.eml"], True, [])
    assert one["id"].startswith("inquiry-")
    assert "Wrote all.json." in capsys.readouterr().out


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '"=1', "a;=1", "a\n=1", "=cmd|'/C calc'!A0"]


@pytest.mark.parametrize("value", FORMULAS)
def test_no_cell_of_the_csv_is_a_formula(desk: Path, value: str) -> None:
    from tools.inquiries.files import Listed, as_csv
    from tools.inquiries.reading import Found

    source = read(desk / "mail.eml").found[0].sources[0]
    raw = as_csv([Listed(1, Found(Inquiry(event=value, why=value, name="plain - name; a-b"), (source,)), (value,))])
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert not [cell for cell in row if re.match(r"[\s\"]*[=+\-@＝＋－＠]", cell)]
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["event"].replace("'", "") == value.replace("'", "")
    assert (row["name"], row["number"]) == ("plain - name; a-b", "1")


@pytest.mark.parametrize("option", ["--csv", "--json"])
def test_no_file_is_written_over(desk: Path, capsys: pytest.CaptureFixture[str], option: str) -> None:
    (desk / "mine").write_text("mine")
    assert accepted(option, "mine") == 1
    assert capsys.readouterr().err == f"{desk}/mine is there already; choose another file for {option}.\n"
    assert ((desk / "mine").read_text(), (desk / "content/events.toml").exists()) == ("mine", False)


@pytest.mark.parametrize(
    "old",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xef\xbb\xbf", id="bom-only"),
        pytest.param(DIARY.encode(), id="plain"),
        pytest.param(b"\xef\xbb\xbf" + DIARY.encode(), id="bom"),
        pytest.param(DIARY.replace("\n", "\r\n").encode(), id="crlf"),
        pytest.param(DIARY.rstrip().encode(), id="no-final-newline"),
        pytest.param(b"# nothing yet", id="comment"),
        pytest.param(DIARY.encode() + b"   \n\n\n\t# end  \n\n", id="odd-white-space"),
        pytest.param(b"[[ 'events' ]]\nstart=2027-01-01 #x\nevent='''a\n[[blocked]]'''\nonline=true", id="odd-style"),
        pytest.param(b"blocked = [{start = 2027-01-01}, {start = 2027-01-02, note = 'x'}]", id="inline-blocked"),
    ],
)
def test_accepting_adds_lines_and_touches_no_byte(desk: Path, old: bytes | None) -> None:
    path = desk / "content/events.toml"
    if old is not None:
        path.write_bytes(old)
        path.chmod(0o640)
    assert accepted() == 0
    new = path.read_bytes()
    assert new.startswith(old or b"")
    added = new.removeprefix(old or b"").decode()
    assert ("\r\n" in added, added.replace("\r\n", "\n").count("\r")) == (bool(old and b"\r\n" in old), 0)
    assert not old or path.stat().st_mode & 0o777 == 0o640
    assert names(desk / "content") == ["events.toml", "pages", "speaker.toml"]
    before = tomllib.loads((old or b"").decode("utf-8-sig"))
    after = tomllib.loads(new.decode("utf-8-sig"))
    mine = after["events"].pop()
    assert {**after, "events": after["events"]} == {"events": [], **before}
    assert mine == {
        "title": "listening",
        "event": "Spring meeting",
        "place": "Berlin",
        "start": dt.date(2027, 6, 4),
        "public": False,
        "status": "tentative",
        "id": mine["id"],
    }
    diary = events.load(path, "events.toml", "Europe/Berlin", "example.org")
    assert not any(event.public for event in diary.events if event.event == "Spring meeting")


@pytest.mark.parametrize(
    ("old", "words"),
    [
        pytest.param(b"a = 1\n[[events]\n", "content/events.toml:2: this line cannot be read as TOML", id="broken"),
        pytest.param(b"a = 1\nb = '\xff'\n", "content/events.toml:2: this is not UTF-8", id="not-utf-8"),
        pytest.param(b"a = 1\nevents = []\n", "content/events.toml:2: `events` is written as one value", id="inline"),
        pytest.param(b"a = 1\nevents = 1\n", "content/events.toml:2: `events` is written as one value", id="number"),
        pytest.param(b"[events]\n", "content/events.toml:1: `events` is written as one value", id="table"),
    ],
)
def test_a_diary_that_is_wrong_is_left_alone(
    desk: Path, capsys: pytest.CaptureFixture[str], old: bytes, words: str
) -> None:
    (desk / "content/events.toml").write_bytes(old)
    assert accepted() == 1
    assert any(line.startswith(words) for line in capsys.readouterr().err.splitlines())
    assert (desk / "content/events.toml").read_bytes() == old
    assert not list(desk.glob("reply*"))


def test_an_inquiry_is_accepted_once(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accepted() == 0
    before = (desk / "content/events.toml").read_bytes()
    (desk / "mail.eml").write_bytes(mail_of(QUOTED))
    assert accepted() == 1
    err = [line for line in capsys.readouterr().err.splitlines() if " | " not in line]
    assert err[-2:] == [
        "Warning: 1: this inquiry has been accepted already",
        "content/events.toml:8: this inquiry has been accepted already.",
    ]
    assert (desk / "content/events.toml").read_bytes() == before


def test_without_a_day_the_lines_are_given_to_be_written_by_hand(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "mail.eml").write_bytes(mail_of(letter_of(FIELDS | {"date": "", "when": "in June"})))
    assert accepted() == 1
    err = capsys.readouterr().err
    assert err.startswith(
        "No day is fixed for this one. Put it into content/events.toml yourself, with the day:\n\n[[events]]\n"
    )
    by_hand = err[err.index("[[") :].replace("# start = 2027-06-04 ", "start = 2027-06-04 #")
    assert tomllib.loads(by_hand)["events"][0]["start"] == dt.date(2027, 6, 4)
    assert not (desk / "content/events.toml").exists()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        pytest.param({"until": "2027-06-06"}, {"end": dt.date(2027, 6, 6)}, id="days"),
        pytest.param({"place": "Online"}, {"online": True, "place": None}, id="online"),
        pytest.param({"place": ""}, {"place": "not known yet"}, id="no-place"),
        pytest.param({"event": ""}, {"event": "An event without a name"}, id="no-event"),
        pytest.param({"talk": "the-second-row"}, {"talk": "the-second-row"}, id="talk"),
        pytest.param({"talk": "named"}, {"talk": "named"}, id="talk-by-slug"),
        pytest.param({"talk": "forged"}, {"talk": None}, id="unknown-talk"),
        pytest.param({"event": 'a"""\\"\n[[x]]\x1b\u202e\x7f\x85'}, {"event": 'a"""\\" [[x]]'}, id="toml-in-a-name"),
    ],
)
def test_what_was_asked_becomes_the_event(
    site: Site, desk: Path, fields: dict[str, str], wanted: dict[str, object]
) -> None:
    site.write("talks/2026-01-01-the-second-row.md", "title: x\n")
    site.write("talks/other.md", "title: x\nslug: named\n")
    text = letter_of(FIELDS | {key: value.replace("\n", " ") for key, value in fields.items()})
    (desk / "mail.eml").write_bytes(mail_of(text))
    assert accepted() == 0
    (event,) = tomllib.loads((desk / "content/events.toml").read_text("utf-8"))["events"]
    assert {key: event.get(key) for key in wanted} == wanted
    assert events.load(desk / "content/events.toml", "x", "UTC", "example.org").events[0].status == "tentative"


def test_the_answer_is_a_draft_in_the_same_thread(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = mail_of(
        LETTER,
        Subject="Re: RE: Will you speak, Zoë?",
        References="<a@x.org> junk <b@x.org>",
        From="Zoë <Zoe@Example.org>",
    )
    (desk / "mail.eml").write_bytes(raw)
    (desk / "reply-spring-meeting.eml").write_text("mine")
    assert accepted("--drafts", "content") == 0
    assert accepted() == 1
    (desk / "content/events.toml").unlink()
    assert accepted() == 0
    assert "Wrote the draft of an answer, reply-spring-meeting-2.eml." in capsys.readouterr().out
    assert (desk / "reply-spring-meeting.eml").read_text() == "mine"
    written = (desk / "reply-spring-meeting-2.eml").read_bytes()
    assert written == (desk / "content/reply-spring-meeting.eml").read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")
    message = message_from_bytes(written, policy=default)
    heads = {name: str(message[name]) for name in ("X-Unsent", "From", "To", "Subject", "In-Reply-To", "References")}
    assert heads == {
        "X-Unsent": "1",
        "From": "Ada Example <ada@example.org>",
        "To": "Zoë O'Neill <zoe@example.org>",
        "Subject": "Re: Will you speak, Zoë?",
        "In-Reply-To": "<1@example.org>",
        "References": "<a@x.org> <b@x.org> <1@example.org>",
    }
    text = message.get_content().replace("\r\n", "\n")
    assert text.startswith("Dear Zoë O'Neill,\n\nThank you for asking me to speak at Spring meeting on 4 June 2027.")
    assert fields_of(only(read(desk / "reply-spring-meeting-2.eml"))) == FIELDS


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "a@b.org, c@d.org",
        "a@b.org c@d.org",
        "a@b.org;c@d.org",
        "<a@b.org> c",
        "a@b.org\nBcc: c@d.org",
        "a@b.org\rBcc: c@d.org",
        "é@b.org",
        "a@b",
        "a" * 300 + "@b.org",
        "\u202ea@b.org",
        "a@b.org%0ABcc:c@d.org",
    ],
)
def test_no_header_is_made_of_what_is_no_address(desk: Path, capsys: pytest.CaptureFixture[str], email: str) -> None:
    (desk / "mail.eml").write_bytes(
        mail_of(letter_of(FIELDS).replace("zoe@example.org", email).replace("Zoë O'Neill", "Zoë\rBcc: c@d.org"))
    )
    assert accepted() == 0
    message = message_from_bytes((desk / "reply-spring-meeting.eml").read_bytes(), policy=default)
    assert sorted(message.keys()) == sorted(
        ["X-Unsent", "From", "Subject", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )
    assert "write the address yourself" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "subject", "message_id"),
    [
        pytest.param("Zoë\x85Bcc: c@d.org", "Hello", "<1@example.org>", id="line-ends"),
        pytest.param('"Zoë" <eve@example.org>, Eve', "Hello", "<1@example.org>", id="addresses-in-the-name"),
        pytest.param(
            "=?utf-8?q?Zo=0D=0ABcc:c@d.org?=",
            "=?utf-8?q?a=0D=0ABcc:c@d.org?=",
            "<1@example.org>",
            id="encoded-line-ends",
        ),
        pytest.param("x" * 5000, "y" * 5000, "<" + "1" * 5000 + "@example.org>", id="long"),
        pytest.param("\U0001f469\u200d\U0001f467 \u202eevil", "\u2028", "<a b@example.org>", id="hard"),
    ],
)
def test_no_header_is_made_of_what_a_stranger_wrote(desk: Path, name: str, subject: str, message_id: str) -> None:
    head = f"From: zoe@example.org\nSubject: {subject}\nMessage-ID: {message_id}\nContent-Type: text/plain; charset=utf-8\n\n"
    (desk / "mail.eml").write_bytes((head + letter_of(FIELDS | {"name": name})).encode())
    assert accepted() == 0
    (draft,) = desk.glob("reply-*.eml")
    message = message_from_bytes(draft.read_bytes(), policy=default)
    assert [address.addr_spec for address in message["To"].addresses] == ["zoe@example.org"]
    assert not {"bcc", "cc"} & {key.lower() for key in message}
    assert ("In-Reply-To" in message) is (len(message_id) == 15)
    assert max(map(len, draft.read_bytes().splitlines())) < 999


def test_a_forward_is_not_the_message_to_answer(desk: Path) -> None:
    (desk / "mail.eml").write_bytes(mail_of(f"{LONG_MARK}{LETTER}", From="colleague@example.org", Subject="Fwd: Hello"))
    assert accepted() == 0
    message = message_from_bytes((desk / "reply-spring-meeting.eml").read_bytes(), policy=default)
    assert (message["To"], message["Subject"], message["In-Reply-To"]) == (
        "Zoë O'Neill <zoe@example.org>",
        "Re: Spring meeting",
        None,
    )


def test_where_the_diary_cannot_be_written_no_draft_is_left(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "content/events.toml").write_text(DIARY)

    def fail(_: Path, target: Path) -> None:
        raise PermissionError(13, "no", str(target))

    monkeypatch.setattr(Path, "replace", fail)
    assert accepted() == 1
    assert "no" in capsys.readouterr().err
    assert (desk / "content/events.toml").read_text() == DIARY
    assert names(desk) == ["content", "mail.eml"]
    assert names(desk / "content") == ["events.toml", "pages", "speaker.toml"]


def test_a_link_to_the_diary_stays_a_link(desk: Path) -> None:
    (desk / "real.toml").write_text(DIARY)
    (desk / "content/events.toml").symlink_to(desk / "real.toml")
    assert accepted() == 0
    assert (desk / "content/events.toml").is_symlink()
    assert "Spring meeting" in (desk / "real.toml").read_text()


@pytest.mark.parametrize("number", ["0", "2", "x", "-1", "1.0", "²"])
def test_only_a_number_of_the_table_can_be_accepted(
    desk: Path, capsys: pytest.CaptureFixture[str], number: str
) -> None:
    assert accepted(number=number) == (1 if number in {"0", "2"} else 2)
    assert re.match(
        r"(There is no inquiry \d; write a number from 1 to 1|--accept must be a number from the table)",
        capsys.readouterr().err,
    )
    assert not (desk / "content/events.toml").exists()


def test_what_is_accepted_builds(site: Site, desk: Path) -> None:
    assert accepted() == 0
    site.build()
    public = "".join(path.read_text("utf-8", errors="replace") for path in site.output.rglob("*") if path.is_file())
    assert "Spring meeting" not in public
    assert desk


def test_the_letter_of_a_page_without_a_script_is_read_too() -> None:
    words = load_words(ROOT / "theme" / "words", "theme/words", "en")
    speaker = Speaker("Ada Example", "Ada", "speaks", "ada@example.org", "https://ada.example.org/")
    questions = {key: f"letter_{key}" if key in {"date", "until"} else f"field_{key}" for key in BLOCK[:-1]}
    questions = {key: words.say(name) for key, name in questions.items()}
    form = Asked({label.casefold(): key for key, label in questions.items()}, DateReader(words))
    asked = invitation(speaker, words, talk=("the-second-row", "The Second Row"))
    body = parse_qs(urlsplit(asked.mailto).query)["body"][0]
    assert body.count("\r\n--- ") == 2
    assert [fields_of(block.inquiry) for block in blocks(body, form)] == [{"talk": "The Second Row"}]
    answers = {key: f"{key} 1: x" for key in BLOCK[:-1] if key not in {"talk", "date", "until", "email"}}
    answers |= {"talk": "The Second Row", "date": "2027-06-04", "until": "2027-06-05", "email": "a@example.org"}
    for key, answer in answers.items():
        body = body.replace(f"\r\n{questions[key]}: \r\n", f"\r\n{questions[key]}: {answer}\r\n")
    (block,) = blocks(body, form)
    assert (fields_of(block.inquiry), block.notes) == (answers, ())


def test_the_keys_are_the_same_everywhere() -> None:
    script = (ROOT / "theme" / "static" / "inquiry.js").read_text("utf-8")
    assert tuple(BLOCK) == KEYS
    assert " ".join(BLOCK) in script


def flowed(text: str, *, delsp: bool = False) -> bytes:
    kind = f"Content-Type: text/plain; charset=utf-8; format=flowed{'; delsp=yes' if delsp else ''}"
    head = f"From: zoe@example.org\r\nMessage-ID: <1@example.org>\r\n{kind}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return (head + text.replace("\n", "\r\n")).encode()


def softly(line: str, depth: int, width: int, *, delsp: bool) -> list[str]:
    """Break a line as RFC 3676 has it: anywhere where the blank at the end is to be deleted, else behind blanks."""
    parts = [line[at : at + width] for at in range(0, len(line), width)] if delsp else re.findall("[^ ]*(?: |$)", line)
    parts = [part for part in parts if part] or [""]
    stuffed = [f" {part}" if depth or part.startswith((" ", ">", "From ")) else part for part in parts]
    marked = [f"{'>' * depth}{part}" for part in stuffed]
    return [f"{part} " if delsp else part for part in marked[:-1]] + marked[-1:]


@given(
    st.lists(st.tuples(st.integers(0, 3), _LINE.map(str.rstrip)), max_size=9), st.integers(1, 70), st.sampled_from("yn")
)
@settings(deadline=None)
@example([(0, "> stuffed"), (0, " indented"), (1, ""), (2, "From afar")], 3, "y")
def test_lines_that_were_broken_softly_are_whole_again(lines: list[tuple[int, str]], width: int, deleted: str) -> None:
    delsp = deleted == "y"
    sent = [part for depth, line in lines for part in softly(line, depth, width, delsp=delsp)]
    assume(not any(part.lstrip("> ").startswith("--") for part in sent))
    expected = [f"{'>' * depth} {line}" if depth else line for depth, line in lines]
    assert unflowed("\r\n".join(sent), delsp=delsp).split("\n") == (expected or [""])


CUT_WORDS = (
    "--- inquiry 1 ---\nevent: Spring meet \ning\ndate: 2027-06-04\npost: https://exam \nple.org/x/\n--- end ---\n"
)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        pytest.param(
            flowed(CUT_WORDS, delsp=True),
            {"event": "Spring meeting", "date": "2027-06-04", "post": "https://example.org/x/"},
            id="within words",
        ),
        pytest.param(
            flowed("".join(f"> {line}\n" for line in CUT_WORDS.splitlines()), delsp=True),
            {"event": "Spring meeting", "date": "2027-06-04", "post": "https://example.org/x/"},
            id="quoted",
        ),
        pytest.param(
            flowed(CUT_WORDS.replace("ing\n", ">ing\n").replace("meet \n", "meet \n ")),
            {"event": "Spring meet >ing", "date": "2027-06-04", "post": "https://example.org/x/"},
            id="stuffed",
        ),
        pytest.param(
            flowed("--- inquiry 1 ---\nevent: x\nplace: \naudience: \nname: Zoë\n--- end ---\n"),
            {"event": "x", "name": "Zoë"},
            id="blanks behind empty labels",
        ),
        pytest.param(
            flowed(f"--- inquiry 1 ---\nevent: x\nother: {'words ' * 12}\nname: Eve\n--- end ---\n"),
            {"event": "x", "other": f"{'words ' * 12}name: Eve"},
            id="a label within a long line",
        ),
        pytest.param(
            flowed("Hello \n-- \nZoë\n--- inquiry 1 ---\nevent: x\n--- end ---\n", delsp=True),
            {"event": "x"},
            id="signature",
        ),
        pytest.param(
            flowed("> Hello \n--- inquiry 1 ---\nevent: a \n> b\n--- end ---\n"), {"event": "a > b"}, id="other depth"
        ),
    ],
)
def test_a_mail_with_flowing_lines(raw: bytes, fields: dict[str, str]) -> None:
    assert fields_of(only(read_bytes(raw))) == fields


def test_a_signature_begins_a_line_of_its_own() -> None:
    assert unflowed("> Hello \n> -- \n> Zoë \n> Zwei\n-- \nMe") == "> Hello \n> -- \n> Zoë Zwei\n-- \nMe"


LINK = "https://talks.example.org/a?b=c%20d&e=f"
IN_QUERY = quote(LINK, safe="")
SAFE = f"https://eur03.safelinks.protection.outlook.com/?url={IN_QUERY}&data=05%7C02%7Czoe%40example.org&reserved=0"
THIRD = "https://urldefense.com/v3/__https:/talks.example.org/a?b=c*20d&e=f__;JQ!!AbC123!xyz-_$"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SAFE, LINK, id="Outlook"),
        pytest.param(SAFE.replace("eur03.", "gcc02."), LINK, id="Outlook, elsewhere"),
        pytest.param(SAFE.replace("outlook.com", "office365.us"), LINK, id="Outlook, of a government"),
        pytest.param(f"see {SAFE}, or ({SAFE}).", f"see {LINK}, or ({LINK}).", id="in a sentence"),
        pytest.param(f"https://linkprotect.cudasvc.com/url?a={IN_QUERY}&c=E,1,x&typo=1", LINK, id="Barracuda"),
        pytest.param(f"https://urldefense.proofpoint.com/v1/url?u={IN_QUERY}&k=a", LINK, id="Proofpoint 1"),
        pytest.param(
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__talks.example.org_a-3Fb-3Dc-2520d-26e-3Df&d=x",
            LINK,
            id="Proofpoint 2",
        ),
        pytest.param(THIRD, LINK, id="Proofpoint 3"),
        pytest.param(
            "https://urldefense.com/v3/__https://example.org/**Bx__;w7zDtsOk!!A!b$",
            "https://example.org/üöäx",
            id="a run",
        ),
        pytest.param(f"https://www.google.com/url?q={IN_QUERY}&sa=D", LINK, id="Google"),
        pytest.param(f"https://www.google.co.uk/url?sa=t&url={IN_QUERY}", LINK, id="Google, elsewhere"),
        pytest.param(
            f"https://linkprotect.cudasvc.com/url?a={quote(SAFE, safe='')}&c=E", LINK, id="one within another"
        ),
        pytest.param("https://evil.example/?url=https%3A%2F%2Fx.example", None, id="another host"),
        pytest.param("https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fx", None, id="like it"),
        pytest.param("https://nam01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)", None, id="script"),
        pytest.param("https://nam01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa%0Aname:x", None, id="line"),
        pytest.param("https://protect-de.mimecast.com/s/AbCdEf?domain=example.org", None, id="nobody can tell"),
        pytest.param("https://urldefense.com/v3/__https://a.example/*__;%%!!A!b$", None, id="broken"),
        pytest.param("https://[/?url=x https://urldefense.com/v3/__x__;!", None, id="no address"),
        pytest.param("https://www.google.com/search?q=https%3A%2F%2Fx.example", None, id="a search"),
    ],
)
def test_wrappers_are_taken_off(text: str, expected: str | None) -> None:
    assert unwrapped(text) == (expected or text)


@given(st.text(max_size=200), st.sampled_from([SAFE, THIRD, "https://www.google.com/url?q=", "__;*!"]))
@settings(deadline=None)
def test_no_wrapper_breaks_the_reader(text: str, wrapper: str) -> None:
    assert isinstance(unwrapped(wrapper[: len(text)] + text + wrapper), str)


def test_an_address_is_unwrapped_wherever_it_stands() -> None:
    text = letter_of(FIELDS | {"topic": f"like {SAFE}", "why": f"one\n{SAFE}", "post": SAFE})
    found = fields_of(only(read_bytes(mail_of(text))))
    assert (found["topic"], found["why"], found["post"]) == (f"like {LINK}", f"one\n{LINK}", LINK)
    twice = letter_of(FIELDS | {"post": f"{LINK}<{SAFE}>"})
    assert only(read_bytes(mail_of(twice))).post == LINK


@pytest.mark.parametrize(
    ("key", "written", "expected"),
    [
        pytest.param("post", f"[{LINK}]({SAFE})", LINK, id="as Markdown"),
        pytest.param("post", f"<{SAFE}>", LINK, id="between signs"),
        pytest.param("email", "<zoe@example.org>", "zoe@example.org", id="an address between signs"),
        pytest.param("email", "zoe@example.org <MAILTO:zoe@example.org>", "zoe@example.org", id="an address twice"),
        pytest.param("email", "[zoe@example.org](mailto:zoe@example.org)", "zoe@example.org", id="a Markdown link"),
        pytest.param("email", SAFE.replace(IN_QUERY, "mailto%3Azoe%40example.org"), "zoe@example.org", id="wrapped"),
        pytest.param("email", "zoe@example.org <zoe@evil.example>", None, id="two addresses"),
        pytest.param("email", "Zoe <zoe@example.org>", None, id="a name beside it"),
    ],
)
def test_an_address_that_a_program_made_a_link_is_the_address(key: str, written: str, expected: str | None) -> None:
    assert getattr(only(read_bytes(mail_of(letter_of(FIELDS | {key: written})))), key) == (expected or written)


def test_a_mail_that_names_a_wider_charset_than_it_has_is_read() -> None:
    raw = mail_of(letter_of(FIELDS)).replace(b'charset="utf-8"', b'charset="utf-16"')
    assert b"utf-16" in raw
    assert fields_of(only(read_bytes(raw))) == fields_of(only(read_bytes(mail_of(letter_of(FIELDS)))))


def winmail(*, beside: str = "", name: str = "winmail.dat") -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "zoe@example.org"
    if beside:
        message.set_content(beside)
    message.add_attachment(b"\x78\x9f\x3e\x22", maintype="application", subtype="ms-tnef", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("raw", "count"),
    [
        pytest.param(winmail(), 1, id="alone"),
        pytest.param(winmail(beside="Hello"), 1, id="beside a text"),
        pytest.param(winmail(name="x.bin"), 1, id="by its type"),
        pytest.param(winmail().replace(b"ms-tnef", b"octet-stream"), 1, id="by its name"),
        pytest.param(
            winmail().replace(b"application/ms-tnef", b"application/octet-stream").replace(b"winmail.dat", b"Part 1.2"),
            1,
            id="by how it begins",
        ),
        pytest.param(winmail(beside=LETTER), 0, id="with an inquiry"),
    ],
)
def test_a_mail_that_only_outlook_can_open_says_so(raw: bytes, count: int) -> None:
    assert sum("holds a winmail.dat" in note for note in read_bytes(raw).notes) == count


def words_of(months: str, long_date: str, days: str) -> Words:
    """The words of another language, as far as days are made of them."""
    english = load_words(ROOT / "theme" / "words", "theme/words", "en")
    changed = {"words": english.words | {"days": days}}
    dates = msgspec.structs.replace(english.dates, long_date=long_date, day_month=long_date)
    names = msgspec.structs.replace(english.months, names=tuple(months.split()))
    return msgspec.structs.replace(english, dates=dates, months=names, **changed)


READERS = {
    "en": DateReader(),
    "de": DateReader(
        words_of(
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "{day}. {month} {year}",
            "{first} bis {last}",
        )
    ),
    "fr": DateReader(
        words_of(
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "{day} {month} {year}",
            "du {first} au {last}",
        )
    ),
    "es": DateReader(
        words_of(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "{day} de {month} de {year}",
            "{first} a {last}",
        )
    ),
    "ja": DateReader(
        words_of(
            "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月", "{year}年{number}月{day}日", "{first}から{last}まで"
        )
    ),
    "ar": DateReader(
        words_of(
            "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
            "{day} {month} {year}",
            "{first} إلى {last}",
        )
    ),
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(
            ("en", text)
            for text in (
                "4 June 2027|4June2027|04.06.2027|4.6.2027|4. 6. 2027|June 4, 2027|Jun. 4, 2027|JUNE 4TH 2027|"
                "4th of June 2027|the 4th of June, 2027|Fri, 4 June 2027|Friday, June 4, 2027|4 June 2027 (Fri)|"
                "2027/06/04|2027.06.04|2027-6-4|20270604|4-June-2027|2027 June 4|4. Juni 2027|２０２７－０６－０４|2027年6月4日"
            ).split("|")
        ),
        *(
            ("de", text)
            for text in "4. Juni 2027|4.Juni 2027|Freitag, 4. Juni 2027|4. Jun. 2027|June 4, 2027".split("|")
        ),
        *(("fr", text) for text in "4 juin 2027|vendredi, 4 juin 2027".split("|")),
        *(("es", text) for text in "4 de junio de 2027|4 jun 2027".split("|")),
        *(("ja", text) for text in "2027年6月4日|２０２７年６月４日（金）|2027年06月04日 金曜日".split("|")),
        *(("ar", text) for text in "٤ يونيو ٢٠٢٧|٢٠٢٧-٠٦-٠٤|٢٠٢٧/٠٦/٠٤".split("|")),
    ],
)
def test_a_day_is_read_as_people_write_it(language: str, text: str) -> None:
    assert READERS[language].read(text) == (dt.date(2027, 6, 4), dt.date(2027, 6, 4))


@pytest.mark.parametrize(
    ("language", "text", "days"),
    [
        *(
            ("en", text, "2027-06-04 2027-06-06")
            for text in (
                "4–6 June 2027|4-6 June 2027|4 - 6 June 2027|June 4-6, 2027|June 4 to 6, 2027|from 4 to 6 June 2027|"
                "2027-06-04 to 2027-06-06|2027-06-04/2027-06-06|2027-06-04–06|4.-6.6.2027|04.06.–06.06.2027|"
                "04.06.2027-06.06.2027|Fri 4 - Sun 6 June 2027|2027年6月4日〜6日"
            ).split("|")
        ),
        ("en", "30 June-2 July 2027", "2027-06-30 2027-07-02"),
        ("en", "30 December – 2 January 2028", "2027-12-30 2028-01-02"),
        ("de", "4. bis 6. Juni 2027", "2027-06-04 2027-06-06"),
        ("fr", "du 4 au 6 juin 2027", "2027-06-04 2027-06-06"),
        ("es", "4 a 6 de junio de 2027", "2027-06-04 2027-06-06"),
        ("ja", "2027年6月4日から6日まで", "2027-06-04 2027-06-06"),
    ],
)
def test_several_days_are_read_as_people_write_them(language: str, text: str, days: str) -> None:
    assert " ".join(map(str, READERS[language].read(text) or ())) == days


@pytest.mark.parametrize(
    "text",
    "4/6/2027|04-06-2027|4.6.27|4 June|June 2027|31 June 2027|Mon, 4 June 2027|before 4 June 2027|not 4 June 2027|"
    "4 or 5 June 2027|6 to 4 June 2027|4 June 2027, 9 am|Ju 4 2027|4 juin 2027|6 June - 4 June 2027|4 June 12027|1899-12-31|2027-13-01|"
    "4 June 2027 5 June 2027|٢٠٢٧-٠٦-٠٤|00.06.2027|soon|".split("|"),
)
def test_what_could_be_two_days_or_none_is_not_read(text: str) -> None:
    assert READERS["en"].read(text) is None


@given(st.text(st.characters() | st.sampled_from("0123456789-–./, mJune年月日"), max_size=120))
@settings(deadline=None)
def test_no_text_breaks_the_reader_of_days(text: str) -> None:
    for reader in READERS.values():
        days = reader.read(text)
        assert days is None or days[0] <= days[1]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.sampled_from(sorted(READERS)))
@settings(deadline=None)
def test_a_day_in_the_words_of_the_site_is_that_day(day: dt.date, language: str) -> None:
    forms = [f"{day:%Y/%m/%d}", f"{day.day}.{day.month}.{day.year}", f"{day.year}年{day.month}月{day.day}日"]
    for form in forms:
        assert READERS[language].read(form) == (day, day)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("4 June 2027", "2027-06-04", id="read"),
        pytest.param("4–6 June 2027", "2027-06-04 to 2027-06-06", id="days"),
        pytest.param("the first week of June 2027", "the first week of June 2027", id="as it was written"),
        pytest.param("4/6/2027", "4/6/2027", id="could be two"),
    ],
)
def test_a_day_in_words_is_told_and_looked_for(
    site: Site, desk: Path, capsys: pytest.CaptureFixture[str], written: str, shown: str
) -> None:
    site.write("events.toml", '[[events]]\nevent = "Own"\nplace = "Bonn"\nstart = 2027-06-04\n')
    (desk / "mail.eml").write_bytes(mail_of(LETTER.replace("date: 2027-06-04", f"Date, like 2027-06-04: {written}")))
    assert run("mail.eml", "--content", "content") == 0
    told = capsys.readouterr()
    assert shown in told.out
    assert ("clashes with 2027-06-04: Own" in told.err) == shown.startswith("2027")
    assert (f"`date` is no day that can be read: {written}" in told.err) != shown.startswith("2027")


def test_the_answer_says_several_days_as_the_site_does(desk: Path) -> None:
    (desk / "mail.eml").write_bytes(mail_of(LETTER.replace("date: 2027-06-04", "date: June 4-6, 2027")))
    assert accepted() == 0
    written = message_from_bytes((desk / "reply-spring-meeting.eml").read_bytes(), policy=default)
    assert "speak at Spring meeting (4–6 June 2027)." in written.get_content()
    (event,) = tomllib.loads((desk / "content/events.toml").read_text("utf-8"))["events"]
    assert (event["start"], event["end"]) == (dt.date(2027, 6, 4), dt.date(2027, 6, 6))
