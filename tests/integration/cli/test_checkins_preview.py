"""`supervision checkins preview` as its users meet it."""

import json
import sys
from typing import Any

import pytest

from supervision.__main__ import main

USAGE = 2
DAILY = {
    "rrule": "FREQ=DAILY",
    "at": "02:30",
    "tz": "America/New_York",
    "from": "2026-03-07",
    "until": "2026-03-09",
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs it with these options beside those of a daily check-in; code, output, error."""

    def preview(*flags: str, **options: str) -> tuple[object, str, str]:
        words = [word for name, value in (DAILY | options).items() for word in (f"--{name}", value)]
        monkeypatch.setattr(sys, "argv", ["supervision", "checkins", "preview", *words, *flags])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return preview


def test_programs_get_each_date_once_with_its_instant_and_its_local_time(run: Any) -> None:
    code, out, _ = run("--json")
    assert (code, json.loads(out)) == (
        0,
        [
            {
                "local_date": "2026-03-07",
                "due_at": "2026-03-07T07:30:00+00:00",
                "local": "2026-03-07T02:30:00-05:00",
            },
            {
                "local_date": "2026-03-08",
                "due_at": "2026-03-08T07:00:00+00:00",
                "local": "2026-03-08T03:00:00-04:00",
            },
            {
                "local_date": "2026-03-09",
                "due_at": "2026-03-09T06:30:00+00:00",
                "local": "2026-03-09T02:30:00-04:00",
            },
        ],
    )


def test_people_get_a_line_for_each_date_and_how_many(run: Any) -> None:
    code, out, _ = run()
    assert code == 0
    assert out.splitlines() == [
        "Sat 2026-03-07  02:30 EST  2026-03-07 07:30Z",
        "Sun 2026-03-08  03:00 EDT  2026-03-08 07:00Z",
        "Mon 2026-03-09  02:30 EDT  2026-03-09 06:30Z",
        "3 check-ins",
    ]


def test_a_rule_that_falls_on_no_date_between_the_two_has_none(run: Any) -> None:
    assert run("--json", rrule="FREQ=WEEKLY;BYDAY=WE") == (0, "[]\n", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"rrule": "FREQ=HOURLY"},
        {"rrule": "FREQ=YEARLY;BYWEEKNO=20"},
        {"rrule": "every day"},
        {"at": "2:30 pm"},
        {"at": "24:00"},
        {"tz": "America"},
        {"tz": "../../etc/passwd"},
        {"from": "2026-02-30"},
        {"until": "tomorrow"},
        {"until": "2026-03-06"},
    ],
    ids=str,
)
def test_bad_input_gets_one_line_and_code_2(run: Any, wrong: dict[str, str]) -> None:
    code, out, error = run(**wrong)
    assert (code, out) == (USAGE, "")
    assert len(error.strip().splitlines()) == 1
