"""Chance that can be repeated: one independent stream per device and purpose, from one seed."""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What a stream of chance is for. The numbers are part of every past run; only add to them."""

    STORY = 0
    ERROR = 1
    DELIVERY = 2
    DRIFT = 10
    MALFORMED = 11
    DUPLICATE = 12
    DROP = 13
    DELAY = 14
    REORDER = 15
    DISCONNECT = 16
    ASKED = 20


def chance(seed: int, device_index: int, purpose: Purpose, turn: int = 0) -> np.random.Generator:
    """The stream of one device for one purpose.

    Another device or another fault has its own stream, so adding one moves nobody else's.

    Args:
        seed: The run's seed, zero or more.
        device_index: The device's place in the fleet, from 0.
        purpose: What the numbers are for.
        turn: Which repetition of the scenario, from 0.
    """
    key = (device_index, int(purpose), turn)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
