"""Who adds words to a rating of the demonstration, and which."""

from collections import defaultdict, deque
from datetime import date
from random import Random

from portal.demo.city import City, Point
from portal.demo.comments import ANY_KIND, Comments
from portal.demo.quality import Quality

OUTDOORS = "lapangan"
"""The kind of comments that fit any place without a counter."""

_SHARE_BY_SCORE = {1: 0.55, 2: 0.50, 3: 0.38, 4: 0.29, 5: 0.31}
_RARE_SHARE = 0.08
_NO_COUNTER = frozenset(
    {
        "angkutan",
        "internet",
        "jalan",
        "lampu",
        "museum",
        "pangan",
        "parkir",
        "sampah",
        "taman",
        "wisata",
    }
)
_REMEMBERED = 40
_TRIES = 5
# Short words come to many people, a whole story only to one.
_STORY_LENGTH = 50
_STORY_SHARE = 0.45


class Words:
    """What people write. A unit seldom hears the same sentence twice in close succession."""

    def __init__(self, city: City, comments: Comments, quality: Quality, *, seed: int) -> None:
        self._services = {service.key: service for service in city.services}
        self._comments = comments
        self._quality = quality
        self._rng = Random(f"{seed} words")
        self._heard: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))

    def said(
        self, point: Point, day: date, score: int, *, rarely: bool = False
    ) -> tuple[str, str] | None:
        """Text and language of what goes with this score; None for the many who write nothing."""
        share = _RARE_SHARE if rarely else _SHARE_BY_SCORE[score]
        if self._rng.random() >= share:
            return None
        service = self._services[point.service]
        heard = self._heard[service.unit]
        left = _TRIES
        while True:
            kind = self._kind(point, service.kind, day, score)
            comment = self._comments.pick(self._rng, kind, score)
            story = len(comment.text) > _STORY_LENGTH
            told = not story or self._rng.random() < _STORY_SHARE
            left -= 1
            if not left or (told and comment.text not in heard):
                break
        heard.append(comment.text)
        return self._typed(comment.text), comment.language

    def _kind(self, point: Point, kind: str, day: date, score: int) -> str:
        """The theme of a bad spell, the service's own kind, or what fits anywhere."""
        for spell in self._quality.happening(point, day):
            if (
                spell.theme
                and self._comments.fitting(spell.theme, score)
                and self._rng.random() < spell.theme_share
            ):
                return spell.theme
        own = self._comments.fitting(kind, score)
        anywhere = OUTDOORS if kind in _NO_COUNTER else ANY_KIND
        if not self._comments.fitting(anywhere, score):
            return kind
        return kind if self._rng.random() < own / (own + 3) else anywhere

    def _typed(self, text: str) -> str:
        """The text as another hand might type it: some without capitals or the last full stop."""
        chance = self._rng.random()
        if chance < 0.12:
            return text.lower()
        return text.removesuffix(".") if chance < 0.25 else text
