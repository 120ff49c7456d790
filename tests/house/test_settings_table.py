"""Every setting stands in the README with its default, and nothing else does."""

import re

import pytest

from portal.kit.settings import SETTINGS
from tests.house.source import ROOT

README = ROOT / "README.md"
ROW = re.compile(r"^\|\s*`([A-Z_]+)`\s*\|\s*(.*?)\s*\|\s*(.*?)\s*\|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    """Default and meaning in the table, by name."""
    return {name: (default, said) for name, default, said in ROW.findall(README.read_text())}


def test_the_table_names_the_settings_there_are_in_their_order() -> None:
    assert list(rows()) == [setting.name for setting in SETTINGS], (
        "README.md: an operator trusts the table of settings; it must be portal/kit/settings.py"
    )


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_table_gives_each_default_and_meaning(setting: object) -> None:
    name, default = setting.name, setting.default  # type: ignore[attr-defined]
    found, said = rows()[name]
    assert found.strip("`") == default or (not default and found in {"", "–", "-"}), (
        f"README.md says that {name} defaults to {found}, the code says {default!r}"
    )
    assert len(said) > 10, f"README.md does not say what {name} means"
