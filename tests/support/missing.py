"""Keeps a list of what a test run could not have, so that its last lines can name it."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Gap:
    """One thing a run went without: what it is, why, and the command that brings it."""

    what: str
    why: str
    command: str

    def line(self) -> str:
        """Return the sentence that names the gap and its remedy."""
        return f"{self.what}: {self.why} To bring it: {self.command}"


class Missing(Exception):
    """Raised by a helper that cannot give what it was asked for; the gap is already on the list."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(gap.line())
        self.gap = gap


_gaps: dict[str, Gap] = {}


def missing(what: str, why: str, command: str) -> Missing:
    """Put a gap on the list and return the exception to raise; `why` is a whole sentence.

    The same `what` stands on the list once, with the reason that was given first.
    """
    gap = _gaps.setdefault(what, Gap(what, why, command))
    return Missing(gap)


def gaps() -> list[Gap]:
    """Return what was missing so far, in the order in which it was noticed."""
    return list(_gaps.values())


def gaps_are_failures() -> bool:
    """Tell whether a gap fails the run: with CI=true it does, at a desk it only skips."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def closing_lines() -> list[str]:
    """Return the lines to print at the very end of a run; none when nothing was missing."""
    if not _gaps:
        return []
    verdict = "and CI=true makes that a failure" if gaps_are_failures() else "so tests were skipped"
    return [f"Missing on this machine, {verdict}:", *(f"  {gap.line()}" for gap in gaps())]


def exit_status(status: int) -> int:
    """Return the exit status of a run that pytest would end with `status`."""
    return 1 if status == 0 and _gaps and gaps_are_failures() else status
