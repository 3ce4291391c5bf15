"""Who can stand on a rung by name: the agency's officers, rotas and contacts outside."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from alerts import service as alerting
from alerts.escalation import Post, Rung
from supervision.core.access import GRANTS, Permission, Role
from supervision.web.console.reach_words import POST_NAMES


@dataclass(frozen=True, slots=True)
class Posts:
    """Names by id: of officers, of rotas and of contacts outside that are not ended.

    `officers` are those who can be told: who may sign in and see alerts. `others` cannot, but a
    ladder or a rota may still name them.
    """

    officers: Mapping[int, str]
    others: Mapping[int, str]
    rotas: Mapping[int, str]
    outside: Mapping[int, str]

    def officer(self, officer_id: int) -> str:
        """An officer's name."""
        return self.officers.get(officer_id) or self.others[officer_id]

    def name(self, rung: Rung) -> str:
        """Who stands on a rung."""
        match rung.post, rung.id:
            case Post.OFFICER, int(one):
                return self.officer(one)
            case Post.ROTA, int(one):
                return f"whoever is on call: {self.rotas.get(one, 'a rota that is ended')}"
            case Post.OUTSIDE, int(one):
                return self.outside.get(one, "a contact that is ended")
        return POST_NAMES[rung.post]

    def groups(self) -> dict[str, dict[str, str]]:
        """Whom a form offers, by kind: the value of each choice, and its name."""
        whoever = {str(post): name for post, name in POST_NAMES.items()}
        return {
            "By their part": whoever,
            "Officers": {f"{Post.OFFICER}:{one}": name for one, name in self.officers.items()},
            "On call": {
                f"{Post.ROTA}:{one}": self.name(Rung(0, Post.ROTA, one)) for one in self.rotas
            },
            "Outside": {f"{Post.OUTSIDE}:{one}": name for one, name in self.outside.items()},
        }

    def gone(self, choice: str) -> str | None:
        """What a form shows for a choice that it offers no more; None where it does, or for none.

        So that a ladder stands in its form as it is, and is refused rather than loses a rung.
        """
        if not choice or any(choice in choices for choices in self.groups().values()):
            return None
        post, _, named = choice.partition(":")
        return self.gone_officer(named if post == Post.OFFICER else "?")

    def gone_officer(self, choice: str) -> str | None:
        """The same for a choice among officers alone, by their ids."""
        ids = {str(one): one for one in (*self.officers, *self.others)}
        if not choice or ids.get(choice) in self.officers:
            return None
        if choice in ids:
            return f"{self.others[ids[choice]]}, who cannot be told"
        return "Nobody who is there any more"


def read_posts(session: Session) -> Posts:
    """Those of the agency that the transaction is bound to, by name."""
    told: dict[bool, dict[int, str]] = {True: {}, False: {}}
    for row in session.execute(_OFFICERS):
        sees_alerts = Permission.READ_ALERTS in GRANTS[Role(row.role)]
        told[row.is_active and sees_alerts][row.id] = row.display_name
    return Posts(
        officers=told[True],
        others=told[False],
        rotas={one.id: one.name for one in alerting.list_rotas(session)},
        outside={one.id: one.name for one in alerting.list_points(session, None)},
    )


_OFFICERS = text("SELECT id, display_name, role, is_active FROM officer ORDER BY display_name, id")
