"""Argon2 hashes of passwords, each some thirty milliseconds of work and so never in a command."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_hasher = PasswordHasher(memory_cost=19456, time_cost=2, parallelism=1)
"""The parameters that OWASP's password storage cheat sheet gives as the least."""

_one_at_a_time = ThreadPoolExecutor(1, thread_name_prefix="argon2")
"""Each hash takes 19 MB: strangers who try to sign in at once wait, instead of filling memory."""

_NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$"
    "ESOOjda/PIiPbH1rA4pnbw$uCHgb+TMZ778kSCTOD5STE0LoC7BP6CY0NfcJGXMJJA"
)
"""The hash of random bytes that were thrown away."""


def hash_password(password: str) -> str:
    """The hash to store of a password; its spelling in Unicode does not matter."""
    return _one_at_a_time.submit(_hasher.hash, _normal(password)).result()


def is_password(stored: str | None, password: str) -> bool:
    """Whether this is the password of a stored hash.

    Without one the same work is done and the answer is no, so that the time taken does not tell
    who has an account.
    """
    try:
        _one_at_a_time.submit(_hasher.verify, stored or _NOBODYS, _normal(password)).result()
    except VerificationError:
        return False
    return stored is not None


def _normal(password: str) -> bytes:
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
