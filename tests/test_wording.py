"""The page's own words: every catalogue has all of them, and the right one is chosen."""

from __future__ import annotations

import ast
from pathlib import Path

import polib
import pytest

from passages.page import wording
from passages.page.parts import feedback, figures
from passages.search.honesty import strength

PAGE = Path(wording.__file__).parent


def words_in_code() -> set[str]:
    """All that the page's code hands to be translated."""
    found = {
        strength.STRONG,
        feedback._KEPT,
        "Previous",
        "Next",
        *figures.KINDS.values(),
        *figures.VERDICTS.values(),
    }
    for path in PAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                words = [a.value for a in node.args if isinstance(a, ast.Constant)]
                if node.func.id == "tr" or node.func.id == "counted":
                    found |= {str(word) for word in words}
    return found


@pytest.mark.parametrize("code", [code for code in wording.languages() if code != "en"])
def test_a_catalogue_is_complete_and_has_nothing_else(code: str) -> None:
    catalogue = polib.pofile(str(PAGE / "translations" / f"{code}.po"))
    keys = {entry.msgid for entry in catalogue} | {entry.msgid_plural for entry in catalogue}
    assert keys - {""} == words_in_code()
    assert not catalogue.untranslated_entries()
    for entry in catalogue:
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text:
                assert text.count("{") == max(entry.msgid.count("{"), text.count("{"))


def test_the_operator_decides_or_else_it_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(wording.LANGUAGE, raising=False)
    assert wording.tr("Search") == "Search"
    assert wording.counted(1, "{number} article", "{number} articles") == "1 article"
    monkeypatch.setenv(wording.LANGUAGE, "de-AT")
    assert wording.tr("Search") == "Suchen"
    assert wording.counted(1204, "{number} passage", "{number} passages") == "1,204 Textstellen"
    monkeypatch.setenv(wording.LANGUAGE, "xx")
    assert wording.tr("Search") == "Search"
    assert wording.languages() == ["de", "en"]
