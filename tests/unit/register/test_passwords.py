import pytest
from argon2 import PasswordHasher

from supervision.core.errors import Invalid
from supervision.register.service import passwords
from supervision.register.service.passwords import (
    LEAST_LENGTH,
    MOST_LENGTH,
    hash_password,
    is_password,
)

GOOD = "a long and good sentence"


class CountingHasher(PasswordHasher):
    """Cheap, and counts how often it worked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified: list[str | bytes] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]  # noqa: A002 -- argon2's own name
        self.verified.append(hash)
        return super().verify(hash, password)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_hasher", counting)
    passwords._hash_of_nobody.cache_clear()
    return counting


def test_a_password_is_known_by_its_hash_and_no_other_is() -> None:
    kept = hash_password(GOOD)
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert is_password(GOOD, kept)
    assert not is_password(GOOD + " ", kept)


def test_the_same_password_is_never_kept_the_same_twice() -> None:
    assert hash_password(GOOD) != hash_password(GOOD)


def test_an_unknown_person_costs_one_verification_like_a_known_one(hasher: CountingHasher) -> None:
    assert not is_password(GOOD, None)
    assert not is_password(GOOD, None)
    assert len(hasher.verified) == 2
    known = hasher.hash(GOOD)
    assert is_password(GOOD, known)
    assert len(hasher.verified) == 3


def test_nobodys_password_opens_nothing(hasher: CountingHasher) -> None:
    assert not is_password("the password of nobody", None)
    assert hasher.verified


def test_a_hash_that_is_none_matches_nothing() -> None:
    assert not is_password("x", "x")


@pytest.mark.parametrize("length", [0, LEAST_LENGTH - 1, MOST_LENGTH + 1])
def test_a_password_too_short_or_too_long_is_refused(length: int) -> None:
    with pytest.raises(Invalid):
        hash_password("x" * length)
