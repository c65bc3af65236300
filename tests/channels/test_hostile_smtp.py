"""Mail against servers that misbehave at every verb, over real sockets: the outcome is as in the table."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from monitor.channels import EmailSettings, Tools
from monitor.errors import DeliveryError
from tests.channels.hostile import Outcome, outcome_of
from tests.conftest import delivery

HANG, DROP, RESET = "hang", "drop", "reset"

#: Seconds to wait for a server that says nothing, and for one that answers however busy the machine is.
HASTY_S, PATIENT_S = 0.3, 60
USUAL = {
    "connect": "220 mail.example ESMTP",
    "ehlo": "250-mail.example\r\n250-SIZE 100000\r\n250 ENHANCEDSTATUSCODES",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go ahead",
    "end": "250 2.0.0 queued",
    "quit": "221 bye",
    "starttls": "220 ready",
}
SECURE = {"ehlo": "250-mail.example\r\n250 STARTTLS"}


class Rude:
    """A mail server that answers as the script says, verb by verb; `verbs` are those it received."""

    def __init__(self, script):
        self._script = USUAL | script
        self.verbs = []

    async def __call__(self, incoming, outgoing):
        try:
            await self._say("connect", outgoing)
            while line := await incoming.readline():
                verb = line.split()[0].decode("latin-1").lower() if line.strip() else ""
                self.verbs.append(verb)
                await self._say(verb, outgoing)
                if verb == "data" and self._script["data"].startswith("354"):
                    while (line := await incoming.readline()) not in {b".\r\n", b""}:
                        pass
                    if line:
                        await self._say("end", outgoing)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            outgoing.transport.abort()

    async def _say(self, verb, outgoing):
        said = self._script.get(verb, "500 5.5.1 what?")
        if said == HANG:
            await asyncio.Event().wait()
        if said in {DROP, RESET}:
            outgoing.close() if said == DROP else outgoing.transport.abort()
            raise ConnectionError
        outgoing.write(f"{said}\r\n".encode("latin-1"))
        await outgoing.drain()


@asynccontextmanager
async def rude(script):
    server = Rude(script)
    tasks = set()

    async def session(incoming, outgoing):
        tasks.add(asyncio.current_task())
        await server(incoming, outgoing)

    listening = await asyncio.start_server(session, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def attempt(script, tls="none"):
    """Make one attempt; return its outcome, the verbs the server received and the phases reached."""
    phases = []
    is_silent = HANG in script.values() or script == SECURE
    limits = (PATIENT_S, HASTY_S) if "end" in script else (HASTY_S, PATIENT_S)

    async def on_phase(phase):
        phases.append(phase)

    async with rude(script) as server:
        settings = EmailSettings(
            host="127.0.0.1",
            port=server.port,
            tls=tls,
            sender="radar@news.example",
            to=("desk@desk.example",),
            timeout_s=limits[0] if is_silent else PATIENT_S,
            end_timeout_s=limits[1] if is_silent else PATIENT_S,
        )
        with pytest.raises(DeliveryError) as caught:
            await settings.build(Tools(http=None)).send(delivery(recipient="desk@desk.example"), on_phase)
    return outcome_of(caught.value), server.verbs, phases


def coded(code, **facts):
    return Outcome(code=code, **facts)


CASES = [
    # who does not even greet
    ({"connect": HANG}, Outcome()),
    ({"connect": DROP}, Outcome()),
    ({"connect": "HTTP/1.1 400 Bad Request"}, Outcome()),
    ({"connect": "\x16\x03\x01"}, Outcome()),
    ({"connect": "421 4.3.2 too many connections"}, coded("421 4.3.2")),
    ({"connect": "554 5.7.1 you are on a list"}, coded("554 5.7.1")),
    ({"ehlo": RESET}, Outcome()),
    ({"ehlo": HANG}, Outcome()),
    ({"ehlo": "250-" + "x" * 100_000}, Outcome()),
    # shutting down at any verb
    ({"mail": "421 4.3.2 shutting down"}, coded("421 4.3.2")),
    ({"rcpt": "421 4.3.2 shutting down"}, coded("421 4.3.2")),
    ({"data": "421 4.3.2 shutting down"}, coded("421 4.3.2")),
    ({"end": "421 4.3.2 shutting down"}, coded("421 4.3.2")),
    ({"mail": DROP}, Outcome()),
    ({"rcpt": RESET}, Outcome()),
    ({"data": HANG}, Outcome()),
    # the recipient
    ({"rcpt": "450 4.7.1 greylisted, come back in 5 minutes"}, coded("450 4.7.1", channel=False)),
    ({"rcpt": "452 4.2.2 mailbox full"}, coded("452 4.2.2", channel=False)),
    ({"rcpt": "452 4.5.3 too many recipients"}, coded("452 4.5.3", channel=False)),
    ({"rcpt": "550 5.1.1 no such user"}, coded("550 5.1.1", channel=False, permanent=True)),
    ({"rcpt": "551 5.1.6 moved"}, coded("551 5.1.6", channel=False, permanent=True)),
    ({"rcpt": "553 5.1.3 what address?"}, coded("553 5.1.3", channel=False, permanent=True)),
    ({"rcpt": "552 5.2.2 mailbox full"}, coded("552 5.2.2", channel=False)),
    ({"rcpt": "550 no such user"}, coded("550", channel=False, permanent=True)),
    # the sender and the client, refused where Postfix refuses them
    ({"rcpt": "554 5.7.1 <desk@desk.example>: Relay access denied"}, coded("554 5.7.1", permanent=True)),
    ({"rcpt": "550 5.4.1 no route"}, coded("550 5.4.1", permanent=True)),
    ({"rcpt": "550 Access denied"}, coded("550", permanent=True)),
    ({"data": "554 5.7.1 Data command rejected"}, coded("554 5.7.1", permanent=True)),
    # the sender, the account
    ({"mail": "530 5.7.0 sign in first"}, coded("530 5.7.0", permanent=True)),
    ({"mail": "550 5.7.30 no basic authentication"}, coded("550 5.7.30", permanent=True)),
    ({"mail": "550 5.7.1 not your address"}, coded("550 5.7.1", permanent=True)),
    ({"mail": "452 4.3.1 no space"}, coded("452 4.3.1")),
    # the message
    ({"mail": "552 5.3.4 too big"}, coded("552 5.3.4", channel=False, permanent=True)),
    ({"data": "554 5.5.1 no valid recipients"}, coded("554 5.5.1", channel=False, permanent=True)),
    ({"end": "554 5.7.1 policy"}, coded("554 5.7.1", channel=False, permanent=True)),
    ({"end": "451 4.3.0 later"}, coded("451 4.3.0", channel=False)),
    ({"end": "552 5.2.2 mailbox full"}, coded("552 5.2.2", channel=False)),
    # nobody knows
    ({"end": HANG}, Outcome(uncertain=True)),
    ({"end": DROP}, Outcome(uncertain=True)),
    ({"end": RESET}, Outcome(uncertain=True)),
    ({"end": "\x16\x03\x01 no SMTP"}, Outcome(uncertain=True)),
]


@pytest.mark.parametrize(("script", "outcome"), CASES, ids=[str(script)[:60] for script, _ in CASES])
async def test_a_script_of_replies_gives_the_outcome_beside_it(script, outcome):
    found, verbs, phases = await attempt(script)
    assert found == outcome
    assert phases == (["data"] if "end" in script else [])
    assert "auth" not in verbs


STRIPPED = [
    (USUAL | {}, Outcome(permanent=True)),
    (SECURE | {"starttls": "454 4.7.0 TLS not available"}, coded("454 4.7.0")),
    (SECURE | {"starttls": "501 5.5.4 no"}, coded("501 5.5.4", permanent=True)),
    (SECURE | {"starttls": "220 ready\r\n250 I am not encrypted"}, Outcome()),
    (SECURE | {"starttls": DROP}, Outcome()),
    (SECURE, Outcome()),  # it answers "ready" and then sends no TLS
]


@pytest.mark.parametrize(("script", "outcome"), STRIPPED)
async def test_where_there_is_no_tls_nothing_is_said_in_clear(script, outcome):
    found, verbs, phases = await attempt(script, tls="starttls")
    assert found == outcome
    assert phases == []
    assert {"auth", "mail", "rcpt", "data"}.isdisjoint(verbs)
