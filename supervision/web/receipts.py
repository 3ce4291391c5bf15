"""Where gateways say what became of messages: no sign-in; the address is signed for one message."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field, model_validator

from alerts.service import take_receipt
from supervision.core.db import transaction
from supervision.core.links import ReceiptLinks
from supervision.web.deps import PUBLIC, NowDep, RuntimeDep

router = APIRouter(tags=["gateways"])

Status = Annotated[str | None, Field(max_length=40)]


class Receipt(BaseModel):
    """What Twilio posts to a StatusCallback, as far as it is read: of a message or of a call."""

    message_status: Status = Field(None, alias="MessageStatus")
    call_status: Status = Field(None, alias="CallStatus")

    @model_validator(mode="after")
    def _says_something(self) -> "Receipt":
        if self.status is None:
            raise ValueError("say MessageStatus or CallStatus")
        return self

    @property
    def status(self) -> str | None:
        """The word of either."""
        return self.message_status or self.call_status


@router.post("/gateway/receipts/{token}", dependencies=[PUBLIC], status_code=HTTPStatus.NO_CONTENT)
def post_receipt(
    token: str, receipt: Annotated[Receipt, Form()], runtime: RuntimeDep, now: NowDep
) -> Response:
    """Say what became of the message that the address is for."""
    settings = runtime.settings
    links = ReceiptLinks(settings.public_url, settings.link_key.get_secret_value())
    agency_id, notification_id = links.read(token)
    with transaction(runtime.engine, agency_id) as session:
        take_receipt(session, agency_id, notification_id, receipt.status or "", now)
    return Response(status_code=HTTPStatus.NO_CONTENT)
