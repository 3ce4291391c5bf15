"""The broker's settings, and which account may read or write which topic."""

from pathlib import Path

from supervision.core.officer_apps import TOPIC

INGEST, SIMULATOR, TRACCAR, HEALTH = "ingest", "simulator", "traccar", "health"
SERVICE_ACCOUNTS = (INGEST, SIMULATOR, TRACCAR, HEALTH)

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
MAX_QUEUED_BYTES = 1024 * 1024 * 1024
_FROM_DEVICE = ("fixes", "events", "status")
_TO_DEVICE = ("ack", "commands")

_SETTINGS = """\
listener {port}{address}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/acl

# Without it each small answer waits for the network's convenience: 47 ms a connection, not 3.
set_tcp_nodelay true
# As many as ingest asks for; a 3.1.1 client cannot ask and would get the whole queue at once.
max_inflight_messages 1000
# The broker confirms and then drops what does not fit, so both bounds are wide.
max_queued_messages 1000000
max_queued_bytes {max_queued_bytes}
# Above what ingest takes, so that ingest sees the oversized message and records why it refused.
message_size_limit {max_message_bytes}

persistence true
persistence_location {data}/
autosave_interval 30
# A device or worker that is gone for good must not fill the queue for ever.
persistent_client_expiration 14d

log_dest stderr
log_timestamp_format %Y-%m-%dT%H:%M:%S
log_type error
log_type warning
log_type notice
"""


def render_settings(folder: Path, data: Path, port: int, address: str | None) -> str:
    """The configuration file.

    Args:
        folder: Where the broker finds `passwords` and `acl`.
        data: Where it keeps its queue.
        port: TCP.
        address: The interface it listens on; none: all, as in a container.
    """
    return _SETTINGS.format(
        folder=folder,
        data=data,
        port=port,
        address=f" {address}" if address else "",
        max_queued_bytes=MAX_QUEUED_BYTES,
        max_message_bytes=MAX_MESSAGE_BYTES,
    )


def render_acl(*, is_demonstration: bool) -> str:
    """Who may use which topic; a device or an officer's app, by its account, only its own.

    Ingest may not write fixes, so it cannot forge a ping.

    Args:
        is_demonstration: The simulator may speak for any device; else nobody may.
    """
    reads = [f"supervision/v1/+/{kind}" for kind in _FROM_DEVICE]
    writes = [f"supervision/v1/+/{kind}" for kind in _TO_DEVICE]
    foreign = ["owntracks/#", "positions", "events", "traccar/#"]
    accounts: dict[str, tuple[list[str], list[str]]] = {
        INGEST: ([*reads, *foreign], [*writes, "owntracks/+/+/cmd", TOPIC.format(account="+")]),
        TRACCAR: ([], ["positions", "events", "traccar/#"]),
        HEALTH: (["$SYS/broker/uptime"], []),
    }
    if is_demonstration:
        accounts[SIMULATOR] = (writes, reads)
    lines: list[str] = []
    for account, (read, write) in accounts.items():
        lines.append(f"user {account}")
        lines += [f"topic read {topic}" for topic in read]
        lines += [f"topic write {topic}" for topic in write]
    lines += [f"pattern write supervision/v1/%u/{kind}" for kind in _FROM_DEVICE]
    lines += [f"pattern read supervision/v1/%u/{kind}" for kind in _TO_DEVICE]
    lines += ["pattern write owntracks/%u/#", "pattern read owntracks/%u/+/cmd"]
    lines += [f"pattern read {TOPIC.format(account='%u')}"]
    return "\n".join(lines) + "\n"
