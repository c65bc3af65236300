"""Add a feed by its address: look at it, choose what a page names or how it is read, and save it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from monitor import config
from monitor.config.configured_feed import feed_of
from monitor.config.edit import with_feed_switched
from monitor.config.versions import FileChange, VersionedFile
from monitor.config.write import restore_version, write_version
from monitor.errors import ConfigError
from monitor.model import Tier
from monitor.render.sanitize import sanitize
from monitor.web.audit import add_audit
from monitor.web.base import WebContext
from monitor.web.feeds.draft import FeedDraft, address_mistake, read_draft, with_draft
from monitor.web.feeds.preview import AddressPreview, preview_address
from monitor.web.render import show
from monitor.web.stories.actions import NOBODY

from .common import DeskForm, DeskRouter, Editor, Form, Web

router = DeskRouter()


@router.get("/new-feed")
async def new_feed(request: Request, web: Web, by: Editor, url: str = "") -> Response:
    """Show the form for an address."""
    return await show(request, web, "new_feed", _context, web, FeedDraft(url=url[:2_000]))


@router.post("/new-feed/look")
async def preview_feed(request: Request, web: Web, form: Form) -> Response:
    """Fetch an address once and show what it holds, with the form to add it."""
    draft, found, mistake = read_draft(form.one), None, ""
    try:
        table = draft.settings()
        mistake = address_mistake(draft.url, web.policy.articles.is_internal)
        if not mistake:
            async with web.turns.fetches.turn():
                found = await preview_address(web, feed_of("new", table))
            draft = _completed(draft, found)
    except ConfigError as error:
        mistake = str(error)
    return await show(request, web, "new_feed", _context, web, draft, found, mistake=mistake)


@router.post("/new-feed")
async def add_feed(request: Request, web: Web, form: Form) -> Response:
    """Write a feed into the configuration, which is loaded before and reloaded after."""
    draft = read_draft(form.one)
    if mistake := address_mistake(draft.url, web.policy.articles.is_internal):
        return await show(request, web, "new_feed", _context, web, draft, mistake=mistake, saving=True)
    try:
        async with web.file_lock:
            name, number = await asyncio.to_thread(_add, _file(web), draft, _change(web, form, "added"))
    except ConfigError as error:
        return await show(request, web, "new_feed", _context, web, draft, mistake=str(error), saving=True)
    await add_audit(web, form.by, "feed added", name, draft.url)
    web.request_reload()
    return RedirectResponse(f"/feeds?changed={number}", 303)


@router.post("/feeds/{name}/switch")
async def switch_feed(name: str, web: Web, form: Form) -> Response:
    """Switch a feed on or off in the configuration."""
    on = form.one("to") == "on"
    if name not in web.policy.alerts.feeds and name not in web.policy.feeds_off:
        raise HTTPException(404, "No such feed is configured.")
    word = "on" if on else "off"
    change = _change(web, form, f"switched {word} [feeds.{name}]")
    try:
        async with web.file_lock:
            number = await asyncio.to_thread(_switch, _file(web), name, on, change)
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error
    await add_audit(web, form.by, f"feed switched {word}", name)
    web.request_reload()
    return RedirectResponse(f"/feeds?changed={number}", 303)


@router.post("/configuration/undo")
async def undo_change(web: Web, form: Form) -> Response:
    """Undo the last change of the configuration, unless the file was changed since."""
    number = form.one("version")
    if not number.isascii() or not number.isdigit():
        raise HTTPException(422, "Say which version.")
    change = _change(web, form, f"undid change {number[:9]}")
    try:
        async with web.file_lock:
            await asyncio.to_thread(restore_version, _file(web), int(number[:9]), change)
    except ConfigError as error:
        raise HTTPException(409, str(error)) from error
    await add_audit(web, form.by, "configuration restored", f"version {number[:9]}")
    web.request_reload()
    return RedirectResponse("/feeds", 303)


def _context(
    web: WebContext,
    draft: FeedDraft,
    found: AddressPreview | None = None,
    *,
    mistake: str = "",
    saving: bool = False,
) -> Mapping[str, Any]:
    return {
        "ready": saving or (found is not None and found.is_feed),
        "draft": draft,
        "found": found,
        "mistake": sanitize(mistake),
        "tiers": [tier.value for tier in Tier],
        "can_save": web.policy.config_file is not None,
        "status": 422 if mistake else 200,
    }


def _completed(draft: FeedDraft, found: AddressPreview) -> FeedDraft:
    """Return the draft with what the document says, where nothing was typed."""
    return replace(draft, title=draft.title or found.title, lang=draft.lang or found.lang)


def _add(path: Path, draft: FeedDraft, change: FileChange) -> tuple[str, int]:
    settings = config.load(path)
    for name, table in settings.feeds.items():
        if table.url == draft.url:
            raise ConfigError(f"this address is there already, as [feeds.{name}]")
    note = f"{draft.comment} (" if draft.comment else "("
    comment = f"{note}added at the desk by {change.who}, {change.at:%Y-%m-%d})"
    text, name = with_draft(VersionedFile(path).text(), draft, settings.feeds, comment)
    return name, write_version(path, text, replace(change, what=f"added [feeds.{name}]"))


def _switch(path: Path, name: str, on: bool, change: FileChange) -> int:
    return write_version(path, with_feed_switched(VersionedFile(path).text(), name, on=on), change)


def _change(web: WebContext, form: DeskForm, what: str) -> FileChange:
    return FileChange(at=web.clock(), who=form.by.name or NOBODY, what=what)


def _file(web: WebContext) -> Path:
    if web.policy.config_file is None:
        raise ConfigError("this server was started without a configuration file that it may change")
    return web.policy.config_file
