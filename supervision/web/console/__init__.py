"""The officers' console: what they see in the browser, and where they act on it."""

from fastapi import APIRouter

from supervision.web.console import (
    alert_page,
    backups,
    calendar_feeds,
    checkin_board,
    checkin_handling,
    checkin_page,
    contact_points,
    dispatching,
    drills,
    handling,
    home,
    ladders,
    numbers_page,
    outside_contacts,
    patrol_notes,
    photos,
    plan_page,
    protected_alarms,
    responding,
    rota_changes,
    rotas,
    shelving,
    sign_in,
    supervisee_page,
    together,
)
from supervision.web.console.rendering import error_page

router = APIRouter(include_in_schema=False)
for page in (
    sign_in,
    home,
    together,
    handling,
    responding,
    dispatching,
    shelving,
    alert_page,
    protected_alarms,
    checkin_board,
    checkin_page,
    checkin_handling,
    plan_page,
    supervisee_page,
    ladders,
    backups,
    rotas,
    rota_changes,
    outside_contacts,
    contact_points,
    calendar_feeds,
    patrol_notes,
    photos,
    numbers_page,
    drills,
):
    router.include_router(page.router)

__all__ = ["error_page", "router"]
