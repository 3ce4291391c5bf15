"""Reads what a gateway says became of a message or call that it had taken.

The words are Twilio's, which other gateways use too: of messages `MessageStatus`, of calls
`CallStatus`. What is still under way says nothing yet.
"""

ARRIVED = frozenset({"delivered", "read", "completed"})
IN_VAIN = {
    "undelivered": "The network could not deliver it.",
    "failed": "The gateway could not send it.",
    "busy": "The line was busy.",
    "no-answer": "Nobody answered.",
    "canceled": "The gateway gave it up.",
}


def is_final(status: str) -> bool:
    """Whether nothing more is to be heard of it."""
    return status in ARRIVED or status in IN_VAIN


def why_in_vain(status: str) -> str | None:
    """Why it reached nobody; None where it arrived. The status is a final one."""
    return IN_VAIN.get(status)
