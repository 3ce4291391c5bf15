import json
from collections.abc import Iterator

import pytest
import structlog

from supervision.core.logs import configure_logs


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_line_is_one_json_object_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(as_json=True)
    structlog.get_logger().info("batch_stored", messages=3)
    printed = capsys.readouterr()
    line = json.loads(printed.err)
    assert (line["event"], line["messages"], line["level"]) == ("batch_stored", 3, "info")
    assert line["timestamp"].endswith("Z")
    assert printed.out == ""


@pytest.mark.parametrize("as_json", [True, False])
def test_a_name_or_a_place_that_slipped_in_is_struck_out(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    configure_logs(as_json=as_json)
    structlog.get_logger().warning("seen", full_name="Jane Roe", lat=37.4, supervisee_id=12)
    text = capsys.readouterr().err
    assert "Jane" not in text
    assert "37.4" not in text
    assert text.count("[redacted]") == 2
    assert "12" in text
