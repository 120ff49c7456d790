"""What a list of words was asked for, read from its address and written back into it.

Whatever makes no sense is left out, so that an address that was typed, cut or kept for a year
still opens a list.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from portal.desk.periods import Period
from portal.directory.queries import ServiceChoice
from portal.kit.text import printable
from portal.ratings.voices import MOST_SEARCHED, Selection, Spot

TONE_KEYS = {"negatif": "negative", "netral": "neutral", "positif": "positive", "ragu": "uncertain"}
"""Tones as addresses and forms spell them."""

KEY_OF_TONE = {tone: key for key, tone in TONE_KEYS.items()}
WORST = "terburuk"
_SPOT = re.compile(r"([1-5])_(\d{4}-\d\d-\d\d)_(\d{1,19})", re.ASCII)
_ID = re.compile(r"\d{1,19}", re.ASCII)
_MOST_ID = 2**63
_MOST_ADDRESS = 2000


@dataclass(frozen=True)
class Filter:
    """Which words, in which order, from which place on."""

    services: tuple[ServiceChoice, ...]
    service_id: int | None
    period: Period
    tone: str | None
    search: str
    worst_first: bool
    after: Spot | None

    @property
    def selection(self) -> Selection:
        """The words meant, whatever their tone."""
        ids = tuple(service.id for service in self.services)
        chosen = ids if self.service_id is None else (self.service_id,)
        return Selection(chosen, self.period.first_on, self.period.last_on, self.search)

    @property
    def address(self) -> dict[str, str]:
        """What stands in the address for it; the usual is left out, and so is the place."""
        asked = {
            "layanan": str(self.service_id or ""),
            "periode": self.period.key,
            "nada": KEY_OF_TONE.get(self.tone or "", ""),
            "kata": self.search,
            "urut": WORST if self.worst_first else "",
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def here(self) -> dict[str, str]:
        """The same with the place in the list."""
        return self.address | ({"setelah": _spelled(self.after)} if self.after else {})

    @property
    def packed(self) -> str:
        """The same as one text, for a form that leads back here."""
        return urlencode(self.here)

    def after_spot(self, spot: Spot) -> dict[str, str]:
        """What stands in the address of the page that begins after this place."""
        return self.address | {"setelah": _spelled(spot)}

    def toned(self, tone: str | None) -> dict[str, str]:
        """What stands in the address of the same list for another tone, or for all."""
        others = {name: value for name, value in self.address.items() if name != "nada"}
        return others | ({"nada": KEY_OF_TONE[tone]} if tone else {})

    def anywhere(self) -> dict[str, str]:
        """What stands in the address of the same list without the search."""
        return {name: value for name, value in self.address.items() if name != "kata"}


def read(
    asked: Mapping[str, str], services: Iterable[ServiceChoice], periods: list[Period]
) -> Filter:
    """The filter that an address asks for; a service out of reach is left out like nonsense."""
    services = tuple(services)
    service_id = read_id(asked.get("layanan", ""))
    if service_id not in {service.id for service in services}:
        service_id = None
    wanted = asked.get("periode", "")
    return Filter(
        services=services,
        service_id=service_id,
        period=next((period for period in periods if period.key == wanted), periods[0]),
        tone=TONE_KEYS.get(asked.get("nada", "")),
        search=" ".join(printable(asked.get("kata", "")[: 4 * MOST_SEARCHED]).split())[
            :MOST_SEARCHED
        ].strip(),
        worst_first=asked.get("urut") == WORST,
        after=_spot(asked.get("setelah", "")),
    )


def unpacked(text: str) -> dict[str, str]:
    """What stood in the address that a form was packed with; nothing when it is nonsense."""
    return dict(parse_qsl(text[:_MOST_ADDRESS]))


def read_id(text: str) -> int | None:
    """The id that this text names, or None; no id is larger than a database can compare."""
    if not _ID.fullmatch(text) or int(text) >= _MOST_ID:
        return None
    return int(text)


def _spelled(spot: Spot) -> str:
    return f"{spot.score}_{spot.rated_on}_{spot.id}"


def _spot(text: str) -> Spot | None:
    found = _SPOT.fullmatch(text)
    rating_id = read_id(found[3]) if found else None
    if found is None or rating_id is None:
        return None
    try:
        return Spot(int(found[1]), date.fromisoformat(found[2]), rating_id)
    except ValueError:
        return None
