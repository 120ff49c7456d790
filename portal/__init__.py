"""The citizen-feedback portal of one city; everything starts with `create_app`."""

from portal.factory import create_app

__all__ = ["create_app"]
