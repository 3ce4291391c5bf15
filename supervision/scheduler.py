"""The ticker: runs the sweeps every so often. What is due lives in the database, not here.

APScheduler only ticks: if it is late, stands still or runs twice, the sweeps still find everything
that fell due, once (DESIGN invariant 8).
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from threading import Event

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from supervision.core.errors import Unavailable
from supervision.monitor import Monitor

log = structlog.get_logger()

NAME = "scheduler"
ZONE_SWEEP_EVERY_S = 1
CHECKIN_SWEEP_EVERY_S = 1
ESCALATION_EVERY_S = 1
RECEIPT_SWEEP_EVERY_S = 1
REMINDER_SWEEP_EVERY_S = 1
SUBMISSION_SWEEP_EVERY_S = 1
COVERAGE_SWEEP_EVERY_S = 60
PARTITIONS_EVERY_S = 3600
TOP_UP_EVERY_S = 3600
# A holiday that an agency adds counts for all of its people within a minute.
CHECKIN_TOP_UP_EVERY_S = 60
HEARTBEAT_EVERY_S = 5


class Ticker:
    """Every sweep of the system on one interval each."""

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._failures: dict[str, str] = {}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._scheduler.add_listener(self._on_trouble, EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        self._every(ZONE_SWEEP_EVERY_S, "zone_boundaries", monitor.sweep_zone_boundaries)
        self._every(CHECKIN_SWEEP_EVERY_S, "checkins", monitor.sweep_checkins)
        self._every(ESCALATION_EVERY_S, "escalation", monitor.escalate)
        self._every(RECEIPT_SWEEP_EVERY_S, "receipts", monitor.settle_receipts)
        self._every(REMINDER_SWEEP_EVERY_S, "checkin_reminders", monitor.send_reminders)
        self._every(SUBMISSION_SWEEP_EVERY_S, "submissions", monitor.judge_submissions)
        self._every(COVERAGE_SWEEP_EVERY_S, "order_coverage", monitor.sweep_order_coverage)
        self._every(PARTITIONS_EVERY_S, "partitions", monitor.make_partitions)
        self._every(TOP_UP_EVERY_S, "zone_top_up", monitor.top_up_zone_boundaries)
        self._every(CHECKIN_TOP_UP_EVERY_S, "checkin_top_up", monitor.make_checkins)
        self._every(HEARTBEAT_EVERY_S, "heartbeat", self._beat)

    def run(self, stop: Event) -> None:
        """Tick until told to stop; makes partitions and boundaries before the first.

        Check-ins are made at once too, but while it ticks: a new edition of the time zones takes
        them through all plans, and what is missed meanwhile must be told.

        Raises:
            Unavailable: The database is away at the start; the process ends and is begun anew.
        """
        self._monitor.make_partitions()
        self._monitor.top_up_zone_boundaries()
        self._scheduler.modify_job("checkin_top_up", next_run_time=self._monitor.clock())
        self._scheduler.start()
        stop.wait()
        self._scheduler.shutdown()
        with suppress(Unavailable):
            self._monitor.forget(NAME)

    def _every(self, seconds: int, name: str, sweep: Callable[[], object]) -> None:
        def tick() -> None:
            sweep()
            self._failures.pop(name, None)

        self._scheduler.add_job(tick, "interval", seconds=seconds, id=name)

    def _beat(self) -> None:
        self._monitor.beat(NAME, failing=sorted(self._failures))

    def _on_trouble(self, event: JobExecutionEvent) -> None:
        reason = "missed" if event.exception is None else type(event.exception).__name__
        self._failures[event.job_id] = reason
        log.error("sweep_failed", sweep=event.job_id, reason=reason)
