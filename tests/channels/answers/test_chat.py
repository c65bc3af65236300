"""Every row of the tables of chat services' answers, and what is not in them."""

import pytest

from monitor.channels.answers.chat import CHATS, chat_meaning
from tests.channels.answers.kinds import CHANNEL, DEAD, DEAD_CHANNEL, SLOW, SLOW_CHANNEL, kind

ANSWERS = [
    ("teams", 400, '{"error":{"code":"WorkflowTriggerIsNotEnabled"}}', DEAD_CHANNEL),
    ("teams", 400, '{"error":{"code":"TriggerInputSchemaMismatch"}}', DEAD),
    ("teams", 401, '{"error":{"code":"DirectApiAuthorizationRequired"}}', DEAD_CHANNEL),
    ("teams", 403, "", DEAD_CHANNEL),
    ("teams", 404, '{"error":{"code":"WorkflowNotFound"}}', DEAD_CHANNEL),
    ("teams", 410, "", DEAD_CHANNEL),
    ("teams", 413, "", DEAD),
    ("teams", 429, "", CHANNEL),
    ("discord", 400, '{"message":"Invalid Form Body","code":50035}', DEAD),
    ("discord", 401, '{"message":"401: Unauthorized","code":0}', DEAD_CHANNEL),
    ("discord", 403, "", DEAD_CHANNEL),
    ("discord", 404, '{"message":"Unknown Webhook","code":10015}', DEAD_CHANNEL),
    ("discord", 413, "", DEAD),
    ("discord", 429, '{"message":"You are being rate limited.","retry_after":0.5,"global":true}', CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: chat not found"}', DEAD_CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: message thread not found"}', DEAD_CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: TOPIC_DELETED"}', DEAD_CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: TOPIC_ID_INVALID"}', DEAD_CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: TOPIC_CLOSED"}', DEAD_CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: not enough rights to send text messages"}', DEAD_CHANNEL),
    (
        "telegram",
        400,
        '{"description":"Bad Request: need administrator rights in the channel chat"}',
        DEAD_CHANNEL,
    ),
    ("telegram", 400, '{"description":"Bad Request: CHAT_WRITE_FORBIDDEN"}', DEAD_CHANNEL),
    ("telegram", 400, '{"description":"Bad Request: message is too long"}', DEAD),
    ("telegram", 401, '{"description":"Unauthorized"}', DEAD_CHANNEL),
    ("telegram", 403, '{"description":"Forbidden: bot was kicked from the group chat"}', DEAD_CHANNEL),
    ("telegram", 404, '{"description":"Not Found"}', DEAD_CHANNEL),
    ("telegram", 413, "", DEAD),
    ("telegram", 429, '{"parameters":{"retry_after":5}}', CHANNEL),
    ("ntfy", 400, '{"code":40009,"http":400,"error":"invalid request: topic invalid"}', DEAD_CHANNEL),
    ("ntfy", 400, '{"code":40010}', DEAD_CHANNEL),
    ("ntfy", 400, '{"code":40017}', DEAD),
    ("ntfy", 401, '{"code":40101}', DEAD_CHANNEL),
    ("ntfy", 403, '{"code":40301}', DEAD_CHANNEL),
    ("ntfy", 404, '{"code":40401}', DEAD_CHANNEL),
    ("ntfy", 413, '{"code":41303}', DEAD),
    ("ntfy", 429, '{"code":42908}', SLOW_CHANNEL),
    ("ntfy", 429, '{"code":42901}', CHANNEL),
    ("ntfy", 507, "", CHANNEL),
    ("pagerduty", 400, '{"errors":["Length of \'routing_key\' is incorrect"]}', DEAD_CHANNEL),
    ("pagerduty", 400, '{"errors":["Invalid routing key"]}', DEAD_CHANNEL),
    ("pagerduty", 400, '{"status":"invalid event"}', DEAD),
    ("pagerduty", 403, "", DEAD_CHANNEL),
    ("pagerduty", 404, "", DEAD_CHANNEL),
    ("pagerduty", 413, "", DEAD),
    ("matrix", 400, '{"errcode":"M_LIMIT_EXCEEDED"}', CHANNEL),
    ("matrix", 429, '{"errcode":"M_FORBIDDEN"}', CHANNEL),
    ("matrix", 401, '{"errcode":"M_UNKNOWN_TOKEN"}', DEAD_CHANNEL),
    ("matrix", 401, '{"errcode":"M_MISSING_TOKEN"}', DEAD_CHANNEL),
    ("matrix", 403, '{"errcode":"M_USER_DEACTIVATED"}', DEAD_CHANNEL),
    ("matrix", 403, '{"errcode":"M_FORBIDDEN"}', DEAD_CHANNEL),
    ("matrix", 403, '{"errcode":"M_CONSENT_NOT_GIVEN"}', DEAD_CHANNEL),
    ("matrix", 404, '{"errcode":"M_NOT_FOUND"}', DEAD_CHANNEL),
    ("matrix", 404, '{"errcode":"M_UNRECOGNIZED"}', DEAD_CHANNEL),
    ("matrix", 413, '{"errcode":"M_TOO_LARGE"}', DEAD),
    ("matrix", 400, '{"errcode":"M_BAD_JSON"}', DEAD),
    ("matrix", 400, "", DEAD),
    ("matrix", 401, "", DEAD_CHANNEL),
    ("matrix", 403, "", DEAD_CHANNEL),
    ("matrix", 404, "<html>", DEAD_CHANNEL),
    ("matrix", 413, "", DEAD),
]


@pytest.mark.parametrize(("service", "status", "body", "expected"), ANSWERS)
def test_the_status_and_the_body_of_a_refusal_give_its_meaning(service, status, body, expected):
    assert kind(chat_meaning(service, status, body)) == expected


@pytest.mark.parametrize("service", CHATS)
def test_what_no_table_names_means_what_it_means_for_any_receiver(service):
    assert kind(chat_meaning(service, 302, "")) == SLOW_CHANNEL
    assert kind(chat_meaning(service, 410, "")) == DEAD_CHANNEL
    assert kind(chat_meaning(service, 418, "")) == SLOW
    assert kind(chat_meaning(service, 429, "")) == CHANNEL
    for status in (500, 502, 503, 504):
        assert kind(chat_meaning(service, status, "chat not found m_forbidden 40009 routing_key")) == CHANNEL


def test_no_row_is_untested():
    decided = {
        (
            service,
            next(
                n for n, (at, words, _) in enumerate(rows) if at in {0, status} and words in body.casefold()
            ),
        )
        for service, status, body, _ in ANSWERS
        for rows in (CHATS[service],)
        if any(at in {0, status} and words in body.casefold() for at, words, _ in rows)
    }
    assert decided == {(service, n) for service, rows in CHATS.items() for n in range(len(rows))}
