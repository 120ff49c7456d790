"""The colours are told apart by everyone: contrast as WCAG 2 measures it, light and dark."""

import re
from functools import cache

import pytest

from tests.house.source import CSS

TEXT, MARK = 4.5, 3.0
TINTS = ("musi-tint", "soon-tint", "ok-tint", "gold-tint")

TEXT_PAIRS = [
    *[("ink", ground) for ground in ("paper", "card", "sunk", *TINTS, "q1", "q2", "q3", "river")],
    *[("ink2", ground) for ground in ("paper", "card", "sunk", "musi-tint", "soon-tint")],
    *[("musi", ground) for ground in ("paper", "card", "musi-tint")],
    *[("musi2", ground) for ground in ("card", "musi-tint")],
    *[("on-musi", ground) for ground in ("musi", "musi2")],
    *[("on-songket", "songket2"), ("foil", "songket2"), ("songket", "paper")],
    *[("late", ground) for ground in ("paper", "card", "late-tint")],
    *[("soon", "soon-tint"), ("ok", "ok-tint"), ("gold-ink", "gold-tint"), ("gold-ink", "card")],
    *[("card", ground) for ground in ("late", "q4", "q5")],
    ("paper", "ink"),
]
"""Words on their ground."""

MARK_PAIRS = [
    *[("edge", ground) for ground in ("paper", "card")],
    *[("musi", ground) for ground in ("card", "paper", "sunk")],
    *[("songket", ground) for ground in ("paper", "card", "river")],
    *[("foil", "songket2"), ("foam", "songket2"), ("songket2", "gold"), ("river", "musi")],
    *[("late", "card"), ("ink", "halo"), ("ink", "gold-tint")],
]
"""Borders, drawings and signs on theirs."""

FOCUS_GROUNDS = ("paper", "card", "songket2", "musi", "late", "gold-tint")

TABLE = [
    ("ink", "paper", 15.9, 15.9),
    ("ink", "card", 16.8, 14.5),
    ("ink2", "paper", 7.2, 9.2),
    ("ink2", "card", 7.7, 8.5),
    ("ink2", "sunk", 6.5, 7.7),
    ("musi", "paper", 7.2, 10.4),
    ("on-musi", "musi", 7.8, 9.3),
    ("songket", "paper", 10.0, 11.0),
    ("on-songket", "songket2", 13.1, 13.5),
    ("late", "card", 7.7, 9.7),
    ("soon", "soon-tint", 6.5, 8.5),
    ("ok", "ok-tint", 6.1, 8.0),
    ("gold-ink", "gold-tint", 6.1, 8.1),
    ("edge", "paper", 4.1, 5.4),
]
"""What was measured when the colours were chosen: a changed one is measured and seen anew."""


@cache
def colours() -> dict[str, dict[str, str]]:
    """The colours by name, light and dark; dark redefines only some."""
    text = (CSS / "tokens.css").read_text("utf-8")
    light, dark = text.split("@media screen and (prefers-color-scheme:dark)")
    named = re.compile(r"--([\w-]+):(#[0-9a-f]{3}(?:[0-9a-f]{3})?)\b")
    plain = dict(named.findall(light))
    return {"light": plain, "dark": plain | dict(named.findall(dark))}


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2, definition)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(theme: str, one: str, other: str) -> float:
    shades = sorted(luminance(colours()[theme][name]) for name in (one, other))
    return (shades[1] + 0.05) / (shades[0] + 0.05)


def test_contrast_is_measured_as_the_standard_says() -> None:
    assert luminance("#fff") == pytest.approx(1)
    assert luminance("#000") == 0
    assert luminance("#777") == pytest.approx(0.1845, abs=0.0001)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), TEXT_PAIRS)
def test_words_stand_out_from_their_ground(theme: str, words: str, ground: str) -> None:
    assert contrast(theme, words, ground) >= TEXT, f"{words} on {ground}, {theme}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_borders_and_signs_stand_out_from_their_ground(theme: str, mark: str, ground: str) -> None:
    assert contrast(theme, mark, ground) >= MARK, f"{mark} on {ground}, {theme}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", FOCUS_GROUNDS)
def test_the_ring_of_the_focus_is_seen_on_every_ground(theme: str, ground: str) -> None:
    """A dark line and a bright gap: one of the two stands out."""
    best = max(contrast(theme, "ink", ground), contrast(theme, "halo", ground))
    assert best >= MARK


@pytest.mark.parametrize(("one", "other", "light", "dark"), TABLE)
def test_a_pair_measures_what_it_did_when_it_was_chosen(
    one: str, other: str, light: float, dark: float
) -> None:
    found = [round(contrast(theme, one, other), 1) for theme in ("light", "dark")]
    assert found == [pytest.approx(light, abs=0.051), pytest.approx(dark, abs=0.051)]


def test_dark_colours_are_for_screens_only() -> None:
    assert "@media screen and (prefers-color-scheme:dark)" in (CSS / "tokens.css").read_text()


SHEETS = sorted(path.name for path in CSS.glob("*.css"))
REDEFINE = {"tokens.css", "print.css"}
"""Sheets that give the properties their values; paper has its own."""


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if sheet not in REDEFINE])
def test_a_colour_is_named_in_one_place(sheet: str) -> None:
    """Shadows, which let something through and only decorate, and plain white and black apart."""
    text = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text("utf-8"), flags=re.DOTALL)
    found = re.findall(r"[:\s,(](#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3}))\b", text)
    assert set(found) <= {"#000", "#fff"}, f"{sheet}: such a colour stays light in the dark"


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_property_that_is_used_is_defined(sheet: str) -> None:
    everywhere = "\n".join(path.read_text("utf-8") for path in CSS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", everywhere))
    used = set(re.findall(r"var\((--[\w-]+)", (CSS / sheet).read_text("utf-8")))
    assert used <= defined, f"{sheet} uses {used - defined}, which nothing defines"
