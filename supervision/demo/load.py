"""A load generator light enough to share two cores with what it measures: raw MQTT packets.

Packets per MQTT 3.1.1 (OASIS, 2014): CONNECT 3.1, PUBLISH 3.3, PUBACK 3.4, SUBSCRIBE 3.8.
"""

import json
import select
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from supervision.core.errors import Unavailable

CONNECT, PUBLISH_QOS1, PUBLISH_QOS0, SUBSCRIBE = 0x10, 0x32, 0x30, 0x82
PACKET_IDS = 65_535
READ_BYTES = 1 << 16
TIMEOUT_S = 10.0
CONNACK_BYTES = 4
MORE = 0x80


def _text(value: str) -> bytes:
    encoded = value.encode()
    return struct.pack("!H", len(encoded)) + encoded


def _packet(kind: int, body: bytes) -> bytes:
    length, size = len(body), b""
    while True:
        length, digit = divmod(length, MORE)
        size += bytes([digit | (MORE if length else 0)])
        if not length:
            return bytes([kind]) + size + body


def publish_packet(topic: str, payload: bytes, number: int) -> bytes:
    """A QoS 1 PUBLISH; `number` of the message gives the packet id."""
    return _packet(
        PUBLISH_QOS1, _text(topic) + struct.pack("!H", number % PACKET_IDS + 1) + payload
    )


@dataclass
class LoadLine:
    """One connection that publishes prepared packets and hears the devices' acks.

    Attributes:
        on_ack: Told of each device ack: the device, up to which number it is stored, and the
            arrival in monotonic seconds.
    """

    host: str
    port: int
    username: str
    password: str
    on_ack: Callable[[str, int, float], None]
    _socket: socket.socket = field(init=False)
    _received: bytes = field(init=False, default=b"")

    def open(self) -> None:
        """Connect and subscribe to the device acks.

        Raises:
            Unavailable: The broker refused.
        """
        self._socket = socket.create_connection((self.host, self.port), TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        flags, keepalive_s = 0xC2, 0  # user name, password, clean session
        body = _text("MQTT") + struct.pack("!BBH", 4, flags, keepalive_s)
        self._socket.sendall(
            _packet(CONNECT, body + _text("load") + _text(self.username) + _text(self.password))
        )
        answer = self._socket.recv(CONNACK_BYTES)
        if len(answer) < CONNACK_BYTES or answer[3] != 0:
            message = "The broker refused the load generator."
            raise Unavailable(message)
        self._socket.sendall(_packet(SUBSCRIBE, b"\0\1" + _text("supervision/v1/+/ack") + b"\0"))
        self._socket.settimeout(0)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, packets: bytes) -> None:
        """Send these packets whole, reading meanwhile what comes in."""
        rest = memoryview(packets)
        while rest:
            readable, writable, _ = select.select([self._socket], [self._socket], [], TIMEOUT_S)
            if readable:
                self._read()
            if writable:
                rest = rest[self._socket.send(rest) :]

    def listen(self, for_s: float) -> None:
        """Read what comes in, for so long at most, or until something came."""
        if select.select([self._socket], [], [], for_s)[0]:
            self._read()

    def _read(self) -> None:
        self._received += self._socket.recv(READ_BYTES)
        at_s = monotonic()
        while True:
            parsed = _split(self._received)
            if parsed is None:
                return
            kind, body, self._received = parsed
            if kind & 0xF0 == PUBLISH_QOS0:
                (length,) = struct.unpack_from("!H", body)
                device_uid = body[2 : 2 + length].decode().split("/")[2]
                self.on_ack(device_uid, json.loads(body[2 + length :])["stored_up_to"], at_s)


def _split(data: bytes) -> tuple[int, bytes, bytes] | None:
    """The first whole packet's kind and body, and what follows it; None if it is not whole."""
    length, shift = 0, 0
    for place in range(1, min(5, len(data))):
        length |= (data[place] & 0x7F) << shift
        shift += 7
        if not data[place] & MORE:
            end = place + 1 + length
            return (data[0], data[place + 1 : end], data[end:]) if end <= len(data) else None
    return None


def fix_payload(session: str, seq: int, t: float, lon: float, lat: float, *, ack: bool) -> bytes:
    """One fix in one message, as a tracker of the contract writes it."""
    fix = {
        "t": round(t, 3),
        "lat": round(lat, 7),
        "lon": round(lon, 7),
        "accuracy_m": 8.0,
        "source": "gps",
        "speed_mps": 1.2,
        "battery_pct": 80,
    }
    return json.dumps({"session": session, "seq": seq, "ack": ack, "fixes": [fix]}).encode()
