"""Send rendered messages to people, one file for each kind of channel.

To add a channel, say Zulip:

1. Write ``channels/zulip.py`` with a settings class, a `ChannelSettings`: ``type: Literal["zulip"]``, the
   message `form` it takes, its keys (secrets as `SecretStr`), and ``build(tools) -> Channel``. A new form of
   message also needs a file in ``render/forms`` and a row in `RETRY_POLICIES` of ``jobs/retry.py``.
2. In the same file write a class with ``send(delivery, on_phase)``. Await ``on_phase(AttemptPhase.DATA)``
   just before the message leaves, unless a repeat does no harm. Pass `delivery.id` on where the service drops
   duplicates by it. Raise `ChannelError` if any other message would fail too, else `DeliveryError`. For HTTP
   use `Poster` and `refusal`; for a service that speaks JSON in both directions use `Chat`.
3. Add what its refusals mean to the tables in ``channels/answers``.
4. Add the settings class to `AnyChannel` and `__all__` below, and an example with every key to
   ``config.example.toml``.
5. Add the service to the cases of ``tests/channels/test_chats.py`` (a real, hostile server on loopback) and
   its settings to those of ``tests/channels/test_settings.py``.

A channel knows no store, rule or template: retries, order and rendering are decided elsewhere.
"""

from typing import Annotated

from pydantic import Field

from .apprise import AppriseSettings
from .base import Channel, OnPhase
from .console import ConsoleSettings
from .discord import DiscordSettings
from .email import EmailSettings
from .file import FileSettings
from .matrix import MatrixSettings
from .ntfy import NtfySettings
from .pagerduty import PagerDutySettings
from .settings import ChannelSettings, Tools
from .slack import SlackSettings
from .slack_bot import SlackBotSettings
from .teams import TeamsSettings
from .telegram import TelegramSettings
from .webhook import WebhookSettings

AnyChannel = Annotated[
    AppriseSettings
    | ConsoleSettings
    | DiscordSettings
    | EmailSettings
    | FileSettings
    | MatrixSettings
    | NtfySettings
    | PagerDutySettings
    | SlackSettings
    | SlackBotSettings
    | TeamsSettings
    | TelegramSettings
    | WebhookSettings,
    Field(discriminator="type"),
]

__all__ = ["AnyChannel", "Channel", "ChannelSettings", "OnPhase", "Tools"]
