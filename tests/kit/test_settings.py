"""Settings: where they come from, what is refused, and the secrets that development makes up."""

import stat
from pathlib import Path

import pytest

from portal.kit.settings import SETTINGS, SETTINGS_FILE, SettingsError, load

KEY = "ab" * 32
PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "s" * 32,
    "DATA_KEYS": f"k1:{KEY}",
    "PUBLIC_URL": "https://ampera.example",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that the machine happens to set reaches these tests."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)


def faults_of(folder: Path, **given: object) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(folder, given)
    return refused.value.faults


def test_without_anything_given_every_setting_has_its_default(tmp_path: Path) -> None:
    values = load(tmp_path)
    assert set(values) == {setting.name for setting in SETTINGS}
    assert values["DATABASE_URL"] == f"sqlite:///{tmp_path / 'portal.db'}"
    assert (values["PORT"], values["HOST"], values["MIN_SHOWN"]) == (8000, "127.0.0.1", 5)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("ENVIRONMENT", "staging", "ENVIRONMENT must be one of development, production."),
        ("ENVIRONMENT", "", "ENVIRONMENT must be one of development, production."),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 32 characters."),
        ("DATA_KEYS", "k1:zz", "DATA_KEYS must be name:hex pairs with at least 32 bytes"),
        ("DATA_KEYS", "k1", "DATA_KEYS must be name:hex pairs with at least 32 bytes"),
        ("DATA_KEYS", f"k1:{KEY},k1:{KEY}", "DATA_KEYS names a key twice."),
        (
            "DATABASE_URL",
            "mysql://x/y",
            "DATABASE_URL must start with sqlite:/// or postgresql://.",
        ),
        ("DATABASE_URL", "postgresql://", "DATABASE_URL must start with sqlite:/// or"),
        ("PUBLIC_URL", "ampera.example", "PUBLIC_URL must be an address starting with https"),
        ("PUBLIC_URL", "https:ampera.example", "PUBLIC_URL must be an address starting with"),
        ("PUBLIC_URL", "https://[", "PUBLIC_URL must be an address starting with https"),
        ("PUBLIC_URL", "https://", "PUBLIC_URL must be an address starting with https"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES must be a whole number from 0 to 9."),
        ("TRUSTED_PROXIES", "1.5", "TRUSTED_PROXIES must be a whole number from 0 to 9."),
        ("PORT", "65536", "PORT must be a whole number from 1 to 65535."),
        ("PORT", "", "PORT must be a whole number from 1 to 65535."),
        ("PORT", "9" * 5000, "PORT must be a whole number from 1 to 65535."),
        ("THREADS", "0", "THREADS must be a whole number from 1 to 64."),
        ("LOG_LEVEL", "debug", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
        ("MIN_SHOWN", "0", "MIN_SHOWN must be a whole number from 1 to 1000."),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    [fault] = faults_of(tmp_path, **{name: value})
    assert fault.startswith(sentence)
    assert fault.endswith(".")
    assert "\n" not in fault


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = faults_of(tmp_path, PORT="none", THREADS="many", SECRET_KEY="short")
    assert [fault.split()[0] for fault in found] == ["PORT", "SECRET_KEY", "THREADS"]


def test_a_refused_secret_is_not_repeated(tmp_path: Path) -> None:
    found = faults_of(tmp_path, SECRET_KEY="hush-hush", DATA_KEYS="k1:hush-hush")
    assert "hush-hush" not in "\n".join(found)


def test_production_without_secrets_is_refused_by_name(tmp_path: Path) -> None:
    found = faults_of(tmp_path, ENVIRONMENT="production")
    assert [fault.split()[0] for fault in found] == ["DATA_KEYS", "PUBLIC_URL", "SECRET_KEY"]
    assert list(tmp_path.iterdir()) == [], "nothing is made up there"


def test_production_takes_the_secrets_it_is_given(tmp_path: Path) -> None:
    values = load(tmp_path, PRODUCTION | {"DATA_KEYS": f"new:{'cd' * 32}, old:{KEY}"})
    assert values["SECRET_KEY"] == "s" * 32
    assert list(values["DATA_KEYS"].items()) == [
        ("new", bytes.fromhex("cd" * 32)),
        ("old", bytes.fromhex(KEY)),
    ], "newest first, as written"
    assert list(tmp_path.iterdir()) == []


def test_development_writes_its_random_secrets_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = load(tmp_path / "instance"), load(tmp_path / "instance")
    for name in ("SECRET_KEY", "DATA_KEYS"):
        assert first[name] == second[name]
    assert len(first["SECRET_KEY"]) == 64
    assert load(tmp_path / "another")["SECRET_KEY"] != first["SECRET_KEY"]
    for file in ("secret_key", "data_key"):
        assert stat.S_IMODE((tmp_path / "instance" / file).stat().st_mode) == 0o600
    assert first["DATA_KEYS"]["dev"] != bytes.fromhex(first["SECRET_KEY"])


def test_a_given_secret_writes_no_file(tmp_path: Path) -> None:
    load(tmp_path, {"SECRET_KEY": "s" * 32, "DATA_KEYS": f"k1:{KEY}"})
    assert list(tmp_path.iterdir()) == []


def test_the_environment_wins_over_the_file_and_tests_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / SETTINGS_FILE).write_text(
        'CITY_NAME = "Dari berkas"\nPORT = 9001\nHOST = "0.0.0.0"\n'
    )
    monkeypatch.setenv("CITY_NAME", "Dari lingkungan")
    monkeypatch.setenv("PORT", "9002")
    values = load(tmp_path, {"PORT": 9003})
    assert values["HOST"] == "0.0.0.0"
    assert values["CITY_NAME"] == "Dari lingkungan"
    assert values["PORT"] == 9003


def test_an_unknown_name_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text('CITY_NAMES = "salah ketik"\n')
    assert faults_of(tmp_path) == [
        "CITY_NAMES is not a setting; see the table in README.md.",
    ]


def test_an_unknown_name_in_the_environment_is_somebody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITY_NAMES", "bukan urusan portal")
    assert "CITY_NAMES" not in load(tmp_path)


@pytest.mark.parametrize("content", [b"PORT = \n", b"\xff\xfe", b"= 3"])
def test_a_file_that_is_no_toml_is_one_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SETTINGS_FILE).write_bytes(content)
    [fault] = faults_of(tmp_path)
    assert fault.startswith("settings.toml cannot be read as TOML: ")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_way_of_writing_postgresql_means_psycopg(tmp_path: Path, scheme: str) -> None:
    values = load(tmp_path, {"DATABASE_URL": f"{scheme}://ampera@db/ampera"})
    assert values["DATABASE_URL"] == "postgresql+psycopg://ampera@db/ampera"


def test_a_slash_at_the_end_of_the_public_address_is_dropped(tmp_path: Path) -> None:
    values = load(tmp_path, {"PUBLIC_URL": "https://ampera.example/"})
    assert values["PUBLIC_URL"] == "https://ampera.example"


def test_every_setting_says_what_it_means_in_sentences() -> None:
    for setting in SETTINGS:
        assert setting.meaning.endswith("."), setting.name
        assert setting.name.isupper(), setting.name


@pytest.mark.parametrize("name", ["secret_key", "data_key"])
@pytest.mark.parametrize("content", ["", "zz", "ab" * 8])
def test_a_damaged_secret_of_development_is_refused(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    [fault] = faults_of(tmp_path)
    assert f"{name} is damaged; delete it" in fault
