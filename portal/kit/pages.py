"""What every answer has in common: security headers, error pages, words for numbers and days."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from portal.kit import clock
from portal.kit.errors import Refusal
from portal.kit.limits import TooMany

MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
OUT_OF_REACH = (InterfaceError, InternalError, OperationalError, PoolTimeout)
"""What the database says when it is gone, read-only, damaged or too busy: not our mistake."""
_PASSED_ON = ("Allow", "Retry-After")


@dataclass(frozen=True)
class _ErrorPage:
    title: str
    text: str


_ERRORS = {
    400: _ErrorPage(
        "Kiriman ini tidak bisa dibaca",
        "Ada bagian yang hilang atau rusak di jalan. "
        "Kembali ke halaman sebelumnya, lalu kirim lagi.",
    ),
    403: _ErrorPage("Halaman ini bukan untuk Anda", "Hak Anda tidak mencakup halaman ini."),
    404: _ErrorPage(
        "Halaman tidak ditemukan", "Alamatnya mungkin salah ketik atau halamannya sudah pindah."
    ),
    405: _ErrorPage(
        "Halaman ini tidak dibuka begitu", "Mulailah dari halaman depan, lalu ikuti tombolnya."
    ),
    409: _ErrorPage(
        "Ada yang lebih dulu", "Keadaannya sudah berubah. Muat ulang, lalu periksa lagi."
    ),
    413: _ErrorPage(
        "Kiriman terlalu besar",
        "Kembali ke halaman sebelumnya: tulisan Anda masih ada di ponsel ini. "
        "Persingkat, lalu kirim lagi.",
    ),
    429: _ErrorPage(
        "Terlalu banyak permintaan",
        "Jaringan kantor dan warung dipakai bersama, jadi ini belum tentu karena Anda. "
        "Silakan coba lagi beberapa menit lagi.",
    ),
    500: _ErrorPage(
        "Kesalahan di pihak kami",
        "Ini bukan karena Anda. Kembali ke halaman sebelumnya, lalu coba lagi sebentar lagi.",
    ),
    503: _ErrorPage(
        "Portal sedang tidak bisa dijangkau",
        "Tidak ada yang tersimpan setengah. Silakan coba lagi satu menit lagi.",
    ),
}


def prepare(app: Flask) -> None:
    """Install headers, error pages and template filters."""
    app.after_request(_with_headers)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refusal)
    for kind in OUT_OF_REACH:
        app.register_error_handler(kind, _out_of_reach)
    app.jinja_env.filters.update(
        day=day_words,
        moment=moment_words,
        hour=hour_words,
        whole=whole,
        decimal=decimal,
        percent=percent,
    )
    app.jinja_env.globals.update(
        city_name=app.config["CITY_NAME"],
        contact=app.config["CITY_CONTACT"],
        min_shown=app.config["MIN_SHOWN"],
        link=link,
        repeat_minutes=app.config["REPEAT_MINUTES"],
        burst_ratings=app.config["BURST_RATINGS"],
    )


def link(endpoint: str) -> str:
    """The address of a page without parts of its own; kept, since layouts ask for the same ones."""
    return _link(request.script_root, endpoint)


@cache
def _link(_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    said = dict(error.get_headers())
    return _page(error.code, None, {name: said[name] for name in _PASSED_ON if name in said})


def _refusal(refusal: Refusal) -> ResponseReturnValue:
    headers = {"Retry-After": str(refusal.seconds)} if isinstance(refusal, TooMany) else None
    return _page(refusal.status, refusal.sentence, headers)


def _out_of_reach(error: SQLAlchemyError) -> ResponseReturnValue:
    logging.getLogger(__name__).error("Database refused", exc_info=error)
    return _page(503, None, {"Retry-After": "60"})


def _page(
    status: int, sentence: str | None, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    """The error as JSON for a script that prefers it, for anybody else as a page."""
    error = _ERRORS.get(status, _ERRORS[500 if status >= 500 else 400])
    if prefers_json():
        told = error_facts(status, sentence or f"{error.title}. {error.text}")
        return told, status, headers or {}
    body = render_template(
        "errors/error.html", status=status, title=error.title, text=sentence or error.text
    )
    return body, status, headers or {}


def prefers_json() -> bool:
    """Whether the request comes from a script that would rather have JSON than a page."""
    wanted = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return wanted == "application/json"


def error_facts(status: int, sentence: str) -> dict[str, Any]:
    """The one shape of an error in JSON: a sentence for the reader, and the HTTP status."""
    return {"error": sentence, "status": status}


def day_words(day: date, *, year: bool = True) -> str:
    """A day as people write it, `24 November 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def moment_words(moment: datetime) -> str:
    """A moment on the city's clock, `24 November 2026, pukul 10.42`."""
    here = clock.city_time(moment)
    return f"{day_words(here)}, pukul {hour_words(moment)}"


def hour_words(moment: datetime) -> str:
    """The hour on the city's clock, `10.42`."""
    return clock.city_time(moment).strftime("%H.%M")


def whole(number: int) -> str:
    """A whole number with dots between thousands, `28.402`."""
    return f"{number:,}".replace(",", ".")


def decimal(number: float, places: int = 2) -> str:
    """A number with a decimal comma, `4,10`."""
    return f"{number:,.{places}f}".translate(str.maketrans(",.", ".,"))


def percent(share: float, places: int = 1) -> str:
    """A share 0–1 in percent with a no-break space, `74,0 %`."""
    return f"{decimal(100 * share, places)}\u00a0%"
