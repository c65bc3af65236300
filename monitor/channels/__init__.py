"""Ways to reach people, one file each. A channel knows nothing of stores, rules or templates.

To add a channel, say Zulip:

1. Write ``channels/zulip.py`` with a settings class: a `ChannelSettings` with ``type: Literal["zulip"]``,
   the `form` of message it takes (which decides how messages are rendered and how long they are retried; how
   to add a form is told in ``alerts/forms``), its keys, secrets as `SecretStr` with their names in
   `confidential`, and ``build(tools) -> Channel``.
2. Beside it, a class with ``send(delivery, on_phase)``. Await ``on_phase(AttemptPhase.DATA)`` just before
   the message leaves, if a repeat would do harm; pass `delivery.id` on where the other side can drop
   duplicates by it; raise `DeliveryError`, or `ChannelError` when any other message would fare the same.
   Over HTTP, `Poster` and `refused` do most of it, and `Chat` all of it where both sides speak JSON.
3. What its answers mean goes into a table in ``channels/answers.py`` or ``channels/chat_answers.py``.
4. Add the settings class to `AnyChannel` below, and an example to ``config.example.toml``.
5. Add its service to the cases of ``tests/channels/test_chats.py``: a real and hostile server on loopback.

Retrying, ordering and rendering are not a channel's business.
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
