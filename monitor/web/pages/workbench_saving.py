"""Save what was tried at the workbench, undo that, and restore an earlier version."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from fastapi import HTTPException, Response
from fastapi.responses import RedirectResponse

from monitor.config.versions import FileChange
from monitor.config.write import restore_version
from monitor.errors import ConfigError
from monitor.web.audit import add_audit
from monitor.web.base import WebContext
from monitor.web.stories.actions import NOBODY
from monitor.web.workbench.fields import (
    WorkbenchFields,
    WorkbenchKind,
    frame_class,
    list_name,
    read_fields,
    rule_id,
    rule_points,
)
from monitor.web.workbench.files import (
    NewRule,
    restore,
    save_frames,
    save_rule,
    save_watch_list,
    with_frame,
    with_frame_words,
)
from monitor.web.workbench.proposal import frame_of, propose
from monitor.web.workbench.saved import files_of, rules_in_force
from monitor.web.workbench.trial import try_examples

from .common import DeskRouter, Form, Web

router = DeskRouter()


@router.post("/workbench/rules")
async def save(web: Web, form: Form) -> Response:
    """Save what was tried; it counts from the next reload, which is asked for."""
    fields = read_fields(form.one)
    path = _file(web, fields.kind)
    who = form.by.name or NOBODY
    change = FileChange(at=web.clock(), who=who, what=f"saved {_subject(fields)}")
    try:
        async with web.file_lock:
            number = await web.read(_SAVE[fields.kind], web, fields, path, change)
    except ConfigError as error:
        raise HTTPException(422, str(error)) from error
    detail = fields.query or fields.frame or ", ".join(fields.words)
    await add_audit(web, form.by, f"{fields.kind} saved", _subject(fields), detail[:500])
    web.request_reload()
    return RedirectResponse(f"/workbench?kind={fields.kind}&changed={number}", 303)


@router.post("/workbench/undo")
async def undo(web: Web, form: Form) -> Response:
    """Put an earlier version of a file in place again; of the configuration, only the last one."""
    number, kind = form.one("version"), read_fields(form.one).kind
    if not number.isascii() or not number.isdigit():
        raise HTTPException(422, "Say which version.")
    path = _file(web, kind)
    what = f"restored version {number[:9]}"
    change = FileChange(at=web.clock(), who=form.by.name or NOBODY, what=what)
    put_back = restore_version if kind is WorkbenchKind.WATCH else restore
    try:
        async with web.file_lock:
            await asyncio.to_thread(put_back, path, int(number[:9]), change)
    except ConfigError as error:
        raise HTTPException(409, str(error)) from error
    await add_audit(web, form.by, f"{kind} restored", f"version {number[:9]}")
    web.request_reload()
    return RedirectResponse(f"/workbench?kind={kind}", 303)


def _save_rule(web: WebContext, fields: WorkbenchFields, path: Path, change: FileChange) -> int:
    force = rules_in_force(web)
    id, points = rule_id(fields), rule_points(fields)
    propose(fields, force)
    examples = {True: fields.yes, False: fields.no}
    for each in try_examples(force.engine, fields.query, examples):
        if not each.good:
            raise ConfigError(f"An example has the wrong result: {each.text}: {each.why}")
    rule = NewRule(
        id=id,
        topic=fields.topic,
        points=points,
        because=fields.because,
        when=fields.query,
        yes=fields.yes,
        no=fields.no,
    )
    return save_rule(path, rule, force.engine.tags, fields.comment, change)


def _save_frame(web: WebContext, fields: WorkbenchFields, path: Path, change: FileChange) -> int:
    force = rules_in_force(web)
    if added := frame_of(fields, force):
        text = with_frame(path, added.id, added.table(), fields.comment)
    else:
        text = with_frame_words(path, frame_class(fields), fields.lang, fields.words)
    return save_frames(path, text, force.lexicon_texts(), change)


def _save_list(web: WebContext, fields: WorkbenchFields, path: Path, change: FileChange) -> int:
    name = list_name(fields)
    propose(fields, rules_in_force(web))
    return save_watch_list(path, name, fields.words, fields.comment, change)


_SAVE: dict[WorkbenchKind, Callable[[WebContext, WorkbenchFields, Path, FileChange], int]] = {
    WorkbenchKind.RULE: _save_rule,
    WorkbenchKind.FRAME: _save_frame,
    WorkbenchKind.WATCH: _save_list,
}


def _subject(fields: WorkbenchFields) -> str:
    """Return the table that the fields are saved as."""
    if fields.kind is WorkbenchKind.FRAME and not fields.adds_frame:
        return f"[{fields.group}]"
    return f"[{fields.kind}.{fields.frame_id if fields.adds_frame else fields.id}]"


def _file(web: WebContext, kind: WorkbenchKind) -> Path:
    path = files_of(web, kind)
    if path is None:
        raise HTTPException(422, "No file of this kind is configured.")
    return path
