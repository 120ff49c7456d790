"""Codes: what was printed is read back however it is typed, and what was mistyped is noticed."""

import random
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.codes import ALPHABET, POINT, RECEIPT, CodeKind, Fault, check_letter

KINDS = (POINT, RECEIPT)
CONFUSED = {"0": "0Oo", "1": "1IiLl"}
kinds = st.sampled_from(KINDS)


@st.composite
def codes(draw: st.DrawFn) -> tuple[CodeKind, str]:
    """A kind, and a code of it in stored form."""
    kind = draw(kinds)
    body = draw(st.text(ALPHABET, min_size=kind.random, max_size=kind.random))
    return kind, body + check_letter(body)


def as_typed(kind: CodeKind, code: str, rng: random.Random) -> str:
    """The code as somebody might type it from the print."""
    letters = []
    for symbol in code:
        letters.append(rng.choice(CONFUSED.get(symbol, symbol + symbol.lower())))
        letters.append(rng.choice(["", "", "", "-", " ", " - "]))
    prefix = rng.choice([kind.prefix, kind.prefix.lower(), kind.prefix.rstrip("-") + " ", ""])
    return rng.choice(["", " "]) + prefix + "".join(letters)


def test_the_alphabet_is_crockfords() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert list(ALPHABET) == sorted(ALPHABET)


@pytest.mark.parametrize(
    ("body", "letter"),
    [
        ("", "0"),
        ("0000000", "0"),
        ("1", "Y"),  # 2·1 = 2, 32 − 2 = 30
        ("G", "Z"),  # 2·16 = 32 = one whole and nothing over: 1, 32 − 1 = 31
        ("Z", "1"),  # 2·31 = 62 = 1·32 + 30: 31, 32 − 31 = 1
        ("10", "Z"),  # the second from the right stands plain: 1
        ("12345", "8"),  # 5·2 + 4 + 3·2 + 2 + 1·2 = 24, 32 − 24 = 8
    ],
)
def test_the_check_letter_is_luhns_in_base_32(body: str, letter: str) -> None:
    assert check_letter(body) == letter


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_code_has_the_length_on_the_print_and_is_hardly_ever_the_same(
    kind: CodeKind,
) -> None:
    made = [kind.new() for _ in range(200)]
    assert {len(code) for code in made} == {kind.length}
    assert len(set(made)) > 190
    assert set("".join(made)) == set(ALPHABET), "each symbol is used"
    assert all(kind.read(kind.shown(code)) == (code, None) for code in made)


def test_a_code_is_printed_in_groups_behind_its_prefix() -> None:
    assert POINT.shown("7K4QX2") == "PLG-7K4QX2"
    assert RECEIPT.shown("5XK28MDA") == "R-5XK2-8MDA"


@given(codes(), st.randoms(use_true_random=False))
def test_a_code_reads_back_however_it_is_typed(
    code: tuple[CodeKind, str], rng: random.Random
) -> None:
    kind, stored = code
    assert kind.read(as_typed(kind, stored, rng)) == (stored, None)


@given(codes(), st.data())
def test_every_single_wrong_symbol_is_noticed_as_such(
    code: tuple[CodeKind, str], data: st.DataObject
) -> None:
    kind, stored = code
    place = data.draw(st.integers(0, len(stored) - 1))
    wrong = data.draw(st.sampled_from([s for s in ALPHABET if s != stored[place]]))
    mistyped = stored[:place] + wrong + stored[place + 1 :]
    assert kind.read(kind.prefix + mistyped) == (mistyped, Fault.CHECK)
    assert kind.read(mistyped)[1] is not None, "also where the prefix was not typed"


def test_of_two_neighbours_swapped_only_0_and_z_go_unnoticed() -> None:
    """Every pair of symbols in every place of a point's code, the rest being zeroes."""
    unnoticed = set()
    for place, (a, b) in product(range(POINT.random), product(ALPHABET, repeat=2)):
        if place + 1 < POINT.random and a != b:
            body = "0" * place + a + b + "0" * (POINT.random - place - 2)
            swapped = "0" * place + b + a + "0" * (POINT.random - place - 2)
            if check_letter(body) == check_letter(swapped):
                unnoticed.add(frozenset((a, b)))
    assert unnoticed == {frozenset("0Z")}


@given(codes())
def test_a_swap_of_neighbours_is_noticed_but_for_0_and_z(code: tuple[CodeKind, str]) -> None:
    kind, stored = code
    for place, (a, b) in enumerate(pairwise(stored)):
        swapped = stored[:place] + b + a + stored[place + 2 :]
        expected = None if a == b or {a, b} == {"0", "Z"} else Fault.CHECK
        assert kind.read(kind.prefix + swapped)[1] is expected


@pytest.mark.parametrize(
    ("kind", "typed", "found"),
    [
        (POINT, "", ("", Fault.LENGTH)),
        (POINT, "PLG-", ("", Fault.LENGTH)),
        (POINT, "plg", ("", Fault.LENGTH)),
        (POINT, "PLG-12345", ("12345", Fault.LENGTH)),
        (POINT, "PLG-1234567", ("1234567", Fault.LENGTH)),
        (POINT, "PLG-12345U", ("12345U", Fault.SYMBOL)),
        (POINT, "PLG-12345Ü", ("12345Ü", Fault.SYMBOL)),
        (RECEIPT, "R-0000-000U", ("0000000U", Fault.SYMBOL)),
        (RECEIPT, "R", ("", Fault.LENGTH)),
    ],
)
def test_what_is_no_code_is_told_apart(
    kind: CodeKind, typed: str, found: tuple[str, Fault]
) -> None:
    assert kind.read(typed) == found


def test_a_receipt_that_begins_like_its_prefix_is_read_with_and_without_it() -> None:
    body = "RRRRRRR"
    code = body + check_letter(body)
    for typed in (code, f"R-{code}", f"R{code}", f"r-{code[:4]}-{code[4:]}".lower()):
        assert RECEIPT.read(typed) == (code, None)


def test_o_and_l_are_mended_only_after_the_prefix_is_taken_off() -> None:
    """The L of PLG stands in the prefix; mending it first would leave P1G in the code."""
    body = "10101"
    code = body + check_letter(body)
    assert POINT.read("PLG-" + "lOiOL" + code[-1]) == (code, None)


@given(kinds, st.text(max_size=200))
def test_any_writing_is_judged_without_raising(kind: CodeKind, typed: str) -> None:
    code, fault = kind.read(typed)
    assert fault is not None or (len(code) == kind.length and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("typed", ["\x00" * 6, "ß" * 6, "١٢٣٤٥٦", "👍" * 6, "9" * 1_000_000])
def test_strange_writing_is_refused_quickly(typed: str) -> None:
    code, fault = POINT.read(typed)
    assert fault is not None
    assert len(code) <= 128
