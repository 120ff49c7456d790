"""Every class that templates use is styled, and every class that is styled is used."""

import re
from functools import cache

import pytest

from tests.house.source import CSS, JS, templates

NO_STYLE_NEEDED = {"list"}
"""Classes without a rule of their own: `ul[class]` takes the dots away from whatever has one."""

ATTRIBUTE = re.compile(r'\bclass="((?:{{.*?}}|{%.*?%}|[^"{]|{(?![{%]))*)"', re.DOTALL)
LITERAL = re.compile(r'(==|!=|\bin)?\s*"([^"]*)"')
ANYTHING = "\0"


@cache
def styled() -> dict[str, set[str]]:
    """The classes in the selectors of each sheet."""
    found = {}
    for path in sorted(CSS.glob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        selectors = re.sub(r"{[^{}]*}", " ", text)
        found[path.name] = set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))
    return found


def _said(expression: str) -> str:
    """What an expression of Jinja may put into a class: its literals, else anything."""
    if expression.startswith("{%"):
        return " "
    inner = expression[2:-2].strip().strip("-").strip()
    literals = [text for compared, text in LITERAL.findall(inner) if not compared]
    words = " ".join(literals) if literals else ANYTHING
    return words if literals and "~" not in inner else f"{words}{ANYTHING}"


def classes_in(template: str) -> set[str]:
    """Classes that a template uses; ANYTHING stands for a part that is filled in."""
    found: set[str] = set()
    for attribute in ATTRIBUTE.findall(template):
        text = re.sub(r"{{.*?}}|{%.*?%}", lambda m: _said(m[0]), attribute, flags=re.DOTALL)
        found |= set(text.split())
    return {name for name in found if name.strip(ANYTHING)}


def _matches(used: str, known: set[str]) -> bool:
    if ANYTHING not in used:
        return used in known
    pattern = ".*".join(re.escape(part) for part in used.split(ANYTHING))
    return any(re.fullmatch(pattern, name) for name in known)


@pytest.mark.parametrize("name", templates())
def test_every_class_in_a_template_is_styled(name: str) -> None:
    known = set().union(*styled().values()) | NO_STYLE_NEEDED
    unknown = {used for used in classes_in(templates()[name]) if not _matches(used, known)}
    assert unknown == set(), (
        f"{name}: nobody styles {unknown}: mistyped, or left over from a style that is gone"
    )


@cache
def _mentioned() -> set[str]:
    """Every word in quotes in templates and scripts, and every selector of a script."""
    sources = [*templates().values(), *(path.read_text("utf-8") for path in JS.glob("*.js"))]
    quoted = [part for text in sources for part in re.findall(r'"([^"]*)"', text)]
    words = {word for part in quoted for word in re.split(r"[\s.,>:#\[\]~]+", part)}
    return words | set().union(*(classes_in(text) for text in templates().values()))


@pytest.mark.parametrize("sheet", sorted(styled()))
def test_every_styled_class_is_used(sheet: str) -> None:
    patterns = {name for name in _mentioned() if ANYTHING in name}
    unused = {
        name
        for name in styled()[sheet] - _mentioned()
        if not any(_matches(pattern, {name}) for pattern in patterns)
    }
    assert unused == set(), f"{sheet}: every visitor downloads {sorted(unused)} for nothing"


def test_the_exceptions_are_still_needed() -> None:
    known = set().union(*styled().values())
    used = set().union(*(classes_in(text) for text in templates().values()))
    assert used - known >= NO_STYLE_NEEDED


@pytest.mark.parametrize(
    ("template", "used"),
    [
        ('<p class="a b-c">', {"a", "b-c"}),
        ('<p class="field{{ " field--error" if errors }}">', {"field", "field--error"}),
        ('<p class="k-{{ tone }}">', {"k-\0"}),
        ('<p class="face{{ " " ~ class if class }}">', {"face"}),
        ('{{ field("kode", class="code") }}', {"code"}),
        ('<p class="{% if x == "demo" %}a{% else %}b{% endif %}">', {"a", "b"}),
        ('<p class="{{ "on" if x == "y" else "off" }}">', {"on", "off"}),
    ],
)
def test_classes_are_read_off_a_template(template: str, used: set[str]) -> None:
    assert {name.strip("\0") for name in classes_in(template)} == {n.strip("\0") for n in used}
