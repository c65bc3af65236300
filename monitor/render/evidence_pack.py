"""Write an evidence pack: a ZIP file with a page, the record as JSON, documents, messages and rule files.

The same evidence gives the same bytes: members are sorted, stored without compression and dated 1980.
"""

import hashlib
import html
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from monitor.model import AlertEvidence, DeliveryHistory, EvidencePack, Message, RuleFile
from monitor.text.secrets import MASK, without_secrets

from .evidence_data import document_data, document_path, evidence_data
from .evidence_page import evidence_page
from .sanitize import without_surrogates

PAGE, RECORD, SUMS = "index.html", "evidence.json", "SHA256SUMS"

_DATE = (1980, 1, 1, 0, 0, 0)
_MODE = 0o100600 << 16

#: Signatures in the links of messages: whoever has one can act in the recipient's name.
_SIGNED = re.compile(r"(/a/[a-z_]+\.\w{20}\.)\w{20}\.[\w-]{6}\.[\w-]{43}|(/u/)WyJ[\w-]+\.[\w-]{43}")


def pack_evidence(pack: EvidencePack, *, mask_addresses: bool = False) -> bytes:
    """Return the ZIP file of a pack. Signatures in links are masked, and with `mask_addresses` recipients."""
    addresses = _addresses(pack) if mask_addresses else {}
    pack = _with_recipients(pack, addresses)
    members = dict(_documents(pack))
    rules = dict(_rule_files(pack))
    members |= {path: file.text.encode("utf-8", "replace") for path, (_, file) in rules.items()}
    texts, messages = dict[str, str](), dict[str, tuple[str, ...]]()
    for delivery_id, number, message in _messages(pack):
        made = dict(_message_files(f"messages/{number:03}", message))
        texts |= made
        messages[delivery_id] = tuple(made)
    texts[RECORD] = _json(evidence_data(pack, messages, rules))
    texts[PAGE] = evidence_page(pack, sorted((*members, *texts)), messages)
    members |= {path: _masked(text, addresses).encode("utf-8", "replace") for path, text in texts.items()}
    members[SUMS] = "".join(f"{_sha256(members[path])}  {path}\n" for path in sorted(members)).encode()
    return _zip(members)


def masked_address(address: str) -> str:
    """Return an address by its first character, and the host of a mail address."""
    name, at, host = address.rpartition("@")
    return f"{(name or host)[:1]}{MASK}{at}{host if at else ''}" if address else ""


def _addresses(pack: EvidencePack) -> dict[str, str]:
    """Return every recipient with the masked form of it."""
    found = {history.delivery.recipient for each in pack.alerts for history in each.deliveries}
    found |= {action.recipient for each in pack.alerts for action in each.actions}
    return {address: masked_address(address) for address in found if address}


def _with_recipients(pack: EvidencePack, addresses: Mapping[str, str]) -> EvidencePack:
    """Return a pack with these names in place of recipients, and without secrets in what is free text."""
    return replace(pack, alerts=tuple(_with_names(each, addresses) for each in pack.alerts))


def _with_names(each: AlertEvidence, addresses: Mapping[str, str]) -> AlertEvidence:
    deliveries = tuple(
        DeliveryHistory(
            replace(
                history.delivery,
                recipient=_name(history.delivery.recipient, addresses),
                reason=without_secrets(history.delivery.reason),
            ),
            tuple(replace(attempt, reason=without_secrets(attempt.reason)) for attempt in history.attempts),
        )
        for history in each.deliveries
    )
    actions = tuple(replace(each, recipient=_name(each.recipient, addresses)) for each in each.actions)
    return replace(each, deliveries=deliveries, actions=actions)


def _name(recipient: str, addresses: Mapping[str, str]) -> str:
    return addresses.get(recipient, without_secrets(recipient))


def _masked(text: str, addresses: Mapping[str, str]) -> str:
    """Mask signatures of links, and mail addresses wherever they stand."""
    text = _SIGNED.sub(lambda found: f"{found[1] or found[2]}{MASK}", without_surrogates(text))
    for address, masked in addresses.items():
        if "@" in address:
            text = text.replace(html.escape(address), masked).replace(address, masked)
    return text


def _documents(pack: EvidencePack) -> Iterator[tuple[str, bytes]]:
    """Yield each document exactly as received, and its headers."""
    for each in pack.alerts:
        data = document_data(each.exhibit)
        if data and each.exhibit.document:
            path = document_path(each.exhibit.hash)
            yield path, each.exhibit.document.body
            lines = [data["url"], *(f"{name}: {value}" for name, value in data["headers"].items())]
            headers = "".join(f"{line}\n" for line in lines)
            yield path.replace(".raw", ".headers.txt"), headers.encode("utf-8", "replace")


def _rule_files(pack: EvidencePack) -> Iterator[tuple[str, tuple[str, RuleFile]]]:
    for version, several in sorted(pack.files.items()):
        folder = version.replace(" ", "-")
        for number, file in enumerate(sorted(several, key=lambda each: (each.role, each.name)), 1):
            name = re.sub(r"[^A-Za-z0-9._-]+", "_", file.name)
            yield f"{folder}/{number:02}-{name}", (version, file)


def _messages(pack: EvidencePack) -> Iterator[tuple[str, int, Message]]:
    """Yield (delivery, number, message); a delivery about several alerts counts once."""
    histories = (history for each in pack.alerts for history in each.deliveries)
    deliveries = {history.delivery.id: history.delivery for history in histories}
    for number, delivery in enumerate(deliveries.values(), 1):
        yield delivery.id, number, delivery.message


def _message_files(path: str, message: Message) -> Iterator[tuple[str, str]]:
    if message.text:
        yield f"{path}.txt", f"{message.subject}\n\n{message.text}"
    if message.html:
        yield f"{path}.html", message.html
    structure = {"blocks": message.blocks, "data": message.data}
    if any(structure.values()):
        yield f"{path}.json", _json({"subject": message.subject, **structure})
    for attachment in message.attachments:
        yield f"{path}-{re.sub(r'[^A-Za-z0-9._-]+', '_', attachment.name)}", attachment.text


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=dict) + "\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _zip(members: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(members):
            info = zipfile.ZipInfo(path, _DATE)
            info.create_system, info.external_attr = 3, _MODE
            archive.writestr(info, members[path])
    return packed.getvalue()
