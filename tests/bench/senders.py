"""Endless ready-made requests for both applications: each one a form nobody has sent before."""

import csv
import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask

from portal.demo.loader import COMMENTS
from portal.kit import tickets
from portal.kit.codes import POINT
from portal.ratings.forms import PURPOSE
from tests.bench import wire
from tests.bench.served import SECRET_KEY, Server

LETTERS = 60
SEED = 2026
_visitors = itertools.count(1)


def texts() -> list[str]:
    """What people write: the demo's comments of at least `LETTERS` letters, cut to that length."""
    with COMMENTS.open(newline="", encoding="utf-8") as file:
        said = [" ".join(row["text"].split()) for row in csv.DictReader(file)]
    # A cut that ends in a space would be trimmed, and be shorter.
    return [text[: LETTERS - 1] + "." for text in said if len(text) >= LETTERS]


@dataclass(frozen=True)
class Sending:
    """A rating on its way: its ticket's nonce, and the request."""

    nonce: str
    request: bytes


def ratings(codes: list[str], secret_key: str = SECRET_KEY) -> Iterator[Sending]:
    """Forms for the portal, all over the city, each with a fresh ticket from another visitor.

    `codes` are the points' codes in stored form; neighbours in it are neighbours in the city, so
    they are taken in a shuffled order, the same each time.
    """
    codes = random.Random(SEED).sample(codes, len(codes))
    signer = Flask("signer")
    signer.secret_key = secret_key
    for number, (code, text) in enumerate(
        zip(itertools.cycle(codes), itertools.cycle(texts()), strict=False)
    ):
        with signer.app_context():
            ticket = tickets.issue(PURPOSE, code)
        form = {"tiket": ticket.text, "nilai": number % 5 + 1, "kata": text}
        request = wire.post(f"/q/{POINT.shown(code)}", urlencode(form).encode(), _visitor())
        yield Sending(ticket.nonce, request)


def entries(server: Server) -> Iterator[bytes]:
    """Forms for the bare application, with the token and cookie of one session."""
    page = server.fetch("/form")
    token = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', page.body)
    if token is None:
        raise RuntimeError("The bare application's form has no token.")
    cookie = page.cookies[0].partition(";")[0]
    for number, text in enumerate(itertools.cycle(texts())):
        form = {"csrf_token": token[1].decode(), "score": number % 5 + 1, "words": text}
        yield wire.post("/form", urlencode(form).encode(), {**_visitor(), "Cookie": cookie})


def scans(codes: list[str]) -> Iterator[bytes]:
    """Scans of one counter's code after another."""
    for code in itertools.cycle(codes):
        yield wire.get(f"/q/{POINT.shown(code)}")


def _visitor() -> dict[str, str]:
    """Another browser each time, so that nobody is taken for one who rates twice."""
    return {"User-Agent": f"{wire.BROWSER['User-Agent']} Visit/{next(_visitors)}"}
