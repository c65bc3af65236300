"""Examine mail servers: connect, greet, start TLS and sign in, without sending anything."""

import asyncio
from collections.abc import AsyncIterator

import aiosmtplib

from monitor.app.http import guarded_client
from monitor.channels import Tools
from monitor.channels.email import EmailSettings
from monitor.channels.smtp.submission import Submission
from monitor.errors import DeliveryError

from .base import Examination, Finding, fail, ok

_REMEDY = "see docs/channels.md, and the log of the mail server"


async def examine_mail(examination: Examination) -> AsyncIterator[Finding]:
    """Yield for each email channel whether its server lets us in."""
    http, _ = guarded_client(examination.settings)
    async with http:
        for name, table in examination.settings.channels.items():
            if isinstance(table, EmailSettings):
                yield await _finding(examination, name, table, Tools(http=http))


async def _finding(examination: Examination, name: str, table: EmailSettings, tools: Tools) -> Finding:
    place = examination.place("channels", name)
    session = Submission(table.server(tools))
    try:
        async with asyncio.timeout(examination.timeout_s):
            await session.open()
    except (aiosmtplib.SMTPException, OSError) as error:
        return fail(str(session.fault(error)), place, _REMEDY)
    except TimeoutError:
        return fail(f"{table.host} does not answer in {examination.timeout_s:g} s", place, _REMEDY)
    except DeliveryError as error:
        return fail(str(error), place, _REMEDY)
    finally:
        await session.close()
    signed_in = f", signed in as {table.user}" if table.user else ""
    return ok(f"{name}: {table.host} is ready for mail ({table.tls}{signed_in})")
