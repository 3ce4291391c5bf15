"""Tries the way to the broker once, for `supervision doctor`."""

import threading

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from ingest.mqtt import BrokerAddress
from supervision.core.errors import Unavailable

ANSWER_WITHIN_S = 5.0


def check_broker(address: BrokerAddress) -> None:
    """Sign in to the broker and leave again.

    Uses a client name of its own: under that of a running worker it would push it out.

    Raises:
        Unavailable: Nothing listens there, or it does not let us in.
    """
    answer: list[ReasonCode] = []
    answered = threading.Event()

    def on_connect(
        _client: paho.Client, _user: object, _flags: object, code: ReasonCode, _: object
    ) -> None:
        answer.append(code)
        answered.set()

    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="")
    client.username_pw_set(address.username, address.password)
    client.on_connect = on_connect
    try:
        client.connect(address.host, address.port)
    except OSError as error:
        message = "Nothing answers at the broker's address."
        raise Unavailable(message) from error
    client.loop_start()
    answered.wait(ANSWER_WITHIN_S)
    client.disconnect()
    client.loop_stop()
    if not answer or answer[0].is_failure:
        message = "The broker does not let us in; look at its account and password."
        raise Unavailable(message)
