from pathlib import Path

import pytest
from pydantic import ValidationError

from supervision.core.settings import load_settings

REQUIRED = {
    "OWNER_DATABASE_URL": "o",
    "ENGINE_DATABASE_URL": "e",
    "WEB_DATABASE_URL": "w",
    "LINK_KEY": "k",
}
GATEWAY = {
    "GATEWAY_ACCOUNT": "county",
    "GATEWAY_SECRET": "sesame",
    "GATEWAY_SENDER": "+13035550100",
}


@pytest.fixture(autouse=True)
def no_settings_but_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPERVISION_SECRETS_DIR", raising=False)
    for name, secret in REQUIRED.items():
        monkeypatch.setenv(f"SUPERVISION_{name}", secret)


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
    for name in REQUIRED:
        monkeypatch.delenv(f"SUPERVISION_{name}")
    with pytest.raises(ValidationError) as refusal:
        load_settings()
    missing = {str(error["loc"][0]) for error in refusal.value.errors()}
    assert missing == {name.lower() for name in REQUIRED}


def test_a_malformed_value_is_refused_by_name_and_never_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUPERVISION_BROKER_PORT", "sesame")
    with pytest.raises(ValidationError, match="broker_port") as refusal:
        load_settings()
    assert "sesame" not in str(refusal.value)


def test_printing_the_settings_shows_no_secret() -> None:
    assert "secret_value" not in repr(load_settings())
    assert repr(load_settings()).count("**********") == len(REQUIRED)


def test_nothing_changes_a_setting_afterwards() -> None:
    loaded = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        loaded.__setattr__("web_port", 1)


@pytest.mark.parametrize("left_out", GATEWAY)
def test_an_sms_gateway_needs_an_account_of_ours(
    monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    monkeypatch.setenv("SUPERVISION_SMS_GATEWAY_URL", "https://sms.example/Messages.json")
    for name, value in GATEWAY.items():
        monkeypatch.setenv(f"SUPERVISION_{name}", value)
    assert load_settings().gateway_account == "county"
    monkeypatch.delenv(f"SUPERVISION_{left_out}")
    with pytest.raises(ValidationError, match=f"needs {left_out.lower()}") as refusal:
        load_settings()
    assert "sesame" not in str(refusal.value)


def test_a_gateway_is_reached_by_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPERVISION_SMS_GATEWAY_URL", "sms.example")
    with pytest.raises(ValidationError, match="sms_gateway_url"):
        load_settings()


@pytest.mark.parametrize("url", ["https://meet.example.org", "meet/{room}", "https://x/{room}/{y}"])
def test_video_rooms_have_an_address_with_a_place_for_each_ones_own_name(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SUPERVISION_VIDEO_ROOM_URL", "https://meet.example.org/{room}#config.x=1")
    assert load_settings().video_room_url.endswith("#config.x=1")
    monkeypatch.setenv("SUPERVISION_VIDEO_ROOM_URL", url)
    with pytest.raises(ValidationError, match="video_room_url"):
        load_settings()
