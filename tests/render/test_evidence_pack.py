"""Evidence packs: everything an auditor files, the same bytes for the same evidence, no secrets."""

import hashlib
import io
import json
import tomllib
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from monitor.alerts.signed_links import SignedLinks
from monitor.model import (
    Action,
    Alert,
    AlertEvidence,
    ArchivedDocument,
    Attempt,
    AttemptOutcome,
    AttemptPhase,
    DeliveryHistory,
    DeliveryState,
    EvidencePack,
    Exhibit,
    FileRole,
    Judged,
    Message,
    Replay,
    ReplayOutcome,
    RuleExcerpt,
    RuleFile,
)
from monitor.render.evidence_pack import masked_address, pack_evidence
from monitor.render.evidence_page import Segment, segments
from tests.conftest import NOW, alert, delivery, verdict
from tests.render.test_injection import hostile

CASES = tomllib.loads((Path(__file__).parent / "injection.toml").read_text("utf-8"))["case"]
BODY = b"<rss>\xff</rss>"
DOCUMENT = ArchivedDocument(
    hash=hashlib.sha256(BODY).hexdigest(),
    feed="wire",
    url="https://user:pass@wire.example/feed?token=opensesame",
    fetched_at=NOW,
    headers=(("location", "https://wire.example/?api_key=shibboleth"),),
    body=BODY,
)
RULE = RuleFile(FileRole.RULES, "rules/../own rules.toml", "[rule.weapon-bought]\n")
LINKS = SignedLinks("https://alerts.example", "a secret")


def pack_of(
    one: Alert, *histories: DeliveryHistory, document: ArchivedDocument | None = DOCUMENT
) -> EvidencePack:
    judged = Judged(one.item, one.verdict, one.decision)
    found = AlertEvidence(
        exhibit=Exhibit(one, DOCUMENT.hash, document),
        deliveries=histories,
        actions=(Action(one.id, "relevant", "desk", "ann@bank.example", NOW),),
        replay=Replay(ReplayOutcome.SAME),
    )
    return EvidencePack(
        judged=judged,
        replay=Replay(ReplayOutcome.SAME),
        alerts=(found,),
        excerpts=(RuleExcerpt(kind="rule", id="weapon-bought", file=RULE.name, when="orders AND @weapon"),),
        files={"rules r1": (RULE,)},
        program="1.0",
    )


def history(one: Alert, **changes: object) -> DeliveryHistory:
    sent = delivery(ref=one.id, recipient="ann@bank.example", state=DeliveryState.SENT, **changes)
    attempt = Attempt(
        delivery=sent.id,
        number=1,
        started_at=NOW,
        phase=AttemptPhase.DONE,
        ended_at=NOW,
        outcome=AttemptOutcome.SENT,
        code="250",
        reason="<ann@bank.example> accepted",
    )
    return DeliveryHistory(sent, (attempt,))


def members(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_pack_holds_the_document_the_record_the_page_the_messages_and_the_rules() -> None:
    one = alert()
    found = members(pack_evidence(pack_of(one, history(one))))
    document = f"documents/{DOCUMENT.hash[:16]}"
    assert list(found) == [
        "SHA256SUMS",
        f"{document}.headers.txt",
        f"{document}.raw",
        "evidence.json",
        "index.html",
        "messages/001.html",
        "messages/001.json",
        "messages/001.txt",
        "rules-r1/01-rules_.._own_rules.toml",
    ]
    assert found[f"{document}.raw"] == BODY
    assert found["messages/001.html"] == b"<p>Some text</p>"
    assert found["rules-r1/01-rules_.._own_rules.toml"].decode() == RULE.text
    record = json.loads(found["evidence.json"])
    (raised,) = record["alerts"]
    assert raised["document"]["sha256"] == DOCUMENT.hash
    assert raised["versions"] == {"rules": "r1", "lexicon": "l1", "lists": ""}
    assert raised["evidence"][0]["quote"] == "orders 12 howitzers"
    (sent,) = raised["deliveries"]
    assert (sent["recipient"], sent["state"], sent["attempts"][0]["code"]) == (
        "ann@bank.example",
        "sent",
        "250",
    )
    assert sent["files"] == ["messages/001.txt", "messages/001.html", "messages/001.json"]
    assert record["files"][0] == {
        "path": "rules-r1/01-rules_.._own_rules.toml",
        "version": "rules r1",
        "role": "rules",
        "name": RULE.name,
    }


def test_every_member_has_its_checksum() -> None:
    one = alert()
    found = members(pack_evidence(pack_of(one, history(one))))
    lines = [line.split("  ", 1) for line in found.pop("SHA256SUMS").decode().splitlines()]
    assert {path: sum_ for sum_, path in lines} == {
        path: hashlib.sha256(content).hexdigest() for path, content in found.items()
    }


def test_the_same_evidence_gives_the_same_bytes() -> None:
    one = alert()
    assert pack_evidence(pack_of(one, history(one))) == pack_evidence(pack_of(one, history(one)))


def test_secrets_are_never_in_a_pack() -> None:
    one = alert()
    link = LINKS.action_link(one.id, "relevant", delivery().id, NOW)
    leave = LINKS.unsubscribe_link("desk", "ann@bank.example")
    message = Message(subject="S", text=f"{link}\n{leave}\nhttps://forum.example/u/ann", data={"link": link})
    packed = pack_evidence(pack_of(one, history(one, message=message)))
    assert all(
        secret not in packed
        for secret in (link.encode(), leave.encode(), b"pass@", b"opensesame", b"shibboleth")
    )
    found = members(packed)
    assert found["messages/001.txt"].decode().splitlines()[-1] == "https://forum.example/u/ann"
    assert f"/a/relevant.{one.id}.•••" in found["messages/001.txt"].decode()
    assert "message_sha256" in found["evidence.json"].decode()


def test_addresses_are_masked_everywhere_only_if_asked_for() -> None:
    one = alert()
    evidence = pack_of(one, history(one, message=Message(subject="S", text="To ann@bank.example")))
    assert b"ann@bank.example" in members(pack_evidence(evidence))["index.html"]
    packed = pack_evidence(evidence, mask_addresses=True)
    assert b"ann@bank.example" not in packed
    assert "a•••@bank.example" in members(packed)["index.html"].decode()


@pytest.mark.parametrize(
    ("address", "masked"),
    [("ann@bank.example", "a•••@bank.example"), ("-100123", "-•••"), ("", "")],
)
def test_a_masked_address_keeps_its_host(address: str, masked: str) -> None:
    assert masked_address(address) == masked


def test_an_item_that_raised_no_alert_has_its_verdict_and_says_so() -> None:
    one = alert(verdict=verdict(topics=(), possible=("arms",)))
    found = members(pack_evidence(replace(pack_of(one), alerts=())))
    page = found["index.html"].decode()
    assert "It raised no alert, so no document was stored and nothing was sent." in page
    assert "possibly arms" in page
    assert json.loads(found["evidence.json"])["alerts"] == []


def test_a_document_that_is_no_longer_stored_is_named_by_its_hash() -> None:
    page = members(pack_evidence(pack_of(alert(), document=None)))["index.html"].decode()
    assert f"SHA-256 {DOCUMENT.hash}; the document itself is no longer stored." in page


@pytest.mark.parametrize(
    ("replay", "sentence"),
    [
        (Replay(ReplayOutcome.SAME), "the decision is the same."),
        (Replay(ReplayOutcome.DIFFERENT, ("event", "rules"), "lists"), "event, rules differ; lists."),
        (Replay(ReplayOutcome.NOT_POSSIBLE, (), "no files"), "It cannot be judged again: no files."),
    ],
)
def test_the_page_says_whether_the_item_is_judged_the_same_again(replay: Replay, sentence: str) -> None:
    evidence = pack_of(alert())
    evidence = replace(evidence, alerts=(replace(evidence.alerts[0], replay=replay),))
    assert sentence in members(pack_evidence(evidence))["index.html"].decode()


class Tags(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, ""), *((tag, name) for name, _ in attrs)}


def tags(page: bytes) -> set[tuple[str, str]]:
    parser = Tags()
    parser.feed(page.decode())
    return parser.found


@pytest.mark.parametrize("title", [case["title"] for case in CASES if "title" in case])
def test_hostile_text_adds_nothing_to_the_page(title: str) -> None:
    plain, attacked = hostile("Talks on arms"), hostile(title)
    expected = tags(members(pack_evidence(pack_of(plain, history(plain))))["index.html"])
    page = members(pack_evidence(pack_of(attacked, history(attacked))))["index.html"]
    assert tags(page) <= expected
    assert not {tag for tag, _ in expected} & {"script", "img", "iframe", "a", "link", "form", "object"}
    assert not any(ord(char) in {0x202E, 0x2066, 0} for char in page.decode())


def test_segments_cut_a_text_where_evidence_begins_and_ends() -> None:
    evidence = [
        replace(verdict().evidence[0], start=0, stop=8, quote="Ministry"),
        replace(verdict().evidence[0], start=0, stop=15, quote="Ministry orders"),
        replace(verdict().evidence[0], field="summary", start=0, stop=3, quote="The"),
        replace(verdict().evidence[0], start=9, stop=900, quote="beyond the end"),
    ]
    assert segments("title", "Ministry orders 12\u202e", evidence) == (
        Segment("Ministry", (1, 2)),
        Segment(" ", (2,)),
        Segment("orders", (2, 4)),
        Segment(" 12\ufffd", (4,)),
    )
