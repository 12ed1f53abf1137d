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
        ("xx", "Dr. Ab venas.|Mr. Cd ne."),
        ("de", "Prof. Dr. med. Huber spricht am 3. Oktober.|Beginn ist um 19.30 Uhr."),
        ("de", "Das ist Ihr 1. Termin.|Ludwig XIV. regierte seit dem 14. 5. 1643 lange."),
        ("de", "„Kommst du?“, fragte sie.|„Ja!“|Er ging."),
        ("de", "Äpfel, Birnen usw.|Das gilt für alle.|Äpfel usw. im Keller."),
        ("de", "Das dauert ...|Dann ist es fertig.|1. Nehmen Sie Tee.|2. Warten Sie."),
        ("de", "Die Abteilung (s. o.) in der Hauptstr. 5 ist zu.|Bitte läuten!"),
        ("fr", "« Bonjour ! » dit-il.|Elle part.|« C’est fini. »|Attendez…|Puis venez."),
        ("fr", "J.-P. Martin, Mme Durand, des pommes, etc.|Le reste à la p. 5."),
        ("es", "—¿Vienes? —preguntó ella.|—No.|Viven en EE. UU. desde 2010."),
        ("it", "L'art. 3 dice altro.|«È vero?» chiese.|«Sì.»|Il sec. XIX finì."),
        ("pt", "A Dra. Costa chega às 9 h.|A Profa. Lima não."),
        ("ca", "El Sr. Puig i la Dra. Vila vénen.|Vegeu la pàg. 3.|D'acord?"),
        ("nl", "Zie blz. 12 e.v. van het boek, Kerkstr. 5.|Op 14 mei a.s. is het dicht."),
        ("sv", "”Är det sant?” frågade hon.|”Ja.”|Han gick."),
        ("da", "»Er det sandt?« spurgte hun.|»Ja.«|Vi ses d. 5. maj kl. 10."),
        ("fi", "Se maksaa n. 5 euroa.|Avoinna 14. toukokuuta alkaen."),
        ("pl", "To kosztuje 10 zł.|W XIX w. było inaczej.|„Tak?” – zapytała."),
        ("cs", "Cena je 1 200,50 Kč.|Platí od 1. ledna.|MUDr. Novák přijde."),
        ("ru", "«Вы придёте?» — спросила она.|«Да».|Чай, кофе и др.|Они на стр. 5."),
        ("uk", "Лікар на вул. Шевченка, буд. 5.|У 2024 р. було інакше."),
        ("el", "Πού είναι;|Είναι εδώ, π.χ. αύριο.|Ο κ. Παπάς ήρθε."),
        ("tr", "“Doğru mu?” diye sordu.|II. Abdülhamid geldi.|3. katta bekleyin."),
        ("ar", "قال د. أحمد: «هل هذا صحيح؟» ثم ذهب.|الجرعة ٢٫٥ ملغ.|ص. ب. ١٢٣."),
        ("fa", "«آیا درست است؟» پرسید.|«بله.»|رفت."),
        ("he", "הגיעו עו\"ד לוי וגב' כהן.|הם ישבו ברח' הרצל 5."),
        ("hi", "प्रो. वर्मा और ए. पी. सिंह ने २.५ मि.ग्रा. दिया।|ठीक?"),
        ("bn", "দাম ৫০০ টাকা।|ডা. রহমান আসবেন।"),
        ("zh", "“真的吗？”她问。|请联系Dr. Wang。|价格是3.5元!|今天很好.|谢谢。"),
        ("ja", "薬（食後に飲む。）です。|『薬の本。』を読みました。|料金は3.5万円です！！|はい｡"),
        ("ko", "“정말요?”라고 물었다.|약값은 2.5만 원입니다."),
        ("eu", "Zabalik dago, adib. astelehenetan.|Dr. Etxeberria 19. mendean jaio zen.|Bai?"),
        ("km", "តើអ្នកយល់ទេ?|បាទ។"),
        ("my", "ဆေးသောက်ပါ။|နားလည်ပါသလား။"),
        ("bo", "སྨན་འདི་ཟོ།|ཆུ་འཐུང་།"),
    ],
)
def test_where_sentences_end(code: str, marked: str) -> None:
    parts = marked.split("|")
    between = "" if code in ("ja", "zh", "km", "my", "bo") else " "
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
