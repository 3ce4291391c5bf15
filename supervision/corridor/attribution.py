"""Finds out whose each ping is: the person who had the device at the ping's own time.

Of a protected person's device only its events are kept, and no words that may tell a place.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.store import OwnedEvent, OwnedFix, OwnedReceipt, ProtectedEvent
from supervision.core.fixes import Decoded, DeviceEvent, EventKind, Fix, RejectedPing
from supervision.register.roster import KnownDevice, Wearing

Devices = Mapping[str, KnownDevice]


@dataclass(frozen=True, slots=True)
class Owned:
    """A decoded batch with owners; what has none is rejected, with its reason."""

    fixes: list[OwnedFix]
    events: list[OwnedEvent]
    protected: list[ProtectedEvent]
    receipts: list[OwnedReceipt]
    rejected: list[RejectedPing]
    agencies: dict[str, int]

    @property
    def people(self) -> set[int]:
        """Every supervisee the batch is about."""
        return {one.supervisee_id for one in self.fixes} | {
            one.supervisee_id for one in self.events
        }


def device_uids(decoded: Decoded) -> set[str]:
    """Every device name in the batch."""
    uids = {fix.device_uid for fix in decoded.fixes}
    uids.update(event.device_uid for event in decoded.events)
    uids.update(receipt.device_uid for receipt in decoded.receipts)
    uids.update(one.device_uid for one in decoded.rejected if one.device_uid is not None)
    return uids


def attribute(decoded: Decoded, devices: Devices) -> Owned:
    """Give each fix and event to whoever wore its device then; reject those of nobody."""
    agencies = {uid: device.agency_id for uid, device in devices.items()}
    owned = Owned([], [], [], [], list(decoded.rejected), agencies)
    for fix in decoded.fixes:
        wearing = _worn(devices, fix.device_uid, fix.fixed_at_us)
        if wearing is None:
            owned.rejected.append(_unowned_fix(fix, devices))
        elif wearing.supervisee_id is None:
            owned.rejected.append(_not_kept(fix))
        else:
            person = (wearing.device_id, wearing.agency_id, wearing.supervisee_id)
            owned.fixes.append(OwnedFix(fix, *person))
    for event in decoded.events:
        _give(owned, event, devices)
    # A receipt of a known device counts even when nobody wore it: the words are kept, as rejected.
    owned.receipts.extend(
        OwnedReceipt(receipt, device.device_id, device.agency_id)
        for receipt in decoded.receipts
        if (device := devices.get(receipt.device_uid)) is not None
    )
    _forget_places(owned.rejected, devices)
    return owned


def _give(owned: Owned, event: DeviceEvent, devices: Devices) -> None:
    wearings = _wearings_of(event, devices.get(event.device_uid))
    if not wearings:
        owned.rejected.append(_unowned_event(event, devices))
    for wearing in wearings:
        of_device = (event, wearing.device_id, wearing.agency_id)
        if wearing.supervisee_id is not None:
            owned.events.append(OwnedEvent(*of_device, wearing.supervisee_id))
        elif wearing.protected_person_id is not None:
            owned.protected.append(ProtectedEvent(*of_device, wearing.protected_person_id))


def _wearings_of(event: DeviceEvent, device: KnownDevice | None) -> list[Wearing]:
    """Whose an event is; a press, also of whoever carries the device now: its clock may be wrong.

    A press is never his who wore the device before her, and where nobody has it, hers who carried
    it last. Whether it is of two protected persons, nobody can tell; so both are helped.
    """
    if device is None:
        return []
    then = device.worn_at(event.occurred_at_us)
    if event.kind is not EventKind.BUTTON:
        return [] if then is None else [then]
    now = device.worn_at(event.received_at_us)
    hers = [one for one in (then, now) if one is not None and one.protected_person_id is not None]
    if hers:
        return list({one.protected_person_id: one for one in hers}.values())
    found = then or device.last_carrying
    return [] if found is None else [found]


def _worn(devices: Devices, device_uid: str, instant_us: int) -> Wearing | None:
    device = devices.get(device_uid)
    return None if device is None else device.worn_at(instant_us)


def _unowned_fix(fix: Fix, devices: Devices) -> RejectedPing:
    return RejectedPing(
        f"fix of {fix.device_uid}",
        fix.device_uid,
        *_why_unowned(fix.device_uid, devices),
        fix.raw,
        fix.received_at_us,
    )


def _not_kept(fix: Fix) -> RejectedPing:
    """Count a fix of hers, and keep nothing of it: each of a device's fixes is the same words."""
    return RejectedPing(
        f"fix of {fix.device_uid}",
        fix.device_uid,
        "place_not_kept",
        "A protected person carries this device; where she is is not kept.",
        b"",
        fix.received_at_us,
        is_ignored=True,
    )


def _forget_places(rejected: list[RejectedPing], devices: Devices) -> None:
    """Keep of what a device said that a protected person ever had only that it was rejected."""
    for place, one in enumerate(rejected):
        device = devices.get(one.device_uid or "")
        if device is not None and device.last_carrying is not None:
            rejected[place] = one._replace(payload=b"")


def _unowned_event(event: DeviceEvent, devices: Devices) -> RejectedPing:
    body = {"kind": str(event.kind), "t": event.occurred_at_us / 1e6} | event.detail
    return RejectedPing(
        f"event of {event.device_uid}",
        event.device_uid,
        *_why_unowned(event.device_uid, devices),
        json.dumps(body).encode(),
        event.received_at_us,
    )


def _why_unowned(device_uid: str, devices: Devices) -> tuple[str, str]:
    if device_uid in devices:
        return "device_not_assigned", "Nobody wore this device at that time."
    return "unknown_device", "No device of this name is registered."
