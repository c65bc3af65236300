"""Send JSON to a chat service, and check that its answer confirms the message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.channels.answers.chat import chat_meaning
from monitor.clock import Clock
from monitor.errors import DeliveryError

from .base import OnPhase
from .post import Answer, Poster, refusal
from .webhook import canonical


@dataclass(frozen=True, slots=True)
class Chat:
    """A service that takes JSON and answers in JSON.

    `proof` returns the part of an answer that confirms success, such as the message's id; "" if none does.
    """

    service: str
    poster: Poster
    clock: Clock
    proof: Callable[[Answer], str]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    async def post(self, data: Mapping[str, Any], on_phase: OnPhase) -> Answer:
        """Return the answer, whatever its status."""
        return await self.poster.post(canonical(data), self.headers, on_phase)

    def check(self, answer: Answer) -> str:
        """Return a successful answer in a few words.

        Raises:
            DeliveryError: the message was refused; or nothing confirms it, and then it is uncertain.
        """
        if not answer.good:
            raise refusal(answer, self.clock(), chat_meaning(self.service, answer.status, answer.body))
        if not (proof := self.proof(answer)):
            # Perhaps not the service: repeated posts would be worse than one retry.
            what = repr(answer.excerpt) if answer.excerpt else "nothing"
            raise DeliveryError(f"{answer.host} answered {what}, which confirms nothing", uncertain=True)
        return f"HTTP {answer.status} {proof}"

    async def send(self, data: Mapping[str, Any], on_phase: OnPhase) -> str:
        """Post, and return a successful answer in a few words, or raise as `check` does."""
        return self.check(await self.post(data, on_phase))


def text_of(value: Any) -> str:
    """Return an id as an answer gives it, bounded; "" if it is none."""
    return str(value)[:80] if isinstance(value, str | int) and not isinstance(value, bool) else ""
