"""Which addresses may be asked: public ones only, unless a source says otherwise."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import cast
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorPluggableResolver

_GLOBAL = ip_network("2000::/3")
"""All that IANA has given out of IPv6; outside of it lie the ways around: site-local, IPv4-compatible, local NAT64."""
_NAT64 = ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


class Resolver(CachingThreadedResolver):
    """Resolves a name once in a process, in whatever case it is written: what was checked is what is connected to."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":
        return super().getHostByName(name.lower(), timeout)


async def address_of(host: str) -> str:
    """The IP address of a host, which may be written as one. Raises CannotResolveHostError."""
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        pass
    from twisted.internet import reactor  # installed only once a crawl begins

    try:
        return str(await maybe_deferred_to_future(cast(IReactorPluggableResolver, reactor).resolve(host.lower())))
    except Exception as error:
        raise CannotResolveHostError(f"{host}: {error}") from error


def host_of(url: str) -> str:
    """The host that an address is of, by which it is paced: one name however it is written, its port where that is
    another than usual. Raises ValueError."""
    parts = urlsplit(url)
    host, usual = (parts.hostname or "").rstrip("."), _PORTS.get(parts.scheme)
    return host if parts.port in (None, usual) else f"{host}:{parts.port}"


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    found = _plain(address)
    return found.is_global and not found.is_multicast and (found.version == 4 or found in _GLOBAL)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    return _plain(address).is_loopback


def _plain(address: str) -> IPv4Address | IPv6Address:
    """The address, or the IPv4 address that an IPv6 address stands for."""
    found = ip_address(address)
    if not isinstance(found, IPv6Address):
        return found
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found
