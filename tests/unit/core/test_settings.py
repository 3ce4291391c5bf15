from pathlib import Path

import pytest
from pydantic import ValidationError

from supervision.core.settings import load_settings

URLS = {"OWNER": "o", "ENGINE": "e", "WEB": "w"}


@pytest.fixture(autouse=True)
def no_settings_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPERVISION_SECRETS_DIR", raising=False)
    for role, secret in URLS.items():
        monkeypatch.setenv(f"SUPERVISION_{role}_DATABASE_URL", secret)


def test_a_value_comes_from_the_variable_of_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERVISION_LATE_AFTER_S", "60")
    assert load_settings().late_after_s == 60.0


def test_a_secret_may_come_from_a_file_of_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "SUPERVISION_BROKER_PASSWORD").write_text("sesame")
    monkeypatch.setenv("SUPERVISION_SECRETS_DIR", str(tmp_path))
    password = load_settings().broker_password
    assert password is not None
    assert password.get_secret_value() == "sesame"


def test_no_secret_has_a_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for role in URLS:
        monkeypatch.delenv(f"SUPERVISION_{role}_DATABASE_URL")
    with pytest.raises(ValidationError) as refusal:
        load_settings()
    missing = {str(error["loc"][0]) for error in refusal.value.errors()}
    assert missing == {f"{role.lower()}_database_url" for role in URLS}


def test_a_malformed_value_is_refused_by_name_and_never_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUPERVISION_BROKER_PORT", "sesame")
    with pytest.raises(ValidationError, match="broker_port") as refusal:
        load_settings()
    assert "sesame" not in str(refusal.value)


def test_printing_the_settings_shows_no_secret() -> None:
    assert "secret_value" not in repr(load_settings())
    assert repr(load_settings()).count("**********") == len(URLS)


def test_nothing_changes_a_setting_afterwards() -> None:
    loaded = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        loaded.__setattr__("web_port", 1)
