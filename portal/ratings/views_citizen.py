"""The citizen's side of a rating: the scanned page, the thanks page, and `/struk`."""

from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from portal.directory import queries as directory
from portal.directory.queries import Counter
from portal.kit import clock
from portal.kit.codes import POINT, RECEIPT, Fault
from portal.kit.errors import Conflict, NotAllowed, Refusal
from portal.kit.text import printable
from portal.kit.tickets import TicketForm
from portal.language import sentiment
from portal.ratings import commands, limits, queries
from portal.ratings.commands import NewRating
from portal.ratings.forms import PURPOSE, SCORE_NAMES, RatingForm
from portal.ratings.limits import TooMany
from portal.ratings.queries import Given

blueprint = Blueprint("ratings", __name__)

RECEIPT_FAULTS = {
    Fault.LENGTH: "Kode struk terdiri atas R- dan delapan huruf atau angka.",
    Fault.SYMBOL: "Kode struk hanya berisi huruf dan angka, tanpa tanda lain.",
    Fault.CHECK: "Huruf terakhir tidak cocok. Cocokkan lagi dengan struk Anda.",
}


@blueprint.get("/q")
def typed() -> ResponseReturnValue:
    """Where the code field leads: to the counter, or to what is wrong with the code."""
    code, fault = POINT.read(request.args.get("kode", ""))
    if fault:
        return _mistyped(request.args.get("kode", ""), fault)
    return redirect(url_for(".rate", code=POINT.shown(code)), 303)


@blueprint.route("/q/<code>", methods=["GET", "POST"])
def rate(code: str) -> ResponseReturnValue:
    """The counter's page; a sent form answers with the thanks page itself."""
    stored, fault = POINT.read(code)
    if fault:
        return _mistyped(code, fault)
    form = RatingForm(stored)
    nonce = form.ticket.nonce if form.ticket else None
    counter, given = queries.counter_and_given(stored, nonce)
    if counter is None:
        return render_template("ratings/citizen/unknown.html", shown=POINT.shown(stored)), 404
    if given is not None:
        return _thanks(counter, given, form)
    if counter.retired_on:
        successor = directory.latest_successor(counter)
        return render_template(
            "ratings/citizen/retired.html", counter=counter, successor=successor, form=form
        ), 410
    if request.method == "GET":
        return _page(counter, form)
    return _receive(counter, form)


def _receive(counter: Counter, form: RatingForm) -> ResponseReturnValue:
    score, ticket, words = form.score, form.ticket, form.words
    if not form.validate() or score is None or ticket is None:
        return _page(counter, form), 400
    try:
        exclusion = limits.weigh(counter.point_id)
    except TooMany as refusal:
        wait = max(1, int((refusal.until - clock.now()).total_seconds()))
        page = _page(counter, form, come_back_at=refusal.until)
        return page, 429, {"Retry-After": str(wait)}
    new = NewRating(
        nonce=ticket.nonce,
        point_id=counter.point_id,
        service_id=counter.service_id,
        area_id=counter.area_id,
        score=score,
        words=words,
        tagged=sentiment.tag(words) if words else None,
        exclusion=exclusion,
    )
    return _thanks(counter, commands.submit_rating(new), form)


@blueprint.post("/q/<code>/ubah")
def correct(code: str) -> ResponseReturnValue:
    """Replace one's own rating by what the form says now."""
    form = RatingForm(POINT.read(code)[0])
    counter, given = _own(form)
    score, words = form.score, form.words
    if not form.validate() or score is None:
        return _thanks(counter, given, form), 400
    if given.says(score, words):
        return _thanks(counter, given, form)
    tagged = sentiment.tag(words) if words else None
    try:
        given = commands.correct_rating(given.nonce, score, words, tagged)
    except Conflict as refusal:
        return _thanks(counter, given, form, refusal=refusal), refusal.status
    return _thanks(counter, given, form)


@blueprint.post("/q/<code>/tarik")
def withdraw(code: str) -> ResponseReturnValue:
    """Take one's own rating back."""
    form = TicketForm(purpose=PURPOSE, subject=POINT.read(code)[0])
    counter, given = _own(form)
    if given.withdrawn_at is None:
        try:
            given = commands.withdraw_rating(given.nonce)
        except Conflict as refusal:
            return _thanks(counter, given, form, refusal=refusal), refusal.status
    return _thanks(counter, given, form)


def _own(form: TicketForm) -> tuple[Counter, Given]:
    """The rating that the form's ticket was used for; refuses whoever does not hold the ticket."""
    if form.ticket is not None:
        counter, given = queries.counter_and_given(form.ticket.subject, form.ticket.nonce)
        if counter and given:
            return counter, given
    raise NotAllowed("Penilaian hanya bisa diubah atau ditarik dari halaman tempat ia dikirim.")


def _page(counter: Counter, form: RatingForm, *, come_back_at: datetime | None = None) -> str:
    return render_template(
        "ratings/citizen/rate.html",
        counter=counter,
        form=form,
        scores=SCORE_NAMES,
        come_back_at=come_back_at,
    )


def _thanks(
    counter: Counter, given: Given, form: TicketForm, *, refusal: Refusal | None = None
) -> str:
    """The thanks page. What the form says other than what is stored is offered as a correction."""
    sent = form if isinstance(form, RatingForm) else None
    other = sent is not None and not given.says(sent.score, sent.words)
    return render_template(
        "ratings/citizen/thanks.html",
        counter=counter,
        given=given,
        ticket=form.ticket,
        scores=SCORE_NAMES,
        attempt=sent if other else None,
        changeable=given.changeable(clock.now()),
        refusal=refusal,
    )


def _mistyped(typed: str, fault: Fault) -> tuple[str, int]:
    shown = printable(typed).strip()[:20]
    return render_template("ratings/citizen/mistyped.html", typed=shown, fault=fault), 404


@blueprint.route("/struk", methods=["GET", "POST"])
def receipt() -> ResponseReturnValue:
    """What became of a rating, for whoever holds its receipt code; never the words."""
    typed = printable(request.form.get("kode", ""))
    if request.method == "GET":
        return _receipt_page()
    if limits.too_many_lookups():
        return _receipt_page(
            typed, "Terlalu banyak percobaan. Silakan coba lagi satu menit lagi."
        ), 429
    code, fault = RECEIPT.read(typed)
    if fault:
        return _receipt_page(typed, RECEIPT_FAULTS[fault]), 400
    found = queries.by_receipt(code)
    if found is None:
        sentence = "Tulisannya benar, tetapi tidak ada penilaian dengan kode struk ini."
        return _receipt_page(typed, sentence), 404
    return render_template(
        "ratings/citizen/receipt.html", counter=found[0], given=found[1], scores=SCORE_NAMES
    )


def _receipt_page(typed: str = "", error: str | None = None) -> str:
    return render_template("ratings/citizen/find_receipt.html", typed=typed[:40], error=error)


@blueprint.errorhandler(OperationalError)
def unsaved(_error: OperationalError) -> ResponseReturnValue:
    """The database is out of reach: nothing was stored, what was typed goes back."""
    return (
        render_template("ratings/citizen/unsaved.html", scores=SCORE_NAMES, typed=request.form),
        503,
        {"Retry-After": "60"},
    )


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Pages with a ticket or a receipt are for one person; Back shows the same ticket again."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response
