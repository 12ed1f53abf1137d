"""Sentences cut by hand, in many languages; and which language a text is in."""

from __future__ import annotations

import pytest

from passages.language.detection import detect, nearest
from passages.language.sentences import split_sentences


@pytest.mark.parametrize(
    ("code", "marked"),
    [
        ("en", "Dr. Smith gave 0.5 mg/kg.|It worked!|Did it?|Yes."),
        (
            "de",
            "Die Praxis ist ggf. am Freitag geschlossen, z.B. am 14. Mai 2026.|"
            "Bringen Sie bitte Ihre Karte bzw. Ihren Pass mit.",
        ),
        ("de", "Nehmen Sie z. B. Milch.|Der 2. Weltkrieg endete am 8. Mai 1945.|Er war 14.|Ja."),
        ("fr", "On prend p. ex. du lait.|M. Dupont est là.|Bien ?|Oui."),
        ("es", "La Dra. García atiende.|¿Cuándo?|El lunes, p. ej. a las 9."),
        ("tr", "Bazı ilaçlar, örn. aspirin, verilir.|14. Mayıs günü gelir.|Tamam."),
        ("cs", "Dne 14. května 2026 je zavřeno.|Přijďte např. v pondělí."),
        ("nl", "Neem bijv. melk.|De dr. Jansen komt."),
        ("ru", "Это было в 1945 г. в Москве.|Приём, т. е. визит, в 9 ч. утра.|Да."),
        ("pl", "Należy przyjść np. we wtorek.|Dr Nowak, ul. Długa 5.|Tak."),
        ("da", "Den 14. maj 2026 er der lukket.|Tag f.eks. mælk."),
        ("ja", "診療は午前九時に始まります。|受付は八時半からです。|日曜日は休みです。"),
        ("ja", "彼は「行く。」と言った。|「本当？」|私は聞いた。"),
        ("zh", "请联系客服！|好吗？|可以申请全额退款。"),
        ("ar", "هل يمكنني استرداد المال؟|نعم.|اتصل بنا."),
        ("ur", "یہ ایک جملہ ہے۔|یہ دوسرا ہے۔"),
        ("hi", "दवा को ठंडी जगह पर रखें।|डॉ. शर्मा आएंगे।|क्या?"),
        ("hy", "Սա նախադասություն է։|Սա երկրորդն է։"),
        ("he", "האם אפשר לקבל החזר?|כן.|התקשרו אלינו."),
        (
            "th",
            "คุณสามารถขอเงินคืนได้เต็มจำนวนภายในเจ็ดวัน|กรุณาติดต่อฝ่ายบริการลูกค้าพร้อมหมายเลขคำสั่งซื้อ",
        ),
        ("xx", "Kuyu bir.|İki 。|Üç!"),
    ],
)
def test_where_sentences_end(code: str, marked: str) -> None:
    parts = marked.split("|")
    between = "" if code in ("ja", "zh") else " "
    text = between.join(parts)
    assert [text[start:end] for start, end in split_sentences(text, code)] == parts


@pytest.mark.parametrize("code", ["en", "ja", "th", "de"])
@pytest.mark.parametrize("text", ["", " ", "。", "a", "。。！", "「", "」", ". . .", "\n\n"])
def test_odd_texts_lose_nothing(code: str, text: str) -> None:
    covered = "".join(text[start:end] for start, end in split_sentences(text, code))
    assert covered.split() == text.split() or "".join(text.split()) == covered.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("You can get a full refund within seven days of your purchase.", "en"),
        ("Sie können innerhalb von sieben Tagen eine volle Rückerstattung beantragen.", "de"),
        ("Vous pouvez demander un remboursement complet dans les sept jours.", "fr"),
        ("购买后七天内可以申请全额退款。", "zh"),
        ("# 診療所\n\n診療は午前九時に始まります。", "ja"),
        ("환불 정책", "ko"),
        ("القهوة", "ar"),
        ("दवा", "hi"),
        ("OK", None),
        ("1234", None),
        ("", None),
        ("refund policy", None),
        ("```\nsudo apt install everything at once please\n```", None),
    ],
)
def test_the_language_of_a_text(text: str, code: str | None) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("how long does it take", "en"), ("wie lange dauert das", "de"), ("退款", "ja"), ("?", "en"),
     ("いつ", "ja"), ("Rückerstattung", "de")],
)  # fmt: skip
def test_the_nearest_of_some_languages(text: str, code: str) -> None:
    assert nearest(text, ("en", "de", "ja")) == code
    assert nearest(text, ("fr",)) == "fr"
