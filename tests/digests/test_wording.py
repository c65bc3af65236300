"""A digest is worded once for all who get the same content in the same language."""

from dataclasses import replace

from monitor.digests.wording import wording_of
from monitor.model import ChannelTarget, MessageForm, Recipient
from monitor.render import samples as sample


def recipient(name: str, language: str = "") -> Recipient:
    return Recipient(name=name, addresses=(("desk", f"{name}@news.example"),), language=language)


def test_the_messages_of_a_recipient_are_in_their_language() -> None:
    targets = {"desk": ChannelTarget("desk", MessageForm.MAIL)}
    (target,) = recipient("ayse", "tr").channel_targets(targets)
    assert (target.language, target.recipients) == ("tr", ("ayse@news.example",))
    assert recipient("john").channel_targets(targets)[0].language == ""


def test_recipients_share_a_digest_only_in_one_language() -> None:
    def wording_id(name: str, language: str) -> str:
        sub = replace(sample.DIGEST.subscription, recipient=recipient(name, language), language=language)
        return wording_of(replace(sample.DIGEST, subscription=sub)).id

    assert wording_id("ayse", "tr") == wording_id("mehmet", "tr")
    assert wording_id("ayse", "tr") != wording_id("john", "")
