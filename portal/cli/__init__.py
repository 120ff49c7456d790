"""The commands an operator types: `flask --app portal …`, one module a group."""

from flask import Flask

from portal.cli import admin, check, corrections, demo, point, sentiment, serve


def register(app: Flask) -> None:
    """Give the application every command."""
    for group in (admin.group, point.group, sentiment.group, demo.group):
        app.cli.add_command(group)
    for command in (serve.command, check.command, corrections.command):
        app.cli.add_command(command)
