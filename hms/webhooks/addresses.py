"""Which addresses may be asked: public ones by https; inside ones only where a setting allows it.

A name is resolved once, every address that it leads to is judged, and exactly those are connected to. So a
name that leads elsewhere the second time (DNS rebinding), or whose spelling hides a number, gains nothing.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hms.webhooks.exceptions import AddressRefused

LONGEST_URL = 500
DEFAULT_PORTS = {"https": 443, "http": 80}
OF_OTHER_SERVICES = range(1, 1024)  # except the default ports: no web server listens there
RESOLVE_S = 3.0
# Which `ipaddress` takes for public: addresses of a site, of documents, and of relays into other networks.
NOT_PUBLIC = [ip_network(each) for each in ("fec0::/10", "3fff::/20", "192.88.99.0/24")]
ISATAP = 0x5EFE  # carries an IPv4 address in its last half


@dataclass(frozen=True)
class Address:
    """The parts of a URL."""

    scheme: str
    host: str
    port: int
    target: str  # path and query

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str) -> Address:
    """The parts of the URL; refuses what is no plain https address, with `AddressRefused`."""
    if len(url) > LONGEST_URL or not url.isascii() or any(sign <= " " or sign in "\\\x7f" for sign in url):
        raise AddressRefused(_("Write the address in ASCII characters without blanks."))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressRefused from None
    if parts.scheme not in DEFAULT_PORTS or (parts.scheme == "http" and not inside_is_allowed()):
        raise AddressRefused(_("The address must begin with https://."))
    if "@" in parts.netloc or parts.fragment or "%" in host or not host:
        raise AddressRefused(_("The address must be a host and a path, without a password and without #."))
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    if port == 0 or (port in OF_OTHER_SERVICES and port not in DEFAULT_PORTS.values()):
        raise AddressRefused(_("This port belongs to another kind of service."))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port, target)


def resolve(address: Address, timeout_s: float = RESOLVE_S) -> list[str]:
    """The numbers that the host leads to; refuses with `AddressRefused` if one of them may not be asked."""
    found = list(dict.fromkeys(_look_up(address.host, address.port, timeout_s)))
    if not found:
        raise AddressRefused(_("The host of this address cannot be found."))
    if not all(may_be_asked(number, address.scheme) for number in found):
        raise AddressRefused(_("This address leads inside a network, where nothing may be asked."))
    return found


def _look_up(host: str, port: int, timeout_s: float) -> list[str]:
    """In a thread, because the system's resolver has no time-out of its own."""
    answers: Queue[list[str]] = Queue()

    def ask() -> None:
        found = []
        with suppress(OSError, UnicodeError):
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answers.put([str(sockaddr[0]) for *_kind, sockaddr in found])

    Thread(target=ask, daemon=True).start()
    with suppress(Empty):
        return answers.get(timeout=max(timeout_s, 0))
    return []


def may_be_asked(number: str, scheme: str) -> bool:
    if "%" in number:  # an IPv6 address of one network card
        return False
    ip = ip_address(number)
    meant = [ip, *_carried(ip)]
    if all(is_public(each) for each in meant):
        return scheme == "https"
    return inside_is_allowed() and all(is_public(each) or is_inside(each) for each in meant)


def _carried(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses to which an IPv6 address leads by way of a gateway or of the system itself."""
    if isinstance(ip, IPv4Address):
        return []
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if (int(ip) >> 32) & 0xFDFFFFFF == ISATAP:  # but for the bit that says whether it is the only one
        found.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in found if each is not None]


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    is_mapped = isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None  # judged by what it carries
    is_listed = any(ip in network for network in NOT_PUBLIC)
    return is_mapped or (ip.is_global and not ip.is_multicast and not ip.is_reserved and not is_listed)


def is_inside(ip: IPv4Address | IPv6Address) -> bool:
    """Loopback and private networks; link-local ones, where clouds keep credentials, never are."""
    return (ip.is_loopback or ip.is_private) and not (
        ip.is_link_local or ip.is_unspecified or ip.is_multicast or (ip.is_reserved and not ip.is_loopback)
    )


def inside_is_allowed() -> bool:
    return settings.WEBHOOKS["allow_inside"]
