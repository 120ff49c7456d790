"""Tell English comments from Indonesian ones by their everyday words, and read either into
tokens.
"""

from dataclasses import dataclass

from portal.language.normal import clean, english_tokens, indonesian_tokens, load_table
from portal.language.terms import Language

_ENGLISH = frozenset(
    "the is are was were am be been and of to in it its this that these those with for "
    "from you your they their them he she his her we our us i my me not very but have has "
    "had do does did don't will would can could should a an on at by as so too no never "
    "more most all any some what when where why how who which there here if or because "
    "than then only just also always after before again about out up down off over good "
    "bad great nice service staff officer place food please thank thanks need needs want "
    "get got make made one day time people really much many long slow fast clean dirty "
    "friendly rude helpful best worst excellent poor love like wait waiting office "
    "counter queue city street water road free help fix information open hours".split()
)
_INDONESIAN = frozenset(
    "yang dan di ke dari ini itu tidak ada dengan untuk saya kami kita kamu anda dia "
    "mereka sudah belum akan bisa juga saja lagi karena tapi kalau atau pada dalam sangat "
    "sekali banget lebih banyak semua orang hari jam pak bu mohon tolong terima kasih "
    "bagus baik buruk pelayanan petugas tempat jalan air kantor warga nya dak nak bae "
    "nian katek wong biso pacak gak yg dgn tdk aku kok sih dong deh ya mau harus jadi "
    "buat apa kapan bagaimana kenapa berapa siapa makanan enak jangan masih setelah oleh "
    "para seperti".split()
)

TONES: dict[Language, dict[str, int]] = {language: {} for language in Language}
"""Language -> word -> +1 (praise) or -1 (blame): a small list of service words, written for the
portal.
"""
for _word, _tone, _language, _source in load_table("tones.tsv"):
    TONES[Language(_language)][_word] = 1 if _tone == "positive" else -1


@dataclass(frozen=True, slots=True)
class Reading:
    """A comment as the model sees it: its language and its tokens in one spelling."""

    language: Language
    tokens: list[str]


def language_of(cleaned: str) -> Language:
    """English when English everyday words outnumber Indonesian ones, otherwise Indonesian."""
    words = cleaned.replace(",", " ").replace(".", " ").replace("!", " ").split()
    english = sum(word in _ENGLISH for word in words)
    if not english or english <= sum(word in _INDONESIAN for word in words):
        return Language.INDONESIAN
    return Language.ENGLISH


def read(text: str) -> Reading:
    """Clean a comment, find its language and split it into tokens; never fails on any string."""
    cleaned = clean(text)
    language = language_of(cleaned)
    split = english_tokens if language is Language.ENGLISH else indonesian_tokens
    return Reading(language, split(cleaned))
