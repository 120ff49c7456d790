"""Typed text loses what breaks a page or a database and keeps what people wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.text import printable, words_of

FAMILY = "👨‍👩‍👧"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("biasa saja", "biasa saja"),
        ("dua\r\nbaris", "dua\nbaris"),
        ("nol\x00byte", "nolbyte"),
        ("balik\u202earah", "balikarah"),
        ("\ud83dlepas", "lepas"),
        (FAMILY, FAMILY),
        ("❤\ufe0f", "❤\ufe0f"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\x1b[31mmerah", "[31mmerah"),
        ("\ufeffawal", "awal"),
    ],
)
def test_control_and_half_characters_go_and_joined_emoji_stay(typed: str, kept: str) -> None:
    assert printable(typed) == kept


@given(st.text(st.characters()))
def test_what_is_printable_can_be_written_to_any_database_and_stays_as_it_is(text: str) -> None:
    kept = printable(text)
    assert "\x00" not in kept
    kept.encode()
    assert printable(kept) == kept


@pytest.mark.parametrize("typed", ["", " ", "\n\t \r\n", "\x00", "\u202e"])
def test_words_of_nothing_are_none(typed: str) -> None:
    assert words_of(typed) is None


def test_words_are_trimmed_and_a_tab_stays_a_gap() -> None:
    assert words_of("  dak\tado \n") == "dak ado"
