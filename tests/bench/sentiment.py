"""How fast one core tags texts, and how large the model is."""

import csv
import itertools
import time
from collections.abc import Iterator

from portal.demo.loader import COMMENTS
from portal.language import sentiment
from portal.language.model import MODEL_FILE
from tests.bench.rows import Row, at_least, at_most
from tests.bench.stage import Stage

TEXTS_PER_SECOND = 1_000
MODEL_MB = 3
_MEGABYTE = 1_000_000


def rows(stage: Stage) -> Iterator[Row]:
    """Texts per second of CPU time, and the model's size."""
    rounds = stage.effort(5, 1)
    speed = max(texts_per_second(stage.effort(3_000, 500)) for _ in range(rounds))
    yield Row("sentiment on one core", speed, "texts/s", at_least(TEXTS_PER_SECOND))
    size = MODEL_FILE.stat().st_size / _MEGABYTE
    yield Row("sentiment model", size, "MB", at_most(MODEL_MB))


def texts_per_second(number: int) -> float:
    """How many texts are tagged in a second of this thread's CPU time; loading is not counted."""
    texts = list(itertools.islice(distinct_texts(), number))
    sentiment.preload()
    begun = time.thread_time()
    for text in texts:
        sentiment.tag(text)
    return number / (time.thread_time() - begun)


def distinct_texts() -> Iterator[str]:
    """Texts that differ from each other: one of the demo's comments followed by another."""
    with COMMENTS.open(newline="", encoding="utf-8") as file:
        said = [row["text"] for row in csv.DictReader(file)]
    for distance in range(1, len(said)):
        for number, text in enumerate(said):
            yield f"{text} {said[(number + distance) % len(said)]}"
