"""How many people rate which kind of service, and how that changes over the year."""

from datetime import date

_POPULARITY = {
    "ktp": 3.0,
    "kk": 2.2,
    "akta": 1.8,
    "puskesmas": 1.7,
    "izin_usaha": 1.5,
    "pajak": 1.4,
    "kia": 1.2,
    "air": 1.1,
    "kecamatan": 1.0,
    "bansos": 1.2,
    "sekolah": 1.0,
    "uji_kendaraan": 1.2,
    "air_tagihan": 1.1,
    "ikd": 1.2,
    "pindah": 1.1,
    "parkir": 0.9,
    "sampah": 0.8,
    "pencari_kerja": 1.0,
    "museum": 0.8,
    "taman": 0.7,
    "kepegawaian": 0.4,
    "pensiun": 0.3,
    "ormas": 0.2,
    "pertanian": 0.2,
    "perlindungan": 0.25,
    "mediasi": 0.2,
    "gedung": 0.25,
    "alat_bantu": 0.3,
    "pengaduan": 0.3,
    "bank_sampah": 0.35,
    "makam": 0.25,
}
_USUAL = 0.6
_BUSY_LABELS = {"Loket 1": 1.3, "Kasir": 1.3, "Pendaftaran": 1.3, "Ruang tunggu": 0.6}
_BUSY_MONTHS: dict[str, dict[int, float]] = {
    "sekolah": {5: 1.8, 6: 4.5, 7: 4.0, 8: 1.3},
    "mutasi": {6: 2.0, 7: 3.0, 1: 1.6},
    "ijazah": {6: 2.2, 7: 2.0, 9: 1.4},
    "kia": {6: 1.8, 7: 1.8},
    "kk": {5: 1.4, 6: 1.5},
    "pajak": {8: 1.6, 9: 3.2, 12: 1.3},
    "bphtb": {12: 2.0},
    "pajak_usaha": {1: 1.5, 12: 1.6},
    "uji_kendaraan": {3: 1.5, 12: 1.5, 6: 1.2},
    "izin_usaha": {1: 1.2, 12: 1.4},
    "bangunan": {12: 1.5},
    "kepegawaian": {4: 2.0, 10: 2.0, 12: 1.5},
    "sampah": {11: 1.4, 12: 2.2, 1: 2.6, 2: 2.3, 3: 1.4},
    "jalan": {11: 1.5, 12: 2.2, 1: 2.4, 2: 2.0, 3: 1.4},
    "air": {8: 1.5, 9: 1.7, 10: 1.4},
    "penelitian": {2: 1.8, 3: 1.8, 9: 2.0, 10: 1.6},
    "pencari_kerja": {6: 1.5, 7: 1.6, 9: 1.8},
    "wisata": {6: 1.8, 7: 1.6, 12: 1.8},
    "museum": {6: 1.8, 7: 1.5, 12: 1.7},
    "taman": {6: 1.4, 12: 1.3},
    "pangan": {2: 1.6, 3: 2.0, 12: 1.8},
}


def popularity(kind: str, label: str) -> float:
    """How often people rate at a point with this label compared with others, about 1."""
    return _POPULARITY.get(kind, _USUAL) * _BUSY_LABELS.get(label, 1.0)


def season(kind: str, day: date) -> float:
    """How much busier than usual a kind of service is on this day; 1 is usual."""
    return _BUSY_MONTHS.get(kind, {}).get(day.month, 1.0)
