"""What can be done with the register; each function works in the caller's transaction.

Rows come back as frozen records. Writers that take `by`, as `core.audit` names actors, leave a
line in the agency's trail. What another agency owns is not there: it is reported as NotFound.
"""

from supervision.register.service.agencies import AgencyRecord, add_agency, get_agency
from supervision.register.service.assignments import (
    AssignmentRecord,
    end_assignment,
    list_assignments,
    put_assignment,
    put_protected_assignment,
)
from supervision.register.service.clauses import (
    ClauseRecord,
    NewClause,
    add_clause,
    get_clause,
    list_clauses,
)
from supervision.register.service.devices import (
    DeviceRecord,
    NewDevice,
    add_device,
    get_device,
    list_devices,
)
from supervision.register.service.handing_over import (
    deactivate_officer,
    hand_over,
    reactivate_officer,
)
from supervision.register.service.holidays import (
    HolidayRecord,
    add_holiday,
    list_holidays,
    remove_holiday,
)
from supervision.register.service.officers import (
    NewOfficer,
    OfficerRecord,
    add_officer,
    get_officer,
    list_officers,
    set_backup,
    set_duty_phone,
)
from supervision.register.service.orders import (
    NewOrder,
    OrderRecord,
    add_order,
    get_order,
    list_orders,
)
from supervision.register.service.photos import (
    PhotoRecord,
    find_photo,
    has_photo,
    put_photo,
    remove_photo,
)
from supervision.register.service.protected import (
    NewProtectedPerson,
    ProtectedPersonRecord,
    add_protected_person,
    get_protected_person,
    list_protected_persons,
)
from supervision.register.service.supervisees import (
    NewSupervisee,
    PatrolNotes,
    SuperviseeRecord,
    change_contact,
    change_patrol_notes,
    enrol_supervisee,
    get_supervisee,
    list_supervisees,
)
from supervision.register.service.waivers import (
    NewWaiver,
    WaiverRecord,
    list_waivers,
    sign_waiver,
    withdraw_waiver,
)

__all__ = [
    "AgencyRecord",
    "AssignmentRecord",
    "ClauseRecord",
    "DeviceRecord",
    "HolidayRecord",
    "NewClause",
    "NewDevice",
    "NewOfficer",
    "NewOrder",
    "NewProtectedPerson",
    "NewSupervisee",
    "NewWaiver",
    "OfficerRecord",
    "OrderRecord",
    "PatrolNotes",
    "PhotoRecord",
    "ProtectedPersonRecord",
    "SuperviseeRecord",
    "WaiverRecord",
    "add_agency",
    "add_clause",
    "add_device",
    "add_holiday",
    "add_officer",
    "add_order",
    "add_protected_person",
    "change_contact",
    "change_patrol_notes",
    "deactivate_officer",
    "end_assignment",
    "enrol_supervisee",
    "find_photo",
    "get_agency",
    "get_clause",
    "get_device",
    "get_officer",
    "get_order",
    "get_protected_person",
    "get_supervisee",
    "hand_over",
    "has_photo",
    "list_assignments",
    "list_clauses",
    "list_devices",
    "list_holidays",
    "list_officers",
    "list_orders",
    "list_protected_persons",
    "list_supervisees",
    "list_waivers",
    "put_assignment",
    "put_photo",
    "put_protected_assignment",
    "reactivate_officer",
    "remove_holiday",
    "remove_photo",
    "set_backup",
    "set_duty_phone",
    "sign_waiver",
    "withdraw_waiver",
]
