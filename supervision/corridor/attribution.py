"""Finds out whose each ping is: the person who wore the device at the ping's own time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.store import OwnedEvent, OwnedFix, OwnedReceipt
from supervision.core.fixes import Decoded, DeviceEvent, Fix, RejectedPing
from supervision.register.roster import KnownDevice, Wearing

Devices = Mapping[str, KnownDevice]


@dataclass(frozen=True, slots=True)
class Owned:
    """A decoded batch with owners; what has none is rejected, with its reason."""

    fixes: list[OwnedFix]
    events: list[OwnedEvent]
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
    owned = Owned([], [], [], list(decoded.rejected), agencies)
    for fix in decoded.fixes:
        wearing = _worn(devices, fix.device_uid, fix.fixed_at_us)
        if wearing is None:
            owned.rejected.append(_unowned_fix(fix, devices))
        else:
            device_id, agency_id, supervisee_id, _, _ = wearing
            owned.fixes.append(OwnedFix(fix, device_id, agency_id, supervisee_id))
    for event in decoded.events:
        wearing = _worn(devices, event.device_uid, event.occurred_at_us)
        if wearing is None:
            owned.rejected.append(_unowned_event(event, devices))
        else:
            device_id, agency_id, supervisee_id, _, _ = wearing
            owned.events.append(OwnedEvent(event, device_id, agency_id, supervisee_id))
    # A receipt of a known device counts even when nobody wore it: the words are kept, as rejected.
    owned.receipts.extend(
        OwnedReceipt(receipt, device.device_id, device.agency_id)
        for receipt in decoded.receipts
        if (device := devices.get(receipt.device_uid)) is not None
    )
    return owned


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
