"""What stands beside a text: whose tone it is and why the machine is not sure; and the chart."""

from dataclasses import dataclass

from portal.figures.distributions import Row, rows
from portal.language.doubts import doubt
from portal.language.sentiment import model_version, tag
from portal.language.terms import Tone
from portal.ratings.queries import Counts
from portal.ratings.voices import Voice


@dataclass(frozen=True)
class Item:
    """One text in the list.

    `decided` says that a person gave the present tone, `mine` that it was the reader, `restored`
    that the reader has taken a correction back. `likely` is the tone that an unsure machine finds
    likeliest, `reason` its doubt in a sentence.
    """

    voice: Voice
    decided: bool
    mine: bool
    restored: bool
    likely: str | None
    reason: str | None

    @property
    def machine_was(self) -> bool:
        """Whether the tone before the person's was the machine's own."""
        verdict = self.voice.verdict
        return verdict is not None and verdict.from_tone == self.voice.machine_tone


def item(voice: Voice, person_id: int) -> Item:
    """What the person with this id sees of a text."""
    verdict = voice.verdict
    own = verdict is not None and verdict.person_id == person_id
    undone = verdict is not None and verdict.undo
    decided = voice.tone != voice.machine_tone or (verdict is not None and not undone)
    likely, reason = _doubt(voice) if voice.tone == Tone.UNCERTAIN else (None, None)
    return Item(voice, decided, own and not undone, own and undone, likely, reason)


def _doubt(voice: Voice) -> tuple[str | None, str | None]:
    """The likeliest tone and the doubt, read anew, unless another model said it."""
    if voice.model_version != model_version():
        return None, None
    tagged = tag(voice.words)
    return tagged.label, doubt(voice.words, tagged)


@dataclass(frozen=True)
class Panel:
    """The tones of texts that count, as the tallies have them."""

    counts: Counts

    @property
    def tones(self) -> list[Row]:
        """One row a tone, the share None without any text."""
        return rows(self.counts.tones.items(), self.counts.texts)
