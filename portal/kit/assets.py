"""Style sheets and scripts: joined and compressed once at start, served under their hash."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Blueprint, Flask, Response, abort, current_app, request

STATIC = Path(__file__).parent.parent / "static"
BUNDLES = {
    "warga.css": (
        *("tokens", "base", "layout", "identity", "surfaces", "controls"),
        *("rating", "home", "figures", "print"),
    ),
    "petugas.css": ("staff",),
    "warga.js": ("form",),
    "petugas.js": ("desk",),
    "ikon.svg": ("ikon",),
}
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__, url_prefix="/static")


@dataclass(frozen=True)
class Asset:
    """One bundle, ready to send in each encoding."""

    address: str
    content_type: str
    encoded: dict[str, bytes]


def prepare(app: Flask) -> None:
    """Build every bundle and give templates `asset(name)`, the address of one."""
    assets = {name: _built(name) for name in BUNDLES}
    app.extensions["assets"] = {asset.address: asset for asset in assets.values()}
    app.jinja_env.globals["asset"] = {
        name: f"/static/{asset.address}" for name, asset in assets.items()
    }.__getitem__


@cache
def _built(name: str) -> Asset:
    stem, kind = name.split(".")
    folder = STATIC / kind if kind != "svg" else STATIC
    text = "\n".join((folder / f"{part}.{kind}").read_text("utf-8") for part in BUNDLES[name])
    plain = (_trimmed(text) if kind == "css" else text).encode()
    address = f"{stem}.{hashlib.sha256(plain).hexdigest()[:8]}.{kind}"
    encoded = {
        "br": brotli.compress(plain, quality=11),
        "gzip": gzip.compress(plain, 9, mtime=0),
        "identity": plain,
    }
    return Asset(address, _TYPES[kind], encoded)


def _trimmed(css: str) -> str:
    """The sheet without comments and needless white space."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


@blueprint.get("/<name>")
def send(name: str) -> Response:
    """One bundle in the best encoding the browser takes; its name holds its hash, so it stays."""
    asset: Asset = current_app.extensions["assets"].get(name) or abort(404)
    encoding = request.accept_encodings.best_match(asset.encoded, default="identity")
    response = Response(
        asset.encoded[encoding], content_type=f"{asset.content_type}; charset=utf-8"
    )
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    if encoding != "identity":
        response.headers["Content-Encoding"] = encoding
    return response
