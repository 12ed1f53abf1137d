"""Words, stems, letter groups and numbers, by hand, in many languages."""

from __future__ import annotations

import unicodedata

import pytest

from passages.language.numbers import number
from passages.language.words import spans_of, stems_of, words_of


@pytest.mark.parametrize(
    ("code", "text", "terms"),
    [
        ("de", "Die Rückerstattungen der Häuser", ["de:ruckerstatt", "de:haus"]),
        ("fr", "l’eau qu'il a bue", ["fr:eau", "fr:bu"]),
        ("es", "¿Cuándo llegan los pedidos?", ["es:lleg", "es:ped"]),
        ("ru", "Что такое возвраты?", ["ru:так", "ru:возврат"]),
        ("tr", "İstanbul'da ilaçlar", ["tr:istanbul", "tr:ilac"]),
        ("hi", "बच्चों की खुराक", ["hi:बच्च", "hi:खुराक"]),
        ("zh", "全额退款", ["zh:全额", "zh:额退", "zh:退款"]),
        ("zh", "第14天", ["zh:第", "zh:14", "zh:天"]),
        ("ja", "カードで", ["ja:カー", "ja:ード", "ja:ドで"]),
        ("th", "คืนเงิน", ["th:คืน", "th:ืนเ", "th:นเง", "th:เงิ", "th:งิน"]),
        ("ko", "환불 정책", ["ko:환불", "ko:정책"]),
        ("vi", "hoàn tiền", ["vi:hoan", "vi:tien"]),
        ("uk", "м’ята", ["uk:м'ята"]),
        ("en", "The 退款 policy", ["退款", "polici"]),
        ("xx", "Kuyruk sözü", ["xx:kuyruk", "xx:sozu"]),
    ],
)
def test_the_words_of_a_text(code: str, text: str, terms: list[str]) -> None:
    assert stems_of(text, code) == terms
    assert stems_of(unicodedata.normalize("NFD", text), code) == terms


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("fr", ["l'article", "l’article", "L'ARTICLE", "lʼarticles", "d´article", "article"]),
        ("fr", ["jusqu'à l'hôpital", "hôpital"]),
        ("fr", ["cœur", "coeur", "CŒUR"]),
        ("it", ["dell'acqua", "l’acqua", "acqua"]),
        ("ca", ["l'aigua", "d’aigua", "aigua"]),
        ("ca", ["col·legi", "coŀlegi", "COL·LEGI"]),
        ("nl", ["baby's", "baby’s", "baby"]),
        ("de", ["Größe", "GRÖSSE", "Gro\u0308ße", "Groesse"]),
        ("de", ["Kosten\u00aderstattung", "Kostenerstattung"]),
        ("tr", ["IŞIK", "ışık"]),
        ("tr", ["İstanbul'dan", "İSTANBUL’A", "istanbul"]),
        ("ar", ["والكتاب", "بالكتاب", "للكتاب", "كِتَابٌ", "كـــتاب", "ﻛﺘﺎﺏ", "كتاب\u200f"]),
        ("ar", ["أحمد", "احمد", "إحمد"]),
        ("ar", ["مستشفى", "مستشفي"]),
        ("he", ["שָׁלוֹם", "שלום"]),
        ("he", ['צה"ל', "צה״ל", "צה”ל", "צהל"]),
        ("fa", ["کتاب\u200cها", "کتابها", "كتابها"]),
        ("fa", ["علي", "علی"]),
        ("hi", ["हिन्दी", "हिंदी"]),
        ("hi", ["फ़ीस", "फीस"]),
        ("ko", ["병원", "병원에", "병원은", "병원에서는"]),
        ("vi", ["đường", "ĐƯỜNG", "duong"]),
        ("el", ["ασθενής", "ΑΣΘΕΝΗΣ", "ασθενησ"]),
        ("uk", ["м'ята", "м’ята", "мʼята"]),
        ("pl", ["łóżko", "ŁÓŻKO", "lozko"]),
        ("da", ["smørrebrød", "SMØRREBRØD", "smorrebrod"]),
        ("ro", ["știință", "ştiinţă"]),
        ("en", ["pass\u200bword", "password\ufeff", "ｐａｓｓｗｏｒｄ"]),
        ("ja", ["カード", "ｶｰﾄﾞ", "カート\u3099"]),
        ("zh", ["金色", "⾦⾊", "金\u200b色"]),
        ("th", ["๑๔ วัน", "14 วัน"]),
        ("my", ["၁၄ ရက်", "14 ရက်"]),
        ("ar", ["٢٫٥ ملغ", "2.5 mg", "2,5 ملغ"]),
        ("fa", ["۱٬۰۰۰", "1000"]),
        ("ja", ["１４㎎", "14mg"]),
        ("eu", ["liburutegia", "LIBURUTEGIAN", "liburutegiaren"]),
        ("xx", ["l'ulo", "ulo"]),
    ],
)
def test_a_word_is_one_in_all_its_usual_forms(code: str, forms: list[str]) -> None:
    first, *others = (stems_of(form, code) for form in forms)
    assert first
    assert others == [first] * len(others)


def test_vowel_signs_and_marks_belong_to_their_word() -> None:
    words = words_of("बच्चों को दिन", "hi")
    assert (words[0].start, words[0].end) == (0, len("बच्चों"))


def test_letter_groups_know_where_a_word_begins_and_ends() -> None:
    (word,) = words_of("Hunde", "de")
    assert word.term == "de:hund"
    assert word.parts == ("de:#_hun", "de:#hund", "de:#unde", "de:#nde_")
    assert words_of("dogs", "en")[0].parts == ()


def test_a_part_of_a_joined_word_is_found_in_it() -> None:
    text = "Der Krankenhausaufenthalt dauert drei Tage."
    spans = spans_of(stems_of("Krankenhaus", "de"), text, "de")
    assert [text[start:end] for start, end in spans] == ["Krankenhausaufenthalt"]


def test_what_is_found_in_writing_without_spaces() -> None:
    text = "购买后七天内可以申请全额退款。"
    spans = spans_of(stems_of("全额退款", "zh"), text, "zh")
    assert [text[start:end] for start, end in spans] == ["全额退款"]


@pytest.mark.parametrize(
    "forms",
    [
        ["0.5 mg/kg", "0.5mg/kg", "0,5 mg/kg", ".5 mg/kg", "0.50 mg/kg", "½ mg/kg"],
        ["40mg", "40 mg", "40-mg", "40 milligrams", "４０ mg", "٤٠ mg"],
        ["1,000 euros", "1000 euros", "1.000 euros", "1 000 euros", "€1,000", "1’000 €"],
        ["25,000", "25.000", "25000", "25\u202f000"],
        ["v1.2.3", "1.2.3", "V1.2.3"],
        ["v2.0", "2.0", "2"],
        ["covid19", "COVID-19", "Covid 19"],
        ["50%", "50 %", "50 per cent", "50 percent", "50 pct"],
        ["vitamin B12", "vitamin b12", "vitamin B-12"],
        ["37°C", "37 °C", "37 degrees Celsius"],
        ["12h", "12 h", "12 hours", "12 hrs", "12-hour"],
        ["5µg", "5 μg", "5 mcg", "5 micrograms"],
        ["1,234.50", "1.234,50", "1234.5"],
        ["1½ hours", "1.5 h"],
        ["1,00,000 rupees", "100000 rupees", "₹100,000"],
        ["0.5 mg/kg", "0.5 mg per kg", "0.5 milligrams per kilogram"],
        ["120/80 mmHg", "120/80 mm Hg"],
        ["5 l", "5L", "5 litres", "5 liters"],
        ["230 V", "230V", "230 volts"],
        ["2.5 GHz", "2.5GHz", "2.5 gigahertz"],
        ["500 GB", "500GB", "500 gigabytes"],
        ["1.5 kWh", "1.5 kilowatt hours", "1.5 kilowatt-hours"],
        ["60 mph", "60 miles per hour"],
    ],
)
def test_numbers_and_units_are_equal_in_all_their_usual_forms(forms: list[str]) -> None:
    first, *others = (sorted(stems_of(form)) for form in forms)
    assert others == [first] * len(others)


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("de", ["50 %", "50%", "50 Prozent", "50 v. H."]),
        ("de", ["2 Std.", "2 h", "2 Stunden"]),
        ("fr", ["12 500 euros", "12500 euros", "12 500 €"]),
        ("fr", ["50 %", "50 pour cent"]),
        ("es", ["50 %", "50 por ciento"]),
        ("ru", ["40 мг", "40мг", "40 миллиграммов"]),
        ("zh", ["50%", "50％"]),
        ("ar", ["٥٠٪", "50%"]),
    ],
)
def test_units_of_other_languages(code: str, forms: list[str]) -> None:
    first, *others = (sorted(stems_of(form, code)) for form in forms)
    assert [{*other} for other in others] == [{*first}] * len(others)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("H1N1 HbA1c 2nd 3D mp3", ["h1n1", "hba1c", "2nd", "3d", "mp3"]),
        ("18-year-old", ["18", "year", "old"]),
        ("5-HT2A receptor", ["5", "ht2a", "receptor"]),
        ("the 1990s", ["1990s"]),
        ("PM2.5", ["pm", "2.5"]),
        ("b12 b6", ["b12", "b6"]),
        ("v8 engine", ["v8", "engin"]),
        ("14.05.2026", ["14.05.2026"]),
        ("2-in-1", ["2", "1"]),
    ],
)
def test_codes_and_dates(text: str, terms: list[str]) -> None:
    assert stems_of(text) == terms


@pytest.mark.parametrize(
    ("text", "forms"),
    [("0.125", ["0.125"]), ("12,5", ["12.5"]), ("1,2,3", ["1", "2", "3"]), ("1.2.3.4", ["1.2.3.4"]),
     ("1.000.000", ["1000000"]), ("10", ["10"]), ("007", ["007"])],
)  # fmt: skip
def test_the_one_form_of_a_number(text: str, forms: list[str]) -> None:
    assert number(text) == forms
