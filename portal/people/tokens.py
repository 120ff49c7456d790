"""Random tokens of sessions and one-time links, of which only a hash is stored."""

import hashlib
import secrets


def new_token() -> str:
    """A token with 256 random bits, fit for a cookie and an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token: SHA-256 is enough, since nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
