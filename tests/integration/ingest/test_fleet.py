"""A fleet against a real broker and a small backend that loses, forgets and asks again."""

import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.simulator.faults import Faults, faulty
from ingest.simulator.fleet import Fleet, Options, Report
from ingest.simulator.pings import Ping, in_due_order
from ingest.simulator.seeds import chance
from supervision.core.errors import Unavailable
from supervision.stack.mosquitto import PrivateMosquitto
from tests.integration.ingest.fleet_backend import DEADLINE_S, a_backend, keys, some_pings, way_to

FLAT_OUT = Options(speedup=math.inf, resend_after_s=0.5, drain_s=0.5)
PATIENT = replace(FLAT_OUT, resend_after_s=60.0)


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_every_ping_is_stored_though_faults_and_the_backend_lose_many(
    broker: PrivateMosquitto, protocol: str
) -> None:
    clean = some_pings(60, devices=5)
    faults = Faults(drop=0.2, duplicate=0.2, reorder=0.3, malformed=0.2)
    streams = {
        device: list(in_due_order(faulty(pings, faults, lambda what: chance(3, 0, what), 1.0)))
        for device, pings in clean.items()
    }
    with a_backend(broker, lambda _device, seq, times: seq % 7 == 0 and times == 1) as backend:
        report = Fleet(streams, way_to(broker, protocol), FLAT_OUT).run(DEADLINE_S)
        backend.wait_for(lambda: backend.unreadable > 0)
    assert report.is_complete
    assert backend.stored() == keys(clean)
    assert (report.acked, report.unacked, report.refused, report.misread) == (300, 0, 0, 0)
    assert report.lost > 0
    assert report.resent > 0


def test_no_ping_is_let_go_before_it_is_confirmed(broker: PrivateMosquitto) -> None:
    streams = some_pings(10)
    with a_backend(broker) as backend:
        backend.is_acking = False
        report = Fleet(streams, way_to(broker), FLAT_OUT).run(deadline_s=2.0)
        backend.wait_for(lambda: backend.stored() == keys(streams))
    assert (report.acked, report.unacked, report.is_complete) == (0, 30, False)
    assert report.resent >= 30
    assert min(backend.arrivals.values()) >= 2


def test_what_the_backend_misses_it_gets_by_asking(broker: PrivateMosquitto) -> None:
    streams = some_pings(40)
    with a_backend(broker, lambda _device, seq, times: seq == 3 and times == 1) as backend:
        report = Fleet(streams, way_to(broker), PATIENT).run(DEADLINE_S)
    assert report.is_complete
    assert report.duration_s < 15.0
    assert {seq for (_, seq), times in backend.arrivals.items() if times > 1} == {3}


def test_what_a_broker_forgot_when_it_died_is_stored_all_the_same(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    streams = some_pings(20)
    fleet = Fleet(streams, way_to(broker_of_its_own), replace(FLAT_OUT, resend_after_s=1.0))
    with a_backend(broker_of_its_own) as backend, ThreadPoolExecutor(1) as thread:
        backend.is_acking = False
        running = thread.submit(fleet.run, DEADLINE_S)
        backend.wait_for(lambda: backend.stored() == keys(streams))
        broker_of_its_own.kill()
        backend.forget()
        backend.is_acking = True
        broker_of_its_own.start()
        report = running.result()
    assert report.is_complete
    assert backend.stored() == keys(streams)


def test_a_connection_that_comes_back_sends_everything_unconfirmed_at_once(
    broker_of_its_own: PrivateMosquitto,
) -> None:
    def restart_then_stop(report: Report) -> None:
        if report.sent == 60 and not report.in_flight and not restarts:
            restarts.append(report.resent)
            broker_of_its_own.restart()
        if report.resent == 60:
            fleet.stop()

    restarts: list[int] = []
    fleet = Fleet(some_pings(20), way_to(broker_of_its_own), PATIENT)
    report = fleet.run(DEADLINE_S, restart_then_stop)
    assert restarts == [0]
    assert (report.resent, report.unacked) == (60, 60)
    assert report.duration_s < DEADLINE_S


def test_pings_leave_when_they_are_due_at_the_chosen_speed(broker: PrivateMosquitto) -> None:
    streams = some_pings(11, every_s=60.0)
    with a_backend(broker):
        report = Fleet(streams, way_to(broker), replace(PATIENT, speedup=600.0)).run(DEADLINE_S)
    assert report.is_complete
    assert 1.0 <= report.duration_s < 5.0


def test_stopping_sends_nothing_new_and_lets_the_acks_come_in(broker: PrivateMosquitto) -> None:
    streams = some_pings(1000, every_s=0.1)
    with a_backend(broker) as backend, ThreadPoolExecutor(1) as thread:
        fleet = Fleet(streams, way_to(broker), replace(PATIENT, speedup=1.0))
        running = thread.submit(fleet.run)
        backend.wait_for(lambda: len(backend.stored()) >= 10)
        fleet.stop()
        report = running.result(DEADLINE_S)
    assert 10 <= report.acked == report.sent < 1000
    assert (report.unacked, report.is_complete) == (0, False)


def test_ctrl_c_stops_as_stopping_does(broker: PrivateMosquitto) -> None:
    def interrupt(report: object) -> None:
        reports.append(report)
        if len(reports) == 1:
            raise KeyboardInterrupt

    reports: list[object] = []
    streams = some_pings(1000, every_s=0.1)
    with a_backend(broker):
        fleet = Fleet(streams, way_to(broker), replace(PATIENT, speedup=1.0))
        report = fleet.run(DEADLINE_S, interrupt)
    assert report.unacked == 0
    assert 0 < report.sent < 1000
    assert report.duration_s < 5.0


def test_a_second_ctrl_c_waits_for_nothing(broker: PrivateMosquitto) -> None:
    def interrupt(_report: Report) -> None:
        raise KeyboardInterrupt

    fleet = Fleet(some_pings(10), way_to(broker), replace(PATIENT, drain_s=20.0))
    report = fleet.run(DEADLINE_S, interrupt)
    assert report.unacked == 30
    assert report.duration_s < 5.0


def test_every_sending_is_told_with_its_wall_time(broker: PrivateMosquitto) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    told: list[tuple[int | None, datetime]] = []
    streams = some_pings(5, devices=1)
    with a_backend(broker):
        fleet = Fleet(
            streams,
            way_to(broker),
            PATIENT,
            on_sent=lambda ping, at: told.append((ping.seq, at)),
            clock=lambda: now,
        )
        fleet.run(DEADLINE_S)
    assert told == [(seq, now) for seq in range(1, 6)]


def test_a_stream_of_pings_that_fails_ends_the_run_and_is_told(broker: PrivateMosquitto) -> None:
    def failing() -> Iterator[Ping]:
        yield from some_pings(1, devices=1)["no such device"]

    streams: dict[str, Iterable[Ping]] = {"failing": failing(), **some_pings(3)}
    with a_backend(broker), pytest.raises(KeyError):
        Fleet(streams, way_to(broker), PATIENT).run(DEADLINE_S)


def test_a_broker_that_refuses_us_or_is_not_there_is_told_at_once(broker: PrivateMosquitto) -> None:
    streams = some_pings(1)
    for way in (replace(way_to(broker), username="nobody"), replace(way_to(broker), port=1)):
        with pytest.raises(Unavailable):
            Fleet(streams, way, FLAT_OUT).run(DEADLINE_S)


def test_a_refusal_by_the_broker_is_counted(broker: PrivateMosquitto) -> None:
    streams = some_pings(2, devices=1)
    ingest_may_not_write = replace(
        way_to(broker), username="ingest", password=broker.password("ingest")
    )
    report = Fleet(streams, ingest_may_not_write, FLAT_OUT).run(deadline_s=0.3)
    assert report.refused == 2
    assert report.unacked == 2


def test_an_ack_that_makes_no_sense_is_counted_and_harms_nothing(broker: PrivateMosquitto) -> None:
    streams = some_pings(20, devices=1, every_s=0.05)
    (device,) = streams
    ticks: list[object] = []

    def talk_nonsense(report: object) -> None:
        if not ticks:
            for topic in (device, "somebody-else"):
                backend.publish(f"supervision/v1/{topic}/ack", b"\xff")
        ticks.append(report)

    with a_backend(broker) as backend:
        fleet = Fleet(streams, way_to(broker), replace(PATIENT, speedup=1.0))
        report = fleet.run(DEADLINE_S, talk_nonsense)
    assert report.is_complete
    assert report.misread == 2
