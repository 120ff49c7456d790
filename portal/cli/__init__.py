"""The commands an operator types: `flask --app portal …`, one module a group."""

from flask import Flask

from portal.cli import check, demo, point, sentiment, serve


def register(app: Flask) -> None:
    """Give the application every command."""
    for group in (point.group, sentiment.group, demo.group):
        app.cli.add_command(group)
    app.cli.add_command(serve.command)
    app.cli.add_command(check.command)
