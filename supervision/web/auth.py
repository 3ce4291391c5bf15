"""Where officers sign in: checks the password, counts failures, locks for a while, opens a session."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import NamedTuple

from fastapi import Request, Response
from sqlalchemy import delete, or_, text
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Role
from supervision.core.db import act_for, transaction
from supervision.core.errors import NotSignedIn, TooManyAttempts
from supervision.register.models import Officer, WebSession
from supervision.register.service.passwords import is_password
from supervision.web.runtime import WebRuntime
from supervision.web.sessions import expires_at, hash_token

COOKIE = "supervision_session"
MOST_FAILURES = 5
LOCK_LASTS = timedelta(minutes=10)
STRANGERS_AT_MOST = 10_000
WRONG = "The e-mail address or the password is wrong."


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A sign-in just opened; the only time its token is known.

    Attributes:
        actor: Who signed in.
        token: The secret: the cookie's value, or what follows `Authorization: Bearer`.
        csrf_token: What a page's own forms and scripts must send along.
        expires_at: When it ends if it is not used meanwhile.
    """

    actor: Actor
    token: str
    csrf_token: str
    expires_at: datetime


class Failures(NamedTuple):
    """Failed sign-ins in a row, and until when no further one is looked at."""

    count: int = 0
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
        if self.count + 1 < MOST_FAILURES:
            return Failures(self.count + 1)
        return Failures(0, now + LOCK_LASTS)


class Strangers:
    """Failures of addresses nobody has, so that they are told nothing else than real ones are."""

    def __init__(self) -> None:
        """Know nobody."""
        self._lock = Lock()
        self._failures: OrderedDict[str, Failures] = OrderedDict()

    def failures(self, email: str) -> Failures:
        """What an address has to answer for."""
        with self._lock:
            return self._failures.get(email, Failures())

    def count(self, email: str, now: datetime) -> None:
        """Count a failure; the longest untouched address is forgotten when there are too many."""
        with self._lock:
            known = self._failures.pop(email, Failures())
            self._failures[email] = known.and_one_more(now)
            if len(self._failures) > STRANGERS_AT_MOST:
                self._failures.popitem(last=False)


class SignInDesk:
    """Opens sign-ins. Every failure costs the same time and says the same, known person or not."""

    def __init__(self, runtime: WebRuntime) -> None:
        """Stand ready; nothing is read yet."""
        self._runtime = runtime
        self._strangers = Strangers()

    def open(self, email: str, password: str) -> NewSignIn:
        """Sign an officer in, in transactions of its own; both outcomes are audited.

        Args:
            email: As typed; case and spaces around it do not matter.
            password: As typed.

        Raises:
            NotSignedIn: Address or password is wrong, or the officer is no longer active.
            TooManyAttempts: After five failures in a row, for ten minutes.
        """
        email = email.strip().lower()
        now = self._runtime.clock()
        found = self._find(email)
        if found is None:
            self._refuse_stranger(email, password, now)
        Failures(found.failed_sign_ins, found.locked_until_at).refuse_if_locked(now)
        # No connection is held while the hash is worked out.
        is_right = is_password(password, found.password_hash) and found.is_active
        with transaction(self._runtime.engine, found.agency_id) as session:
            officer = session.get_one(Officer, found.id, with_for_update=True)
            Failures(officer.failed_sign_ins, officer.locked_until_at).refuse_if_locked(now)
            if is_right:
                return _open(session, officer, self._runtime, now)
            _count_failure(session, officer, now)
        raise NotSignedIn(WRONG)
