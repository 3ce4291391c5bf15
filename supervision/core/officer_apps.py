"""What an officer's app is called at the broker: its account, and the topic that it may read."""

ACCOUNT_PREFIX = "officer-"
TOPIC = "supervision/v1/officers/{account}/alerts"


def app_account(officer_id: int) -> str:
    """Under which name an officer's app signs in to the broker; no device is called so."""
    return f"{ACCOUNT_PREFIX}{officer_id}"


def is_app_account(name: str) -> bool:
    """Whether a name is kept for officers' apps."""
    return name.startswith(ACCOUNT_PREFIX)
