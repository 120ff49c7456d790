"""Codes that people read from print and type: Crockford's alphabet, checked by Luhn mod 32."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_READ_AS = str.maketrans("OIL", "011")
_MOST_TYPED, _MOST_READ = 200, 32


class Fault(StrEnum):
    """Why a typed code cannot be a code of its kind."""

    LENGTH = "length"
    SYMBOL = "symbol"
    CHECK = "check"


def check_letter(body: str) -> str:
    """The letter that makes `body` a valid code: Luhn's algorithm in base 32.

    It notices every single wrong symbol and nearly every swap of two neighbours.
    """
    total = 0
    for position, symbol in enumerate(reversed(body)):
        product = _VALUE[symbol] * (2 if position % 2 == 0 else 1)
        total += product // 32 + product % 32
    return ALPHABET[-total % 32]


@dataclass(frozen=True)
class CodeKind:
    """One kind of code: a prefix, `random` random symbols and a check letter, printed in groups."""

    prefix: str
    random: int
    group: int

    @property
    def length(self) -> int:
        """Symbols after the prefix, the check letter included."""
        return self.random + 1

    def new(self) -> str:
        """A fresh random code in its stored form: symbols alone, without prefix and hyphens."""
        body = "".join(secrets.choice(ALPHABET) for _ in range(self.random))
        return body + check_letter(body)

    def shown(self, code: str) -> str:
        """The stored form as it is printed, such as `R-5XK2-8MDA`."""
        groups = (code[start : start + self.group] for start in range(0, len(code), self.group))
        return self.prefix + "-".join(groups)

    def read(self, typed: str) -> tuple[str, Fault | None]:
        """What a person typed, in stored form, and the fault that makes it no code, if any.

        Case, spaces and signs do not matter, and of a pasted address only the last part is read.
        O is read as 0, I and L as 1 after the prefix is taken off, because print and handwriting
        confuse them.
        """
        last = typed[:_MOST_TYPED].partition("?")[0].rstrip("/").rpartition("/")[2]
        symbols = "".join(symbol for symbol in last.upper() if symbol.isalnum())[:_MOST_READ]
        bare = symbols.removeprefix(self.prefix.replace("-", ""))
        read = [self._judged(reading.translate(_READ_AS)) for reading in (bare, symbols)]
        return next((found for found in read if found[1] is None), read[0])

    def _judged(self, code: str) -> tuple[str, Fault | None]:
        if not set(code) <= _VALUE.keys():
            return code, Fault.SYMBOL
        if len(code) != self.length:
            return code, Fault.LENGTH
        return code, None if check_letter(code[:-1]) == code[-1] else Fault.CHECK


POINT = CodeKind(prefix="PLG-", random=5, group=6)
RECEIPT = CodeKind(prefix="R-", random=7, group=4)
