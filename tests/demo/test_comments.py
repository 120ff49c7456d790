"""Comments are invented, varied and free of private data; a faulty table is refused by name."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

import portal.demo.comments
from portal.demo.city import city
from portal.demo.comments import ANY_KIND, SCORES, Comment, Comments, read_comments

OURS = read_comments(Path(portal.demo.comments.__file__).with_name("comments.csv"))
THEMES = {ANY_KIND, "lapangan", "mesin_rusak", "panas"}


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "komentar.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_there_are_many_and_no_two_are_alike() -> None:
    assert len(OURS) >= 300
    alike = Counter(re.sub(r"\W+", " ", comment.text).casefold().strip() for comment in OURS)
    assert [text for text, times in alike.items() if times > 1] == []


def test_languages_have_their_share() -> None:
    languages = Counter(comment.language for comment in OURS)
    assert 0.17 <= languages["plm"] / len(OURS) <= 0.25
    assert 8 <= languages["en"] <= 20


def test_every_score_is_well_served() -> None:
    scores = Counter(comment.score for comment in OURS)
    assert all(scores[score] >= 60 for score in SCORES)
    assert all(OURS.fitting(ANY_KIND, score) >= 20 for score in SCORES)


@pytest.mark.parametrize(
    "private",
    [
        r"\d{6,}",
        r"\b0?8\d[\d .-]{6,}",
        r"\S+@\S+",
        r"https?:|www\.",
        r"\bBG ?\d{1,4} ?[A-Z]{1,3}\b",
        r"\+62",
    ],
)
def test_no_private_data(private: str) -> None:
    assert [comment.text for comment in OURS if re.search(private, comment.text)] == []


def test_texts_are_short_and_clean() -> None:
    for comment in OURS:
        assert len(comment.text) <= 300
        assert comment.text == " ".join(comment.text.split())


def test_every_kind_belongs_to_a_service_or_is_a_theme() -> None:
    kinds = {service.kind for service in city().services}
    assert {comment.kind for comment in OURS} <= kinds | THEMES


def test_every_service_finds_a_comment_of_the_wanted_score() -> None:
    rng = Random(3)
    for service in city().services:
        for score in SCORES:
            found = OURS.pick(rng, service.kind, score)
            assert found.score == score
            assert found.kind in (service.kind, ANY_KIND)


def test_a_pick_falls_back_to_any_counter_then_to_the_nearest_score() -> None:
    own, anywhere = Comment("ktp", 5, "id", "a"), Comment(ANY_KIND, 2, "id", "b")
    some = Comments([own, anywhere])
    rng = Random(1)
    assert some.pick(rng, "ktp", 5) == own
    assert some.pick(rng, "kk", 2) == anywhere
    assert some.pick(rng, "ktp", 4) == own
    assert some.pick(rng, "ktp", 1) == anywhere
    assert some.pick(rng, "kk", 5) == anywhere
    assert Comments([own]).pick(rng, "kk", 1) == own


def test_picking_is_the_same_for_the_same_seed() -> None:
    once, again = (
        [OURS.pick(rng, "ktp", 5).text for _ in range(50)] for rng in (Random(7), Random(7))
    )
    assert once == again


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    "text",
    [
        'text,score\n"Cepat, ramah",5\nLama,2\n',
        "text;score\r\nCepat, ramah;5\r\nLama;2\r\n",
        'Score, Text\n5,"Cepat, ramah"\n\n,\n 2 ,Lama',
    ],
)
def test_a_table_with_text_and_score_is_enough(tmp_path: Path, text: str, encoding: str) -> None:
    assert list(read_comments(table(tmp_path, text, encoding))) == [
        Comment(ANY_KIND, 5, "id", "Cepat, ramah"),
        Comment(ANY_KIND, 2, "id", "Lama"),
    ]


def test_kind_and_language_are_read_where_given(tmp_path: Path) -> None:
    path = table(tmp_path, "language,kind,score,text\nplm,kk,1,saro nian\n,,4,bagus\n")
    assert list(read_comments(path)) == [
        Comment("kk", 1, "plm", "saro nian"),
        Comment(ANY_KIND, 4, "id", "bagus"),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "komentar.csv: kolom “text” tidak ada di baris judul."),
        ("teks,score\nBagus,5\n", "komentar.csv: kolom “text” tidak ada di baris judul."),
        ("text,nilai\nBagus,5\n", "komentar.csv: kolom “score” tidak ada di baris judul."),
        ("text,score\n", "komentar.csv: tidak ada komentar di bawah baris judul."),
        (
            "text,score\nBagus,5\nLama,6\n",
            "komentar.csv, baris 3, kolom score: “6” bukan angka 1 sampai 5.",
        ),
        ("text,score\nBagus\n", "komentar.csv, baris 2, kolom score: “” bukan angka 1 sampai 5."),
        (
            "text,score\nBagus,²\n",
            "komentar.csv, baris 2, kolom score: “²” bukan angka 1 sampai 5.",
        ),
        ("text,score\n\n  ,3\n", "komentar.csv, baris 3, kolom text: teksnya kosong."),
        (
            "text,score,language\nBagus,5,jv\n",
            "komentar.csv, baris 2, kolom language: “jv” tidak dikenal. Pilihan: id, plm, en.",
        ),
        (
            "score,text\n5,Cepat, ramah\n",
            "komentar.csv, baris 2, kolom 3: isi lebih banyak daripada judul kolom. "
            "Apit teks yang memuat tanda pemisah dengan tanda kutip.",
        ),
        (
            'text,score\nBagus,5\n"Lama,2\n',
            "komentar.csv, setelah baris 2: tanda kutip tidak berpasangan.",
        ),
    ],
)
def test_a_fault_is_refused_by_file_row_and_column(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(ValueError) as refusal:
        read_comments(table(tmp_path, text))
    assert str(refusal.value) == sentence


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"komentar\.csv: bukan UTF-8"):
        read_comments(table(tmp_path, "text,score\ncafé,5\n", "latin-1"))


def test_no_comments_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="satu komentar pun"):
        Comments([])
