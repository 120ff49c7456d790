"""Settle words that mean one thing in Palembang and another in Indonesian, by the words around
them.

Each rule is a plain sentence about neighbours; where no rule speaks, the word stays as it was
written and `doubts.py` may name it to the reader. The senses come from the Palembang list of the
product's specification; the neighbours are common usage, not yet checked by a native speaker.
"""

from collections.abc import Callable

_PALEMBANG = frozenset(
    "dak idak katek ngatek pacak biso nian bae saro begawe besak kecik aer uwong wong "
    "mokaseh makmano ngapo amen cak samo apo ado galo galonyo lamo jugo payo kito dio igo "
    "mano nak la lah cakmano siapo berapo dimano".split()
)
_CLAUSE_ENDS = frozenset({"", ".", ",", "!", "?", ";", ":"})
_NO = frozenset("dak idak tidak tdk gak ndak nggak".split())

_DEEDS = frozenset(
    "bantu bantuin tolong dengar denger balas jawab senyum tegur datang kerja turun "
    "layani antar jelaskan jelaske lewat pakai makan main jalan duduk nanya tanya kesini "
    "kesano".split()
)
_DEED_STARTS = ("ng", "ny", "me", "mb", "nolong", "nulung", "nanya", "begawe", "ber", "be")
_MISHAPS = frozenset(
    "lambat lamo lama telat mati macet banjir error rusak mampet tutup antri antre ngaret kosong "
    "habis abis hilang libur nyalah berubah padam keruh".split()
)
_FAT = frozenset(
    "kolesterol jenuh perut daging kadar tubuh gizi hewani nabati protein kalori trans gajih "
    "diet darah sapi minyak susu".split()
)
_ROB = frozenset("preman tukang kena keno uang duit parkir oleh jukir rp ribu sopir bayar".split())
_ACHE = frozenset("sakit pening pusing mumet luka benjol berat panas ngilu".split())
_CREW_OF = frozenset(
    "bus bis kapal media kabin angkutan angkot pesawat kereta mobil redaksi lrt feri".split()
)
_ALTHOUGH = frozenset("sudah la lah dem masih maseh baru jelas lewat cuma cuman hari dekat".split())
_SAFE_AFTER = _CLAUSE_ENDS | frozenset(
    "nian sekali dan nyaman tertib jugo juga bae saja di sekarang damai untuk terkendali "
    "banget".split()
)


def _galak(before: str, after: str, palembang: bool) -> str:
    """Before a deed "willing", before a mishap "often", otherwise fierce."""
    if after in _MISHAPS:
        return "sering"
    return (
        "mau" if after in _DEEDS or (len(after) > 4 and after.startswith(_DEED_STARTS)) else "galak"
    )


def _lemak(before: str, after: str, palembang: bool) -> str:
    """Beside food chemistry "fat"; in a Palembang comment or after "not" it is "pleasant"."""
    if before in _FAT or after in _FAT:
        return "lemak"
    return (
        "enak" if palembang or before in _NO or before in {"paling", "lebih", "makin"} else "lemak"
    )


def _palak(before: str, after: str, palembang: bool) -> str:
    """Beside thugs and money "extort"; after an ache or in a Palembang comment "head"."""
    if before in _ROB or after in _ROB:
        return "peras"
    return "kepala" if palembang or before in _ACHE else "palak"


def _awak(before: str, after: str, palembang: bool) -> str:
    """Of a vehicle "crew"; opening a clause with "already" it is "although"; in Palembang "you"."""
    if after in _CREW_OF:
        return "awak"
    if before in _CLAUSE_ENDS and after in _ALTHOUGH:
        return "padahal"
    return "kamu" if palembang else "awak"


def _aman(before: str, after: str, palembang: bool) -> str:
    """Opening a clause of a Palembang comment it is "if"; otherwise "safe"."""
    opens = palembang and before in _CLAUSE_ENDS and after not in _SAFE_AFTER
    return "kalau" if opens else "aman"


_SENSES: dict[str, Callable[[str, str, bool], str]] = {
    "galak": _galak,
    "lemak": _lemak,
    "palak": _palak,
    "awak": _awak,
    "aman": _aman,
}

FALSE_FRIENDS: dict[str, str] = {
    "aman": "“kalau” atau “aman”",
    "galak": "“mau, sering” atau “pemarah”",
    "lemak": "“enak” atau “lemak makanan”",
    "palak": "“kepala” atau “memeras”",
    "awak": "“kamu, padahal” atau “awak kendaraan”",
}
"""Word -> its two senses, in words for the reader."""


def is_palembang(words: list[str]) -> bool:
    """Does the comment hold a word or an ending that only Palembang uses?"""
    return any(word in _PALEMBANG or (len(word) > 5 and word.endswith("nyo")) for word in words)


def settle_senses(words: list[str]) -> list[str]:
    """The same words, each false friend replaced by the Indonesian word of its sense here."""
    if _SENSES.keys().isdisjoint(words):
        return words
    palembang = is_palembang(words)
    framed = ["", *words, ""]
    return [
        _SENSES[word](framed[place], framed[place + 2], palembang) if word in _SENSES else word
        for place, word in enumerate(words)
    ]
