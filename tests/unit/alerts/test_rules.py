from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import RAISED_BY, SEVERITY_ORDER, AlertKind, Severity
from alerts.rules import (
    TRANSITIONS,
    Change,
    Disposition,
    Handling,
    Means,
    dedup_key,
    may_handle,
    means_to_reach,
    next_state,
    require_note,
    severity_of,
)
from supervision.core.access import Role
from supervision.core.errors import Conflict

kinds, grades = st.sampled_from(AlertKind), st.sampled_from(["confirmed", "possible", None])
dispositions = st.sampled_from(Disposition)


def test_only_a_confirmed_zone_entry_a_cut_strap_and_her_button_are_critical() -> None:
    critical = {
        (kind, grade)
        for kind, grade in product(AlertKind, ["confirmed", "possible", None])
        if severity_of(kind, grade) is Severity.CRITICAL
    }
    assert critical == {(AlertKind.ZONE_ENTRY, "confirmed")} | {
        (kind, grade)
        for kind in (AlertKind.STRAP_TAMPER, AlertKind.PROTECTED_BUTTON)
        for grade in ("confirmed", "possible", None)
    }


@given(kind=kinds)
def test_better_evidence_never_lowers_the_severity(kind: AlertKind) -> None:
    possible, confirmed = severity_of(kind, "possible"), severity_of(kind, "confirmed")
    assert SEVERITY_ORDER.index(confirmed) <= SEVERITY_ORDER.index(possible)


def test_the_severities_are_ordered_worst_first() -> None:
    assert SEVERITY_ORDER == (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


def test_an_alert_goes_forward_changes_hands_or_is_new_again() -> None:
    assert {(state, after) for (state, _), after in TRANSITIONS.items()} == {
        (Handling.NEW, Handling.ACKNOWLEDGED),
        (Handling.NEW, Handling.IN_HAND),
        (Handling.NEW, Handling.CLOSED),
        (Handling.ACKNOWLEDGED, Handling.NEW),
        (Handling.ACKNOWLEDGED, Handling.IN_HAND),
        (Handling.IN_HAND, Handling.NEW),
        (Handling.ACKNOWLEDGED, Handling.CLOSED),
        (Handling.IN_HAND, Handling.IN_HAND),
        (Handling.IN_HAND, Handling.CLOSED),
    }


def test_no_change_of_the_condition_moves_the_handling() -> None:
    of_the_condition = {Change.CLEARED, Change.ACTIVE_AGAIN, Change.CONFIRMED}
    assert not of_the_condition & {change for _, change in TRANSITIONS}


@given(state=st.sampled_from(Handling), change=st.sampled_from(Change))
def test_every_other_step_is_refused_and_says_why(state: Handling, change: Change) -> None:
    if (state, change) in TRANSITIONS:
        assert next_state(state, change) is TRANSITIONS[state, change]
    else:
        words = f"is {state} cannot be {change}".replace("_", " ")
        with pytest.raises(Conflict, match=words):
            next_state(state, change)


@given(change=st.sampled_from(Change))
def test_nothing_leads_out_of_closed(change: Change) -> None:
    with pytest.raises(Conflict):
        next_state(Handling.CLOSED, change)


@given(kind=kinds, grade=grades, disposition=dispositions, note=st.text())
def test_a_critical_alert_or_the_disposition_other_needs_words(
    kind: AlertKind, grade: str | None, disposition: Disposition, note: str
) -> None:
    is_critical = severity_of(kind, grade) is Severity.CRITICAL
    if (is_critical or disposition is Disposition.OTHER) and not note.strip():
        with pytest.raises(Conflict, match="note"):
            require_note(kind, grade, disposition, note)
    else:
        require_note(kind, grade, disposition, note)


def test_a_dedup_key_names_kind_version_and_occurrence() -> None:
    assert dedup_key(AlertKind.ZONE_ENTRY, "stay", 12) == "zone_entry:1:stay:12"


@given(
    first=st.tuples(kinds, st.integers(), st.integers()),
    second=st.tuples(kinds, st.integers(), st.integers()),
)
def test_two_occurrences_never_share_a_dedup_key(
    first: tuple[AlertKind, int, int], second: tuple[AlertKind, int, int]
) -> None:
    assert (dedup_key(*first) == dedup_key(*second)) == (first == second)


def test_no_two_device_events_raise_the_same_kind() -> None:
    assert len(set(RAISED_BY.values())) == len(RAISED_BY)


@given(kind=kinds)
def test_pretrial_handles_what_an_order_lacks_and_nothing_else(kind: AlertKind) -> None:
    assert may_handle(Role.PRETRIAL, kind) == (kind is AlertKind.CLAUSE_UNCOVERED)
    assert may_handle(Role.OFFICER, kind)
    assert may_handle(Role.SUPERVISOR, kind)


@pytest.mark.parametrize(
    ("has_phone", "has_email", "installed", "means"),
    [
        (True, True, {Means.SMS, Means.EMAIL}, Means.SMS),
        (True, True, {Means.EMAIL}, Means.EMAIL),
        (False, True, {Means.SMS, Means.EMAIL}, Means.EMAIL),
        (False, True, {Means.LOG}, Means.LOG),
        (True, False, {Means.EMAIL}, None),
        (True, False, {Means.LOG}, None),
        (False, False, set(Means), None),
    ],
)
def test_a_person_is_written_to_on_the_phone_or_else_by_mail_or_not_at_all(
    *, has_phone: bool, has_email: bool, installed: set[Means], means: Means | None
) -> None:
    found = means_to_reach(has_phone=has_phone, has_email=has_email, installed=installed)
    assert found == means
