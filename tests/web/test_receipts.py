"""Where gateways say what became of messages: an address for each, signed, and nothing else."""

from http import HTTPStatus

import pytest
from sqlalchemy import text

from supervision.core.links import ReceiptLinks
from tests.web.application import Web
from tests.web.offices import Office


@pytest.fixture
def message_id(web: Web, office: Office) -> int:
    with web.behind() as session:
        query = text("SELECT min(id) FROM notification WHERE agency_id = :agency")
        return int(session.execute(query, {"agency": office.agency.id}).scalar_one())


def address(web: Web, office: Office, message_id: int, key: str | None = None) -> str:
    own = web.runtime.settings.link_key.get_secret_value()
    return ReceiptLinks("", key or own).url(office.agency.id, message_id)


def heard(web: Web, message_id: int) -> list[tuple[str, str | None]]:
    query = text("SELECT status, reason FROM delivery_receipt WHERE notification_id = :id")
    with web.behind() as session:
        return [tuple(row) for row in session.execute(query, {"id": message_id})]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"MessageStatus": "delivered", "MessageSid": "SM1"}, [("delivered", None)]),
        ({"CallStatus": "no-answer"}, [("no-answer", "Nobody answered.")]),
        ({"MessageStatus": "sent"}, []),
        ({"MessageStatus": "what a gateway may think of"}, []),
    ],
)
def test_a_final_word_is_kept_once(
    web: Web,
    office: Office,
    message_id: int,
    said: dict[str, str],
    kept: list[tuple[str, str | None]],
) -> None:
    for _ in range(2):
        answer = web.anybody().post(address(web, office, message_id), data=said)
        assert answer.status_code == HTTPStatus.NO_CONTENT, answer.text
    assert heard(web, message_id) == kept


def test_nobody_guesses_an_address(
    web: Web, office: Office, other_office: Office, message_id: int
) -> None:
    own = address(web, office, message_id)
    wrong = [
        address(web, office, message_id, key="another key"),
        address(web, other_office, message_id),
        own.replace(f"-{message_id}", f"-{message_id + 1}"),
        "/gateway/receipts/x",
    ]
    for path in wrong:
        answer = web.anybody().post(path, data={"MessageStatus": "failed"})
        assert answer.status_code == HTTPStatus.NOT_FOUND, path
    assert heard(web, message_id) == []


@pytest.mark.parametrize("said", [{}, {"MessageStatus": "x" * 41}])
def test_what_says_nothing_is_a_wrong_request(
    web: Web, office: Office, message_id: int, said: dict[str, str]
) -> None:
    answer = web.anybody().post(address(web, office, message_id), data=said)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
