"""Ways to reach people, one file each. A channel knows nothing of stores, rules or templates.

To add a channel, say Matrix:

1. Write ``channels/matrix.py`` with a settings class: a `ChannelSettings` with ``type: Literal["matrix"]``,
   the `form` of message it takes (which decides how messages are rendered and how long they are retried), its
   keys, secrets as `SecretStr` with their names in `confidential`, and ``build(tools) -> Channel``.
2. Beside it, a class with ``send(delivery, mark)``. Await ``mark("data")`` just before the message leaves, if
   a repeat would do harm; pass `delivery.id` on where the other side can drop duplicates by it; raise
   `DeliveryError`, or `ChannelError` when any other message would fare the same. Over HTTP, `Poster` and
   `refused` do most of it.
3. What its answers mean goes into a table in ``channels/answers.py``.
4. Add the settings class to `AnyChannel` below, and an example to ``config.example.toml``.
5. Copy ``tests/channels/test_slack.py`` and change what differs: a real server on loopback, cases as data.

Retrying, ordering and rendering are not a channel's business.
"""

from typing import Annotated

from pydantic import Field

from .base import Channel, Mark
from .console import ConsoleSettings
from .email import EmailSettings
from .file import FileSettings
from .settings import ChannelSettings, Tools
from .slack import SlackSettings
from .slack_bot import SlackBotSettings
from .webhook import WebhookSettings

AnyChannel = Annotated[
    ConsoleSettings | EmailSettings | FileSettings | SlackSettings | SlackBotSettings | WebhookSettings,
    Field(discriminator="type"),
]

__all__ = ["AnyChannel", "Channel", "ChannelSettings", "Mark", "Tools"]
