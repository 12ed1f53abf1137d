"""The models give the recorded scores on every processor, within the tolerance stated here.

Recorded on a processor with AVX-512 VNNI. Where there is only AVX2, products of 8-bit numbers are
added with saturation: the encoder's cosines then differ by less than 0.001, the cross-encoder's
logits by up to 0.4 (ten questions, an emulated Haswell).
"""

from __future__ import annotations

import numpy as np
import pytest

from passages.models.encoder import Encoder
from passages.models.engines.cross_encoder import cross_encoder
from passages.models.supply import find_model

pytestmark = pytest.mark.real_model

PAIRS = [
    (
        "who must not take ketamine?",
        "Ketamine should not be used in people with uncontrolled high blood pressure.",
    ),
    (
        "does it hurt my bladder",
        "Frequent use is linked to inflammation of the bladder and painful urination.",
    ),
    (
        "how long does a trip last",
        "The effects of psilocybin begin within an hour and last for four to six hours.",
    ),
    ("is green tea bitter?", "Green tea is not fermented. It is bitter."),
    (
        "cost of a course of treatment",
        "A course of six infusions is rarely covered by insurance and costs thousands of dollars.",
    ),
    (
        "can i drive afterwards",
        "Patients must not drive or operate machinery until the day after a session.",
    ),
    (
        "esketamine vs ketamine",
        "Esketamine is the S-enantiomer of ketamine and is given as a nasal spray.",
    ),
    (
        "side efects nausea",
        "Nausea and vomiting are common; an antiemetic can be given beforehand.",
    ),
    ("who discovered penicillin", "The moon orbits the earth once in about twenty-seven days."),
    (
        "what dose is given by infusion",
        "The usual dose is 0.5 mg per kilogram of body weight over forty minutes.",
    ),
]
MINILM = [
    0.72225,
    0.66907,
    0.31755,
    0.82414,
    0.47434,
    0.45189,
    0.72353,
    0.66138,
    -0.0006,
    0.53016,
]
COSINES = {
    ("bge-small-en", "int8"): [
        0.82487,
        0.73274,
        0.67755,
        0.86789,
        0.60568,
        0.5912,
        0.74622,
        0.74574,
        0.3934,
        0.68172,
    ],
    ("all-MiniLM-L6-v2", "float32"): MINILM,
    ("all-MiniLM-L6-v2", "bfloat16"): MINILM,
}
TOLERANCE = {"int8": 0.003, "float32": 1e-4, "bfloat16": 0.01}
"""bfloat16 is what indexes of an earlier version may have been built with."""

LOGITS = [6.0192, 0.2599, -5.1724, 9.243, -1.4137, 0.9404, 6.7095, -9.0321, -11.092, -1.141]


@pytest.mark.parametrize(("name", "precision"), COSINES)
def test_an_encoder_gives_the_recorded_cosines(name: str, precision: str) -> None:
    encoder = Encoder(find_model(name, precision))
    questions = encoder.encode_questions([question for question, _ in PAIRS])
    passages = encoder.encode_passages([passage for _, passage in PAIRS])
    cosines = (questions * passages).sum(axis=1)
    np.testing.assert_allclose(cosines, COSINES[name, precision], atol=TOLERANCE[precision])


def test_the_cross_encoder_gives_the_recorded_logits() -> None:
    model = cross_encoder()
    logits = [float(model.logits(question, [passage])[0]) for question, passage in PAIRS]
    np.testing.assert_allclose(logits, LOGITS, atol=0.6)
