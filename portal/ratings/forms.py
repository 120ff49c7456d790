"""The shape of what a citizen sends about a visit."""

from typing import Any

from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from portal.kit.text import printable, words_of
from portal.kit.tickets import TicketForm
from portal.ratings.rules import MOST_WORDS, SCORES

SCORE_NAMES = {1: "Sangat buruk", 2: "Buruk", 3: "Cukup", 4: "Baik", 5: "Sangat baik"}
PURPOSE = "rating"


_SCORE_TEXTS = {str(score) for score in SCORES}


def _score(value: Any) -> int | None:
    return int(value) if str(value) in _SCORE_TEXTS else None


class RatingForm(TicketForm):
    """A face and, if the person likes, words. Made for the counter with this code."""

    nilai = StringField(
        "Bagaimana pelayanan tadi?",
        filters=[_score],
        validators=[DataRequired("Pilih satu wajah dulu, dari sangat buruk sampai sangat baik.")],
    )
    kata = TextAreaField(
        "Ceritakan sedikit",
        description="Boleh kosong. Tanpa nama atau NIK, ya.",
        filters=[lambda text: printable(text or "")],
    )

    def __init__(self, code: str) -> None:
        super().__init__(purpose=PURPOSE, subject=code)

    @property
    def score(self) -> int | None:
        """The chosen score, None when there is none or an absurd one."""
        return _score(self.nilai.data)

    @property
    def words(self) -> str | None:
        """The words as they would be stored, None when there are none."""
        return words_of(self.kata.data or "")

    def validate_kata(self, field: TextAreaField) -> None:
        """Refuse more words than are kept, and say by how many."""
        surplus = len(self.words or "") - MOST_WORDS
        if surplus > 0:
            raise ValidationError(
                f"Paling banyak {MOST_WORDS} huruf; tulisan ini kelebihan {surplus}. "
                "Silakan persingkat, semuanya masih ada di sini."
            )
