"""Says whether an address fits its means; whether anybody answers there, only a message tells."""

import re
from urllib.parse import urlsplit

from alerts.rules import Means
from supervision.core.errors import Invalid

# E.164: a plus sign, and up to fifteen digits.
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
MOST_CHARACTERS = 500


def require_address(means: Means, address: str) -> None:
    """Stop here unless the address is one that the means can use.

    Raises:
        Invalid: It is not.
    """
    if len(address) > MOST_CHARACTERS or not address.isprintable():
        raise Invalid("The address is too long, or no address.")
    if means in {Means.SMS, Means.VOICE} and not _PHONE.fullmatch(address):
        raise Invalid("A number is written with its country, such as +13035550142.")
    if means is Means.EMAIL and not _EMAIL.fullmatch(address):
        raise Invalid("This is no e-mail address.")
    if means is Means.WEBHOOK and not _is_url(address):
        raise Invalid("A webhook is a URL of http or https, without a name or password in it.")


def _is_url(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
