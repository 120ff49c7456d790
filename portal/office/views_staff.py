"""`/kelola/orang`: who works with the portal, invited, given rights, and retired."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.rules import WHOLE_CITY, Actor, may, may_at_all, may_at_any, paths
from portal.access.terms import Permission
from portal.directory import queries as directory
from portal.kit import clock
from portal.kit.errors import Conflict, Invalid, NotFound, Refusal
from portal.kit.text import printable
from portal.office.forms import GrantForm, InvitationForm
from portal.people import commands, grants, queries
from portal.people.commands import NewLink
from portal.people.forms import ROLE_MEANINGS, ROLE_NAMES, StaffForm
from portal.people.grants import GrantEntry
from portal.people.guards import current_actor
from portal.people.queries import PersonEntry
from portal.people.views_entrance import link_address

MOST_SOUGHT, MOST_PAGES = 80, 1_000_000
_MANAGE = Permission.MANAGE_PEOPLE

blueprint = Blueprint("office", __name__, url_prefix="/kelola")


@blueprint.get("")
def front() -> ResponseReturnValue:
    """The first of the office's pages."""
    return redirect(url_for(".people"), 303)


@blueprint.get("/orang")
def people() -> ResponseReturnValue:
    """The people of the actor's units, searched and paged."""
    words = printable(request.args.get("cari", ""), lines=False)[:MOST_SOUGHT].strip()
    page = min(request.args.get("hal", 1, type=int), MOST_PAGES)
    return render_template(
        "office/staff/people.html",
        found=queries.people(paths(current_actor(), _MANAGE), words, page),
        words=words,
        role_names=ROLE_NAMES,
        today=clock.today(),
    )


@blueprint.route("/orang/undang", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite somebody; a sent form answers with the page that shows the link, once."""
    form = InvitationForm(mulai=clock.today())
    _offer(form)
    if request.method == "GET":
        return _invitation_page(form)
    if not form.validate():
        return _invitation_page(form), 400
    try:
        link = commands.invite_person(
            current_actor(), form.text("surel"), form.text("nama"), form.grant
        )
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _invitation_page(form), refusal.status
    return _link_page(link)


@blueprint.get("/orang/<int(max=2147483647):person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """One person with their rights, and what the actor may do."""
    return _person_page(person_id, _fresh_form())


@blueprint.post("/orang/<int(max=2147483647):person_id>/hak")
def give_grant(person_id: int) -> ResponseReturnValue:
    """Give a person another role."""
    form = GrantForm()
    _offer(form)
    if not form.validate():
        return _person_page(person_id, form), 400
    try:
        commands.give_grant(current_actor(), person_id, form.grant)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal.field, refusal.sentence)
        return _person_page(person_id, form), refusal.status
    flash("Hak ditambahkan.")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/orang/<int(max=2147483647):person_id>/hak/<int(max=2147483647):grant_id>/akhiri")
def end_grant(person_id: int, grant_id: int) -> ResponseReturnValue:
    """End a grant at once."""
    try:
        StaffForm().check_token()
        commands.end_grant(current_actor(), grant_id)
    except (Conflict, Invalid) as refusal:
        return _refused(person_id, refusal)
    flash("Hak diakhiri, berlaku sekarang juga.")
    return redirect(url_for(".person", person_id=person_id), 303)


@blueprint.post("/orang/<int(max=2147483647):person_id>/tautan")
def renew_link(person_id: int) -> ResponseReturnValue:
    """Make a new one-time link; the answer shows it, once."""
    try:
        StaffForm().check_token()
        return _link_page(commands.make_link(current_actor(), person_id))
    except (Conflict, Invalid) as refusal:
        return _refused(person_id, refusal)


@blueprint.post("/orang/<int(max=2147483647):person_id>/tutup")
def retire(person_id: int) -> ResponseReturnValue:
    """Close a person's account."""
    try:
        StaffForm().check_token()
        commands.retire_person(current_actor(), person_id)
    except (Conflict, Invalid) as refusal:
        return _refused(person_id, refusal)
    flash("Akun ditutup. Semua hak, tautan, dan sesinya berakhir.")
    return redirect(url_for(".person", person_id=person_id), 303)


def _offer(form: GrantForm) -> None:
    """Offer what the actor may give."""
    actor = current_actor()
    units = directory.units_within(paths(actor, _MANAGE))
    form.offer(units, whole_city=may(actor, _MANAGE, WHOLE_CITY))


def _fresh_form() -> GrantForm:
    """An empty form that proposes today as the first day."""
    form = GrantForm(formdata=None, mulai=clock.today())
    _offer(form)
    return form


def _invitation_page(form: InvitationForm) -> str:
    return render_template(
        "office/staff/invite.html",
        form=form,
        role_meanings=ROLE_MEANINGS,
        today=clock.today(),
    )


def _refused(person_id: int, refusal: Refusal) -> ResponseReturnValue:
    """The person's page with the sentence of a refused press on top."""
    form = _fresh_form()
    form.refuse(None, refusal.sentence)
    return _person_page(person_id, form), refusal.status


def _person_page(person_id: int, form: GrantForm) -> str:
    actor = current_actor()
    shown, held = _seen(actor, person_id)
    today = clock.today()
    own = actor.person_id == person_id
    deciding = grants.deciding_paths(held, today)
    running = [grant for grant in held if not grant.is_over(today)]
    return render_template(
        "office/staff/person.html",
        person=shown,
        running=running,
        over=[grant for grant in held if grant.is_over(today)],
        endable={grant.id for grant in running if may(actor, _MANAGE, grant.unit_path)},
        own=own,
        governed=not own and may_at_all(actor, _MANAGE, deciding),
        link_until=queries.link_open_until(person_id),
        last_sign_in=queries.last_sign_in(person_id),
        form=form,
        role_names=ROLE_NAMES,
        role_meanings=ROLE_MEANINGS,
        today=today,
    )


def _seen(actor: Actor, person_id: int) -> tuple[PersonEntry, list[GrantEntry]]:
    """A person in the actor's reach with all their grants; refuses, with `NotFound`, any other."""
    found = queries.person(person_id)
    held = grants.grants_of([person_id])
    if found is None or not may_at_any(actor, _MANAGE, (grant.unit_path for grant in held)):
        raise NotFound("Orang ini tidak ada di unit Anda.")
    return found, held


def _link_page(link: NewLink) -> str:
    found = queries.person(link.person_id)
    base = current_app.config["PUBLIC_URL"] or request.host_url
    return render_template(
        "office/staff/link.html",
        person=found,
        address=link_address(base, link.token),
        expires_at=link.expires_at,
    )
