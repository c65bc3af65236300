import socket
import tomllib
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from monitor.feeds.http.guard import Forbidden, Guard, forbidden, literal
from monitor.feeds.http.resolver import GuardedResolver
from tests.feeds.samples import DATA

ADDRESSES = tomllib.loads((DATA / "addresses.toml").read_text("utf-8"))


class Names(AbstractResolver):
    """A resolver with the answers of a test."""

    def __init__(self, **hosts: list[str]) -> None:
        self.hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in self.hosts:
            raise OSError(socket.EAI_NONAME, "Name or service not known")
        plain: dict[str, Any] = {
            "hostname": host,
            "port": port,
            "family": socket.AF_INET,
            "proto": 0,
            "flags": 0,
        }
        return [ResolveResult(host=address, **plain) for address in self.hosts[host]]

    async def close(self) -> None: ...


@pytest.mark.parametrize(("address", "why"), ADDRESSES.items())
def test_only_public_addresses_may_be_reached(address, why):
    answer = forbidden(address)
    assert (answer is None) == (why == "")
    assert why in (answer or "")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7F.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("10.0.258", "10.0.1.2"),
        ("0", "0.0.0.0"),
        ("[::1]", "::1"),
        ("fe80::1%25eth0", "fe80::1"),
        ("news.example", None),
        ("256.1.1.1", None),
        ("1.2.3.4.5", None),
        ("4294967296", None),
        ("08.0.0.1", None),
        ("+1.2.3.4", None),
        ("1_0.0.0.1", None),
        ("", None),
    ],
)
def test_a_host_written_as_a_number_is_recognised_in_every_spelling(host, address):
    found = literal(host)
    assert (str(found) if found else None) == address


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "[::ffff:7f00:1]", "::1", "169.254.169.254"])
def test_a_forbidden_number_is_refused_with_the_remedy(host):
    refusal = Guard().refusal(host, 80)
    assert refusal is not None
    assert "polling.allow_hosts" in str(refusal)
    assert host in str(refusal)


@pytest.mark.parametrize(
    ("allowed", "host", "port", "expected"),
    [
        ("lan.example", "lan.example", 80, True),
        ("LAN.example.", "lan.EXAMPLE", 443, True),
        ("lan.example", "sub.lan.example", 80, False),
        ("lan.example:8080", "lan.example", 8080, True),
        ("lan.example:8080", "lan.example", 80, False),
        ("127.0.0.1", "127.0.0.1", 9, True),
        ("127.0.0.1", "127.1", 9, False),
        ("::1", "::1", 80, True),
        ("[::1]:8080", "::1", 8080, True),
        ("[::1]:8080", "::1", 80, False),
    ],
)
def test_an_allowed_host_is_exactly_what_the_operator_wrote(allowed, host, port, expected):
    assert Guard([allowed]).allows(host, port) is expected


async def test_a_name_reaches_only_those_of_its_addresses_that_are_public():
    names = Names(mixed=["127.0.0.1", "8.8.8.8", "::ffff:10.0.0.1"])
    found = await GuardedResolver(Guard(), names).resolve("mixed", 80)
    assert [result["host"] for result in found] == ["8.8.8.8"]


async def test_a_name_of_forbidden_addresses_is_refused_by_name():
    with pytest.raises(
        Forbidden, match=r"inside is at 10\.0\.0\.1, a private address; .*polling\.allow_hosts"
    ):
        await GuardedResolver(Guard(), Names(inside=["10.0.0.1"])).resolve("inside", 80)


async def test_an_allowed_name_may_be_anywhere_but_only_at_its_port():
    resolver = GuardedResolver(Guard(["inside:8080"]), Names(inside=["10.0.0.1"]))
    assert [result["host"] for result in await resolver.resolve("inside", 8080)] == ["10.0.0.1"]
    with pytest.raises(Forbidden):
        await resolver.resolve("inside", 80)
