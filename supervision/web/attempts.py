"""Counts failures and locks for a while: sign-ins of anybody, and links that open nothing."""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from supervision.core.errors import TooManyAttempts

MOST_FAILURES = 5
LOCK_LASTS = timedelta(minutes=10)
STRANGERS_AT_MOST = 10_000


class Failures(NamedTuple):
    """Failed sign-ins in a row, and until when no further one is looked at."""

    in_a_row: int = 0
    locked_until_at: datetime | None = None

    def refuse_if_locked(self, now: datetime) -> None:
        """Stop here while locked.

        Raises:
            TooManyAttempts: It is, whatever the password.
        """
        if self.locked_until_at is not None and now < self.locked_until_at:
            message = "Too many attempts; wait ten minutes before you try again."
            raise TooManyAttempts(message)

    def and_one_more(self, now: datetime) -> "Failures":
        """The count after another failure; the fifth locks and starts anew."""
        if self.in_a_row + 1 < MOST_FAILURES:
            return Failures(self.in_a_row + 1)
        return Failures(0, now + LOCK_LASTS)


class Strangers:
    """Failures of those who are no officers.

    E-mail addresses that nobody has, so that they are told nothing else than real ones are; and
    machines that try links.
    """

    def __init__(self) -> None:
        """Know nobody."""
        self._lock = Lock()
        self._failures: OrderedDict[str, Failures] = OrderedDict()

    def refuse_if_locked(self, who: str, now: datetime) -> None:
        """Stop here while somebody is locked; raises as `Failures.refuse_if_locked`."""
        with self._lock:
            failures = self._failures.get(who, Failures())
        failures.refuse_if_locked(now)

    def count(self, who: str, now: datetime) -> None:
        """Count a failure; whoever is longest untouched is forgotten when there are too many."""
        with self._lock:
            known = self._failures.pop(who, Failures())
            self._failures[who] = known.and_one_more(now)
            if len(self._failures) > STRANGERS_AT_MOST:
                self._failures.popitem(last=False)
