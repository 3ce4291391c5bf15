"""What is kept of a number or an address, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.core.errors import Invalid
from supervision.register.contacts import Contact, Language, read_contact

NUMBERS = st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True)


@given(number=NUMBERS, gaps=st.lists(st.sampled_from(["", " ", "-", ".", " (", ") "]), max_size=9))
def test_a_number_is_kept_without_what_is_written_between_its_digits(
    number: str, gaps: list[str]
) -> None:
    spread = "".join(digit + gap for digit, gap in zip(number, gaps, strict=False))
    written = f" {spread}{number[len(gaps) :]} "
    assert read_contact(Contact(phone=written)).phone == number


@pytest.mark.parametrize(
    "written",
    ["3035550142", "+0305550142", "+1", "+1303555014212345", "+1 303 CALL ME", "", "+١٢٣٤٥٦٧٨"],
)
def test_what_no_number_abroad_reaches_is_refused_and_the_form_is_shown(written: str) -> None:
    with pytest.raises(Invalid, match=r"such as \+1 303 555 0142"):
        read_contact(Contact(phone=written))


@pytest.mark.parametrize("written", ["a@b", " first.last+tag@mail.example.org ", "o'neil@x.org"])
def test_an_address_is_kept_without_outer_spaces(written: str) -> None:
    assert read_contact(Contact(email=written)).email == written.strip()


@pytest.mark.parametrize(
    "written",
    [
        "nobody",
        "a@b@c.org",
        "a b@c.org",
        "a@c.org, b@c.org",
        "a@c.org\nBcc: b@c.org",
        "<a@c.org>",
        "a@c..org",
        "josé@c.org",
        "x" * 200 + "@c.org",
        "",
    ],
)
def test_what_no_mail_can_carry_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="one e-mail address"):
        read_contact(Contact(email=written))


def test_nobody_need_be_reachable() -> None:
    assert read_contact(Contact(language=Language.SPANISH)) == Contact(None, None, Language.SPANISH)
