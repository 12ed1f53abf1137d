"""Lines that look like headings, and lines that do not, in the languages that have a table."""

from __future__ import annotations

import pytest

from passages.articles.markdown import blocks
from passages.articles.readers.heading_lines import Style, depth, style_of
from passages.articles.readers.text import plain_text

PARTS = """
Chapter 3: The dose|Part II|Appendix A: Tables|Section 2.1 Side effects
Kapitel 3: Die Dosis|Teil II|Anhang A|Abschnitt 2.1 Nebenwirkungen
Chapitre 3 : La dose|Partie II|Annexe A|Étape 2. Mélanger
Capítulo 3. La dosis|Parte II|Apéndice A|Sección 4
Capitolo 3. La dose|Parte II|Allegato B
Capítulo 3 – A dose|Seção 2|Anexo I
Hoofdstuk 3: De dosis|Deel II|Bijlage A
Kapitel 3: Dosen|Avsnitt 2|Bilaga 1
Afsnit 2: Dosis|Kapittel 3: Dosen|Vedlegg 1
Luku 3: Annos|Osa II|Liite 1
Rozdział 3. Dawka|Część II|Załącznik 1
Kapitola 3: Dávka|Část II|Příloha 1
Глава 3. Как это работает|Часть II|Приложение А
Розділ 3. Доза|Частина II|Додаток А
Κεφάλαιο 3: Η δόση|Μέρος II|Παράρτημα Α
Bölüm 3: Doz|3. Bölüm|Ek 1
3. fejezet: Az adag|Melléklet 1
الفصل 3: الجرعة|الفصل ٣|الملحق 1
פרק 3: המינון|פרק ג|נספח א'
فصل ۳: دوز|پیوست 1
अध्याय 3: खुराक|अध्याय ३|परिशिष्ट 1
บทที่ 3 ขนาดยา|บทที่ ๓|ภาคผนวก 1
Chương 3: Liều dùng|Phụ lục 1
第3章 剂量|第三章|第三節：劑量|第3章用量|附錄一|附录A
第3章　用量|第２節|付録1
제3장 용량|제 3 장|부록 1
"""


@pytest.mark.parametrize("lines", PARTS.strip().splitlines())
def test_a_numbered_part_is_a_heading_in_every_language(lines: str) -> None:
    assert {line: style_of(line) for line in lines.split("|")} == dict.fromkeys(
        lines.split("|"), Style.NUMBERED
    )


@pytest.mark.parametrize(
    "line",
    [
        "Figure 3: The dose",
        "Abbildung 3: Die Dosis",
        "Quelle: Ärzteblatt",
        "Source : Le Monde",
        "Рисунок 3: Доза",
        "المصدر: وزارة الصحة",
        "来源：卫生部",
        "図 3: 用量",
        "2024年5月4日",
        "2024년 5월 4일",
        "猫は動物です。",
        "第3章では用量を説明します。",
        "यह एक दवा है।",
        "هل هذا دواء، نعم،",
        "这是一段没有句号但是太长而不可能是标题的文字它一直写下去直到没有人会认为它是一个标题而是一段普通的文字因为标题总是很短的",
        "siehe Kapitel 3",
    ],
)
def test_captions_dates_and_sentences_are_none(line: str) -> None:
    assert style_of(line) is None


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("副作用", Style.SENTENCE),
        ("आम दुष्प्रभाव", Style.SENTENCE),
        ("ما هي الجرعة؟", Style.QUESTION),
        ("Τι είναι η κεταμίνη;", Style.QUESTION),
        ("Parte y contraparte", Style.SENTENCE),
        ("Zeit der Trauer: was hilft", Style.SENTENCE),
        ("用量はどのくらいですか？", Style.QUESTION),
        ("Teilnahme und Kosten", Style.SENTENCE),
        ("Partie de campagne", Style.SENTENCE),
    ],
)
def test_other_headings(line: str, style: Style) -> None:
    assert style_of(line) is style


def test_the_digits_of_a_part_tell_how_deep_it_is() -> None:
    assert [depth(line) for line in ("Kapitel 3: Dosis", "Abschnitt 2.1 Gabe", "第3章")] == [
        1,
        2,
        1,
    ]


def test_chapters_of_a_plain_text_become_its_outline() -> None:
    text = (
        "Глава 1. Что это такое\n\nКетамин применяют давно.\n\n"
        "Глава 2. Как это работает\n\nОн действует на рецепторы.\n"
    )
    found = [b.heading for b in blocks(plain_text.to_markdown(text)[0]) if b.kind == "heading"]
    assert found == ["Глава 1. Что это такое", "Глава 2. Как это работает"]
