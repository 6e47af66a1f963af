"""An IP address -> why it is no address of the public internet, or None where it is one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

# Source: IANA's registries of special-purpose addresses for IPv4 and IPv6, November 2026. Written out, since what
# `ipaddress` takes for global differs between releases of Python.
SPECIAL: Final = {
    ip_network(block): kind
    for block, kind in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier, or a cloud's metadata"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's metadata"),
        ("169.254.0.0/16", "link-local, or a cloud's metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4 in IPv6"),
        ("::ffff:0:0/96", "IPv4 in IPv6"),
        ("64:ff9b::/96", "IPv4 in IPv6 (NAT64)"),
        ("64:ff9b:1::/48", "IPv4 in IPv6 (NAT64)"),
        ("2001::/32", "IPv4 in IPv6 (Teredo)"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "IPv4 in IPv6 (6to4)"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private, or a cloud's metadata"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
}
GLOBAL_IPV6: Final = ip_network("2000::/3")  # all that is assigned to the public internet so far


def not_public(address: Address) -> str | None:
    """What kind of address it is instead; None for one of the public internet."""
    kind = next((kind for block, kind in SPECIAL.items() if address in block), None)
    if kind is None and address.version == GLOBAL_IPV6.version and address not in GLOBAL_IPV6:
        return "reserved"
    return kind
