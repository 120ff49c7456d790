"""Puts the rooms together into one application."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import cli, doors
from portal.access.models import AuditEntry
from portal.demo import mark
from portal.kit import assets, logs, pages, settings
from portal.kit.extensions import MEMORY_LIMITS, compress, csrf, db, limiter, login, migrate
from portal.kit.keys import stored_ids
from portal.kit.transaction import prepare_engine
from portal.ratings.models import ToneCorrection

ROOT = Path(__file__).parent.parent
MOST_BYTES = 512 * 1024
_SPARE_CONNECTIONS = 2


class Portal(Flask):
    """Flask whose error log names the endpoint, not the address: addresses may hold codes."""

    def log_exception(self, exc_info: Any) -> None:
        """Log an unhandled exception without anything that a person typed."""
        self.logger.error("Exception in %s", request.endpoint, exc_info=exc_info)


def create_app(overrides: Mapping[str, Any] | None = None, instance: Path | None = None) -> Flask:
    """The portal, ready to serve. `overrides` are settings by name; `instance` its folder.

    Raises `SettingsError` when settings are missing or make no sense.
    """
    instance = instance or Path(os.environ.get("INSTANCE", ROOT / "instance"))
    app = Portal("portal", instance_path=str(instance.absolute()), static_folder=None)
    app.template_folder = "../templates"
    app.config.from_mapping(_configuration(settings.load(Path(app.instance_path), overrides)))
    logs.prepare(app.config["LOG_LEVEL"])
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    _bind_extensions(app)
    assets.prepare(app)
    pages.prepare(app)
    mark.prepare(app)
    doors.open_doors(app)
    cli.register(app)
    return app


def _configuration(values: dict[str, Any]) -> dict[str, Any]:
    """Settings, and what the libraries are told because of them."""
    production = values["ENVIRONMENT"] == "production"
    return {
        **values,
        "SQLALCHEMY_DATABASE_URI": values["DATABASE_URL"],
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,
            "pool_size": values["THREADS"] + _SPARE_CONNECTIONS,
        },
        "RATELIMIT_STORAGE_URI": MEMORY_LIMITS,
        "RATELIMIT_STRATEGY": "moving-window",
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "SESSION_COOKIE_NAME": "ampera",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 3,
        "COMPRESS_BR_WINDOW": 16,
        "COMPRESS_MIN_SIZE": 400,
    }


def _stored_key_ids() -> set[str]:
    return stored_ids(AuditEntry.key_id, ToneCorrection.key_id)


def _bind_extensions(app: Flask) -> None:
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    # Its hooks around every request are left out: limits are hit by hand, where they belong.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)
    app.extensions["stored_key_ids"] = _stored_key_ids
    # Not login.init_app: it would read the session after every answer, and citizen pages read none.
    app.login_manager = login  # type: ignore[attr-defined]
    compress.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
