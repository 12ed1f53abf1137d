"""What a reader sees of Markdown in its dialects, and that each letter is mapped to its place."""

from __future__ import annotations

import pytest

from passages.articles.chunking import Passage, chunk
from passages.articles.corpus import Article
from passages.articles.visible import document
from passages.page.reading.render import Mark, render_passage
from tests.conftest import BagOfWords


def _seen(text: str) -> str:
    return document(text).visible.text


def _chunk(text: str, max_tokens: int = 30) -> list[Passage]:
    return chunk(Article("a", "T", text), BagOfWords().count_tokens, max_tokens)


DIALECTS = {
    "colons with a title": (":::tip Read *this*\n\nText.\n\n:::", "Read this\nText."),
    "colons with a title in brackets": (":::tip[Read this]\nText.\n:::", "Read this\nText."),
    "nested colons": ("::::note\n:::tip\nText.\n:::\n::::", "Text."),
    "colons of Quarto": ('::: {.callout-tip title="Read"}\nText.\n:::', "Read\nText."),
    "a directive of MyST": (":::{note}\n:class: x\nText.\n:::", "Text."),
    "a fenced directive": ("```{admonition} Read\n:class: x\nText *a*.\n```", "Read\nText a."),
    "a fenced directive of code": ("```{code-block} python\nx = '*a*'\n```", "x = '*a*'"),
    "files of a table of contents": ("A\n\n```{toctree}\nintro\nusage\n```\n\nB", "A\nB"),
    "a folded admonition": ('??? note "Read"\n\n    Text.\n\nOut.', "Read\nText.\nOut."),
    "an admonition without a title": ("!!! danger\n    Text.", "Text."),
    "an admonition in a list": ('- One\n\n    !!! tip "T"\n        Two\n', "One\nT\nTwo"),
    "code in an admonition": ("!!! tip\n    ```\n    a  b\n    ```", "a  b"),
    "an alert folded": ("> [!faq]- Why?\n> So.", "Why?\nSo."),
    "an alert within an alert": ("> [!a] One\n> > [!b] Two\n> > Three", "One\nTwo\nThree"),
    "a shortcode of Hugo": ('{{< tabs "x" >}}\nText.\n{{< /tabs >}}', "Text."),
    "a shortcode over lines": ('{{< figure\n  src="a.png" >}}\n\nText.', "Text."),
    "a shortcode with Markdown": ("{{% note %}}\nText.\n{{% /note %}}", "Text."),
    "a tag of Jekyll": ("{% include a.html %}\nText {{ site.name }} here.", "Text  here."),
    "a comment of Liquid": ("A {% comment %}no{% endcomment %}b", "A b"),
    "highlighted code": ("{{< highlight go >}}\na {{ b }}\n{{< /highlight >}}", "\na {{ b }}"),
    "a module over lines": ("import {\n  A,\n  B,\n} from 'x';\n\nText.", "Text."),
    "an exported object": ("export const x = {\n  a: 1,\n\n  b: 2,\n};\n\nText.", "Text."),
    "prose that begins with import": ("import duties rose.", "import duties rose."),
    "a component with braces": ('<Tab value={<b>x</b>} on="1">\n\nText.\n\n</Tab>', "Text."),
    "a comment of MDX": ("A {/* no */}b", "A b"),
    "a comment over lines": ("A\n\n<!-- no\n\nno -->\n\nB", "A\nB"),
    "a comment amid a line": ("A <!-- no --> B", "A  B"),
    "a comment of Obsidian": ("A %%no%% B\n\n%%\nno\n\nno\n%%\n\nC", "A  B\nC"),
    "a comment that is never closed": ("A <!-- B\n\nC", "A <!-- B\nC"),
    "an icon at the end": ("Send :octicons-paper-16: :smile:", "Send  "),
    "a time, not an icon": ("From 10:30:15 on, a:b:c", "From 10:30:15 on, a:b:c"),
    "a heading's attributes": ("## A {: #b .c }\n\nB", "A\nB"),
    "attributes of a picture": ('![P](a.png){ width="300" }', "P"),
    "braces in prose": ("Use {name} and {1, 2}.", "Use {name} and {1, 2}."),
    "a wiki link to a heading": ("See [[A#B]] and [[#C]].", "See A > B and C."),
    "a wiki link with an escaped bar": ("|a|\n|-|\n|[[x\\|y]]|", "a\ny"),
    "an embed": ("A\n\n![[pic.png|100]]\n\nB", "A\nB"),
    "a block id": ("Text. ^a1\n\nMore.", "Text. \nMore."),
    "a marked word": ("A ==b c== d, x == y", "A b c d, x == y"),
    "keys": ("Press ++ctrl+c++ now, C++ too", "Press ctrl+c now, C++ too"),
    "tags of a note": ("#work #to-do\n\nText #1.", "Text #1."),
    "a note": ("A[^1].\n\n[^1]: Note *b*.", "A.\nNote b."),
    "a note in its line": ("A^[See b.].", "A See b.."),
    "a task": ("- [ ] A\n- [x] B", "A\nB"),
    "a definition": ("Term\n:   Text.", "Term\nText."),
    "an abbreviation": ("The W3C.\n\n*[W3C]: World Wide Web", "The W3C."),
    "a badge": ("[![CI](https://x/badge.svg)](https://x) A", " A"),
    "a picture that is a link": ("[![The map](map.png)](map.html)", "The map"),
    "a picture's class": ("![The *big* map *mobile](map.png)", "The big map"),
    "a picture's size": ("![The map|300](map.png)", "The map"),
    "a description that is a file": ("A\n\n![IMG_1.png](IMG_1.png)", "A\n"),
    "entities": ("A &amp; B&nbsp;&lt;c", "A & B\xa0<c"),
    "escapes": ("\\{{ a \\[\\[b\\]\\]", "{{ a [[b]]"),
    "cells of HTML": ("<table><tr><td>A</td><td>B</td></tr></table>", "A B"),
    "emphasis in HTML": ("a<b>b</b><i>c</i>", "abc"),
    "a script": ("A\n\n<script>\nvar a = 1;\n\nvar b;\n</script>\n\nB", "A\nB"),
    "a link defined elsewhere": ("See [the list][list], a[0][1].", "See the list, a[0][1]."),
    "a tag that nobody knows": ("Run cp <file> <to>.", "Run cp <file> <to>."),
    "a table that is aligned": ("| a | b |\n|:---:|:-:|\n| c | d |", "a\tb\nc\td"),
    "code": ("`{{ a }}` `:::` `<b>`", "{{ a }} ::: <b>"),
    "a fence": ("```\n:::note\n{{ a }}\n[[b]] <c> ==d==\n```", ":::note\n{{ a }}\n[[b]] <c> ==d=="),
    "indented code": ("A\n\n    {{ a }} <!-- b -->", "A\n{{ a }} <!-- b -->"),
    "snippets": ('--8<-- "a.md"\n\nA', "A"),
    "a label with attributes": ("::: details Click me {open}\nText.\n:::", "Click me\nText."),
    "tabs of VuePress": (":::tabs\n@tab npm\nA.\n@tab:active yarn\nB.\n:::", "npm\nA.\nyarn\nB."),
    "options in YAML": ("```{note} T\n---\nclass: x\n---\nText.\n```", "T\nText."),
    "a target and a remark of MyST": (
        "(a)=\n# B\n\n% no\n\nC {doc}`the guide <g>`",
        "B\nC the guide",
    ),
    "a directive of reST": (".. note:: Read\n   :class: x\n\n   Text.", "Read\nText."),
    "a picture of Microsoft": (':::image source="a.png" alt-text="The map":::', "The map"),
    "a directive amid text": ('A :abbr[HTML]{title="x"} b', "A HTML b"),
    "a tab of Hugo": ('{{< tab "Linux" >}}\nText.\n{{< /tab >}}', "Linux\nText."),
    "a tab of GitBook": ('{% tab title="Linux" %}\nText.\n{% endtab %}', "Linux\nText."),
    "a caption in a shortcode": ('{{< figure src="a.png" caption="A map" >}}', "A map"),
    "raw text": ("{% raw %}Use {{ a }}.{% endraw %}", "Use {{ a }}."),
    "titled code of GitBook": ('{% code title="a" %}\n```\nx\n```\n{% endcode %}\n\nB', "a\nx\nB"),
    "a label of a component": ('<TabItem label="A">\n\nText.\n\n</TabItem>', "A\nText."),
    "programs in MDX": (
        "import a from 'b'\n\n{x.map(y => (\n  <li>{y}</li>\n))}\n\nC {'d'}",
        "C d",
    ),
    "a formula": (
        "Of $a*b*c$ and \\(x_1 * y\\), for $5 or $6 *now*.",
        "Of $a*b*c$ and \\(x_1 * y\\), for $5 or $6 now.",
    ),
    "a formula on lines of its own": ("A\n\n$$\na\\\\\n= *b*\n$$\n\nC", "A\n\na\\\\\n= *b*\nC"),
    "a picture in HTML": (
        'See <img src="a.png" alt="the map"> and <img alt="a.png">.',
        "See the map and .",
    ),
    "rows of HTML": (
        "<table>\n<tr><td>A</td><td>B</td></tr>\n<tr><td>C</td></tr></table>",
        "A B\nC",
    ),
    "items of HTML": ("<ul><li>A</li><li>B <b>c</b></li></ul>", "A\nB c"),
    "preformatted text": ("<pre><code>a &lt;b&gt;\n  # c</code></pre>", "a <b>\n  # c"),
    "placeholders": ("cp <your-file> List<String> <Tab/>", "cp <your-file> List<String>"),
    "an empty comment": ("<!-->A <!-- b --> c", "A  c"),
    "a declaration": ("<!DOCTYPE html>\n\nA <?php b ?> c", "A  c"),
    "a field of Dataview": ("due:: today\n\nA [b:: c] (d:: e)", "due: today\nA b: c e"),
    "a described embed": ("![[a.png|The map|300]] ![[Note|b]]", "The map"),
    "a review": ("A {++b++}{--c--}{~~d~>e~~} {>>f<<}{==g==}", "A be g"),
    "raised and lowered": ("H~2~O x^2^, ~a b~", "H2O x2, ~a b~"),
    "a card with an icon": ("-   :material-x: __A__\n\n    ---\n\n    B", "A\nB"),
    "a link in HTML": ('<a href="#b">A</a> <a name="c"></a>', "A"),
    "a target that nobody follows": ("[a](javascript:b) ![c](data:,)", "a c"),
    "other tasks": ("- [/] A\n- [>] B", "A\nB"),
    "a block of snippets": ("--8<--\na.md\n--8<--\n\nA", "A"),
    "the place of a table of contents": ("[TOC]\n\nA\n\n[[_TOC_]]", "A"),
}


@pytest.mark.parametrize("name", DIALECTS)
def test_what_a_reader_sees(name: str) -> None:
    text, seen = DIALECTS[name]
    assert [line.strip() for line in _seen(text).split("\n")] == [
        line.strip() for line in seen.split("\n")
    ]


@pytest.mark.parametrize("name", DIALECTS)
def test_each_letter_is_mapped_to_its_place(name: str) -> None:
    text = DIALECTS[name][0]
    seen = document(text).visible
    for place, letter in enumerate(seen.text):
        if letter.isalnum():
            assert text[seen.place(place)] == letter


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("<h1>A</h1>\n\nx\n\n<h3 id='c'>B <b>b</b></h3>\n\ny", [(1, "A", ""), (3, "B b", "c")]),
        (
            "## A\n\n<details>\n<summary>Why?</summary>\n\nx\n</details>",
            [(2, "A", ""), (3, "Why?", "")],
        ),
        ('<div align="center">\n\n# A\n\n</div>', [(1, "A", "")]),
        ('## A <a id="b"></a>\n\nx', [(2, "A", "b")]),
        ("(b)=\n## A\n\nx", [(2, "A", "b")]),
        ("## A {#b} ##\n\n## C \\{#d\\}\n\n## E {-}", [(2, "A", "b"), (2, "C", "d"), (2, "E", "")]),
        ('## A [¶](#a "Permanent link")\n\nx', [(2, "A", "")]),
        ("# \n\n## ![](a.png)\n\nx", []),
        ("text\n-\n\n| a | b |\n---\n", []),
        ("<h2>\n  Two\n  lines\n</h2>\n\nx", [(2, "Two lines", "")]),
        ("###Drei Wörter\n\nx", [(3, "Drei Wörter", "")]),
        ("#Einleitung\n\nx", [(1, "Einleitung", "")]),
        ("##标题\n\nx", [(2, "标题", "")]),
        ("#tag\n\nx", []),
        ("Title\n---\nx", [(2, "Title", "")]),
        ("A long\ntitle\n=====\nx", [(1, "A long title", "")]),
        ("One line.\nAnother line.\n---\nx", []),
        ("One line.\nAnother line.\n===\nx", []),
        ("We open at nine and close at six on every day but Sunday, when we rest.\n---\nx", []),
    ],
)
def test_headings(text: str, headings: list[tuple[int, str, str]]) -> None:
    found = [each for each in document(text).blocks if each.kind == "heading"]
    assert [(each.level, each.heading, each.anchor) for each in found] == headings


def test_a_part_of_a_table_is_read_and_shown_with_its_head_row() -> None:
    rows = "\n".join(f"| drug {n} | {n} mg | once a day |" for n in range(12))
    passages = _chunk(f"| Name | *Dose* | How |\n|---|---|---|\n{rows}\n")
    assert len(passages) > 2
    for passage in passages:
        assert passage.words.startswith("Name\tDose\tHow\n")
        assert passage.encoder_text.count("Name") == 1
        assert render_passage(passage).count("<th>Name</th>") == 1
    start, end = passages[1].in_text(passages[1].sentences[0])
    marked = render_passage(passages[1], [Mark(start, end, "best")])
    first = passages[1].text.split("|")[1].strip()
    assert f"<td><mark>{first}</mark></td>" in marked


def test_a_part_of_a_table_without_words_has_its_own_rows_for_a_sentence() -> None:
    [first, *_, last] = _chunk("| Name | Dose |\n|---|---|\n| a | b |\n" + "| - | - |\n" * 60)
    assert first.words.startswith("Name\tDose\na\tb")
    start, end = last.in_text(last.sentences[0])
    assert 0 <= start < end <= len(last.text)


def test_a_part_of_a_call_out_is_shown_as_prose() -> None:
    body = "\n\n".join(f"    Sentence {n} stands in the call-out and is prose." for n in range(9))
    passages = _chunk(f'!!! tip "T"\n\n{body}\n')
    assert len(passages) > 2
    for passage in passages:
        assert "<pre>" not in render_passage(passage)


def test_a_question_in_bold_stays_with_its_answer() -> None:
    text = "\n\n".join(f"**Question {n}?**\n\nThe answer {n} is six words." for n in range(8))
    for passage in _chunk(text):
        assert passage.words.count("Question") == passage.words.count("answer")


def test_a_section_with_headings_in_its_lines_is_cut_at_these() -> None:
    text = "\n\n".join(
        f"**Topic {n}.** The first part of it.\n\nMore about it here." for n in range(8)
    )
    passages = _chunk(text)
    assert len(passages) > 1
    assert all(passage.text.startswith("**Topic") for passage in passages)


def test_a_part_that_folds_ends_its_section() -> None:
    text = (
        "# T\n\n## A\n\n<details><summary>B</summary>\n\nb\n\n<details><summary>C</summary>c"
        "</details>\n\nd\n\n</details>\n\ne\n\n## F\n\nf\n"
    )
    found = [(each.headings, each.anchor, each.words) for each in _chunk(text)]
    assert found == [
        (("A", "B"), "b", "b"),
        (("A", "B", "C"), "c", "c"),
        (("A", "B"), "b", "d"),
        (("A",), "a", "e"),
        (("F",), "f", "f"),
    ]


CODE = "\n".join(f"line_{n} = call(*a_{n}, **b_{n})" for n in range(20))
INDENTED = CODE.replace("\n", "\n    ")


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{CODE}\n```\n\nAfter it.",
        f"- A\n\n    ~~~\n    {INDENTED}\n    ~~~\n\nAfter it.",
        f"A\n\n    {INDENTED}\n\nAfter it.",
        f"<pre>\n{CODE}\n</pre>\n\nAfter it.",
        f"{{{{< highlight py >}}}}\n{CODE}\n{{{{< /highlight >}}}}\n\nAfter it.",
    ],
)
def test_every_part_of_code_is_cut_and_shown_as_code(text: str) -> None:
    passages = _chunk(text, 40)
    shown = [render_passage(passage) for passage in passages]
    assert len(passages) > 4
    for passage, html in zip(passages, shown, strict=True):
        lines = html.replace("</code>", "\n").replace("<code>", "\n").split("\n")
        assert set(passage.words.split("\n")) & set(CODE.split("\n")) <= set(lines)
        assert html.count("<pre>") == 1
        assert "pre&gt;" not in html
        assert "highlight" not in html
    assert shown[-1].endswith("<p>After it.</p>")


@pytest.mark.parametrize(
    ("text", "is_links"),
    [
        ("- [A](#a)\n- [B](#b)\n- [C](#c)", True),
        ("1. [A](#a)\n    1. [B](#b)", True),
        ("- [[A]]\n- [[B]]\n- [[C|c]]", True),
        ("[A](a.md) | [B](b.md) | [C](c.md)", True),
        ("Contents\n\n- [A](#a)\n- [B](#b): what it is", True),
        ('<ul><li><a href="#a">A</a></li><li><a href="#b">B</a></li></ul>', True),
        ("[Back to top](#t)", True),
        ("Download [the form](form.pdf).", False),
        ("[A](#a) is what we say of it, and [B](#b) what they do.", False),
    ],
)
def test_what_is_little_else_than_links(text: str, is_links: bool) -> None:
    [passage] = _chunk(text, 100)
    assert passage.is_links is is_links
