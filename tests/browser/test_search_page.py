"""Search as visitors use it: by keyboard, under the site's own headers and without any."""

from __future__ import annotations

import json
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from patience import PATIENCE
from served import served
from sites import ROOT, Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from served import Served

    Visit = Callable[..., Page]

VECTORS = json.loads((ROOT / "tests/search_vectors.json").read_text("utf-8"))
STATUS = "[role=status]"


def until(page: Page, what: Callable[[], bool]) -> None:
    """Wait for what must come; the policy forbids Playwright's own way to poll."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, f"the page says “{page.locator(STATUS).inner_text()}”"
        page.wait_for_timeout(50)


def settled(page: Page) -> list[str]:
    """Wait for the answer, and give the titles found."""
    page.wait_for_timeout(300)  # the pause after the last key
    until(page, lambda: page.locator(STATUS).inner_text().startswith(("Found", "Nothing")))
    return page.locator("ol.contents a").all_inner_texts()


def requested(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    return asked


def test_a_word_in_the_middle_of_one_post_is_found_by_keyboard(example: Served, visit: Visit) -> None:
    page = visit(example.url("archive/"))
    asked = requested(page)
    # By the keyboard alone: to the link, to the field (which has the focus), the word, the first result.
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Search":
            break
    page.keyboard.press("Enter")
    until(page, lambda: page.url == example.url("search/") and page.evaluate("document.activeElement.id") == "q")
    page.wait_for_timeout(300)
    assert not [path for path in asked if "/pagefind/" in path], "something of the index came before the first key"
    page.keyboard.type("shadow-theatre")
    assert len(settled(page)) <= 1
    page.keyboard.press("Escape")
    assert page.locator("#q").input_value() == ""
    assert page.locator("ol.contents").count() == 0
    page.keyboard.type("quietly")
    settled(page)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("lifeboat")
    until(page, lambda: page.locator(STATUS).inner_text() == "Found: 1")
    titles = settled(page)
    assert "lifeboat" in page.locator("mark").first.inner_text().lower()
    assert parse_qs(urlsplit(page.url).query) == {"q": ["lifeboat"]}
    page.keyboard.press("Enter")
    until(page, lambda: page.evaluate("document.activeElement.matches('ol.contents a')"))
    page.keyboard.press("Enter")
    until(page, lambda: "/search/" not in page.url)
    assert page.locator("h1").inner_text() == titles[0]  # curly quotes and all
    page.go_back()
    assert settled(page) == titles


# A word within a sentence, in scripts that Pagefind by itself finds only at the head of one, or in words of their own.
@pytest.mark.parametrize(
    ("query", "title", "sentence"),
    [
        pytest.param("断电", "一张纸就够了", "也不会弹出消息", id="Chinese"),
        pytest.param("図書館", "話す前に、まず聞く", "ある町の図書館で話したとき", id="Japanese"),
        pytest.param("ではなく", "話す前に、まず聞く", "ではなく", id="Japanese, where は and ば stand too"),
        pytest.param("話す前に、まず", "話す前に、まず聞く", "講演の準備", id="the title, with its comma"),
        pytest.param("المنصة", "الصمت قبل الكلمة الأولى", "لا أبدأ بالكلام", id="Arabic"),
        pytest.param("فورا", "الصمت قبل الكلمة الأولى", "فورًا", id="Arabic without its marks"),
    ],
)
def test_every_script_is_found(query: str, title: str, sentence: str, example: Served, visit: Visit) -> None:
    page = visit(example.url("search/"))
    page.keyboard.insert_text(query)
    assert title in settled(page)
    entry = page.locator("ol.contents li", has_text=title)
    assert sentence in entry.locator("p").inner_text()
    assert entry.locator("a").get_attribute("dir") == ("rtl" if query[0] > "\u0600" and query[0] < "\u0700" else "ltr")
    if query in sentence:
        assert set("".join(entry.locator("mark").all_inner_texts())) & set(query)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two posts, one with letters that Unicode doesn't take apart, one as people type who don't have them."""
    site = Site(tmp_path_factory.mktemp("letters"))
    site.post(
        "s", "Die Straße, un cœur à Łódź.\n\nØdegård ısı: L'harmonie de l’œuvre d'or, dell'arte qu'il.\n", title="Ærø"
    )
    site.post("t", "Strasse coeur lodz odegard isi harmonie oeuvre or arte il.\n", title="Plain")
    site.build()
    yield from served(site.output, "")


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        *(("strasse", "Straße,"), ("Straße", "Straße,"), ("coeur", "cœur"), ("cœur", "cœur"), ("lodz", "Łódź.")),
        *(("Łodz", "Łódź."), ("odegard", "Ødegård"), ("isi", "ısı:"), ("harmonie", "L’harmonie")),
        *(
            ("L'harmonie", "L’harmonie"),
            ("oeuvre", "l’œuvre"),
            ("d’or", "d’or,"),
            ("arte", "dell’arte"),
            ("il", "qu’il."),
        ),
    ],
)
def test_letters_and_articles_are_found_either_way(query: str, marked: str, letters: Served, visit: Visit) -> None:
    page = visit(letters.url("search/"))
    page.keyboard.insert_text(query)
    assert set(settled(page)) == {"Ærø", "Plain"}
    entry = page.locator("ol.contents li", has_text="Ærø").locator("p")
    assert entry.inner_text() in {
        "Die Straße, un cœur à Łódź.",
        "Ødegård ısı: L’harmonie de l’œuvre d’or, dell’arte qu’il.",
    }
    assert entry.locator("mark").all_inner_texts() == [marked]


def test_a_title_with_such_letters_is_found(letters: Served, visit: Visit) -> None:
    page = visit(letters.url("search/"))
    page.keyboard.insert_text("aero")
    assert settled(page) == ["Ærø"]


def test_the_script_folds_as_the_index_does(letters: Served, visit: Visit) -> None:
    page = visit(letters.url("search/"))
    src = page.locator("script[src*=search]").get_attribute("src")
    code = "async ([src, words]) => { const { folded } = await import(src); return words.map(folded); }"
    assert page.evaluate(code, [src, [given for given, _ in VECTORS]]) == [expected for _, expected in VECTORS]


def test_the_order_of_letters_counts(example: Served, visit: Visit) -> None:
    page = visit(example.url("search/"))
    page.keyboard.insert_text("电断")
    assert settled(page) == []


def test_a_linked_search_is_narrowed_by_year_and_category(example: Served, visit: Visit) -> None:
    page = visit(example.url("search/?q=talk"))
    every = settled(page)
    assert len(every) == 10
    found = int(page.locator(STATUS).inner_text().removeprefix("Found: "))
    page.get_by_role("button", name="Show more").press("Enter")
    until(page, lambda: page.locator("ol.contents li").count() == min(20, found))
    assert page.evaluate("[...document.querySelectorAll('ol.contents a')].indexOf(document.activeElement)") == 10
    page.get_by_label("Year").select_option("2023")
    page.get_by_label("Filed under").select_option("On the road")
    until(page, lambda: page.locator(STATUS).inner_text() != f"Found: {found}")
    narrowed = settled(page)
    assert 0 < len(narrowed) < found
    assert all("2023" in text for text in page.locator("ol.contents time").all_inner_texts())
    assert parse_qs(urlsplit(page.url).query) == {"q": ["talk"], "year": ["2023"], "category": ["On the road"]}
    page.reload()
    assert settled(page) == narrowed


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_results_are_sound(width: int, example: Served, visit: Visit) -> None:
    page = visit(example.url("search/?q=talk"), width)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()


def test_what_was_found_is_shown_as_text(preview: Served, visit: Visit) -> None:
    page = visit(preview.url("search/"))
    code = "[...document.querySelectorAll('script')].find((s) => s.src.includes('search.')).src"
    made = page.evaluate(
        f"""async () => {{
            const {{ asked, sentence, whole }} = await import({code});
            return [asked('断电'), asked('C++ 断电'), asked('  a  "b" '), asked('é'), asked('ไทย'), asked('ที่ใน、'),
                whole('使 \\u2060slides \\u2060用 了\\u2060 ท\\u{{20e35}}\\u{{20e48}} \\u2060か\\u{{23099}}、 𠮷'),
                sentence('A b. C d e. F g'.split(' '), [3]), sentence('a b c'.split(' '), []), sentence(['Head\\u2060', 'b', '\\u2060c.'], [1])];
        }}"""
    )
    assert made == [
        '"断 电"',
        "C++ 断 电",
        "a b",
        "é",
        '"ไ ท ย"',
        '"ท\U00020e35\U00020e48 ใ น"',
        "使slides用 了 ที่が、 𠮷",
        [2, 5],
        [0, 3],
        [1, 3],
    ]


def test_without_a_script_the_archive_is_offered(example: Served, visit: Visit) -> None:
    page = visit(example.url("search/"), java_script_enabled=False)
    assert page.get_by_text("Searching needs JavaScript").is_visible()
    assert page.locator("main").get_by_role("link", name="All letters, by year").is_visible()
    assert page.locator("#q").is_hidden()


def test_an_index_that_does_not_come_is_told_and_tried_again(example: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.route("**/pagefind/pagefind.js*", lambda route: route.abort())
    page.goto(example.url("search/?q=lifeboat"))
    until(page, page.get_by_text("cannot be loaded").is_visible)
    assert page.get_by_role("link", name="All letters, by year").last.is_visible()
    page.unroute("**/pagefind/pagefind.js*")
    page.keyboard.press("Tab")
    page.locator("#q").press("Enter")
    assert len(settled(page)) == 1
    assert page.get_by_text("cannot be loaded").is_hidden()
    page.close()


@pytest.fixture
def bare(example_site: Path) -> Iterator[str]:
    """The published files below /blog/ on a host that sends no policy: pages have their own."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix("/blog"))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(example_site))) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/blog/"
        server.shutdown()


def test_a_host_without_headers_will_do(bare: str, visit: Visit) -> None:
    page = visit(f"{bare}search/?q=lifeboat")
    assert len(settled(page)) == 1


def test_pages_themselves_may_not_compile(example: Served, visit: Visit) -> None:
    page = visit(example.url("search/"))
    header = page.request.get(page.url).headers["content-security-policy"]
    assert "'wasm-unsafe-eval'" in header
    assert "wasm" not in (page.locator("meta[http-equiv]").get_attribute("content") or "")
