"""The page that a supervised person's link opens: what to do, told once, and nothing else."""

from supervision.web.person.page import router
from supervision.web.person.rendering import error_page

__all__ = ["error_page", "router"]
