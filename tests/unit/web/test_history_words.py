import pytest

from alerts.rules import Change
from supervision.web.console.history_words import said


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        ("closed", {"disposition": "gps_drift"}, "GPS drift"),
        ("escalated", {"post": "backup", "officer_ids": [3]}, "the backup is told"),
        (
            "escalated",
            {"post": "backup", "officer_ids": []},
            "the backup is told, but there is nobody",
        ),
        (
            "escalated",
            {"post": "outside", "officer_ids": [], "point_ids": [5]},
            "a contact outside the agency is told",
        ),
        (
            "escalated",
            {"post": "outside", "officer_ids": [], "point_ids": []},
            "a contact outside the agency is told, but there is nobody",
        ),
        ("unreached", {"means": "sms", "around": []}, "by text message; no other way was left"),
        (
            "unreached",
            {"means": "sms", "around": ["email", "voice"]},
            "by text message; told instead by e-mail and by telephone call",
        ),
        ("step_ticked", {"wording": "Call him", "outcome": "in_vain"}, "Call him, in vain"),
        (
            "contact_logged",
            {"whom": "police", "means": "phone", "was_reached": False},
            "police, by telephone, not reached",
        ),
        ("evidence_added", {"before": {}, "after": {"deepest_m": 3}}, ""),
        (
            "evidence_added",
            {"after": {"event_ids": [1, 2], "times": 2}},
            "told again, 2 times in all",
        ),
    ],
)
def test_a_line_of_the_history_says_what_happened(
    kind: str, detail: dict[str, object], words: str
) -> None:
    assert said(kind, detail) == words


def test_what_needs_no_more_words_has_none() -> None:
    spoken = {"closed", "escalated", "unreached", "step_ticked", "contact_logged", "evidence_added"}
    assert {said(kind, {}) for kind in Change if kind not in spoken} == {""}
