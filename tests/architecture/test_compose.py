"""The containers: described as the specification wants, hardened, and without a secret."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from supervision.stack.postgres_config import PRIVACY_SETTINGS

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"secrets", "migrate", "seed"}
LONG_RUNNING = sorted(set(SERVICES) - ONE_SHOTS)
PINNED = re.compile(r"[\w./-]+:(?!latest$)[\w.-]*\d[\w.-]*$")
SECRET_NAME = re.compile(r"password|secret|token|key|credential", re.IGNORECASE)
SECRET_IN_URL = re.compile(r"://[^/\s:@]+:[^/\s@]+@")


def test_it_fits_the_specification() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    schema = ["--builtin-schema", "vendor.compose-spec"]
    argv = [str(program), *schema, str(ROOT / "docker-compose.yml")]
    checked = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_it_has_every_part() -> None:
    parts = {"db", "broker", "api", "ingest-1", "ingest-2", "scheduler", "deliver", "simulate"}
    assert set(SERVICES) == parts | ONE_SHOTS


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    assert PINNED.match(SERVICES[name]["image"])


def test_our_own_image_is_built_from_a_pinned_one() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert bases
    assert all(PINNED.match(base) for base in bases)


def test_the_image_is_made_by_the_steps_of_a_bare_machine() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert "RUN scripts/setup image" in dockerfile
    assert not re.search(r"apt-get|pip install|npm (ci|install)", dockerfile)


def test_what_the_image_copies_is_let_through() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    tops = {source.split("/")[0] for line in copied for source in line.split()}
    assert tops <= {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert ignored[0] == "*"


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_every_long_running_part_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_every_part_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in ("root", "0", "0:0")
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert "privileged" not in service
    assert "docker.sock" not in str(service)


def test_ports_are_open_to_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_a_part_waits_for_can_happen() -> None:
    for service in SERVICES.values():
        for other, rule in service.get("depends_on", {}).items():
            wanted = {"condition": "service_healthy"}
            if other in ONE_SHOTS:
                wanted = {"condition": "service_completed_successfully"}
            assert rule == wanted


def test_no_value_is_a_secret() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not SECRET_IN_URL.search(str(value))
            if SECRET_NAME.search(name):
                assert str(value).startswith("/"), f"{name} must be a path to a file"


def test_only_the_secrets_maker_gives_a_volume_its_first_content() -> None:
    """Docker fills an empty volume from the image that mounts it, unless told `nocopy`."""
    shared = {each["source"] for each in SERVICES["secrets"]["volumes"]}
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            if name != "secrets" and volume["source"] in shared:
                assert volume["volume"] == {"nocopy": True}


def test_no_part_mounts_a_folder_of_secrets_that_is_not_its_own() -> None:
    mounted = {
        name: {each["source"] for each in service.get("volumes", [])}
        for name, service in SERVICES.items()
    }
    assert {name for name in mounted if "db-start" in mounted[name]} == {"secrets", "db"}
    assert {name for name in mounted if "broker" in mounted[name]} == {"secrets", "broker"}
    assert {name for name in mounted if "simulate-secrets" in mounted[name]} == {
        "secrets",
        "simulate",
    }


def test_the_database_keeps_statements_out_of_its_log() -> None:
    given = SERVICES["db"]["command"]
    assert {f"-c{name}={value}" for name, value in PRIVACY_SETTINGS.items()} <= set(given)


def test_two_ingest_workers_have_ids_of_their_own() -> None:
    ids = [
        SERVICES[name]["environment"]["SUPERVISION_BROKER_CLIENT_ID"]
        for name in SERVICES
        if name.startswith("ingest")
    ]
    assert sorted(ids) == ["ingest-1", "ingest-2"]


def test_plain_up_brings_the_demonstration() -> None:
    lines = (ROOT / ".env").read_text().splitlines()
    values = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert values == {"COMPOSE_PROFILES": "demo", "SUPERVISION_DEMONSTRATION": "true"}
    demo = {name for name, service in SERVICES.items() if service.get("profiles") == ["demo"]}
    assert demo == {"seed", "simulate"}
    for name in set(SERVICES) - demo:
        assert not demo & set(SERVICES[name].get("depends_on", {}))
