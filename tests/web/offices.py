"""An agency with someone in every role and one case with everything."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from alerts.catalogue import AlertKind
from alerts.models import (
    Alert,
    ContactPoint,
    DispatchLink,
    DrillRow,
    RotaOverride,
    RotaRow,
    ShelfRow,
)
from geofence.models import Zone, ZoneException, ZoneSet, ZoneSetMember
from ingest.models import RejectedMessage
from supervision.checkins.models import (
    CalendarFeed,
    Checkin,
    CheckinPause,
)
from supervision.core.access import Role
from supervision.register.models import (
    Agency,
    ClauseWaiver,
    CourtOrder,
    Device,
    DeviceAssignment,
    Officer,
    OrderClause,
    PublicHoliday,
    Supervisee,
)
from tests import factories
from tests.web.office_rows import (
    a_calendar_feed,
    a_checkin,
    a_contact_point,
    a_pause,
    a_photo,
    a_rota,
    a_rota_override,
    a_told_checkin,
)


@dataclass(frozen=True)
class Office:
    """An agency with someone in every role and one case with everything."""

    agency: Agency
    officer: Officer
    colleague: Officer
    supervisor: Officer
    pretrial: Officer
    administrator: Officer
    supervisee: Supervisee
    order: CourtOrder
    clause: OrderClause
    waiver: ClauseWaiver
    zone: Zone
    zone_exception: ZoneException
    zone_set: ZoneSet
    zone_set_member: ZoneSetMember
    device: Device
    assignment: DeviceAssignment
    alert: Alert
    rejected: RejectedMessage
    checkin: Checkin
    rota: RotaRow
    rota_override: RotaOverride
    calendar_feed: CalendarFeed
    pause: CheckinPause
    holiday: PublicHoliday
    told: Checkin
    outside_point: ContactPoint
    dispatch_link: DispatchLink
    shelf: ShelfRow
    drill: DrillRow

    def who(self, role: Role) -> Officer:
        """The one in this role who has the case, where a role has cases."""
        found: Officer = getattr(self, role.value)
        return found


def an_office(session: Session) -> Office:
    agency = factories.a_agency(session)
    officer = factories.an_officer(session, agency)
    supervisee = factories.a_supervisee(session, officer)
    order = factories.an_order(session, supervisee)
    clause = factories.a_clause(session, order)
    pretrial = factories.an_officer(session, agency, role=Role.PRETRIAL)
    zone = factories.a_zone(session, order, order_clause_id=clause.id)
    zone_set = factories.a_zone_set(session, agency.id)
    checkin = a_checkin(session, supervisee)
    a_photo(session, supervisee)
    supervisor = factories.an_officer(session, agency, role=Role.SUPERVISOR)
    a_contact_point(session, supervisor, supervisor.id)
    device = factories.a_device(session, agency.id)
    factories.a_position(session, device, supervisee)
    alert = factories.an_alert(session, supervisee)
    rota = a_rota(session, officer)
    return Office(
        agency=agency,
        officer=officer,
        colleague=factories.an_officer(session, agency),
        supervisor=supervisor,
        pretrial=pretrial,
        administrator=factories.an_officer(session, agency, role=Role.ADMINISTRATOR),
        supervisee=supervisee,
        order=order,
        clause=clause,
        waiver=factories.a_waiver(session, clause, pretrial),
        zone=zone,
        zone_exception=factories.an_exception(
            session,
            zone,
            supervisee,
            pretrial,
            begins_at=factories.NOW + timedelta(days=1),
            ends_at=factories.NOW + timedelta(days=2),
        ),
        zone_set=zone_set,
        zone_set_member=factories.a_set_member(session, zone_set, clause),
        device=device,
        assignment=factories.an_assignment(session, device, supervisee),
        alert=alert,
        rejected=factories.a_rejected_message(session, agency.id, device_uid=device.uid),
        checkin=checkin,
        rota=rota,
        rota_override=a_rota_override(session, rota, supervisor),
        calendar_feed=a_calendar_feed(session, supervisee),
        pause=a_pause(session, supervisee),
        holiday=factories.a_holiday(session, officer),
        told=a_told_checkin(session, checkin),
        outside_point=a_contact_point(session, supervisor, None),
        dispatch_link=factories.a_dispatch_link(session, alert)[0],
        shelf=factories.a_shelf(session, supervisee, kind=AlertKind.SHIELDING),
        drill=factories.a_drill(session, officer),
    )
