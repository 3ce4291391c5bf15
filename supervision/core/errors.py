"""Every error the system raises on purpose, by who must act on it.

    SupervisionError
    |- Rejected             a device or sender spoke nonsense: stored with its reason, acknowledged
    |- Refused              the caller may not, or the state forbids: told to the caller
    |  |- NotSignedIn         401
    |  |- NotAllowed          403
    |  |- NotFound            404
    |  |- Conflict            409
    |  |- StaleVersion        412
    |  |- TooManyAttempts     429
    |  `- Invalid             422
    |     `- ZoneInvalid
    |- Unavailable          the database, broker or a channel is down: retried
    |  `- BatchNotStored
    |- Undeliverable        somebody cannot be reached in this way: another is taken
    `- Broken               a promise of our own is broken: a person must look

The numbers are the HTTP edge's business (`supervision.web.problems`); this tree knows none.
A class's docstring is its message when none is given; `code` is stable, for programs to read.
"""


class SupervisionError(Exception):
    """The supervision system could not do what was asked."""

    code = "supervision_error"

    def __init__(self, message: str | None = None) -> None:
        """Take the docstring's first line as the message when none is given."""
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])

    @property
    def message(self) -> str:
        """The sentence for the person who must act."""
        return str(self.args[0])


class Rejected(SupervisionError):
    """The message cannot be understood or believed."""

    code = "rejected"

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep `reason`, a stable slug, apart from `detail`, a sentence without coordinates."""
        super().__init__(detail or reason)
        self.reason = reason


class Refused(SupervisionError):
    """The request was refused."""

    code = "refused"


class NotSignedIn(Refused):
    """Sign in first."""

    code = "not_signed_in"


class NotAllowed(Refused):
    """Your role does not allow this."""

    code = "not_allowed"


class NotFound(Refused):
    """There is no such thing here, or it is not in your caseload."""

    code = "not_found"


class Conflict(Refused):
    """The present state does not allow this."""

    code = "conflict"


class StaleVersion(Refused):
    """Somebody else changed this meanwhile; load it again."""

    code = "stale_version"


class TooManyAttempts(Refused):
    """Too many attempts; wait before you try again."""

    code = "too_many_attempts"


class Invalid(Refused):
    """The request does not make sense."""

    code = "invalid"


class ZoneInvalid(Invalid):
    """The zone's geometry cannot be used."""

    code = "zone_invalid"


class Unavailable(SupervisionError):
    """A part the system needs is not reachable; the work will be tried again."""

    code = "unavailable"


class BatchNotStored(Unavailable):
    """The batch of pings was not stored; nothing was acknowledged."""

    code = "batch_not_stored"


class Undeliverable(SupervisionError):
    """The receiver cannot be reached in this way, however often it is tried."""

    code = "undeliverable"


class Broken(SupervisionError):
    """The system broke one of its own promises."""

    code = "broken"
