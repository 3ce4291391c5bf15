"""What the catalogue asks for each kind, and what an agency may make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.catalogue import CATALOGUE, STEPS, AlertKind, Severity, Urgency
from alerts.protocols import MOST_STEPS, Step, catalogued, require_floor, wording_of
from supervision.core.errors import Invalid

kinds = st.sampled_from(AlertKind)


@given(kind=kinds)
def test_every_kind_has_a_response_in_words_and_keeps_its_own_floor(kind: AlertKind) -> None:
    steps = catalogued(kind)
    assert steps
    assert all(step.wording == STEPS[step.key] for step in steps)
    require_floor(kind, steps)


@given(kind=kinds)
def test_whatever_may_become_critical_wants_somebody_now_and_has_a_floor(kind: AlertKind) -> None:
    entry = CATALOGUE[kind]
    if entry.is_ever_critical:
        assert entry.urgency is Urgency.ALARM
        assert entry.floor


def test_the_critical_kinds_are_those_the_law_and_the_field_name() -> None:
    critical = {kind for kind, entry in CATALOGUE.items() if entry.is_ever_critical}
    always = {AlertKind.STRAP_TAMPER, AlertKind.PROTECTED_BUTTON}
    assert critical == {AlertKind.ZONE_ENTRY, *always}
    assert {CATALOGUE[kind].severity for kind in always} == {Severity.CRITICAL}


@given(kind=kinds, data=st.data())
def test_no_agency_leaves_out_what_the_floor_names(kind: AlertKind, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(catalogued(kind)), unique=True, min_size=1))
    own = [*kept, Step("own", "Something of our own")]
    if CATALOGUE[kind].floor <= {step.key for step in kept}:
        require_floor(kind, own)
    else:
        with pytest.raises(Invalid, match="No agency may leave this out"):
            require_floor(kind, own)


@pytest.mark.parametrize(
    "steps", [[], [Step("a", "A"), Step("a", "B")], [Step(f"s{n}", "S") for n in range(21)]]
)
def test_an_empty_an_endless_and_a_doubled_response_is_refused(steps: list[Step]) -> None:
    with pytest.raises(Invalid, match=f"from 1 to {MOST_STEPS} steps"):
        require_floor(AlertKind.BUTTON, steps)


def test_only_a_step_of_the_response_has_words() -> None:
    steps = catalogued(AlertKind.BUTTON)
    assert wording_of("call_participant", steps) == "Call the supervised person"
    with pytest.raises(Invalid, match="no such step"):
        wording_of("dispatch_police", steps)
