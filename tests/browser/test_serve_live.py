"""The whole preview: a copy of the project, `serve` as a process of its own, and a page that nobody touches."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE
from sites import EPOCH, ROOT

from tools.watching import QUIET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

POST = "title: {title}\ndate: 2026-03-04\nsummary: A letter on piers.\n\n{body}\n"
LONG = "\n\n".join(f"Paragraph {at} of a letter that is long enough to be scrolled." for at in range(60))


class Desk:
    """An author's copy of the project with its preview running."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("content", "theme", "plugins", "tools"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pelicanconf.py", root)
        cache = ROOT / ".cache" / "lectern"
        if cache.is_dir():
            shutil.copytree(cache, root / ".cache" / "lectern")  # or every card would be drawn anew
        self.write("content/posts/piers.md", POST.format(title="Piers", body=LONG))
        self.write("content/posts/hats.md", "status: draft\n" + POST.format(title="Hats", body="Felt."))
        self.replace("content/speaker.toml", "https://www.hankblank.com", "https://www.hankblank.com/blog")
        self.told: list[str] = []
        self._said = threading.Condition()
        code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from pathlib import Path; "
        code += "from tools.serve import serve; serve(Path.cwd(), Path.cwd() / 'content')"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=root,
            env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        found = re.search(r"http://\S+/blog/", self.wait_for("Preview: "))
        assert found
        self.address = found[0]

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            with self._said:
                self.told.append(line.rstrip())
                self._said.notify_all()

    def close(self) -> None:
        """End the preview, however it stands."""
        self.process.kill()
        self._listener.join()
        assert self.process.stdout
        self.process.stdout.close()

    def wait_for(self, words: str, after: int = 0) -> str:
        """Give the first line with these words that the terminal shows after so many lines."""
        with self._said:
            found = self._said.wait_for(lambda: [line for line in self.told[after:] if words in line], PATIENCE)
            assert found, self.told[after:]
            return str(found[0])

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, "utf-8", newline="\n")

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new))

    @contextlib.contextmanager
    def replaced(self, name: str, old: str, new: str) -> Iterator[None]:
        """Save a change, and when the block has ended put the file back and wait until that is built."""
        before = self.read(name)
        self.replace(name, old, new)
        yield
        with self.built():
            self.write(name, before)

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        """Let the preview see what the block saves all at once, however slowly it is saved; Windows cannot."""
        if os.name != "nt":
            self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            if os.name != "nt":
                self.process.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def built(self) -> Iterator[None]:
        """Wait until what the block saves is built."""
        after = len(self.told)
        yield
        self.wait_for("Built ", after)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    try:
        yield desk
        desk.process.send_signal(signal.SIGTERM)
        assert desk.process.wait(PATIENCE) == (1 if os.name == "nt" else 0)
        assert "Traceback" not in "\n".join(desk.told)
    finally:
        desk.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Open a page of which Chromium may tell in its console that it answers 404."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)

    def open_page(url: str) -> Page:
        page = context.new_page()
        page.goto(url)
        return page

    yield open_page
    context.close()


@pytest.fixture
def letter(desk: Desk, visit: Callable[..., Page]) -> Iterator[Page]:
    """A letter, read to its middle, with a mark that a reload would take away."""
    page = visit(f"{desk.address}piers/")
    page.evaluate("scrollTo(0, 900); window.same = true")
    yield page
    page.wait_for_load_state()  # Chromium was seen to hang where a page was closed while it came again


def until(page: Page, true: str) -> None:
    end = time.monotonic() + PATIENCE
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        page.wait_for_timeout(30)


def test_a_text_edit(desk: Desk, letter: Page) -> None:
    with desk.replaced("content/posts/piers.md", "Paragraph 20", "Twentieth paragraph"):
        letter.get_by_text("Twentieth paragraph").wait_for()
        until(letter, "scrollY === 900")
    letter.get_by_text("Paragraph 20").wait_for()


def test_a_text_edit_elsewhere_leaves_the_page_alone(desk: Desk, letter: Page) -> None:
    with desk.built(), letter.expect_response(letter.url):
        desk.replace("content/posts/hats.md", "Felt.", "Felt and straw.")
    assert letter.evaluate("window.same")


def test_a_template_edit(desk: Desk, letter: Page) -> None:
    with desk.replaced(
        "theme/templates/article.html", '<div class="letter sheet', '<p>A pier.</p><div class="letter sheet'
    ):
        letter.get_by_text("A pier.", exact=True).wait_for()
    letter.get_by_text("A pier.", exact=True).wait_for(state="detached")


@pytest.mark.parametrize("name", ["theme/static/css/main.css", "content/doors/style.css"])
def test_a_style_edit_without_a_reload(desk: Desk, visit: Callable[..., Page], name: str) -> None:
    page = visit(f"{desk.address}speaking/")
    page.locator("input[name=event]").fill("Spring meeting")
    page.evaluate("scrollTo(0, 500); window.same = true")
    place = page.evaluate("scrollY")
    before = desk.read(name)
    desk.write(name, before + "\n@layer parts { h1 { outline-offset: 7px } }\n")
    until(page, "getComputedStyle(document.querySelector('h1')).outlineOffset === '7px'")
    assert page.evaluate("window.same")
    assert page.locator("input[name=event]").input_value() == "Spring meeting"
    assert page.evaluate("scrollY") == place
    later = visit(f"{desk.address}about/")
    assert later.evaluate("getComputedStyle(document.querySelector('h1')).outlineOffset") == "7px"
    desk.write(name, before)
    until(page, "getComputedStyle(document.querySelector('h1')).outlineOffset !== '7px'")
    assert page.evaluate("window.same")


def test_a_plugin_edit(desk: Desk, letter: Page) -> None:
    old = "return text.reading_minutes(plain_body(content))"
    with desk.replaced("plugins/reading/__init__.py", old, "return 77"):
        letter.get_by_text("77 min to read").wait_for()
    letter.get_by_text("77 min to read").wait_for(state="detached")


def test_an_edit_of_words_and_scripts(desk: Desk, letter: Page) -> None:
    with desk.replaced("theme/words/en.toml", 'filed = "Filed under"', 'filed = "Kept under"'):
        letter.get_by_text("Kept under").wait_for()
    with desk.built(), letter.expect_navigation():
        desk.write("theme/static/lectern.js", desk.read("theme/static/lectern.js") + "\n// more\n")


def test_an_edit_of_who_speaks(desk: Desk, letter: Page) -> None:
    line = re.findall(r'^line = "(.*)"$', desk.read("content/speaker.toml"), re.MULTILINE)[0]
    with desk.replaced("content/speaker.toml", line, "speaks about piers"):
        letter.get_by_text("speaks about piers").first.wait_for()
    letter.get_by_text("speaks about piers").first.wait_for(state="detached")


def test_a_settings_edit(desk: Desk, letter: Page) -> None:
    with desk.replaced(
        "pelicanconf.py",
        "SITEURL = ",
        "SPEAKER = __import__('msgspec').structs.replace(SPEAKER, name='Pia')\nSITEURL = ",
    ):
        letter.locator(".nameplate").get_by_text("Pia").wait_for()
    letter.locator(".nameplate").get_by_text("Pia").wait_for(state="detached")


def test_a_mistake_and_its_mending(desk: Desk, letter: Page) -> None:
    before, after = desk.read("content/posts/piers.md"), len(desk.told)
    desk.write("content/posts/piers.md", before.replace("date: 2026-03-04", "date: 4 March"))
    overlay = letter.locator("lectern-problems")
    overlay.get_by_text("content/posts/piers.md:2: `4 March` is not a date").wait_for()
    assert overlay.locator("pre").inner_text().splitlines()[:3] == [
        "  1 | title: Piers",
        "> 2 | date: 4 March",
        "  3 | summary: A letter on piers.",
    ]
    assert letter.get_by_role("heading", name="Piers").is_visible()
    assert letter.evaluate("[window.same, scrollY]") == [True, 900]
    desk.wait_for("Not built; the preview still shows the last good pages.", after)
    assert "> 2 | date: 4 March" in desk.told[after:]
    desk.write("content/posts/piers.md", before)
    overlay.wait_for(state="detached")
    assert letter.evaluate("[window.same, scrollY]") == [True, 900]


def test_a_template_mistake_and_its_mending(desk: Desk, letter: Page) -> None:
    with desk.replaced("theme/templates/article.html", "{% block main %}", "{% block main %}{% if %}"):
        overlay = letter.locator("lectern-problems")
        overlay.get_by_text("theme/templates/article.html:").wait_for()
        overlay.locator("mark").get_by_text("{% if %}").wait_for()
    overlay.wait_for(state="detached")


def test_a_renaming_and_a_deletion(desk: Desk, open_page: Callable[[str], Page]) -> None:
    home, letter = open_page(desk.address), open_page(f"{desk.address}piers/")
    path = desk.root / "content" / "posts" / "piers.md"
    renamed = path.with_name("jetties.md")
    link = home.locator("main a", has_text="Piers")
    old = link.get_attribute("href")
    path.rename(renamed)
    letter.get_by_role("link", name="The latest letter").wait_for()  # the site's own page for what is not there
    until(home, f"!document.querySelector('main a[href=\"{old}\"]')")
    assert str(link.get_attribute("href")).endswith("/jetties/")
    renamed.unlink()
    link.wait_for(state="detached")
    desk.write("content/posts/piers.md", POST.format(title="Piers", body=LONG))
    letter.get_by_role("heading", name="Piers").wait_for()
    link.wait_for()


def test_a_draft_is_made_public_and_followed(desk: Desk, open_page: Callable[[str], Page]) -> None:
    listed, draft = open_page(f"{desk.address}drafts/"), open_page(f"{desk.address}drafts/hats/")
    with desk.replaced("content/posts/hats.md", "status: draft\n", ""):
        listed.get_by_role("link", name="Hats").wait_for(state="detached")
        draft.locator(".banner").wait_for(state="detached")
        draft.get_by_role("heading", name="Hats").wait_for()
        assert "/drafts/" not in draft.url
    listed.get_by_role("link", name="Hats").wait_for()


def test_two_hundred_files_are_one_build(desk: Desk) -> None:
    after = len(desk.told)
    with desk.asleep():
        for at in range(200):
            desk.write(f"content/extra/pile-{at}.txt", str(at))
    desk.wait_for("Built ", after)
    time.sleep(1)
    assert len([line for line in desk.told[after:] if line.startswith("Built ")]) == 1
    assert len(list((desk.root / ".preview").glob("pile-*.txt"))) == 200
    with desk.built():
        for path in (desk.root / "content" / "extra").glob("pile-*.txt"):
            path.unlink()


def test_a_file_half_written_is_waited_for(desk: Desk) -> None:
    text = POST.format(title="Slow", body=LONG)
    path = desk.root / "content/posts/slow.md"
    longest = QUIET
    for _ in range(100):  # a machine that has much else to do may pause for so long that the file seems whole
        after = len(desk.told)
        with path.open("w", encoding="utf-8") as file:
            times = [time.monotonic()]
            for at in range(0, len(text), len(text) // 12):
                file.write(text[at : at + len(text) // 12])
                file.flush()
                times.append(time.monotonic())
                time.sleep(0.05)
        longest = max(end - start for start, end in itertools.pairwise(times))
        desk.wait_for("uilt ", after)
        time.sleep(0.5)
        built = [line for line in desk.told[after:] if "uilt " in line]
        with desk.built():
            path.unlink()
        if longest < QUIET:
            break
    assert longest < QUIET, "this machine never writes without a pause"
    assert len(built) == 1
    assert built[0].startswith("Built ")


def test_new_tools_want_a_new_start(desk: Desk) -> None:
    after = len(desk.told)
    with desk.built():
        desk.write("tools/more.py", "")
    desk.wait_for("The tools have changed: end this with Ctrl-C", after)


def test_the_404_page_works_at_any_depth(desk: Desk, open_page: Callable[[str], Page]) -> None:
    page = open_page(f"{desk.address}some/where/deep/")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 404
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).display") == "grid"
    page.get_by_role("link", name="The latest letter").click()
    page.wait_for_url(desk.address)


def test_nothing_of_the_preview_stands_in_the_files(desk: Desk) -> None:
    files = [path for path in (desk.root / ".preview").rglob("*") if path.is_file()]
    assert len(files) > 50
    assert [path for path in files if b"_preview" in path.read_bytes()] == []
