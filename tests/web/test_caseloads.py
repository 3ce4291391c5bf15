"""An officer sees and handles the own caseload; supervisors see every one."""

import re
from http import HTTPStatus

from supervision.core.access import Permission, Role
from tests import factories
from tests.web.application import Web
from tests.web.offices import Office
from tests.web.test_access import API, call, gets_with_ids, is_allowed

# What an officer may read though it is nobody of his caseload.
OF_THE_AGENCY = re.compile("{(officer|rota|drill)_id}")


def test_an_officer_sees_the_own_caseload_only(web: Web, office: Office) -> None:
    own, colleague = web.signed_in(office.officer), web.signed_in(office.colleague)
    narrowed = [
        one
        for one in gets_with_ids(web)
        if is_allowed(one, Role.OFFICER) and not OF_THE_AGENCY.search(one.path)
        if one.permissions[0] is not Permission.READ_DEVICES
    ]
    assert len(narrowed) >= 7
    for one in narrowed:
        assert call(own, one, office).status_code == HTTPStatus.OK, one
        assert call(colleague, one, office).status_code == HTTPStatus.NOT_FOUND, one


def test_an_officers_lists_hold_the_own_caseload_only(web: Web, office: Office) -> None:
    with web.behind() as session:
        factories.an_assignment(
            session,
            factories.a_device(session, office.agency.id),
            factories.a_supervisee(session, office.colleague),
        )
    nouns = ["supervisees", "orders", "zones", "alerts", "protected-persons", "device-assignments"]
    nouns += ["shelves"]
    for noun in nouns:
        seen = web.signed_in(office.officer).get(f"{API}/{noun}").json()["items"]
        unseen = web.signed_in(office.colleague).get(f"{API}/{noun}").json()["items"]
        assert len(seen) == 1, noun
        assert {row["id"] for row in seen}.isdisjoint({row["id"] for row in unseen}), noun


def test_a_supervisor_sees_every_caseload(web: Web, office: Office) -> None:
    with web.behind() as session:
        factories.a_supervisee(session, office.colleague)
    answer = web.signed_in(office.supervisor).get(f"{API}/supervisees")
    assert len(answer.json()["items"]) == 2


def test_a_colleague_cannot_handle_an_alert_of_another_caseload(web: Web, office: Office) -> None:
    path = f"{API}/alerts/{office.alert.id}/acknowledge"
    assert web.signed_in(office.colleague).post(path).status_code == HTTPStatus.NOT_FOUND
    assert web.signed_in(office.officer).post(path).status_code == HTTPStatus.OK
