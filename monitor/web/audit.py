"""Write to the audit log what somebody did at the desk."""

from monitor.model import AuditEntry

from .base import WebContext
from .security.access import Identity
from .stories.actions import NOBODY


async def add_audit(web: WebContext, by: Identity, what: str, subject: str, detail: str = "") -> None:
    """Write an entry; `subject` is an id or a name."""
    entry = AuditEntry(at=web.clock(), who=by.name or NOBODY, what=what, subject=subject, detail=detail)
    await web.write(web.jobs.store.add_audit, entry)
