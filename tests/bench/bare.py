"""The application the portal is compared with: what a developer writes with the same libraries.

`python -m tests.bench.bare` serves it the way the portal is served, by waitress with the same
settings: HOST, PORT, THREADS and DATABASE_URL come from the environment.
"""

import os
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask, render_template
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import DictLoader
from sqlalchemy import Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.serve import serve

TEMPLATES = {
    "form.html": """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Rate</title></head><body>
<form method="post">{{ form.hidden_tag() }}
<p>{{ form.score.label }} {{ form.score }}</p><p>{{ form.words.label }} {{ form.words }}</p>
<button>Send</button>{{ form.errors or "" }}</form></body></html>""",
    "thanks.html": """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Thanks</title></head><body>
<h1>Thank you</h1><p>You gave {{ score }} of 5.</p>{% if words %}<p>{{ words }}</p>{% endif %}
</body></html>""",
}


class Base(DeclarativeBase):
    """The one table's base."""


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)


class Entry(Base):
    """What was sent."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    score: Mapped[int]
    words: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))


class EntryForm(FlaskForm):
    """A score and words."""

    score = IntegerField("Score", validators=[InputRequired(), NumberRange(1, 5)])
    words = TextAreaField("Words", validators=[Length(max=1000)])


def create_bare(database_url: str) -> Flask:
    """The application, with its table made where it is missing."""
    app = Flask("bare")
    app.jinja_loader = DictLoader(TEMPLATES)
    app.config.update(
        SECRET_KEY=secrets.token_hex(32),
        SQLALCHEMY_DATABASE_URI=database_url,
        RATELIMIT_STORAGE_URI="memory://",
    )
    db.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    app.add_url_rule("/", view_func=hello)
    app.add_url_rule("/form", view_func=form, methods=["GET", "POST"])
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _as_durable_as_the_portal)
        db.create_all()
    return app


def _as_durable_as_the_portal(connection: Any, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000"):
        connection.execute(f"PRAGMA {pragma}")


def hello() -> str:
    """The page of Flask's quickstart."""
    return "<p>Hello, World!</p>"


@limiter.limit("1000000 per hour", methods=["POST"])
def form() -> str | tuple[str, int]:
    """The form; a sent one is stored and thanked for."""
    form = EntryForm()
    if not form.validate_on_submit():
        page = render_template("form.html", form=form)
        return (page, 400) if form.is_submitted() else page
    entry = Entry(score=form.score.data, words=form.words.data)
    db.session.add(entry)
    db.session.commit()
    return render_template("thanks.html", score=form.score.data, words=form.words.data)


def main() -> None:
    """Serve until told to stop."""
    app = create_bare(os.environ["DATABASE_URL"])
    app.config.update(
        HOST=os.environ["HOST"],
        PORT=int(os.environ["PORT"]),
        THREADS=int(os.environ["THREADS"]),
        TRUSTED_PROXIES=0,
    )
    serve(app)


if __name__ == "__main__":
    main()
