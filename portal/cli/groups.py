"""Groups of commands that say in a sentence when the database is not ready for them."""

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError


class Group(AppGroup):
    """Turns a missing table or database into the command that brings it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as fault:
            raise click.ClickException(
                "Basis data belum siap. Jalankan dulu: flask --app portal db upgrade"
            ) from fault
