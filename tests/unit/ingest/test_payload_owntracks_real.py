"""Every real OwnTracks message we have comes to something, and to the right thing."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.payload import Limits, RawMessage, decode
from supervision.core.clock import to_us
from supervision.core.fixes import Decoded

REAL = Path(__file__).parents[3].parent / "shared" / "data" / "payloads" / "owntracks.jsonl"
LIMITS = Limits(262_144, 20 * 365 * 86_400_000_000, 120_000_000)
NOW_US = to_us(datetime(2026, 11, 23, tzinfo=UTC))
OUTCOMES = {
    "location": {"fix", "null_island", "fix_malformed"},
    "transition": {"region_transition"},
    "lwt": {"connection_lost"},
    "card": {"owntracks_card"},
    "cmd": {"owntracks_cmd"},
    "configuration": {"owntracks_configuration"},
    "waypoint": {"owntracks_waypoint"},
    "encrypted": {"encrypted_no_key"},
    None: {"owntracks_unknown_type"},
}

pytestmark = pytest.mark.skipif(
    not REAL.exists(), reason="needs ../shared/data/payloads/owntracks.jsonl"
)


def real_messages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in REAL.read_text().splitlines()]


def outcomes(out: Decoded) -> list[str]:
    events = [event.kind.value for event in out.events]
    return ["fix" for _ in out.fixes] + events + [row.reason for row in out.rejected]


def read(line: dict[str, Any]) -> Decoded:
    payload = line["payload"].encode()
    message = RawMessage("owntracks/jane/phone", payload, NOW_US, is_retained=False)
    return decode([message], LIMITS)


def kind_of(line: dict[str, Any]) -> str | None:
    if not line["payload"]:
        return "empty"
    body = json.loads(line["payload"])
    body = body[0] if isinstance(body, list) else body
    kind: str | None = body.get("_type")
    return kind


def test_each_message_comes_to_what_its_type_says() -> None:
    lines = real_messages()
    assert len(lines) == 68
    for line in lines:
        found = outcomes(read(line))
        assert found, line["source"]
        assert set(found) <= OUTCOMES[kind_of(line)], (line["source"], found)


def test_no_message_marked_invalid_becomes_a_fix_and_every_valid_located_one_does() -> None:
    locations = [line for line in real_messages() if kind_of(line) == "location"]
    for line in locations:
        is_invalid = line.get("invalid", False)
        is_nowhere = '"lat": 0.000' in line["payload"]
        assert bool(read(line).fixes) == (not is_invalid and not is_nowhere), line["source"]


def test_the_list_of_locations_is_as_many_fixes() -> None:
    (line,) = (line for line in real_messages() if line["payload"].lstrip().startswith("["))
    assert len(read(line).fixes) == len(json.loads(line["payload"])) > 1


def test_unknown_speeds_of_old_phones_stay_unknown_and_their_wide_circles_are_kept() -> None:
    old = [line for line in real_messages() if '"vel":-1' in line["payload"]]
    fixes = [fix for line in old for fix in read(line).fixes]
    assert len(fixes) == len(old) > 10
    assert {fix.speed_mps for fix in fixes} == {None}
    assert max(fix.accuracy_m or 0 for fix in fixes) == 5000
