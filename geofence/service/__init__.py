"""What the geofence can be asked: to judge fixes, to judge a person anew, to draw zones."""

from geofence.service.findings import StayChange, StayFinding
from geofence.service.judging import History, Window, judge, judge_again
from geofence.service.zoning import Drawn, amend_zone, arm_zone, due_boundaries, retire_zone

__all__ = [
    "Drawn",
    "History",
    "StayChange",
    "StayFinding",
    "Window",
    "amend_zone",
    "arm_zone",
    "due_boundaries",
    "judge",
    "judge_again",
    "retire_zone",
]
