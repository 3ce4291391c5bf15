"""Lets the demonstration's trackers move in real time, so that something happens soon."""

from collections.abc import Iterator

from ingest.simulator.devices import SimDevice
from ingest.simulator.pings import Ping
from supervision.demo.plan import devices

RATE_S = 10.0
TURNS = 40
# The first entry is this far ahead when the fleet starts, and each next one a little later.
FIRST_EVENT_IN_S = 15.0
EVENTS_APART_S = 12.0


def live_streams(seed: int, now_s: float) -> dict[str, Iterator[Ping]]:
    """Each device's pings, begun far enough in the past that its event is just ahead.

    What a device did before now is sent at once, as its track so far.

    Args:
        seed: Of the run.
        now_s: Epoch seconds.
    """
    planned = devices(seed, RATE_S, now_s, TURNS)
    return dict(_begun(device, place, now_s) for place, device in enumerate(planned))


def _begun(device: SimDevice, place: int, now_s: float) -> tuple[str, Iterator[Ping]]:
    happens_s = [stay.entered.earliest_s for stay in device.expected_stays()]
    happens_s += [event.at_s for event in device.expected_events()]
    soon_s = FIRST_EVENT_IN_S + EVENTS_APART_S * place
    lead_s = max(0.0, min(happens_s, default=now_s) - now_s - soon_s)
    begun = devices(device.seed, RATE_S, now_s - lead_s, TURNS)[place]
    return begun.device_uid, begun.pings().earlier(lead_s)
