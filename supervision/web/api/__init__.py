"""The REST API under /api/v1, one module per noun; what each route may do stands at its head."""

from fastapi import APIRouter

from supervision.web.api import (
    agency,
    alert_handling,
    alert_numbers,
    alerts,
    calendar_feeds,
    calendar_imports,
    checkin_pauses,
    checkin_plan_preview,
    checkin_plans,
    checkin_reviews,
    checkins,
    clauses,
    contact_points,
    coverage,
    delivery,
    devices,
    dispatch_links,
    escalation,
    health,
    officers,
    orders,
    positions,
    protected_persons,
    public_holidays,
    rejected,
    response_protocols,
    rotas,
    session,
    shelves,
    stays,
    supervisees,
    zone_exceptions,
    zone_preview,
    zone_set_members,
    zone_sets,
    zones,
)
from supervision.web.api.fields import PROBLEMS

_v1 = APIRouter(prefix="/api/v1", responses=PROBLEMS)
for _noun in (
    session,
    agency,
    officers,
    supervisees,
    protected_persons,
    orders,
    clauses,
    coverage,
    zone_preview,
    zones,
    zone_exceptions,
    zone_sets,
    zone_set_members,
    devices,
    positions,
    stays,
    calendar_imports,
    calendar_feeds,
    checkin_plans,
    checkin_plan_preview,
    checkin_pauses,
    public_holidays,
    checkin_reviews,
    checkins,
    # Before the alerts by id, whose path takes any word.
    alert_numbers,
    alerts,
    alert_handling,
    dispatch_links,
    response_protocols,
    escalation,
    rotas,
    shelves,
    contact_points,
    delivery,
    rejected,
):
    _v1.include_router(_noun.router)

router = APIRouter()
router.include_router(_v1)
router.include_router(health.router)
