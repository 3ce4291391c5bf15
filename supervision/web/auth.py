"""Where officers sign in: checks the password, counts failures, opens a session and its cookie."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from fastapi import Response
from sqlalchemy import delete, or_, text
from sqlalchemy.orm import Session

from supervision.core import audit
from supervision.core.access import Actor, Role
from supervision.core.db import transaction
from supervision.core.errors import NotSignedIn
from supervision.core.tokens import hash_token, new_token
from supervision.register.models import Officer, WebSession
from supervision.register.service.passwords import is_password
from supervision.web.attempts import Failures, Strangers
from supervision.web.runtime import WebRuntime
from supervision.web.sessions import expires_at

COOKIE = "supervision_session"
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


class _Account(NamedTuple):
    """What is known of an address before anybody is signed in."""

    officer_id: int
    agency_id: int
    password_hash: str
    is_active: bool
    failures: Failures


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
        email, now = email.strip().lower(), self._runtime.clock()
        account = self._find(email)
        if account is None:
            self._strangers.refuse_if_locked(email, now)
            is_password(password, None)
            self._strangers.count(email, now)
            raise NotSignedIn(WRONG)
        account.failures.refuse_if_locked(now)
        # No connection is held while the hash is worked out.
        is_right = is_password(password, account.password_hash) and account.is_active
        opened = self._decide(account, now, is_right=is_right)
        if opened is None:
            raise NotSignedIn(WRONG)
        return opened

    def _find(self, email: str) -> _Account | None:
        with transaction(self._runtime.engine) as session:
            row = session.execute(
                text("SELECT * FROM find_officer_by_email(:email)"), {"email": email}
            ).one_or_none()
        if row is None:
            return None
        failures = Failures(row.failed_sign_ins, row.locked_until_at)
        return _Account(row.id, row.agency_id, row.password_hash, row.is_active, failures)

    def _decide(self, account: _Account, now: datetime, *, is_right: bool) -> NewSignIn | None:
        """Open a session or count the failure, one attempt on an account at a time."""
        with transaction(self._runtime.engine, account.agency_id) as session:
            officer = session.get_one(Officer, account.officer_id, with_for_update=True)
            failures = Failures(officer.failed_sign_ins, officer.locked_until_at)
            failures.refuse_if_locked(now)
            failures = Failures() if is_right else failures.and_one_more(now)
            officer.failed_sign_ins, officer.locked_until_at = failures
            tag = audit.Tag.SIGNED_IN if is_right else audit.Tag.SIGN_IN_FAILED
            opened = self._open(session, officer, now) if is_right else None
            who = audit.officer(officer.id)
            by = who if is_right else audit.SYSTEM
            is_locked = failures.locked_until_at is not None
            audit.record(session, officer.agency_id, now, by, tag, who, is_locked=is_locked)
        return opened

    def _open(self, session: Session, officer: Officer, now: datetime) -> NewSignIn:
        settings = self._runtime.settings
        _forget_ended(session, officer.id, self._runtime, now)
        token, csrf_token = new_token(), new_token()
        session.add(
            WebSession(
                token_hash=hash_token(token),
                agency_id=officer.agency_id,
                officer_id=officer.id,
                csrf_token=csrf_token,
                created_at=now,
                last_seen_at=now,
            )
        )
        session.flush()
        actor = Actor(officer.id, officer.agency_id, Role(officer.role), officer.display_name)
        return NewSignIn(actor, token, csrf_token, expires_at(settings, now, now))


def set_cookie(response: Response, runtime: WebRuntime, opened: NewSignIn) -> None:
    """Give the browser the sign-in; no script can read it, no other site can send it."""
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=runtime.settings.session_max_hours * 3600,
        httponly=True,
        secure=runtime.settings.is_cookie_secure,
        samesite="strict",
    )


def clear_cookie(response: Response, runtime: WebRuntime) -> None:
    """Take the sign-in from the browser."""
    response.delete_cookie(
        COOKIE, httponly=True, secure=runtime.settings.is_cookie_secure, samesite="strict"
    )


def _forget_ended(session: Session, officer_id: int, runtime: WebRuntime, now: datetime) -> None:
    idle_since = now - timedelta(minutes=runtime.settings.session_idle_minutes)
    oldest = now - timedelta(hours=runtime.settings.session_max_hours)
    session.execute(
        delete(WebSession).where(
            WebSession.officer_id == officer_id,
            or_(WebSession.last_seen_at <= idle_since, WebSession.created_at <= oldest),
        )
    )
