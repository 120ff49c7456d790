"""Text that people typed, without what breaks a page or a database."""

_JOINERS = frozenset("\u200c\u200d\ufe0f")


def printable(text: str, *, lines: bool = True) -> str:
    """`text` without control, direction and half characters; plain line feeds stay with `lines`.

    Emoji stay whole: the joiners and selectors inside them are kept.
    """
    kept = _JOINERS | {"\n"} if lines else _JOINERS
    return "".join(c for c in text if c.isprintable() or c in kept)


def words_of(text: str) -> str | None:
    """Words as they are stored: printable, trimmed, None when nothing is left."""
    return printable(text.replace("\t", " ")).strip() or None
