"""The page's own words: every catalogue has all of them, and the right one is chosen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
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
        strength.ASKED,
        strength.MISSING,
        feedback._KEPT,
        "Previous",
        "Next",
        *figures.KINDS.values(),
        *figures.VERDICTS.values(),
        *figures.MEANINGS.values(),
        *figures.LABELS.values(),
    }
    for path in PAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                words = [a.value for a in node.args if isinstance(a, ast.Constant)]
                if node.func.id == "tr" or node.func.id == "counted":
                    found |= {str(word) for word in words}
    return found


# What draws words, and the arguments that hold them beside the first ones.
_DRAWING = frozenset(
    [
        "html",
        "note",
        "_say",
        "button",
        "text_input",
        "text_area",
        "checkbox",
        "radio",
        "selectbox",
        "multiselect",
        "toggle",
        "spinner",
        "form_submit_button",
        "progress",
        "caption",
        "write",
        "markdown",
        "toast",
        "error",
        "warning",
        "info",
        "success",
        "expander",
        "segmented_control",
        "altair_chart",
        "dataframe",
        "Page",
        "title",
        "download_button",
        "link_button",
    ]
)
_NAMED = frozenset(["help", "placeholder", "text", "label", "alt", "title", "show_spinner"])


def words_not_marked(code: str) -> Iterator[str]:
    """English words that are drawn as they stand, without the marks of HTML."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        of_log = isinstance(node.func, ast.Attribute) and "logger" in ast.unparse(node.func.value)
        named = [word.value for word in node.keywords if word.arg in _NAMED]
        drawn = [*node.args, *named] if called in _DRAWING and not of_log else named
        for argument in drawn:
            shown = re.sub(r"<[^>]*>|&\w+;", " ", _literal(argument))
            if re.search(r"[^\W\d_]{2}", shown) and " ".join(shown.split()) not in _NO_WORDS:
                yield " ".join(shown.split())


_NO_WORDS = frozenset(["uncovered", "0 .stApp{0}"])  # a class of the page's style, a style


def _literal(node: ast.expr) -> str:
    """What an expression holds as it stands; `0` for what is put in."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_literal(part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return _literal(left) + _literal(right)
        case ast.IfExp(body=body, orelse=other):
            return f"{_literal(body)} {_literal(other)}"
    return "0"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('st.html("<h2>Problems</h2>")', ["Problems"]),
        ("st.html(f\"<p>{tr('None')}</p>\")", []),
        ("st.html(f'<p class=\"{kind}\">and {more} more</p>')", ["and 0 more"]),
        ('st.button(tr("Erase"), key="erase", help="All of it")', ["All of it"]),
        ('logger.warning("a log is English")', []),
    ],
)
def test_words_that_are_not_marked_are_found(code: str, words: list[str]) -> None:
    assert list(words_not_marked(code)) == words


def test_all_words_of_the_page_are_marked_for_translation() -> None:
    found = {
        str(path.relative_to(PAGE)): words
        for path in PAGE.rglob("*.py")
        if (words := list(words_not_marked(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


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
