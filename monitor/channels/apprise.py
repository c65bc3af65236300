"""Send through apprise, which supports over a hundred services; needs the extra ``apprise``."""

import asyncio
import importlib.util
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import SecretStr, field_validator

from monitor.errors import DeliveryError
from monitor.model import AttemptPhase, Delivery, MessageForm

from .base import Channel, OnPhase
from .settings import ChannelSettings, Tools

if TYPE_CHECKING:
    from apprise import Apprise

TIME_LIMIT_S = 60
TRIES = 4


class AppriseSettings(ChannelSettings):
    """`url` is one address in apprise's notation, such as ``signal://…``, and a secret."""

    form: ClassVar[MessageForm] = MessageForm.APPRISE

    type: Literal["apprise"] = "apprise"
    url: SecretStr

    @field_validator("url")
    @classmethod
    def _is_known(cls, url: SecretStr) -> SecretStr:
        _ready(url.get_secret_value())
        return url

    def post_url(self) -> str:
        return ""  # apprise makes requests of its own

    def build(self, tools: Tools) -> Channel:
        return AppriseChannel(_ready(self.url.get_secret_value()))


class AppriseChannel:
    """Sends through apprise, which reports success or failure only; a failure is retried a few times."""

    def __init__(self, apprise: "Apprise", time_limit_s: float = TIME_LIMIT_S) -> None:
        self._apprise = apprise
        self._time_limit_s = time_limit_s

    async def send(self, delivery: Delivery, on_phase: OnPhase) -> str:
        data = delivery.message.data
        await on_phase(AttemptPhase.DATA)
        result = await asyncio.to_thread(
            self._apprise.notify,
            body=data["body"],
            title=data["title"],
            body_format="text",
            interpret_escapes=False,
            timeout=self._time_limit_s,
        )
        if not result and result.status.name == "TIMEOUT":
            raise DeliveryError(f"apprise came to no end within {self._time_limit_s:g} s", uncertain=True)
        if not result:
            raise DeliveryError(
                "apprise could not deliver it, and does not say whether it may have arrived", tries=TRIES
            )
        return "apprise reports success, which is all it knows"


def _ready(url: str) -> "Apprise":
    """Return apprise with the one address.

    Raises:
        ValueError: the extra is missing, or apprise does not know such an address.
    """
    if importlib.util.find_spec("apprise") is None:
        raise ValueError("apprise is not installed; run pip install 'sanctions-monitor[apprise]'")
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415, an extra, and half a second to import

    apprise = Apprise(asset=AppriseAsset(allow_templates=False))
    if not apprise.add(url) or len(apprise) != 1:
        raise ValueError("url is not one that apprise knows; `apprise --details` lists its services")
    return apprise
