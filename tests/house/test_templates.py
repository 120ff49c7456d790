"""Templates hold no inline code, and each of them is used by something that exists."""

import ast
import re
from fnmatch import fnmatchcase

import pytest

from tests.house.source import dotted, modules, templates

NAMED_IN_TEMPLATE = re.compile(r'{%-?\s*(?:extends|from|import|include)\s+"([^"]+)"')
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\ssrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']", re.IGNORECASE
)


def _rendered() -> set[str]:
    """Names of templates in calls of `render_template`, with `*` where something is filled in."""
    found = set()
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and "render" in dotted(node.func) and node.args:
                found |= {name for arg in node.args for name in _names(arg)}
            elif isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                found.add(str(node.value))
    return found


def _names(node: ast.expr) -> list[str]:
    """The text of a string, an f-string or a choice between them."""
    if isinstance(node, ast.IfExp):
        return [*_names(node.body), *_names(node.orelse)]
    if isinstance(node, ast.JoinedStr):
        parts = [v.value if isinstance(v, ast.Constant) else "*" for v in node.values]
        return ["".join(map(str, parts))]
    if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
        return [str(node.value)]
    return []


def _named() -> set[str]:
    inside = {name for text in templates().values() for name in NAMED_IN_TEMPLATE.findall(text)}
    return {name for name in inside | _rendered() if name.endswith(".html") and "/" in name}


@pytest.mark.parametrize("name", templates())
def test_a_template_holds_no_inline_code(name: str) -> None:
    found = INLINE.findall(templates()[name])
    assert found == [], (
        f"{name}: {found}: the content security policy forbids inline script and style, so a "
        "browser would drop it; scripts and styles stand in portal/static"
    )


def test_inline_code_would_be_noticed() -> None:
    for text in ("<style>", '<p style="x">', "<script>", "<script defer>", '<a onclick="x">'):
        assert INLINE.search(text), text
    assert not INLINE.search('<script src="{{ asset("warga.js") }}" defer></script>')


def test_every_template_is_used() -> None:
    unused = {
        name for name in templates() if not any(fnmatchcase(name, pattern) for pattern in _named())
    }
    assert unused == set(), "nobody renders, extends or imports these"


def test_every_template_that_is_named_exists() -> None:
    missing = {
        pattern
        for pattern in _named()
        if not any(fnmatchcase(name, pattern) for name in templates())
    }
    assert missing == set(), "a page that names one of these would fail when it is opened"


@pytest.mark.parametrize(
    "name", [n for n in templates() if not n.startswith(("macros", "layouts"))]
)
def test_a_template_stands_where_its_room_and_its_readers_say(name: str) -> None:
    room, *rest = name.split("/")
    assert room in {module.room for module in modules()} | {"errors"}, name
    assert len(rest) == 2 or room == "errors", f"{name}: templates/<room>/<audience>/<view>.html"
