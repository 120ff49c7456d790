"""Read labelled comments from a CSV file, and refuse a bad file by name."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from portal.language.normal import load_table
from portal.language.terms import LABELS, Tone

OWN_SOURCE = "portal"
"""The source of comments written for the portal itself."""

_LONGEST_FIELD = 1_000_000


class RefusedFile(ValueError):
    """A file that cannot be used; its message is an Indonesian sentence naming file and fault."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One labelled comment; `source` and `language` are empty where the file has no such column."""

    text: str
    label: Tone
    source: str = ""
    language: str = ""


def read_samples(path: Path) -> list[Sample]:
    """The rows of a UTF-8 CSV with the columns `text,label` and, if present, `source,language`.

    Refuses with `RefusedFile`: no such file, not UTF-8, empty, a column missing, an unknown label.
    """
    with _opened(path) as lines:
        try:
            samples = list(_rows(path, csv.DictReader(lines)))
        except UnicodeDecodeError as error:
            raise RefusedFile(
                f"Berkas {path.name} bukan teks UTF-8; simpan ulang sebagai CSV UTF-8."
            ) from error
        except csv.Error as error:
            raise RefusedFile(
                f"Berkas {path.name} tidak dapat dibaca sebagai CSV: {error}."
            ) from error
    if not samples:
        raise RefusedFile(f"Berkas {path.name} kosong: tidak ada satu baris pun berisi komentar.")
    return samples


def _opened(path: Path) -> TextIO:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        return path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise RefusedFile(f"Berkas {path.name} tidak ditemukan atau tidak dapat dibuka.") from error


def _rows(path: Path, reader: "csv.DictReader[str]") -> Iterator[Sample]:
    columns = reader.fieldnames or []
    missing = [column for column in ("text", "label") if column not in columns]
    if columns and missing:
        raise RefusedFile(f"Berkas {path.name} tidak memiliki kolom {' dan '.join(missing)}.")
    for number, row in enumerate(reader, start=2):
        label = (row["label"] or "").strip()
        if label not in LABELS:
            raise RefusedFile(
                f"Berkas {path.name}, kolom label, baris {number}: “{label}” tidak dikenal; "
                f"pilihannya {', '.join(LABELS)}."
            )
        yield Sample(
            row["text"] or "", Tone(label), row.get("source") or "", row.get("language") or ""
        )


def own_examples() -> list[Sample]:
    """Comments written for the portal, in Indonesian, Palembang and English; no native speaker
    checked them.
    """
    return [
        Sample(text, Tone(label), source, language)
        for text, label, language, source in load_table("examples.tsv")
    ]
