"""What the API takes for a zone: its drawing, its terms, and when they count."""

from typing import Annotated, Any

from pydantic import Field

from geofence.service import KEEP, WIDEST_WARNING_M, ChangedTerms, ZoneKind, ZoneTerms
from supervision.web.api.fields import Instant, Line, Model, RowId

Drawing = Annotated[
    dict[str, Any],
    Field(
        description=(
            "A GeoJSON Feature: a Point with the property `radius_m`, a LineString with"
            " `width_m`, or a Polygon; longitude before latitude"
        ),
        examples=[
            {
                "type": "Feature",
                "properties": {"radius_m": 300},
                "geometry": {"type": "Point", "coordinates": [-104.9847, 39.7392]},
            }
        ],
    ),
]
Schedule = Annotated[
    dict[str, Any],
    Field(
        description=(
            "The zone counts only in these windows, by the clocks of the person's time zone:"
            " `rrule` (RFC 5545, without DTSTART) names the days on which one begins, counted from"
            " `starts_on`; it ends on the next day unless `ends` is later than `begins`"
        ),
        examples=[
            {
                "windows": [
                    {
                        "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
                        "starts_on": "2026-09-21",
                        "begins": "07:30",
                        "ends": "16:00",
                    }
                ]
            }
        ],
    ),
]
WarningM = Annotated[
    float,
    Field(
        ge=0,
        le=WIDEST_WARNING_M,
        allow_inf_nan=False,
        description="How far from its edge the zone's warning ring reaches; 0 for none",
    ),
]


class NewZone(Model):
    """A zone to be armed; it counts from `armed_at`, or from now."""

    clause_id: RowId = Field(description="The clause of an order that it carries out")
    name: Line = Field(examples=["Home"])
    geometry: Drawing
    kind: ZoneKind = ZoneKind.EXCLUSION
    warning_m: WarningM = 0
    schedule: Schedule | None = Field(None, description="None: at all times")
    armed_at: Instant | None = None

    @property
    def terms(self) -> ZoneTerms:
        """Its kind, warning ring and schedule."""
        return ZoneTerms(self.kind, self.warning_m, self.schedule)


class NewShape(Model):
    """A zone drawn anew; the new shape counts from `armed_at`, or from now.

    What is left out of `warning_m` and `schedule` stays as it was.
    """

    geometry: Drawing
    warning_m: WarningM | None = None
    schedule: Schedule | None = Field(None, description="Null: at all times")
    armed_at: Instant | None = None

    @property
    def changed(self) -> ChangedTerms:
        """What it says of the zone's terms."""
        return ChangedTerms(
            KEEP if self.warning_m is None else self.warning_m,
            self.schedule if "schedule" in self.model_fields_set else KEEP,
        )


class Retirement(Model):
    """When a zone ends; now if `at` is left out."""

    at: Instant | None = None


class NewSetZone(Model):
    """A zone to be drawn into a set; it counts from `armed_at`, or from now, at all times."""

    name: Line = Field(examples=["Lincoln Elementary"])
    geometry: Drawing
    warning_m: WarningM = 0
    armed_at: Instant | None = None
