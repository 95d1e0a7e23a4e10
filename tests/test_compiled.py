from __future__ import annotations

from typing import TYPE_CHECKING

import jinja2
import pytest

from plugins.compiled import kept

if TYPE_CHECKING:
    from pathlib import Path

    from sites import Site


def environment(folder: Path, site: str = "", **options: bool) -> jinja2.Environment:
    template = '{% if yes %}\n<b>\n{% endif %}{% set a = "a"|of_site %}{{ a }}{{ "b"|of_site }}'
    made = jinja2.Environment(loader=jinja2.DictLoader({"a": template}), **kept(folder, options))
    made.filters["of_site"] = lambda name: f"{name} of {site}"
    return made


def test_a_template_is_compiled_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.post("a")
    site.build()
    before = site.read("a/index.html")
    monkeypatch.setattr(jinja2.Environment, "compile", lambda *_, **__: pytest.fail("compiled anew"))
    site.build()
    assert site.read("a/index.html") == before


def test_other_options_are_other_templates(tmp_path: Path) -> None:
    apart = environment(tmp_path).get_template("a").render(yes=True)
    assert environment(tmp_path, trim_blocks=True).get_template("a").render(yes=True) != apart
    assert environment(tmp_path).get_template("a").render(yes=True) == apart


def test_what_is_another_for_each_site_is_not_kept(tmp_path: Path) -> None:
    for site in ("one", "two"):
        assert environment(tmp_path, site).get_template("a").render(yes=False) == f"a of {site}b of {site}"


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "<b>" in environment(tmp_path / "file" / "folder").get_template("a").render(yes=True)
