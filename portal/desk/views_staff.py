"""`/meja/penilaian`: citizens' words, read and set right by the staff of their unit."""

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.access import rules as access
from portal.access.terms import Permission
from portal.desk import filters, panels, periods
from portal.desk.filters import Filter
from portal.desk.forms import UNDO, DecisionForm
from portal.desk.periods import Period
from portal.directory import queries as directory
from portal.kit import pages
from portal.kit.errors import NotAllowed, NotFound, Refusal
from portal.language.sentiment import model_version
from portal.language.terms import TONE_NAMES, Tone
from portal.people.guards import current_actor
from portal.ratings import corrections
from portal.ratings import queries as ratings
from portal.ratings import voices as queries
from portal.ratings.corrections import ToneChange
from portal.ratings.forms import SCORE_NAMES
from portal.ratings.voices import Voice, VoicesPage

GONE = "Tulisan ini tidak ada, atau bukan untuk unit Anda."

blueprint = Blueprint("desk", __name__)


@dataclass(frozen=True)
class _Error:
    """A sentence about one text, shown beside it."""

    rating_id: int | None
    sentence: str


@dataclass(frozen=True)
class _Desk:
    """What the reader asked for, within what they may read."""

    filter: Filter
    periods: list[Period]

    @property
    def several_units(self) -> bool:
        return len({service.unit_id for service in self.filter.services}) > 1

    def shown(self) -> dict[str, object]:
        """What every part of the page is drawn from."""
        return {
            "filter": self.filter,
            "several_units": self.several_units,
            "scores": SCORE_NAMES,
            "tone_keys": filters.KEY_OF_TONE,
        }

    def offered(self) -> dict[str, list[tuple[str | None, Any]]]:
        """What the filters offer: groups of options, each a value and its words."""
        groups: dict[str | None, list[tuple[int, str]]] = {}
        for service in self.filter.services:
            heading = service.unit if self.several_units else None
            groups.setdefault(heading, []).append((service.id, service.name))
        return {
            "services": [(None, [("", "Semua layanan")]), *groups.items()],
            "periods": [(None, [(period.key, period.name) for period in self.periods])],
            "orders": [(None, [("", "Terbaru dulu"), (filters.WORST, "Nilai terburuk dulu")])],
        }

    def figures(self) -> dict[str, object]:
        """What the counts and the chart are drawn from; two statements."""
        selection = self.filter.selection
        counts = queries.counts_by_tone(selection)
        tallied = ratings.settled_counts(self.filter.period.months, selection.service_ids)
        return {"counts": counts, "panel": panels.Panel(tallied), "model": model_version()}


@blueprint.get("/meja")
def home() -> ResponseReturnValue:
    """What there is to work through; for now only words."""
    return redirect(url_for(".voices"), 303)


@blueprint.get("/meja/penilaian")
def voices() -> ResponseReturnValue:
    """A page of the list; `tulisan` names a text that was just decided and stays in its place."""
    return _page(_opened(request.args), filters.read_id(request.args.get("tulisan", "")))


@blueprint.post("/meja/penilaian")
def decide() -> ResponseReturnValue:
    """Give a text its tone or take that back, then return to the same place of the list.

    A script that asks for JSON gets the parts of the page that changed instead.
    """
    form = DecisionForm()
    scripted = pages.prefers_json()
    rating_id = filters.read_id(form.text("tulisan"))
    try:
        change = _decided(form, rating_id)
    except Refusal as refusal:
        return _refused(form, rating_id, refusal, scripted=scripted)
    desk = _opened(filters.unpacked(form.text("kembali")))
    if scripted:
        return {"said": _said(change, form), "parts": _parts(desk, rating_id)}
    place: dict[str, Any] = {**desk.filter.here, "tulisan": rating_id}
    return redirect(url_for(".voices", _anchor=f"t-{rating_id}", **place), 303)


def _decided(form: DecisionForm, rating_id: int | None) -> ToneChange:
    form.check_token()
    if rating_id is None:
        raise NotFound(GONE)
    actor = current_actor()
    seen = filters.TONE_KEYS.get(form.text("dilihat"), "")
    wanted = form.text("nada")
    if wanted == UNDO:
        return corrections.undo_correction(actor, rating_id, seen)
    return corrections.correct_tone(actor, rating_id, filters.TONE_KEYS.get(wanted, ""), seen)


def _refused(
    form: DecisionForm, rating_id: int | None, refusal: Refusal, *, scripted: bool
) -> ResponseReturnValue:
    if isinstance(refusal, NotAllowed):
        raise refusal
    desk = _opened(filters.unpacked(form.text("kembali")))
    if scripted:
        told = pages.error_facts(refusal.status, refusal.sentence)
        return {**told, "parts": _parts(desk, rating_id)}, refusal.status
    return _page(desk, rating_id, _Error(rating_id, refusal.sentence)), refusal.status


def _said(change: ToneChange, form: DecisionForm) -> str:
    if form.text("nada") == UNDO:
        return f"Dibatalkan, kembali ke {TONE_NAMES[Tone(change.after)]}."
    if form.text("nada") == form.text("dilihat"):
        return f"Tetap {TONE_NAMES[Tone(change.after)]}."
    return f"Tersimpan sebagai {TONE_NAMES[Tone(change.after)]}."


def _opened(asked: Mapping[str, str]) -> _Desk:
    """The list that an address asks for, within the reader's reach; two statements."""
    reach = access.paths(current_actor(), Permission.READ_WORDS)
    services = directory.services_within(reach)
    months = queries.months_with_ratings([service.id for service in services])
    offered = periods.choices(ratings.hidden_from(), months)
    return _Desk(filters.read(asked, services, offered), offered)


def _page(desk: _Desk, decided_id: int | None, error: _Error | None = None) -> str:
    wanted = desk.filter
    page = queries.voices(
        wanted.selection, wanted.tone, worst_first=wanted.worst_first, after=wanted.after
    )
    kept = _kept(desk, page, decided_id, even_undecided=error is not None)
    return render_template(
        "desk/staff/voices.html",
        offered=desk.offered(),
        items=[panels.item(voice, current_actor().person_id) for voice in kept],
        following=page.following,
        decided_id=decided_id,
        error=error,
        **desk.shown(),
        **desk.figures(),
    )


def _kept(
    desk: _Desk, page: VoicesPage, decided_id: int | None, *, even_undecided: bool
) -> list[Voice]:
    """The page's texts, and in its place the one just decided, which the tone may rule out now."""
    found = page.voices
    if decided_id is None or decided_id in {voice.id for voice in found}:
        return found
    voice = queries.voice(decided_id, desk.filter.selection.service_ids)
    if voice is not None and (voice.verdict or even_undecided):
        insort(found, voice, key=_worst_first if desk.filter.worst_first else _newest_first)
    return found


def _newest_first(voice: Voice) -> tuple[int, int]:
    return -voice.rated_on.toordinal(), -voice.id


def _worst_first(voice: Voice) -> tuple[int, int, int]:
    return voice.score, *_newest_first(voice)


def _parts(desk: _Desk, rating_id: int | None) -> dict[str, str]:
    """The parts of the page that a decision about this text changes, by id."""
    voice = None
    if rating_id is not None:
        voice = queries.voice(rating_id, [service.id for service in desk.filter.services])
    shown = {**desk.shown(), **desk.figures()}
    drawn = {"nada": "tones", "daftar": "heading", "gambar-nada": "figures"}
    parts = {
        name: render_template(f"desk/staff/{template}.html", **shown)
        for name, template in drawn.items()
    }
    if voice is not None:
        item = panels.item(voice, current_actor().person_id)
        parts[f"t-{rating_id}"] = render_template(
            "desk/staff/item.html", item=item, decided_id=rating_id, error=None, **shown
        )
    return parts
