"""Addresses that open something without a sign-in: each names an agency and holds a secret.

The agency stands in it so that row-level security holds before anything is looked up.
"""

from supervision.core.errors import NotFound
from supervision.core.settings import Settings
from supervision.web.deps import MOST_BIGINT
from supervision.web.security import DISPATCH_PATHS


def secret_of(agency_id: int, token: str) -> str:
    """What an address says: the agency and the token."""
    return f"{agency_id}.{token}"


def read_secret(secret: str) -> tuple[int, str]:
    """The agency and the token that an address says.

    Raises:
        NotFound: It is none that we gave.
    """
    agency, _, token = secret.partition(".")
    is_number = agency.isascii() and agency.isdecimal() and len(agency) <= len(str(MOST_BIGINT))
    if not is_number or int(agency) > MOST_BIGINT:
        raise NotFound
    return int(agency), token


def packet_url(settings: Settings, agency_id: int, token: str) -> str:
    """Where a patrol reads the packet that this token opens."""
    return f"{settings.public_url}{DISPATCH_PATHS}{secret_of(agency_id, token)}"


def message_url(settings: Settings, agency_id: int, token: str) -> str:
    """Where a dispatch centre's program reads the same."""
    return f"{packet_url(settings, agency_id, token)}.xml"
