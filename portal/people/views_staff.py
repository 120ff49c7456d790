"""One's own account: name, rights, last sign-in, password, other devices, and the way out."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, Refusal
from portal.kit.limits import TooMany
from portal.people import grants, guards, limits, queries, rules, sessions
from portal.people.forms import ROLE_NAMES, ChangePasswordForm, StaffForm
from portal.people.passwords import hash_password, is_password
from portal.people.queries import PersonEntry

blueprint = Blueprint("account", __name__)


@blueprint.get("/akun")
def own() -> ResponseReturnValue:
    """One's own account."""
    return _page(ChangePasswordForm())


@blueprint.post("/akun/sandi")
def change_password() -> ResponseReturnValue:
    """Change one's own password, which signs every other device out."""
    form = ChangePasswordForm()
    form.validate()
    if form["csrf_token"].errors:
        return _page(form), 400
    person = _person()
    try:
        epoch = _tried(person, form)
        if form.errors:
            return _page(form), 400
        token = sessions.change_password(
            guards.current_actor(), epoch, hash_password(form.text("sandi_baru"))
        )
    except TooMany as refusal:
        form.refuse("sandi_lama", refusal.sentence)
        return _page(form), refusal.status, {"Retry-After": str(refusal.seconds)}
    except Conflict as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _page(form), refusal.status
    guards.begin(token)
    flash("Kata sandi diganti. Di perangkat lain, Anda sudah keluar.")
    return redirect(url_for(".own"), 303)


def _tried(person: PersonEntry, form: ChangePasswordForm) -> int:
    """The epoch of the person's password; a wrong or an unfit one is told at its field.

    A typed current password counts as a try, whatever else the form lacks. Refuses, with
    `TooMany`, one try too many.
    """
    known = queries.credentials_of(person.id)
    assert known is not None  # noqa: S101 - people are never deleted
    if form.text("sandi_lama"):
        limits.count_try(person.email)
        if not is_password(known.password_hash, form.text("sandi_lama")):
            form.refuse("sandi_lama", "Ini bukan kata sandi Anda yang sekarang.")
    if form.text("sandi_baru"):
        try:
            rules.check_password(form.text("sandi_baru"), (person.name, person.email))
        except Invalid as refusal:
            form.refuse(refusal.field, refusal.sentence)
    return known.epoch


@blueprint.post("/akun/keluar-lain")
def sign_out_elsewhere() -> ResponseReturnValue:
    """End one's own sessions in all other browsers."""
    try:
        StaffForm().check_token()
    except Invalid as refusal:
        return _refused(refusal)
    closed = sessions.sign_out_elsewhere(guards.current_actor(), g.session_id)
    flash("Anda sudah keluar di semua perangkat lain." if closed else "Tidak ada perangkat lain.")
    return redirect(url_for(".own"), 303)


@blueprint.post("/keluar")
def sign_out() -> ResponseReturnValue:
    """Leave: the session is closed on the server and gone from the browser."""
    try:
        StaffForm().check_token()
    except Invalid as refusal:
        return _refused(refusal)
    sessions.sign_out(guards.current_actor(), g.session_id)
    guards.leave()
    return redirect(url_for("people.sign_in", keluar=1), 303)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    """One's own account with the sentence of a refused press on top."""
    form = ChangePasswordForm(formdata=None)
    form.refuse(None, refusal.sentence)
    return _page(form), refusal.status


def _person() -> PersonEntry:
    person = queries.person(guards.current_actor().person_id)
    assert person is not None  # noqa: S101 - people are never deleted
    return person


def _page(form: ChangePasswordForm) -> str:
    person = _person()
    today = clock.today()
    return render_template(
        "people/staff/account.html",
        form=form,
        person=person,
        grants=grants.grants_of([person.id], not_over_on=today),
        role_names=ROLE_NAMES,
        today=today,
        last_sign_in=queries.last_sign_in(person.id, before_session=g.session_id),
        elsewhere=queries.sessions_elsewhere(person.id, g.session_id),
    )
