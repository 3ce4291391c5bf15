"""The private broker: who may say what to whom, and what it keeps through a restart."""

import socket
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from supervision.core.errors import Conflict, Invalid, NotFound, Unavailable
from supervision.stack.mosquitto import PrivateMosquitto
from tests.broker_members import WAIT_S, Member, member

PROTOCOLS = (MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5)
MEBIBYTE = 1024 * 1024


def topics_heard(member: Member) -> list[str]:
    """The topics so far: the broker keeps one sender's order, so the last one is a mark."""
    topics = []
    while (topic := member.heard.get(timeout=WAIT_S)[0]) != "supervision/v1/mark/status":
        topics.append(topic)
    return topics


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_device_is_heard_on_its_own_topics_only(
    broker: PrivateMosquitto, protocol: MQTTProtocolVersion
) -> None:
    device = f"device-{protocol}"
    own = [f"supervision/v1/{device}/{kind}" for kind in ("fixes", "events", "status")]
    foreign = ["supervision/v1/other/fixes", f"supervision/v1/{device}/ack", "positions", "events"]
    password = broker.add_user(device)
    with member(broker, "ingest") as ingest, member(broker, device, password, protocol) as tracker:
        ingest.subscribe("supervision/v1/+/+", "positions", "events", "owntracks/#")
        for topic in [*foreign, *own, f"owntracks/{device}/phone", "owntracks/other/phone"]:
            tracker.publish(topic)
        with member(broker, "simulator") as marker:
            marker.publish("supervision/v1/mark/status")
        assert topics_heard(ingest) == [*own, f"owntracks/{device}/phone"]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_device_hears_its_own_acks_and_commands_only(
    broker: PrivateMosquitto, protocol: MQTTProtocolVersion
) -> None:
    device = f"listener-{protocol}"
    password = broker.add_user(device)
    with member(broker, "ingest") as ingest, member(broker, device, password, protocol) as tracker:
        tracker.subscribe("supervision/v1/+/+", "owntracks/#")
        ingest.publish("supervision/v1/other/ack")
        ingest.publish("supervision/v1/other/commands")
        ingest.publish(f"supervision/v1/{device}/ack")
        ingest.publish(f"owntracks/{device}/phone/cmd")
        ingest.publish(f"supervision/v1/{device}/commands")
        heard = [tracker.heard.get(timeout=WAIT_S)[0] for _ in range(3)]
    assert heard == [
        f"supervision/v1/{device}/ack",
        f"owntracks/{device}/phone/cmd",
        f"supervision/v1/{device}/commands",
    ]


def test_ingest_cannot_forge_a_fix(broker: PrivateMosquitto) -> None:
    with member(broker, "ingest") as ingest:
        ingest.subscribe("supervision/v1/+/+")
        ingest.publish("supervision/v1/forged/fixes")
        with member(broker, "simulator") as simulator:
            simulator.publish("supervision/v1/mark/status")
        assert topics_heard(ingest) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_two_workers_share_what_one_subscription_group_receives(
    broker: PrivateMosquitto, protocol: MQTTProtocolVersion
) -> None:
    workers = [Member(broker, "ingest", broker.password("ingest"), protocol) for _ in range(2)]
    everything: SimpleQueue[tuple[str, bytes | bytearray]] = SimpleQueue()
    for number, worker in enumerate(workers):
        worker.client._client_id = f"worker-{number}-{protocol}".encode()
        worker.heard = everything
        worker.connect()
        worker.subscribe("$share/ingest/supervision/v1/+/fixes")
    with member(broker, "simulator") as simulator:
        for number in range(20):
            simulator.publish("supervision/v1/shared/fixes", str(number).encode())
    heard = sorted(int(everything.get(timeout=WAIT_S)[1]) for _ in range(20))
    for worker in workers:
        worker.leave()
    assert heard == list(range(20))


@pytest.mark.parametrize(("user", "password"), [("ingest", "wrong"), ("nobody", "wrong")])
def test_a_wrong_password_is_refused(broker: PrivateMosquitto, user: str, password: str) -> None:
    stranger = Member(broker, user, password)
    assert stranger.connect() == "Not authorized"
    stranger.leave()


def test_a_removed_device_is_cut_off_and_signs_in_no_more(broker: PrivateMosquitto) -> None:
    password = broker.add_user("returned-device")
    cut_off: SimpleQueue[str] = SimpleQueue()
    former = Member(broker, "returned-device", password)
    former.client.on_disconnect = lambda *_: cut_off.put("cut off")
    assert former.connect() == "Success"
    broker.remove_user("returned-device")
    assert cut_off.get(timeout=WAIT_S) == "cut off"
    assert str(former.answers.get(timeout=WAIT_S)) == "Not authorized"
    former.leave()


def test_a_new_password_ends_the_old(broker: PrivateMosquitto) -> None:
    old, new = broker.add_user("renewed"), broker.add_user("renewed")
    late = Member(broker, "renewed", old)
    assert late.connect() == "Not authorized"
    late.leave()
    with member(broker, "renewed", new):
        pass


@pytest.mark.parametrize("name", ["", "a/b", "a+", "#", "a:b\nc", "a" * 65, "$share"])
def test_a_name_that_topics_would_misread_is_refused(broker: PrivateMosquitto, name: str) -> None:
    with pytest.raises(Invalid):
        broker.add_user(name)


def test_a_service_is_not_overwritten_by_a_device_of_its_name(broker: PrivateMosquitto) -> None:
    before = broker.password("ingest")
    with pytest.raises(Conflict):
        broker.add_user("ingest")
    assert broker.password("ingest") == before


def test_a_device_is_never_called_as_an_officers_app(broker: PrivateMosquitto) -> None:
    with pytest.raises(Conflict, match="kept for an officer's app"):
        broker.add_user("officer-3")


def test_a_devices_password_is_not_kept(broker: PrivateMosquitto) -> None:
    password = broker.add_user("forgetful")
    with pytest.raises(NotFound):
        broker.password("forgetful")
    kept = [file for file in broker.log.parent.rglob("*") if file.is_file()]
    assert not [file for file in kept if password.encode() in file.read_bytes()]


def test_secrets_are_readable_by_us_alone(broker: PrivateMosquitto) -> None:
    secrets = broker.log.parent / "secrets"
    modes = {file.stat().st_mode & 0o077 for file in (secrets, *secrets.iterdir())}
    assert modes == {0}


def test_ten_megabytes_reach_ingest_so_that_it_can_refuse_them(broker: PrivateMosquitto) -> None:
    with member(broker, "ingest") as ingest, member(broker, "simulator") as simulator:
        ingest.subscribe("supervision/v1/big/fixes")
        simulator.publish("supervision/v1/big/fixes", bytes(10 * MEBIBYTE))
        assert len(ingest.heard.get(timeout=WAIT_S)[1]) == 10 * MEBIBYTE


def test_outside_a_demonstration_nobody_speaks_for_a_device(stack_folder: Path) -> None:
    with PrivateMosquitto(stack_folder / "production") as broker:
        device_password = broker.add_user("mark")
        with member(broker, "ingest") as ingest, member(broker, "simulator") as simulator:
            ingest.subscribe("supervision/v1/+/+")
            simulator.publish("supervision/v1/forged/fixes")
            with member(broker, "mark", device_password) as mark:
                mark.publish("supervision/v1/mark/status")
            assert topics_heard(ingest) == []


def test_a_restart_keeps_the_port_and_the_queue(broker_of_its_own: PrivateMosquitto) -> None:
    port, password = broker_of_its_own.port, broker_of_its_own.password("ingest")
    protocol = MQTTProtocolVersion.MQTTv311
    absent = Member(broker_of_its_own, "ingest", password, protocol, keeps_session=True)
    absent.connect()
    absent.subscribe("supervision/v1/+/fixes")
    absent.leave()
    with member(broker_of_its_own, "simulator") as simulator:
        simulator.publish("supervision/v1/queued/fixes")
    broker_of_its_own.restart()
    assert broker_of_its_own.port == port
    back = Member(broker_of_its_own, "ingest", password, protocol, keeps_session=True)
    back.connect()
    assert back.heard.get(timeout=WAIT_S)[0] == "supervision/v1/queued/fixes"
    back.leave()


def test_a_killed_broker_starts_again_on_its_port(broker_of_its_own: PrivateMosquitto) -> None:
    port, password = broker_of_its_own.port, broker_of_its_own.password("ingest")
    broker_of_its_own.kill()
    assert not broker_of_its_own.is_running
    broker_of_its_own.start()
    assert (broker_of_its_own.port, broker_of_its_own.password("ingest")) == (port, password)


def test_another_object_finds_the_running_broker(broker_of_its_own: PrivateMosquitto) -> None:
    with PrivateMosquitto(broker_of_its_own.log.parent) as other:
        password = other.add_user("from-another-process")
    assert broker_of_its_own.is_running
    with member(broker_of_its_own, "from-another-process", password):
        pass


def test_a_remembered_port_that_was_taken_is_given_up(broker_of_its_own: PrivateMosquitto) -> None:
    port = broker_of_its_own.port
    broker_of_its_own.stop()
    with socket.create_server(("127.0.0.1", port)):
        broker_of_its_own.start()
        assert broker_of_its_own.port != port


def test_a_fixed_port_that_is_taken_is_an_error(stack_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unavailable, match=f"port {port} is taken"):
            PrivateMosquitto(stack_folder / "fixed", port=port).start()


def test_it_listens_on_loopback_only(broker: PrivateMosquitto) -> None:
    process = broker._find()
    assert process
    listening = [each.laddr for each in process.net_connections("inet") if not each.raddr]
    assert [(each.ip, each.port) for each in listening] == [("127.0.0.1", broker.port)]


def test_a_remembered_number_of_a_stranger_is_not_ended(stack_folder: Path) -> None:
    folder = stack_folder / "stranger"
    folder.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        (folder / "pid").write_text(str(bystander.pid))
        server = PrivateMosquitto(folder)
        assert not server.is_running
        server.stop()
        bystander.communicate(b"\n")
    assert bystander.returncode == 0
