"""How somebody is reached: numbers and addresses as they are kept, or why they are refused."""

import re
from dataclasses import dataclass
from enum import StrEnum

from supervision.core.errors import Invalid

LONGEST_EMAIL = 200

_WRITTEN_BETWEEN_DIGITS = re.compile(r"[ .()/-]")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# A mail's header carries it, so no space, no sign that ends it, and nothing beyond ASCII.
_EMAIL = re.compile(r"[!-?A-~]+@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*")
_ENDS_AN_ADDRESS = re.compile(r"[,;:<>()\[\]\\\"]")


class Language(StrEnum):
    """In which a person is written to."""

    ENGLISH = "en"
    SPANISH = "es"


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person is reached; without number and address he gets no reminder.

    Attributes:
        phone: E.164, such as +13035550142.
    """

    phone: str | None = None
    email: str | None = None
    language: Language = Language.ENGLISH


NO_CONTACT = Contact()


def read_contact(contact: Contact) -> Contact:
    """The same as it is kept: the number without what is written between its digits.

    Raises:
        Invalid: Number or address is none that a message can be sent to.
    """
    phone = None if contact.phone is None else _read_phone(contact.phone)
    email = None if contact.email is None else _read_email(contact.email)
    return Contact(phone, email, contact.language)


def _read_phone(written: str) -> str:
    phone = _WRITTEN_BETWEEN_DIGITS.sub("", written.strip())
    if not _E164.fullmatch(phone):
        raise Invalid(
            "Give the telephone number with + and the country's code, such as +1 303 555 0142."
        )
    return phone


def _read_email(written: str) -> str:
    email = written.strip()
    is_one = _EMAIL.fullmatch(email) and not _ENDS_AN_ADDRESS.search(email)
    if not is_one or len(email) > LONGEST_EMAIL:
        raise Invalid("Give one e-mail address, such as name@example.org.")
    return email
