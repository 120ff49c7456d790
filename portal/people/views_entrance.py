"""Where staff come in: the sign-in, and the page behind a one-time link."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from portal.kit.limits import TooMany
from portal.people import guards, limits, navigation, queries, rules, sessions
from portal.people.carried import in_words, unpacked
from portal.people.forms import NewPasswordForm, SignInForm
from portal.people.passwords import hash_password, is_password
from portal.people.queries import LinkEntry

FAILED = (
    "Surel dan kata sandi ini tidak cocok, atau akunnya belum atau tidak lagi berlaku. "
    "Periksa keduanya, atau minta tautan baru kepada admin unit Anda."
)
NOT_YOURS = "Isian yang tertahan tadi milik akun lain, jadi tidak dikirim atas nama Anda."

blueprint = Blueprint("people", __name__)


@blueprint.route("/masuk", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """E-mail and password; every failure is answered with the same sentence."""
    form = SignInForm()
    if request.method == "GET":
        onward = request.args.get("lanjut")
        user = guards.visitor()
        if user is not None:
            return redirect(rules.local_path(onward) or navigation.first_address(user.actor), 303)
        form.lanjut.data = rules.local_path(onward)
        return _sign_in_page(form)
    if not form.validate():
        if not guards.sent_from_here():
            form.forget_carried()
        return _sign_in_page(form), 400
    try:
        limits.count_try(form.text("surel"))
    except TooMany as refusal:
        form.refuse(None, refusal.sentence)
        return _sign_in_page(form), refusal.status, {"Retry-After": str(refusal.seconds)}
    return _tried(form)


def _tried(form: SignInForm) -> ResponseReturnValue:
    token = _token_for(form.text("surel"), form.text("sandi"))
    if token is None:
        sessions.record_failed_sign_in(form.text("surel"))
        form.refuse(None, FAILED)
        return _sign_in_page(form), 401
    user = guards.begin(token)
    onward = rules.local_path(form.lanjut.data)
    fields = unpacked(form.bawaan.data)
    if not onward or not fields:
        return redirect(onward or navigation.first_address(user.actor), 303)
    if form.pengirim.data and form.pengirim.data != str(user.actor.person_id):
        flash(NOT_YOURS)
        return redirect(navigation.first_address(user.actor), 303)
    return render_template(
        "people/staff/send_again.html",
        name=user.actor.name,
        onward=onward,
        fields=fields,
        shown=in_words(fields),
    )


def _token_for(email: str, password: str) -> str | None:
    """The token of a fresh session, or None; one password hash is computed in every case."""
    found = queries.credentials(email)
    if not is_password(found.password_hash if found else None, password) or found is None:
        return None
    try:
        return sessions.sign_in(found.person_id, found.epoch)
    except NotAllowed:
        return None


def _sign_in_page(form: SignInForm) -> str:
    return render_template("people/staff/sign_in.html", form=form)


@blueprint.route("/undangan/<token>", methods=["GET", "POST"])
def choose_password(token: str) -> ResponseReturnValue:
    """Choose the password of the account that the link is for; looking does not use it up."""
    link = queries.link(token)
    try:
        _check(link)
    except Refusal as refusal:
        return _over(refusal)
    assert link is not None  # noqa: S101 - `_check` refuses None
    form = NewPasswordForm()
    if request.method == "GET":
        return _password_page(link, form)
    if not form.validate():
        return _password_page(link, form), 400
    return _chosen(token, link, form)


def _chosen(token: str, link: LinkEntry, form: NewPasswordForm) -> ResponseReturnValue:
    password = form.text("sandi_baru")
    try:
        rules.check_password(password, (link.name, link.email))
        session_token = sessions.choose_password(token, hash_password(password))
    except Invalid as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _password_page(link, form), 400
    except (Conflict, NotFound) as refusal:
        return _over(refusal)
    if session_token is None:
        return render_template("people/staff/not_yet.html", link=link)
    user = guards.begin(session_token)
    return redirect(navigation.first_address(user.actor), 303)


def _check(link: LinkEntry | None) -> None:
    if link is None or link.retired:
        raise NotFound("Tautan ini tidak kami kenali. Mungkin terpotong saat disalin.")
    rules.check_link(
        used_at=link.used_at,
        replaced_at=link.replaced_at,
        expires_at=link.expires_at,
        now=clock.now(),
    )


def _password_page(link: LinkEntry, form: NewPasswordForm) -> str:
    return render_template("people/staff/choose_password.html", link=link, form=form)


def _over(refusal: Refusal) -> ResponseReturnValue:
    status = 404 if isinstance(refusal, NotFound) else 410
    return render_template("people/staff/link_over.html", sentence=refusal.sentence), status


@blueprint.after_request
def keep_secret(response: Response) -> Response:
    """Nothing of these pages is stored, and the address of a link is told to nobody."""
    response.headers["Cache-Control"] = "private, no-store"
    if request.endpoint == f"{blueprint.name}.{choose_password.__name__}":
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def link_address(base: str, token: str) -> str:
    """The address of a one-time link under `base`, such as `https://ampera.example`."""
    return base.rstrip("/") + url_for("people.choose_password", token=token)
