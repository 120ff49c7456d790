"""Who is at the door: the guards of staff pages, and the actor of the running request."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flask import (
    Response,
    after_this_request,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user, logout_user

from portal.access import rules as access
from portal.access.rules import Actor
from portal.access.terms import Permission
from portal.kit import clock
from portal.kit.errors import NotAllowed
from portal.kit.extensions import login
from portal.people import navigation, queries, rules, sessions
from portal.people.carried import packed
from portal.people.forms import SignInForm, StaffForm

Guard = Callable[[], ResponseReturnValue | None]

# Flask-Login would compare addresses, which change on a phone.
login.session_protection = None  # type: ignore[assignment]


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """The person of a standing session, as Flask-Login wants them; the token is their id."""

    actor: Actor
    session_id: int
    token: str

    def get_id(self) -> str:
        """What the browser's cookie carries."""
        return self.token


@login.user_loader
def _load(token: str) -> SignedIn | None:
    """The person behind a cookie's token; once a minute the session's last-seen is written."""
    found = queries.open_session(token)
    if found is None:
        return None
    moment = clock.now()
    if rules.worth_noting(found.last_seen_at, moment):
        sessions.note_seen(found.session_id, moment)
    return SignedIn(found.actor, found.session_id, token)


def stranger() -> None:
    """Anyone, signed in or not: where staff come in. Forms check the session's token themselves."""


def signed_in() -> ResponseReturnValue | None:
    """A member of staff. Whoever is not signed in is led to the sign-in and back again.

    A form that was sent meanwhile is carried along and offered for sending again.
    """
    user = current_user._get_current_object()
    if isinstance(user, SignedIn):
        g.actor, g.session_id = user.actor, user.session_id
        g.places = navigation.places(user.actor)
        after_this_request(_keep_private)
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("people.sign_in", lanjut=request.full_path.rstrip("?")), 303)
    after_this_request(_keep_private)
    carried = _sent()
    form = SignInForm(
        formdata=None,
        lanjut=request.path if carried else None,
        bawaan=carried,
        pengirim=_sender() if carried else None,
    )
    return render_template("people/staff/sign_in.html", form=form, interrupted=True), 401


@cache
def holding(permission: Permission) -> Guard:
    """The guard that lets in whoever has this permission at some unit; the same one each time."""

    def guard() -> ResponseReturnValue | None:
        answer = signed_in()
        if answer is None and not access.paths(g.actor, permission):
            raise NotAllowed("Hak Anda tidak mencakup halaman ini.")
        return answer

    guard.__name__ = f"holding_{permission}"
    return guard


def current_actor() -> Actor:
    """The person who acts in this request. Only behind a guard that asks for a sign-in."""
    actor: Actor = g.actor
    return actor


def visitor() -> SignedIn | None:
    """Who is signed in, on a page that does not ask for it."""
    user = current_user._get_current_object()
    return user if isinstance(user, SignedIn) else None


def begin(token: str) -> SignedIn:
    """Bind a fresh session to this browser; whatever its cookie held before is gone.

    Refuses, with `NotAllowed`, a token whose session does not stand.
    """
    found = queries.open_session(token)
    if found is None:
        raise NotAllowed("Akun ini tidak berlaku sekarang.")
    user = SignedIn(found.actor, found.session_id, token)
    _forget()
    login_user(user)
    return user


def leave() -> None:
    """Take the session out of this browser."""
    logout_user()
    _forget()


def _forget() -> None:
    """Empty this browser's session, and Flask-WTF's memory of its token in this request."""
    session.clear()
    g.pop("csrf_token", None)


def _sent() -> str:
    """The sent form as a text to carry along; neither files nor what another site sent."""
    if request.files or not sent_from_here():
        return ""
    return packed(request.form.items(multi=True))


def _sender() -> str:
    """The id of whose the ended session was, as long as this browser holds its token, or empty."""
    token = session.get("_user_id")
    person_id = queries.person_of_session(token) if isinstance(token, str) else None
    return str(person_id or "")


def sent_from_here() -> bool:
    """Whether a page of this portal sent the form: the browser says so, or the token it bears."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    return StaffForm().has_token()


def _keep_private(response: Response) -> Response:
    """On a shared computer nothing may be left in the browser's store after the sign-out."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
