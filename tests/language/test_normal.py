"""One spelling for slang, Palembang words, stretched letters and split endings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.language.languages import language_of, read
from portal.language.normal import LOCAL_WORDS, clean, english_tokens, indonesian_tokens, load_table
from portal.language.terms import Language


@pytest.mark.parametrize("word", ["gak", "dak", "idak", "ndak", "ora", "nggak", "tdk", "indak"])
def test_every_no_becomes_tidak(word: str) -> None:
    assert indonesian_tokens(word) == ["tidak"]


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("baguuuusss", ["bagus"]),
        ("tempatnyo", ["tempat", "nya"]),
        ("tempatnya", ["tempat", "nya"]),
        ("hanya", ["hanya"]),
        ("dibukake", ["dibukakan"]),
        ("katek wong", ["tidak", "ada", "orang"]),
        ("mokaseh", ["terima", "kasih"]),
        ("orang2", ["orang"]),
        ("jam 8.30", ["jam", "0", ".", "0"]),
        ("mantap 👍", ["mantap", ":)"]),
        ("kecewa 😡 :(", ["kecewa", ":(", ":("]),
    ],
)
def test_a_written_form_becomes_one_spelling(written: str, tokens: list[str]) -> None:
    assert indonesian_tokens(clean(written)) == tokens


def test_english_keeps_double_letters_and_gathers_its_negations() -> None:
    assert english_tokens("sooo good, don't worry") == ["soo", "good", ",", "do", "not", "worry"]


@pytest.mark.parametrize(
    ("comment", "language"),
    [
        ("The officer was very kind", Language.ENGLISH),
        ("Great service, thank you", Language.ENGLISH),
        ("Pelayanan bagus sekali", Language.INDONESIAN),
        ("Dak lemak nian", Language.INDONESIAN),
        ("Service-nya bagus dan cepat", Language.INDONESIAN),
        ("", Language.INDONESIAN),
        ("12345 ???", Language.INDONESIAN),
    ],
)
def test_the_language_is_told_by_everyday_words(comment: str, language: Language) -> None:
    assert language_of(clean(comment)) == language


def test_every_entry_of_the_word_list_is_needed_and_names_its_source() -> None:
    rows = load_table("words.tsv")
    assert len({row[0] for row in rows}) == len(rows) == len(LOCAL_WORDS)
    for word, normal, language, source in rows:
        assert word != normal
        assert word == word.lower()
        assert language
        assert source in {"palembang-list", "common-usage"}


def test_every_entry_of_the_tone_list_is_praise_or_blame() -> None:
    rows = load_table("tones.tsv")
    assert len({(row[0], row[2]) for row in rows}) == len(rows)
    assert {row[1] for row in rows} == {"positive", "negative"}
    assert {row[2] for row in rows} == {"id", "en"}


@given(st.text(max_size=300))
def test_reading_any_text_gives_tokens_without_spaces(text: str) -> None:
    assert all(token and not token.isspace() for token in read(text).tokens)


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
