"""One row of the table: a figure, its unit, and the goal it is held against."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

HEADINGS = ("name", "figure", "unit", "goal", "met")


class Sense(StrEnum):
    """Which way a goal is read."""

    AT_MOST = "≤"
    BELOW = "<"
    AT_LEAST = "≥"


@dataclass(frozen=True)
class Goal:
    """What a figure is held against."""

    sense: Sense
    value: float

    def met(self, figure: float) -> bool:
        """Whether the figure keeps the goal; the unrounded figure decides."""
        if self.sense is Sense.AT_LEAST:
            return figure >= self.value
        return figure < self.value if self.sense is Sense.BELOW else figure <= self.value

    def __str__(self) -> str:
        return f"{self.sense} {shown(self.value)}"


def at_most(value: float) -> Goal:
    """The figure may reach this and no more."""
    return Goal(Sense.AT_MOST, value)


def below(value: float) -> Goal:
    """The figure stays under this."""
    return Goal(Sense.BELOW, value)


def at_least(value: float) -> Goal:
    """The figure reaches this."""
    return Goal(Sense.AT_LEAST, value)


@dataclass(frozen=True)
class Row:
    """A figure with its unit. Without a goal it only tells how another came about.

    `figure` is None where it could not be had, and `why` then says the reason.
    """

    name: str
    figure: float | None
    unit: str
    goal: Goal | None = None
    why: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none. A missing figure meets no goal."""
        if self.goal is None:
            return None
        return self.figure is not None and self.goal.met(self.figure)

    def cells(self) -> tuple[str, ...]:
        """The row as the table prints it."""
        figure = "–" if self.figure is None else shown(self.figure)
        met = {True: "yes", False: "NO", None: ""}[self.met]
        return self.name, figure, self.unit, str(self.goal or ""), met

    def as_json(self) -> dict[str, object]:
        """The row as `bench.json` keeps it."""
        row = {"name": self.name, "figure": self.figure, "unit": self.unit}
        goal = str(self.goal) if self.goal else None
        return {**row, "goal": goal, "met": self.met, **({"why": self.why} if self.why else {})}


def shown(figure: float) -> str:
    """A number for a person: whole ones and large ones without decimals, the others with two."""
    if figure == int(figure) or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.2f}"


def table(rows: Sequence[Row]) -> str:
    """The rows under their headings, in columns."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    printed = [_line(cells, widths) for cells in lines]
    return "\n".join([printed[0], "-" * len(printed[0]), *printed[1:]])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, figure, unit, goal, met = (
        cell.rjust(width) if column == 1 else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"{name}  {figure} {unit}  {goal}  {met}"


def closing_lines(rows: Sequence[Row]) -> list[str]:
    """What missed its goal, and why a figure is missing; one line when everything is met."""
    judged = [row for row in rows if row.goal]
    missed = [row for row in judged if not row.met]
    lines = [f"{len(judged) - len(missed)} of {len(judged)} goals met."]
    lines += [f"Missed: {row.name}." for row in missed if not row.why]
    return lines + [f"Not measured: {row.name}. {row.why}" for row in rows if row.why]


def to_json(rows: Sequence[Row]) -> str:
    """The rows as the text of `bench.json`."""
    return json.dumps([row.as_json() for row in rows], ensure_ascii=False, indent=2) + "\n"
