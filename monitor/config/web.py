"""``[web]``: the web server and the links in messages that lead to it."""

import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import Field, IPvAnyNetwork, SecretStr, field_validator, model_validator

from monitor.channels.settings import read_secret_files, refuse_unsafe
from monitor.model import Role

from .base import Duration, Section

_LISTEN = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(?P<port>\d{1,5})")


class WebSettings(Section):
    """``[web]``: the web server, and the links in messages that lead to it when `base_url` is set.

    `secret` signs these links; without it a key is created and stored in `key_file`. `hosts` are further
    names that the server goes by. A proxy that signs people in names them in `proxy_header`; it is believed
    only if it connects from one of `proxy_addresses`. Somebody who is no user here has `proxy_role`.
    """

    enabled: bool = True
    listen: str = "127.0.0.1:8080"
    base_url: str = ""
    secret: SecretStr | None = Field(None, min_length=16)
    key_file: Path = Path("var/web.secret")
    link_life: Duration = timedelta(days=30)
    feed_token: SecretStr | None = Field(None, min_length=16)
    hosts: tuple[str, ...] = ()
    proxy_header: str = Field("", pattern=r"^[A-Za-z0-9-]*$")
    proxy_addresses: tuple[IPvAnyNetwork, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    proxy_role: Role = Role.READ

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: Any) -> Any:
        return read_secret_files(cls, given)

    @field_validator("listen")
    @classmethod
    def _is_an_address(cls, given: str) -> str:
        found = _LISTEN.fullmatch(given)
        if found is None or int(found["port"]) > 65535:
            raise ValueError('write host and port as "127.0.0.1:8080"; port 0 takes any that is free')
        return given

    @field_validator("base_url")
    @classmethod
    def _is_safe(cls, given: str) -> str:
        if given:
            refuse_unsafe(given)
        return given.rstrip("/")

    @property
    def host(self) -> str:
        """The host to listen at."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to listen at; 0: any free port."""
        return int(self.listen.rpartition(":")[2])
