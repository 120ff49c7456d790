"""Pure decisions about accounts: passwords, periods, links, sessions, where a sign-in may lead."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from portal.kit.errors import Conflict, Invalid

IDLE_END = timedelta(minutes=30)
ABSOLUTE_END = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
LINK_LASTS = timedelta(hours=72)

LEAST_PASSWORD, MOST_PASSWORD = 12, 256
MOST_NAME, MOST_EMAIL, MOST_ADDRESS = 120, 254, 500
_LEAST_OWN = 3
_LEAST_BESIDES = 8
_LEAST_SYMBOLS = 5
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_COMMON = tuple(
    "123456789 987654321 112233445566 password passw0rd katasandi sandisaya rahasia sangatrahasia "
    "qwertyuiop asdfghjkl zxcvbnm 1q2w3e4r5t6y palembang indonesia bismillah alhamdulillah "
    "sayangku akusayangkamu iloveyou letmein welcome administrator selamatdatang merdeka".split()
)


@dataclass(frozen=True)
class Standing:
    """What of a session and its person decides whether it still stands."""

    created_at: datetime
    last_seen_at: datetime
    epoch: int
    person_epoch: int
    retired: bool
    holds_a_grant: bool


def stands(session: Standing, now: datetime) -> bool:
    """Whether a session that nobody ended still stands.

    It is over after 30 idle minutes, after 12 hours, with another password, with the person's
    retirement and with the last grant.
    """
    return (
        now - session.last_seen_at < IDLE_END
        and now - session.created_at < ABSOLUTE_END
        and session.epoch == session.person_epoch
        and not session.retired
        and session.holds_a_grant
    )


def worth_noting(last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session's last-seen is old enough to be written again (1 minute)."""
    return now - last_seen_at >= SEEN_EVERY


def check_link(
    *, used_at: datetime | None, replaced_at: datetime | None, expires_at: datetime, now: datetime
) -> None:
    """Refuse, with `Conflict`, a one-time link that was used, replaced or is past its time."""
    if used_at is not None:
        raise Conflict("Tautan ini sudah dipakai. Setiap tautan hanya berlaku sekali.")
    if replaced_at is not None:
        raise Conflict("Tautan ini sudah diganti dengan yang lebih baru.")
    if now >= expires_at:
        raise Conflict("Tautan ini sudah kedaluwarsa. Setiap tautan berlaku 72 jam.")


def check_password(password: str, own: Iterable[str]) -> None:
    """Refuse, with `Invalid`, a password that is short, very common, or little but one's own name.

    `own` is the person's name and e-mail. Length is what counts (NIST SP 800-63B): no rule asks
    for digits or signs.
    """
    if len(password) < LEAST_PASSWORD:
        raise _unfit(f"Paling sedikit {LEAST_PASSWORD} huruf; kalimat pendek pun boleh.")
    if len(password) > MOST_PASSWORD:
        raise _unfit(f"Paling banyak {MOST_PASSWORD} huruf.")
    bare = _bare(password)
    if len(set(password)) < _LEAST_SYMBOLS or _little_besides(bare, _COMMON):
        raise _unfit("Kata sandi ini termasuk yang paling mudah ditebak. Pilih yang lain.")
    if _little_besides(bare, _own_words(own)):
        raise _unfit("Kata sandi ini hampir hanya nama atau surel Anda sendiri. Pilih yang lain.")


def _unfit(sentence: str) -> Invalid:
    return Invalid(sentence, field="sandi_baru")


def _bare(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _own_words(own: Iterable[str]) -> list[str]:
    words = {_bare(word) for text in own for word in re.split(r"[\W_]+", text)}
    return sorted((word for word in words if len(word) >= _LEAST_OWN), key=len, reverse=True)


def _little_besides(bare: str, words: Iterable[str]) -> bool:
    """Whether `bare` holds one of these words and next to nothing besides them and digits."""
    rest = bare
    for word in words:
        rest = rest.replace(word, "")
    return rest != bare and len(rest.strip("0123456789")) < _LEAST_BESIDES


def cleaned_email(typed: str) -> str:
    """An e-mail address in small letters; refuses, with `Invalid`, what cannot be one."""
    email = typed.strip().lower()
    if len(email) > MOST_EMAIL or not _EMAIL.fullmatch(email):
        raise Invalid("Tulis surel lengkap, seperti nama@contoh.test.", field="surel")
    return email


def cleaned_name(typed: str) -> str:
    """A name without needless white space; refuses, with `Invalid`, an empty or endless one."""
    name = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if not name:
        raise Invalid("Tulis nama orangnya, dengan gelar bila biasa dipakai.", field="nama")
    if len(name) > MOST_NAME:
        raise Invalid(f"Nama paling panjang {MOST_NAME} huruf.", field="nama")
    return name


def check_period(from_on: date, until_on: date | None, today: date) -> None:
    """Refuse, with `Invalid`, a period that begins before today or ends before it begins."""
    if from_on < today:
        raise Invalid("Hari pertama paling cepat hari ini.", field="mulai")
    if until_on is not None and until_on < from_on:
        raise Invalid("Hari terakhir jatuh sebelum hari pertama.", field="sampai")


def local_path(address: str | None) -> str | None:
    """The address if it is a path of this portal that a sign-in may lead to, otherwise None.

    Anything that a browser could read as another site is refused: two slashes, a backslash, a
    scheme, control characters.
    """
    if not address or len(address) > MOST_ADDRESS or not address.isprintable():
        return None
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or parts.path in ("/masuk", "/keluar"):
        return None
    return address
