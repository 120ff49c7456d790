"""Reads a table of invented comments and picks one that fits a service and a score."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from random import Random

ANY_KIND = "umum"
LANGUAGES = ("id", "plm", "en")
SCORES = (1, 2, 3, 4, 5)
_REQUIRED = ("text", "score")


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody might write; `kind` says about which services, `umum` about any counter."""

    kind: str
    score: int
    language: str
    text: str


class Comments:
    """Comments in the order of their table, found by kind and score. Refuses to be empty."""

    def __init__(self, comments: Iterable[Comment]) -> None:
        self._all = tuple(comments)
        if not self._all:
            raise ValueError("Tidak ada satu komentar pun.")
        self._by_kind: defaultdict[tuple[str, int], list[Comment]] = defaultdict(list)
        for comment in self._all:
            self._by_kind[comment.kind, comment.score].append(comment)

    def __len__(self) -> int:
        return len(self._all)

    def __iter__(self) -> Iterator[Comment]:
        return iter(self._all)

    def fitting(self, kind: str, score: int) -> int:
        """How many comments there are for exactly this kind and score."""
        return len(self._by_kind.get((kind, score), ()))

    def pick(self, rng: Random, kind: str, score: int) -> Comment:
        """A comment for this kind and score, else one for any counter, else of the nearest score.

        At equal distance the lower score comes first. Where nothing of the kind or for any
        counter exists, one of all comments.
        """
        for near in sorted(SCORES, key=lambda other: (abs(other - score), other)):
            for wanted in (kind, ANY_KIND):
                if found := self._by_kind.get((wanted, near)):
                    return rng.choice(found)
        return rng.choice(self._all)


def read_comments(path: Path) -> Comments:
    """The comments of a CSV file with the columns kind, score, language, text, in any order.

    `kind` (else `umum`) and `language` (else `id`) may be missing. Takes UTF-8 with or without
    a byte order mark, separated by comma or, as Excel in Indonesia writes it, by semicolon. A
    fault is refused by `ValueError` that names file, row (the heading is row 1) and column.
    """
    rows = _table(path)
    names = [name.strip().lower() for name in next(rows, (1, []))[1]]
    for required in _REQUIRED:
        if required not in names:
            raise ValueError(f"{path.name}: kolom “{required}” tidak ada di baris judul.")
    comments = [_comment(path, number, names, cells) for number, cells in rows if any(cells)]
    if not comments:
        raise ValueError(f"{path.name}: tidak ada komentar di bawah baris judul.")
    return Comments(comments)


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}: bukan UTF-8. Simpan sebagai “CSV UTF-8”.")
    heading = text.partition("\n")[0]
    separator = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error:
        raise ValueError(f"{path.name}, setelah baris {number}: tanda kutip tidak berpasangan.")


def _comment(path: Path, number: int, names: list[str], cells: list[str]) -> Comment:
    where = f"{path.name}, baris {number}"
    if any(cells[len(names) :]):
        raise ValueError(
            f"{where}, kolom {len(names) + 1}: isi lebih banyak daripada judul kolom. "
            "Apit teks yang memuat tanda pemisah dengan tanda kutip."
        )
    row = dict(zip(names, cells, strict=False))
    score, text = row.get("score", ""), row.get("text", "")
    kind, language = row.get("kind") or ANY_KIND, (row.get("language") or "id").lower()
    if score not in {str(known) for known in SCORES}:
        raise ValueError(f"{where}, kolom score: “{score}” bukan angka 1 sampai 5.")
    if not text:
        raise ValueError(f"{where}, kolom text: teksnya kosong.")
    if language not in LANGUAGES:
        known = ", ".join(LANGUAGES)
        raise ValueError(f"{where}, kolom language: “{language}” tidak dikenal. Pilihan: {known}.")
    return Comment(kind, int(score), language, text)
