"""A client that inspects every page it opens, as a careful reader of the source would."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.checker import HtmlChecker

_INPUTS = {"input", "select", "textarea"}
_UNLABELLED = {"hidden", "submit", "button"}


class _Reader(HTMLParser):
    """Collects what the rules of a page are about."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.described: set[str] = set()
        self.faults: list[str] = []
        self.headings: list[str] = []
        self.title = ""
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if facts.get("id"):
            self.ids.append(str(facts["id"]))
        if tag == "label" and facts.get("for"):
            self.labelled.add(str(facts["for"]))
        if tag in _INPUTS and facts.get("type") not in _UNLABELLED:
            self.fields.append(facts)
        for name in ("aria-describedby", "aria-labelledby"):
            self.described.update((facts.get(name) or "").split())
        if tag == "style" or (tag == "script" and not facts.get("src")):
            self.faults.append(f"<{tag}> with content of its own")
        self.faults += [
            f"{name} on <{tag}>" for name in facts if name == "style" or name[:2] == "on"
        ]
        if tag == "h1":
            self.headings.append("")
        if tag in {"h1", "title"}:
            self._open = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open == "h1":
            self.headings[-1] += data
        elif self._open == "title":
            self.title += data


def faults_of(page: str) -> list[str]:
    """What is wrong with a page: headings, title, ids, labels, references, inline code."""
    reader = _Reader()
    reader.feed(page)
    faults = reader.faults
    if len(reader.headings) != 1:
        faults.append(f"{len(reader.headings)} h1")
    elif _words(reader.headings[0]) != _words(reader.title.removesuffix(" – Ampera")):
        faults.append(f"title {reader.title!r} is not the h1 {reader.headings[0]!r}")
    faults += [f"id {name} twice" for name in set(reader.ids) if reader.ids.count(name) > 1]
    for field in reader.fields:
        if field.get("id") not in reader.labelled and not field.get("aria-label"):
            faults.append(f"field {field.get('name')} without a label")
    faults += [f"nothing has the id {name}" for name in reader.described - set(reader.ids)]
    if "&lt;" in page and "Markup" in page:
        faults.append("escaped markup on the page")
    return faults


def _words(text: str) -> str:
    return " ".join(text.split())


class PageClient(FlaskClient):
    """Refuses, with an assertion, any HTML page that breaks a rule, whatever the test is about."""

    checker: HtmlChecker | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request and inspect the page that comes back."""
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303}:
            faults: list[object] = list(faults_of(response.text))
            if self.checker is not None:
                faults += self.checker.check(response.data)
            assert not faults, f"{response.request.path}: " + "; ".join(map(str, faults))
        return response
