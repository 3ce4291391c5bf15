"""What people read: short, in their language, and naming nobody."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rules import Means
from alerts.wording import Appointment, Words, to_person
from supervision.core.links import CheckinLinks

OPENS = datetime(2026, 9, 21, 23, 0, tzinfo=UTC)
BEFORE, AFTER = OPENS - timedelta(hours=2), OPENS
CHECKIN = Appointment("checkin", OPENS, OPENS + timedelta(minutes=90), ZoneInfo("America/Chicago"))
LINK = "https://check.example/c/1-2.abc"
SHARED_ALPHABET = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ONE_PART = 160
# Ids of ten digits, and an address as long as an agency would give people.
LONGEST_LINK = CheckinLinks("https://checkin.county.example", "k").url(9_999_999_999, 9_999_999_999)


@pytest.mark.parametrize(
    ("language", "now", "sms"),
    [
        ("en", BEFORE, "Reminder: your check-in is on Mon, Sep 21, 6:00 PM CDT."),
        ("en", AFTER, "It is time for your check-in, until Mon, Sep 21, 7:30 PM CDT."),
        ("es", BEFORE, "Recordatorio: su control es el lun 21 sep, 6:00 PM CDT."),
        ("es", AFTER, "Es hora de su control, hasta el lun 21 sep, 7:30 PM CDT."),
    ],
)
def test_a_text_message_says_what_and_when_by_the_persons_clocks_and_where_to_go(
    language: str, now: datetime, sms: str
) -> None:
    assert to_person(CHECKIN, language, Means.SMS, now, LINK).text == f"{sms} {LINK}"


def test_a_mail_says_the_same_and_that_the_link_is_for_nobody_else() -> None:
    assert to_person(CHECKIN, "en", Means.EMAIL, BEFORE, LINK) == Words(
        "Reminder: your check-in is on Mon, Sep 21, 6:00 PM CDT",
        "Reminder: your check-in is on Mon, Sep 21, 6:00 PM CDT.\n\n"
        f"What to do: {LINK}\n\n"
        "The link is for you alone. Do not pass it on, and do not answer this message.\n",
    )
    spanish = to_person(CHECKIN, "es", Means.EMAIL, BEFORE, LINK)
    assert "El enlace es solo para usted." in spanish.text


@given(
    opens_at=st.datetimes(
        datetime(2020, 1, 1),  # noqa: DTZ001 -- made aware by `timezones`
        datetime(2040, 1, 1),  # noqa: DTZ001 -- made aware by `timezones`
        timezones=st.just(UTC),
    ),
    zone=st.sampled_from(["America/Chicago", "Pacific/Guam", "America/Puerto_Rico", "UTC"]),
)
def test_every_text_message_is_one_part_of_signs_that_every_phone_knows(
    opens_at: datetime, zone: str
) -> None:
    for purpose, language, late in product(
        ["checkin", "court", "appointment"], ["en", "es"], [-1, 0]
    ):
        about = Appointment(purpose, opens_at, opens_at + timedelta(hours=1), ZoneInfo(zone))
        now = opens_at + timedelta(seconds=late)
        said = to_person(about, language, Means.SMS, now, LONGEST_LINK).text
        assert set(said) <= SHARED_ALPHABET
        assert len(said) <= ONE_PART, said


@pytest.mark.parametrize("hour", range(24))
def test_hours_are_told_as_clocks_with_twelve_show_them(hour: int) -> None:
    opens_at = OPENS.replace(hour=hour)
    about = CHECKIN._replace(opens_at=opens_at, zone=ZoneInfo("UTC"))
    said = to_person(about, "en", Means.SMS, opens_at - timedelta(hours=1), LINK).subject
    assert said.endswith(f"{opens_at:%I:%M %p}".lstrip("0") + " UTC.")
