from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from sites import ROOT, SPEAKER, Site

from plugins.problems import SiteError
from plugins.reading import front_matter
from plugins.speaker import load_speaker
from tools.desk.fresh_files import FRESH_SPEAKER, with_answers
from tools.desk.letters import TALK_HEAD
from tools.inquiries import accept
from tools.inquiries.block import Inquiry
from tools.inspection import samples
from tools.inspection.leftovers import in_toml

ANSWERS = {
    key: value
    for key, value in tomllib.loads(SPEAKER).items()
    if key in {"name", "given_name", "line", "email", "site"}
}
FRESH = with_answers(FRESH_SPEAKER.read_bytes(), ANSWERS).decode().splitlines()
SAMPLES = [at for at, line in enumerate(FRESH) if re.match(r"# [a-z_0-9]+ = ", line)]
# Choices, what is empty, and a word that may be anybody's.
NO_SAMPLES = {
    *("availability", "mailing_list", "focus"),
    *("bio", "characters_78", "characters_150", "words_50", "words_100", "words_250", "fees", "travel"),
    "label",
}


def uncommented(at: int) -> str:
    """Take the # from one value, with all its lines, and from the name of its table."""
    lines = FRESH.copy()
    end = at
    if lines[at].count('"""') == 1:
        end = next(n for n in range(at + 1, len(lines)) if '"""' in lines[n])
    for n in range(at, end + 1):
        lines[n] = lines[n].removeprefix("# ")
    table = next((n for n in range(at, -1, -1) if re.match(r"(# )?\[+\w+\]+$", lines[n])), None)
    if table is not None:
        lines[table] = lines[table].removeprefix("# ")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("at", SAMPLES, ids=[FRESH[at].split()[1] + f"-{at}" for at in SAMPLES])
def test_each_sample_of_a_fresh_speaker_is_found_on_its_line(at: int, tmp_path: Path) -> None:
    key = FRESH[at].split()[1]
    text = uncommented(at)
    tomllib.loads(text)
    found = list(in_toml(text, "content/speaker.toml", tmp_path))
    if key in NO_SAMPLES:
        assert found == []
        return
    assert {(problem.line, problem.rule) for problem in found} == {(at + 1, "leftovers")}
    assert len(found) == (2 if key == "topics" else 1), "each of the two says so itself"


def test_there_are_samples_to_find_and_the_names_of_the_others_are_right() -> None:
    keys = {FRESH[at].split()[1] for at in SAMPLES}
    assert keys >= NO_SAMPLES - {"mailing_list"}
    assert len(keys - NO_SAMPLES) >= 15


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        pytest.param('av = ["a Clip-on  microphone."]', 7, id="one of two, written otherwise"),
        pytest.param('av = [\n  "A glass of water",\n  "A clip-on microphone",\n]', 7, id="over several lines"),
        pytest.param('introduction = "Please welcome {name}."', 7, id="in one line"),
        pytest.param('[headshot]\nfile = "kit/ada.jpg"\nalt = "Ada"\ncredit = "WHO TOOK IT"', 10, id="one of a table"),
        pytest.param('topics = ["bridges", "[your topic too]"]', 7, id="beside one's own"),
        pytest.param(
            '[[profiles]]\nlabel = "Own"\nurl = "https://ada.example.org/"\n[[profiles]]\nlabel = "LinkedIn"\n'
            'url = "https://www.linkedin.com/in/your-name"',
            12,
            id="the second table",
        ),
        pytest.param("as_of = 2001-01-01", 7, id="a day"),
        pytest.param('av = ["A clip-on microphone", "A lectern"]', None, id="a list with more"),
        pytest.param('av = ["A clip-on microphone; no lectern"]', None, id="the beginning alone"),
        pytest.param('pronouns = "they / them"', None, id="real pronouns"),
        pytest.param('topics = ["listening", "small groups"]', None, id="real topics"),
        pytest.param('[[profiles]]\nlabel = "LinkedIn"\nurl = "https://www.linkedin.com/in/ada"', None, id="a network"),
        pytest.param('bio = "Who took it"', None, id="a sample of another key"),
        pytest.param('language = "en"\ntimezone = "UTC"\npermalink = "{slug}/"', None, id="what a fresh file means"),
        pytest.param("availability = true\nas_of = 2026-01-01", None, id="a choice"),
    ],
)
def test_a_sample_is_known_by_its_key_and_its_words(lines: str, line: int | None, tmp_path: Path) -> None:
    found = [problem.line for problem in in_toml(f"{SPEAKER}{lines}\n", "speaker.toml", tmp_path)]
    assert found == ([] if line is None else [line])


def test_a_file_that_is_there_is_nobodys_sample_and_one_that_is_not_is_told(tmp_path: Path) -> None:
    text = SPEAKER + 'card = "images/card.png"\n'
    (tmp_path / "speaker.toml").write_text(text, "utf-8")
    with pytest.raises(SiteError, match=r"speaker.toml:7: there is no picture images/card.png"):
        load_speaker(tmp_path / "speaker.toml", "speaker.toml", ["linkedin", "pinterest", "email"])
    (tmp_path / "images").mkdir()
    (tmp_path / "images/card.png").write_bytes(b"")
    assert list(in_toml(text, "speaker.toml", tmp_path)) == []


@pytest.mark.parametrize("folder", ["content", "tests/example"])
def test_nobody_who_wrote_his_own_is_accused(folder: str) -> None:
    for name in ("speaker.toml", "events.toml"):
        path = ROOT / folder / name
        if path.exists():
            assert list(in_toml(path.read_text("utf-8"), name, path.parent)) == []
    for path in (ROOT / folder / "talks").glob("*.md"):
        assert list(samples.in_talk(front_matter.parse(path.read_text("utf-8")).values, path.name)) == []


def test_a_talk_whose_todos_went_and_nothing_else_is_told_line_by_line() -> None:
    head = TALK_HEAD.replace("TODO ", "").replace("status: draft\n", "")
    values = front_matter.parse(f"---\ntitle: X\n{head}---\n\nWords.\n").values
    found = list(samples.in_talk(values, "talks/x.md"))
    assert len(found) == TALK_HEAD.count("TODO ")
    assert {problem.line for problem in found} == {3, 4, 8}
    assert all("is still the sample that stood here; write your own" in problem.message for problem in found)


@pytest.mark.parametrize("key", ["promise", "takeaways", "formats"])
def test_a_talk_with_real_words_passes(key: str) -> None:
    real = {"promise": "You will know.", "takeaways": ["One", "Two", "A third"], "formats": ["Keynote, 45 minutes"]}
    value = real[key]
    written = f"{key}: {value}\n" if isinstance(value, str) else f"{key}:\n" + "".join(f"  - {one}\n" for one in value)
    assert list(samples.in_talk(front_matter.parse(f"---\ntitle: X\n{written}---\n").values, "talks/x.md")) == []


@pytest.mark.parametrize(
    ("status", "told"),
    [
        pytest.param("public = false\nstatus = 'tentative'", [], id="as it was accepted"),
        pytest.param("status = 'tentative'", [], id="tentative, so private"),
        pytest.param("public = true", [2, 3], id="shown to everybody"),
        pytest.param("", [2, 3], id="firm, so public"),
    ],
)
def test_what_an_inquiry_left_open_does_not_go_public(status: str, told: list[int]) -> None:
    written = accept.entry(Inquiry(), frozenset())
    assert f'event = "{accept.NO_NAME}"' in written
    assert f'place = "{accept.NO_PLACE}"' in written
    text = f'[[events]]\nevent = "{accept.NO_NAME}"\nplace = "{accept.NO_PLACE}"\nstart = 2027-06-04\n{status}\n'
    assert [problem.line for problem in in_toml(text, "events.toml", Path())] == told


def test_check_stops_at_one_and_publish_with_it(site: Site) -> None:
    from tools.inspection.looking import look

    site.write("speaker.toml", f'{SPEAKER}as_of = 2026-01-01\nav = ["A clip-on microphone", "A glass of water"]\n')
    site.post("hello", tags="x")
    errors = look(ROOT / "publishconf.py", site.content).findings.errors
    assert [(problem.line, problem.rule) for problem in errors] == [(8, "leftovers")]
