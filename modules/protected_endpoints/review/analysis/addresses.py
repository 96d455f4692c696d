"""Blocks of IP addresses: which include others, and which together are so many that they are the internet."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

_Network = IPv4Network | IPv6Network
# This many public addresses are the internet: a 256th of all of IPv4, a 65,536th of IPv6.
_INTERNET = {4: 2 ** (32 - 8), 6: 2 ** (128 - 16)}
_PRIVATE = [
    ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
]


def enclosing(block: str) -> Iterator[str]:
    """Yield a block of addresses and all blocks that include it, in canonical form; any other text as it is."""
    network = _network(block)
    if network is None:
        yield block
        return
    for prefix in range(network.prefixlen, -1, -1):
        yield str(network.supernet(new_prefix=prefix))


def canonical(block: str) -> str:
    """Return a block of addresses without the bits behind its prefix, and any other text as it is."""
    return next(enclosing(block))


def new_public_blocks(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Return the blocks of public addresses that those before do not include together. What is no block is ignored."""
    new = [block for block in after if _network(block)]
    if not new:
        return []  # as of most resources
    old = [network for block in before if (network := _network(block))]
    known = {str(network) for network in (*_PRIVATE, *_collapsed(old, 4), *_collapsed(old, 6))}
    return [block for block in new if known.isdisjoint(enclosing(block))]


def internet_blocks(blocks: Iterable[str]) -> set[str]:
    """Return the blocks that are the internet together, such as its halves in several rules or resources."""
    networks = {block: network for block in blocks if (network := _network(block))}
    return {
        block
        for version, most in _INTERNET.items()
        if sum(network.num_addresses for network in _collapsed(networks.values(), version)) > most
        for block, network in networks.items()
        if network.version == version
    }


def _collapsed(networks: Iterable[_Network], version: int) -> list[_Network]:
    """Return the fewest blocks of an IP version that have the same addresses."""
    if version == 4:
        return [*collapse_addresses(network for network in networks if isinstance(network, IPv4Network))]
    return [*collapse_addresses(network for network in networks if isinstance(network, IPv6Network))]


@lru_cache(maxsize=4096)
def _network(block: str) -> _Network | None:
    try:
        return ip_network(block, strict=False)
    except ValueError:  # a reference that is not known yet, a prefix list or a security group
        return None
