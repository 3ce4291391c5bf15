"""Signs what is posted to other systems, as Standard Webhooks 1.0 has it (standardwebhooks.com)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh secret, as the receiver's library takes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(key: str, at_s: int, body: bytes, secrets_: Iterable[str]) -> dict[str, str]:
    """The headers by which a receiver tells that a post is ours, fresh, and no repeat.

    Args:
        key: The same over every attempt.
        at_s: Seconds since 1970 UTC.
        body: As posted.
        secrets_: Every one that is valid: while a secret is exchanged, two.
    """
    signed = f"{key}.{at_s}.".encode() + body
    signatures = (hmac.digest(_raw(one), signed, hashlib.sha256) for one in secrets_)
    return {
        "webhook-id": key,
        "webhook-timestamp": str(at_s),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }


def _raw(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX))
