"""Finds the address of a host outside, and never one of this network: no officer posts to it."""

import socket
from ipaddress import ip_address

from supervision.core.errors import Unavailable, Undeliverable


def public_address(host: str, port: int) -> str:
    """An address of a host, if all that it has are public.

    The caller connects to the address, not to the name: a name that is looked up twice may have
    another address the second time.

    Raises:
        Undeliverable: It is, or may be, an address of a private network or of this machine.
        Unavailable: There is no such host at present.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Unavailable("The webhook's host is not found.") from error
    addresses = [str(one[4][0]) for one in found]
    if not all(ip_address(one.partition("%")[0]).is_global for one in addresses):
        raise Undeliverable("The webhook's host is inside a private network.")
    return addresses[0]
