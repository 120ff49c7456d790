"""The sentence that tells staff why the machine is not sure."""

import re
from dataclasses import replace

import pytest

from portal.language.doubts import doubt
from portal.language.sentiment import Tagged, tag


def unsure(text: str) -> Tagged:
    return replace(tag(text), certain=False)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("", "Tidak ada kata yang dapat dibaca mesin."),
        ("Petugas itu galak", "Kata “galak” punya dua arti: “mau, sering” atau “pemarah”."),
        (
            "Petugasnya ramah tapi tempatnya kotor",
            "Ada nada memuji dan nada mengeluh di sekitar kata “tapi”: “ramah” dan “kotor”.",
        ),
        ("Ramah, kotor", "Ada nada memuji dan nada mengeluh: “ramah” dan “kotor”."),
        (
            "Kapan kantor ini dibuka lagi untuk umum?",
            "Kalimat ini bertanya; sulit dibedakan dari keluhan.",
        ),
        ("Begitulah", "Komentarnya sangat pendek."),
        (
            "Saya dak datang ke kantor hari itu",
            "Kata “dak” (tidak) dapat membalik arti kalimat ini.",
        ),
        (
            "Saya ga datang ke kantor hari itu",
            "Kata “ga” (tidak) dapat membalik arti kalimat ini.",
        ),
        (
            "Saya tidak datang ke kantor hari itu",
            "Kata “tidak” dapat membalik arti kalimat ini.",
        ),
    ],
)
def test_the_most_telling_reason_is_named(comment: str, reason: str) -> None:
    assert doubt(comment, unsure(comment)) == reason


@pytest.mark.parametrize(
    "comment",
    [
        "Petugasnyo ramahhh tapi tempatnyo kotor nian",
        "They don't open on the day I came there",
        "Ramah2 wong nyo, tapi galak jugo",
        "Katek yang ngurus surat tu sampe sore",
        "Pelayanannya elok, cuman lelet",
        "Jingok tu dak biso masuk ke situ",
    ],
)
def test_every_word_that_is_quoted_as_written_stands_in_the_comment(comment: str) -> None:
    said = doubt(comment, unsure(comment)) or ""
    quoted = re.findall(r"“([^”]+)”", said.split(" punya dua arti")[0])
    assert all(word in comment.lower() for word in quoted), said


def test_a_certain_answer_has_no_doubt() -> None:
    comment = "Petugasnyo ramah nian, tempatnyo bersih, puas aku."
    told = tag(comment)
    assert told.certain
    assert doubt(comment, told) is None


def test_without_a_reason_in_the_words_the_figures_speak() -> None:
    comment = "Saya duduk di bangku depan kantor itu"
    close = {"positive": 0.45, "negative": 0.4, "neutral": 0.15}
    told = replace(unsure(comment), probabilities=close)
    assert doubt(comment, told) == "Nada positif dan negatif hampir sama kuat."
    clear = {"positive": 0.6, "negative": 0.3, "neutral": 0.1}
    told = replace(told, probabilities=clear, confidence=0.6)
    assert doubt(comment, told) == "Mesin baru yakin 60 dari 100."
