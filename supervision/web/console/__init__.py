"""The officers' console: what they see in the browser, and where they act on it."""

from fastapi import APIRouter

from supervision.web.console import (
    alert_page,
    checkin_board,
    checkin_handling,
    checkin_page,
    handling,
    home,
    numbers_page,
    plan_page,
    responding,
    sign_in,
    supervisee_page,
)
from supervision.web.console.rendering import error_page

router = APIRouter(include_in_schema=False)
for page in (
    sign_in,
    home,
    handling,
    responding,
    alert_page,
    checkin_board,
    checkin_page,
    checkin_handling,
    plan_page,
    supervisee_page,
    numbers_page,
):
    router.include_router(page.router)

__all__ = ["error_page", "router"]
