"""Text that people typed, without what breaks a page or a database."""

_JOINERS = frozenset("\u200c\u200d\ufe0f")


def printable(text: str) -> str:
    """`text` with plain line feeds and without control, direction and half characters.

    Emoji stay whole: the joiners and selectors inside them are kept.
    """
    return "".join(c for c in text if c.isprintable() or c == "\n" or c in _JOINERS)


def words_of(text: str) -> str | None:
    """Words as they are stored: printable, trimmed, None when nothing is left."""
    return printable(text.replace("\t", " ")).strip() or None
