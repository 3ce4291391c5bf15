"""Keeps passwords as argon2 hashes; an unknown person costs as much time as a known one."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from supervision.core.errors import Invalid

LEAST_LENGTH = 12
MOST_LENGTH = 200

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The hash to keep.

    Raises:
        Invalid: The password is shorter or longer than we take.
    """
    if not LEAST_LENGTH <= len(password) <= MOST_LENGTH:
        message = f"A password has from {LEAST_LENGTH} to {MOST_LENGTH} characters."
        raise Invalid(message)
    return _hasher.hash(password)


def is_password(password: str, kept_hash: str | None) -> bool:
    """Whether the password is the kept one; as slow where nothing is kept, so nobody can tell."""
    try:
        _hasher.verify(kept_hash or _hash_of_nobody(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return kept_hash is not None


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash("the password of nobody")
