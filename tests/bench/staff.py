"""A member of staff at the desk: signs in as a person does, and keeps the cookie."""

import re
from urllib.parse import urlencode

from tests.bench.served import Server
from tests.bench.weight import text_of
from tests.bench.wire import Connection, get, post
from tests.people.accounts import EMAIL, PASSWORD

PAGE = "/meja/penilaian"
_SIGN_IN = "/masuk"
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def cookie(server: Server) -> dict[str, str]:
    """The header that goes with every request of a unit head who just signed in."""
    with Connection(server.port) as connection:
        page = connection.exchange(get(_SIGN_IN))
        token = _TOKEN.search(text_of(page))
        if token is None:
            raise RuntimeError("The sign-in page has no form.")
        form = {"csrf_token": token[1], "surel": EMAIL, "sandi": PASSWORD}
        before = {"Cookie": _pair(page.cookies[0])}
        answer = connection.exchange(post(_SIGN_IN, urlencode(form).encode(), before))
    if answer.status != 303:
        raise RuntimeError(f"The sign-in was answered with {answer.status}.")
    return {"Cookie": _pair(answer.cookies[-1])}


def _pair(cookie: str) -> str:
    return cookie.partition(";")[0]
