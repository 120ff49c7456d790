"""The citizen's side of a rating: the scanned page, the thanks page, and `/struk`."""

from datetime import datetime

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import InternalServerError

from portal.directory import queries as directory
from portal.directory.queries import Counter
from portal.kit import clock
from portal.kit.codes import POINT, RECEIPT, Fault
from portal.kit.errors import NotAllowed
from portal.kit.limits import TooMany
from portal.kit.pages import OUT_OF_REACH
from portal.kit.text import printable
from portal.kit.tickets import TicketForm
from portal.language import sentiment
from portal.ratings import commands, limits, queries, rules
from portal.ratings.commands import NewRating
from portal.ratings.forms import PURPOSE, SCORE_NAMES, RatingForm
from portal.ratings.queries import Given
from portal.ratings.terms import Again

blueprint = Blueprint("ratings", __name__)

_STATUS_OF_CHANGE = {
    Again.SAME: 200,
    Again.INCOMPLETE: 400,
    Again.LATE: 409,
    Again.WITHDRAWN: 409,
}
_MOST_SHOWN = 40
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
        return _sent_again(counter, given, form)
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
    tagged = sentiment.tag(words) if words else None
    try:
        exclusion = limits.weigh(counter.point_id)
    except TooMany as refusal:
        page = _page(counter, form, come_back_at=refusal.until)
        return page, 429, {"Retry-After": str(refusal.seconds)}
    place = (counter.point_id, counter.service_id, counter.area_id)
    new = NewRating(ticket.nonce, *place, score, words, tagged, exclusion)
    try:
        given = commands.submit_rating(new)
    except Exception:
        if exclusion is None:
            limits.unweigh(counter.point_id)
        raise
    return _thanks(counter, given, form, Again.SAME)


def _sent_again(counter: Counter, given: Given, form: RatingForm) -> ResponseReturnValue:
    """A form that was sent before: the same receipt, and a correction where it differs."""
    again = rules.sent_again(
        same=given.says(form.score, form.words),
        complete=form.validate(),
        withdrawn=given.withdrawn_at is not None,
        changeable=given.changeable(clock.now()),
    )
    return _thanks(counter, given, form, again), 400 if again is Again.INCOMPLETE else 200


@blueprint.post("/q/<code>/ubah")
def correct(code: str) -> ResponseReturnValue:
    """Replace one's own rating by what the form says now."""
    form = RatingForm(POINT.read(code)[0])
    counter, given = _own(form)
    if counter is None:
        abort(404)
    complete = form.validate()
    if given is None:
        return _page(counter, form), 403
    score, words = form.score, form.words
    again = rules.sent_again(
        same=given.says(score, words),
        complete=complete,
        withdrawn=given.withdrawn_at is not None,
        changeable=given.changeable(clock.now()),
    )
    if again is Again.OTHER and score is not None:
        limits.count_change(given.nonce)
        tagged = sentiment.tag(words) if words else None
        given = commands.correct_rating(given.nonce, score, words, tagged)
        again = Again.SAME
    return _thanks(counter, given, form, again), _STATUS_OF_CHANGE[again]


@blueprint.get("/q/<code>/ubah")
@blueprint.get("/q/<code>/tarik")
def back_to_counter(code: str) -> ResponseReturnValue:
    """Whoever opens the address of a sent form again finds the counter."""
    return redirect(url_for(".rate", code=code), 303)


@blueprint.post("/q/<code>/tarik")
def withdraw(code: str) -> ResponseReturnValue:
    """Take one's own rating back."""
    form = TicketForm(purpose=PURPOSE, subject=POINT.read(code)[0])
    counter, given = _own(form)
    if counter is None or given is None:
        raise NotAllowed("Penilaian hanya bisa ditarik dari halaman tempat ia dikirim.")
    if given.changeable(clock.now()):
        given = commands.withdraw_rating(given.nonce)
    if given.withdrawn_at is None:
        return _thanks(counter, given, form, Again.LATE), 409
    return _thanks(counter, given, form, Again.SAME)


def _own(form: TicketForm) -> tuple[Counter | None, Given | None]:
    """The form's counter, and the rating that its ticket was used for."""
    nonce = form.ticket.nonce if form.ticket else None
    return queries.counter_and_given(form.subject, nonce)


def _page(counter: Counter, form: RatingForm, *, come_back_at: datetime | None = None) -> str:
    return render_template(
        "ratings/citizen/rate.html",
        counter=counter,
        form=form,
        scores=SCORE_NAMES,
        come_back_at=come_back_at,
    )


def _thanks(counter: Counter, given: Given, form: TicketForm, again: Again) -> str:
    """The thanks page, and what to say of a form that says something else than what is stored."""
    return render_template(
        "ratings/citizen/thanks.html",
        counter=counter,
        given=given,
        ticket=form.ticket,
        scores=SCORE_NAMES,
        again=again,
        corrected=request.endpoint == "ratings.correct" and again is Again.SAME,
        today=clock.today(),
        sent=form if isinstance(form, RatingForm) else None,
        changeable=given.changeable(clock.now()),
    )


def _mistyped(typed: str, fault: Fault) -> tuple[str, int]:
    shown = printable(typed).strip()
    receipt, other_fault = RECEIPT.read(typed)
    return render_template(
        "ratings/citizen/mistyped.html",
        typed=shown[:_MOST_SHOWN],
        fault=fault,
        receipt=None if other_fault else RECEIPT.shown(receipt),
    ), 404


@blueprint.route("/struk", methods=["GET", "POST"])
def receipt() -> ResponseReturnValue:
    """What became of a rating, for whoever holds its receipt code; never the words."""
    typed = printable(request.form.get("kode", ""))
    if request.method == "GET":
        return _receipt_page()
    try:
        limits.count_lookup()
    except TooMany as refusal:
        page = _receipt_page(typed, refusal.sentence)
        return page, refusal.status, {"Retry-After": str(refusal.seconds)}
    code, fault = RECEIPT.read(typed)
    if fault:
        point, other_fault = POINT.read(typed)
        sentence = RECEIPT_FAULTS[fault] if other_fault else "Ini kode loket, bukan kode struk."
        return _receipt_page(typed, sentence, None if other_fault else POINT.shown(point)), 400
    found = queries.by_receipt(code)
    if found is None:
        sentence = "Tulisannya benar, tetapi tidak ada penilaian dengan kode struk ini."
        return _receipt_page(typed, sentence), 404
    return render_template(
        "ratings/citizen/receipt.html",
        counter=found[0],
        given=found[1],
        scores=SCORE_NAMES,
        today=clock.today(),
    )


def _receipt_page(typed: str = "", error: str | None = None, point: str | None = None) -> str:
    return render_template(
        "ratings/citizen/find_receipt.html", typed=typed[:_MOST_SHOWN], error=error, point=point
    )


def unsaved(error: Exception) -> ResponseReturnValue:
    """Something broke on our side: nothing was stored, and what was typed goes back."""
    status = 500 if isinstance(error, InternalServerError) else 503
    page = render_template(
        "ratings/citizen/unsaved.html", scores=SCORE_NAMES, typed=request.form, printable=printable
    )
    return page, status, {"Retry-After": "60"}


for _kind in (*OUT_OF_REACH, InternalServerError):
    blueprint.register_error_handler(_kind, unsaved)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Pages with a ticket or a receipt are for one person; Back shows the same ticket again."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response
