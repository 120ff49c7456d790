"""Words that mean one thing in Palembang and another in Indonesian, each in both senses."""

import pytest

from portal.language.languages import read
from portal.language.sentiment import tag
from portal.language.terms import Tone


@pytest.mark.parametrize(
    ("comment", "sense"),
    [
        ("Pegawainyo galak nolong wong tuo", "mau"),
        ("Petugas galak mbantu ngisi formulir", "mau"),
        ("Aer di sini galak mati", "sering"),
        ("Petugasnya galak dan kasar", "galak"),
        ("Galak nian bapak satpam itu", "galak"),
        ("Lemak nian ruang tunggunyo", "enak"),
        ("Dak lemak nunggu di sini", "enak"),
        ("Makanan di kantin penuh lemak jenuh", "lemak"),
        ("Periksa kadar lemak darah di puskesmas", "lemak"),
        ("Sakit palak aku nunggu", "kepala"),
        ("Palak kami pening nian", "kepala"),
        ("Sopir kena palak preman terminal", "peras"),
        ("Tukang palak masih berkeliaran", "peras"),
        ("Awak nak ke mano", "kamu"),
        ("Awak sudah bayar, masih ditagih", "padahal"),
        ("Awak bus kota kurang tertib", "awak"),
        ("Aman ujan, jalan ini dak pacak dilewati", "kalau"),
        ("Aman nak daftar, bawak apo bae", "kalau"),
        ("Kampung kami aman dan tertib", "aman"),
        ("Lah aman nian sekarang kampung kami", "aman"),
    ],
)
def test_a_false_friend_is_read_by_its_neighbours(comment: str, sense: str) -> None:
    assert sense in read(comment).tokens


@pytest.mark.parametrize(
    ("comment", "tone"),
    [
        ("Pegawainyo galak nolong wong tuo, mantap.", Tone.POSITIVE),
        ("Petugasnyo galak, nanyo dikit langsung marah.", Tone.NEGATIVE),
        ("Lemak nian ruang tunggunyo, dingin samo bersih.", Tone.POSITIVE),
        ("Dak lemak nian pelayanannyo.", Tone.NEGATIVE),
        ("Dak saro lagi ngurus KTP.", Tone.POSITIVE),
        ("Saro nian ngurus KTP di sini.", Tone.NEGATIVE),
        ("Sakit palak aku ngurus surat, ribet igo.", Tone.NEGATIVE),
        ("Dipalak preman di terminal, tolong ditindak.", Tone.NEGATIVE),
        ("Kampung kami lah aman sekarang, mokaseh pak polisi.", Tone.POSITIVE),
        ("Aman nak buat KTP, bawak apo bae?", Tone.NEUTRAL),
        ("Awak sudah bayar, masih jugo disuruh balek.", Tone.NEGATIVE),
        ("Awak nak ngurus apo?", Tone.NEUTRAL),
        ("Dak nyesel aku ke sini, cepet nian.", Tone.POSITIVE),
    ],
)
def test_the_tone_follows_the_sense(comment: str, tone: Tone) -> None:
    assert tag(comment).label == tone
