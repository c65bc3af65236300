"""Links that act: signed, for one act, expiring, and the same for the same delivery."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.alerts.signed_links import ActionRequest, LinkError, SignedLinks
from monitor.model import ACTIONS, Message, key_of
from tests.conftest import NOW, delivery

LINKS = SignedLinks("https://alerts.newsroom.example/", "a secret")
ALERT = key_of("an alert")


def token(url: str) -> str:
    return url.rpartition("/")[2]


def test_a_link_says_what_it_may_do_about_what_and_in_answer_to_which_delivery() -> None:
    url = LINKS.action_link(ALERT, "wrong_entity", "d1", NOW)
    assert url.startswith("https://alerts.newsroom.example/a/wrong_entity.")
    assert LINKS.action_request(token(url), NOW + timedelta(days=1)) == ActionRequest(
        "wrong_entity", ALERT, "d1"
    )


def test_a_link_expires() -> None:
    url = LINKS.action_link(ALERT, "noise", "d1", NOW)
    LINKS.action_request(token(url), NOW + timedelta(days=30))
    with pytest.raises(LinkError, match="30 days"):
        LINKS.action_request(token(url), NOW + timedelta(days=30, seconds=1))


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token.replace("noise", "acknowledge"),
        lambda token: token.replace("d1", "d2"),
        lambda token: token[:-1],
        lambda token: "",
        lambda token: "a.b",
        lambda token: "\u0100" + token,
    ],
)
def test_a_link_that_was_changed_does_nothing(change: Callable[[str], str]) -> None:
    with pytest.raises(LinkError, match="not a link"):
        LINKS.action_request(change(token(LINKS.action_link(ALERT, "noise", "d1", NOW))), NOW)


def test_a_link_of_another_secret_or_of_another_kind_does_nothing() -> None:
    stranger = SignedLinks(LINKS.base_url, "another")
    with pytest.raises(LinkError):
        LINKS.action_request(token(stranger.action_link(ALERT, "noise", "d1", NOW)), NOW)
    unsubscription = token(LINKS.unsubscribe_link("desk", "a@example.org"))
    with pytest.raises(LinkError):
        LINKS.action_request(unsubscription, NOW)
    with pytest.raises(LinkError):
        LINKS.unsubscription(token(LINKS.action_link(ALERT, "noise", "d1", NOW)))
    with pytest.raises(LinkError):
        stranger.unsubscription(unsubscription)


def test_an_unsubscribe_link_names_channel_and_recipient_and_is_always_the_same() -> None:
    url = LINKS.unsubscribe_link("desk", "a@example.org")
    assert url == LINKS.unsubscribe_link("desk", "a@example.org")
    assert LINKS.unsubscription(token(url)) == ("desk", "a@example.org")


def test_every_recipient_gets_links_of_their_own_in_all_places_of_a_message() -> None:
    place = LINKS.placeholder("noise", ALERT)
    words = Message(
        subject="s",
        text=f"text {place}.",
        html=f'<a href="{place}">',
        blocks=({"text": f"<{place}|noise>"},),
        data={"to": [place]},
    )
    one = LINKS.signed(delivery(id=key_of("one"), message=words))
    other = LINKS.signed(delivery(id=key_of("other"), message=words))
    link = LINKS.action_link(ALERT, "noise", key_of("one"), NOW)
    assert one.message == Message(
        subject="s",
        text=f"text {link}.",
        html=f'<a href="{link}">',
        blocks=({"text": f"<{link}|noise>"},),
        data={"to": [link]},
    )
    assert link not in other.message.text
    assert LINKS.signed(one) == one


@pytest.mark.parametrize("action", ACTIONS)
def test_a_place_is_as_long_as_the_link_that_will_stand_there(action: str) -> None:
    assert len(LINKS.placeholder(action, ALERT)) == len(LINKS.action_link(ALERT, action, key_of("d"), NOW))


def test_no_text_of_a_feed_becomes_an_action_link() -> None:
    guessed = replace(LINKS, secret="guessed").placeholder("silence", ALERT)
    words = Message(subject="s", text=f"{guessed} {LINKS.base_url}a/silence.{ALERT}.{'-' * 71}")
    assert LINKS.signed(delivery(message=words)).message == words
