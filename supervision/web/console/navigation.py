"""Where the console's navigation leads; each role is shown what it may open, in this order."""

from dataclasses import dataclass

from supervision.core.access import Actor, Permission


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the console.

    Attributes:
        path: Its first page.
        name: On screen.
        here: What its pages call themselves, by which the navigation shows where one is.
        permission: What that page asks for.
    """

    path: str
    name: str
    here: str
    permission: Permission


SECTIONS = (
    Section("/", "Alerts", "alerts", Permission.READ_ALERTS),
    Section("/check-ins", "Check-ins", "check-ins", Permission.READ_CHECKINS),
    Section("/numbers", "Numbers", "numbers", Permission.READ_NUMBERS),
    Section("/ladders", "Ladders", "ladders", Permission.READ_ALERTS),
    Section("/rotas", "Rotas", "rotas", Permission.READ_AGENCY),
    Section("/contact-points", "Messages", "told", Permission.HANDLE_ALERTS),
    Section("/drills", "Drills", "drills", Permission.READ_ALERTS),
    Section("/help", "Help", "help", Permission.READ_AGENCY),
)


def sections_of(actor: Actor) -> list[Section]:
    """Those that an officer may open."""
    return [one for one in SECTIONS if actor.may(one.permission)]
