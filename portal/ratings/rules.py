"""Pure decisions about a rating: what it adds to a tally, and how long it may be changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.kit.errors import Conflict, Invalid
from portal.ratings.terms import Again, Exclusion

CHANGEABLE_FOR = timedelta(minutes=10)
MOST_WORDS = 1000
SCORES = (1, 2, 3, 4, 5)
TONES = ("positive", "neutral", "negative", "uncertain")
LABELS = ("negative", "neutral", "positive")
"""The tones that a person may give; not being sure is left to the machine."""
COUNTERS = (
    *(f"s{score}" for score in SCORES),
    *TONES,
    *(f"excluded_{reason}" for reason in Exclusion),
    "withdrawn",
)


@dataclass(frozen=True)
class Standing:
    """What of a rating decides where it is counted."""

    score: int
    tone: str | None
    exclusion: str | None
    withdrawn: bool


def counted(standing: Standing) -> dict[str, int]:
    """The tally counters, all of value 1, that a rating in this standing stands in.

    A withdrawn rating counts as withdrawn only, an excluded one by its reason only.
    """
    if standing.withdrawn:
        return {"withdrawn": 1}
    if standing.exclusion:
        return {f"excluded_{standing.exclusion}": 1}
    tone = {standing.tone: 1} if standing.tone else {}
    return {f"s{standing.score}": 1, **tone}


def moved(before: Standing, after: Standing) -> dict[str, int]:
    """What to add to a tally when a rating goes from one standing to another; empty if nothing."""
    change = dict(counted(after))
    for counter, amount in counted(before).items():
        change[counter] = change.get(counter, 0) - amount
    return {counter: amount for counter, amount in change.items() if amount}


def sent_again(*, same: bool, complete: bool, withdrawn: bool, changeable: bool) -> Again:
    """What to make of a form that was sent before. `same`: it says what is stored; `complete`: it
    could be stored as it is.
    """
    if withdrawn:
        return Again.WITHDRAWN
    if same:
        return Again.SAME
    if not changeable:
        return Again.LATE
    return Again.OTHER if complete else Again.INCOMPLETE


def check_score(score: int) -> None:
    """Refuse, with `Invalid`, a score outside 1–5."""
    if score not in SCORES:
        raise Invalid("Pilih satu wajah, dari sangat buruk sampai sangat baik.", field="nilai")


def check_changeable(rated_at: datetime, now: datetime, *, withdrawn: bool) -> None:
    """Refuse, with `Conflict`, a change more than 10 minutes after the rating or its withdrawal."""
    if withdrawn:
        raise Conflict("Penilaian ini sudah Anda tarik, jadi tidak bisa diubah lagi.")
    if now - rated_at > CHANGEABLE_FOR:
        raise Conflict(
            "Penilaian hanya bisa diubah atau ditarik dalam 10 menit. Yang pertama tetap dihitung."
        )


def hidden_from(city_moment: datetime) -> date:
    """The first city day whose words staff may not read yet.

    That is today, until its last rating can no longer be changed: the words of a day appear ten
    minutes after it, so that nobody judges words that their author may still replace.
    """
    return (city_moment - CHANGEABLE_FOR).date()


def check_label(tone: str) -> None:
    """Refuse, with `Invalid`, a tone that a person may not give."""
    if tone not in LABELS:
        raise Invalid("Pilih satu nada: negatif, netral, atau positif.", field="nada")


def check_seen(seen_tone: str, tone: str | None) -> None:
    """Refuse, with `Conflict`, a correction of a tone that is no longer the one that was seen."""
    if seen_tone != tone:
        raise Conflict("Rekan Anda baru saja mengubah nada tulisan ini. Periksa yang sekarang.")
