"""Signing in and out by program: a token instead of a cookie."""

from datetime import datetime

from fastapi import APIRouter, status
from pydantic import Field, SecretStr

from supervision.core.access import Actor, Permission, Role
from supervision.web.api.fields import Line, Model
from supervision.web.deps import PUBLIC, DeskDep, NowDep, SessionDep, SignInDep, requires
from supervision.web.sessions import sign_out

router = APIRouter(prefix="/session", tags=["session"])


class Credentials(Model):
    """What an officer knows."""

    email: Line = Field(examples=["dana.reyes@probation.example"])
    password: SecretStr = Field(max_length=200, examples=["a long and good sentence"])


class SignedInOfficer(Model):
    """Who is signed in."""

    officer_id: int
    agency_id: int
    role: Role
    display_name: str


class OpenedSession(Model):
    """A sign-in; the token is told this once."""

    token: str = Field(description="Send it as `Authorization: Bearer <token>`")
    expires_at: datetime = Field(description="Unless it is used before")
    officer: SignedInOfficer


class CurrentSession(Model):
    """The sign-in the request came with."""

    expires_at: datetime
    officer: SignedInOfficer


@router.post("", status_code=status.HTTP_201_CREATED, dependencies=[PUBLIC])
def open_session(credentials: Credentials, desk: DeskDep) -> OpenedSession:
    """Sign in. After five failures in a row an account is locked for ten minutes."""
    opened = desk.open(credentials.email, credentials.password.get_secret_value())
    return OpenedSession(
        token=opened.token, expires_at=opened.expires_at, officer=_officer(opened.actor)
    )


@router.get("", dependencies=[requires(Permission.READ_AGENCY)])
def get_session(sign_in: SignInDep) -> CurrentSession:
    """Who am I, and until when."""
    return CurrentSession(expires_at=sign_in.expires_at, officer=_officer(sign_in.actor))


@router.delete(
    "",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[requires(Permission.READ_AGENCY)],
)
def close_session(sign_in: SignInDep, session: SessionDep, now: NowDep) -> None:
    """Sign out; the token is worthless afterwards."""
    sign_out(session, sign_in, now)


def _officer(actor: Actor) -> SignedInOfficer:
    return SignedInOfficer.model_validate(actor)
