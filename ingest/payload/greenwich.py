"""The short comma-separated form in which OwnTracks' hardware trackers say where they are.

    tid, tst (hexadecimal s), t, lat * 1e6, lon * 1e6, cog / 10, vel, alt / 10, dist, trip / 1000

Example: X0,542A46AA,k,30365854,7575769,26,4,7,5,872. The form has no accuracy. Its fields are
those that OwnTracks Recorder reads (recorder.c); it refuses negative numbers, we take them.
"""

import re
from typing import Any

from supervision.core.errors import Rejected

_WHOLE = rb"(-?\d{1,10})"
_FORM = re.compile(
    rb"(\w{1,8}),([0-9A-Fa-f]{1,12}),(\w)," + rb",".join([_WHOLE] * 7), flags=re.ASCII
)


def location_of(payload: bytes) -> dict[str, Any]:
    """Rewrite the short form as the location message that the app would have sent.

    Args:
        payload: Without white space around it.

    Raises:
        Rejected: It is not in this form.
    """
    match = _FORM.fullmatch(payload)
    if match is None:
        raise Rejected("not_json", "The message is neither JSON nor OwnTracks' CSV.")
    tid, tst, trigger = (text.decode() for text in match.groups()[:3])
    lat, lon, cog, vel, alt, dist, trip = map(int, match.groups()[3:])
    return {
        "tid": tid,
        "tst": int(tst, 16),
        "t": trigger,
        "lat": lat / 1e6,
        "lon": lon / 1e6,
        "cog": cog * 10,
        "vel": vel,
        "alt": alt * 10,
        "dist": dist,
        "trip": trip * 1000,
    }
