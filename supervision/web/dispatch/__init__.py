"""What a patrol reads by its link: the dispatch packet about one alert, and nothing else."""

from supervision.web.dispatch.page import error_page, router

__all__ = ["error_page", "router"]
