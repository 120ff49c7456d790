"""Refusals: what the portal will not do, said in a sentence fit for the person who reads it."""


class Refusal(Exception):
    """A request that is understood and not carried out. `status` is the HTTP status it becomes.

    `field` names the form field the sentence belongs to, where there is one.
    """

    status = 400

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Invalid(Refusal):
    """The values make no sense together."""


class NotAllowed(Refusal):
    """The person may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or none that this person may see."""

    status = 404


class Conflict(Refusal):
    """Somebody or something was faster."""

    status = 409
