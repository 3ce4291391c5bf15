"""Messages of our own contract that are too broken or too large to be read."""

import pytest

from ingest.payload import Limits, RawMessage, decode
from supervision.core.fixes import Decoded, Receipt

DAY_US = 86_400_000_000
LIMITS = Limits(262_144, 400 * DAY_US, 120_000_000)
NOW_US = 1_795_000_000_000_000


def said(payload: bytes, kind: str = "fixes") -> Decoded:
    message = RawMessage(f"supervision/v1/tag-1/{kind}", payload, NOW_US, is_retained=False)
    return decode([message], LIMITS)


def reasons(out: Decoded) -> list[str]:
    return [row.reason for row in out.rejected]


RECEIPT = Receipt("tag-1", "boot-7", 41, wants_ack=True)
HEAD = b'{"session": "boot-7", "seq": 41, "fixes": ['


@pytest.mark.parametrize(
    "body",
    [
        HEAD + b'{"t": 1795000000, "lat": 37',
        HEAD + b'{"t": "\xff\xfe", "lat": nan}]}',
        HEAD + b"[" * 200_000,
        HEAD + b'{"t":' * 100_000,
        HEAD + b'"\\ud800"]}',
        b'\n {"seq":41,"session":"boot-7","x":[',
    ],
)
def test_poison_whose_number_can_be_read_has_a_receipt_so_that_its_device_forgets_it(
    body: bytes,
) -> None:
    out = said(body)
    assert out.receipts == [RECEIPT]
    assert len(out.rejected) == 1
    assert out.rejected[0].payload == body[:4096]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"garbage",
        b'{"session": "boot-7", "fixes": [{"seq": 41,',
        b'{"session": "boot-7", "session": "b", "seq": 41, "fixes": [',
        b'{"session": "boot-7", "seq": 4',
        b'{"session": "\xff", "seq": 4, [',
        b'{"session": "boot-7", "seq": 9999999999999999999, [',
        b'["session": "boot-7", "seq": 4, ',
    ],
)
def test_a_number_that_is_not_certain_is_not_confirmed(body: bytes) -> None:
    out = said(body)
    assert (out.receipts, len(out.rejected)) == ([], 1)
    assert out.rejected[0].reason in {"not_json", "malformed"}


def test_ten_megabytes_are_rejected_unread_with_a_receipt_if_the_number_comes_first() -> None:
    body = HEAD + b'"' + b"x" * 10_000_000 + b'"]}'
    out = said(body)
    assert (reasons(out), len(out.rejected[0].payload)) == (["too_large"], 4096)
    assert out.receipts == [RECEIPT]
    assert said(b"[" * 10_000_000, kind="status").receipts == []
