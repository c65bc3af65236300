"""Each area of an examination finds its fault, names the place, and says what to do."""

import resource
import socket
import sqlite3
import ssl
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from monitor import config as configuration
from monitor.app.doctor.base import Examination, Finding, Level
from monitor.app.doctor.clock import dates_of_hosts, examine_clock
from monitor.app.doctor.configuration import examine_feeds
from monitor.app.doctor.database import examine_database
from monitor.app.doctor.lists import examine_lists
from monitor.app.doctor.mail import examine_mail
from monitor.app.doctor.names import examine_names
from monitor.app.doctor.permissions import examine_permissions
from monitor.app.doctor.program import examine_program
from monitor.app.doctor.servers import examine_servers
from monitor.config.lines import key_lines
from monitor.store import open_store
from tests.conftest import NOW
from tests.store.builders import feed, full, state_of
from tests.support.databases import prepare_database, prepare_old_database
from tests.support.servers import Reply, Site
from tests.support.servers_mail import PASSWORD, USER, MailServer

pytestmark = pytest.mark.anyio

Examine = Callable[[str], Examination]

BASE = 'database = "m.db"\n'


@pytest.fixture
def examined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Make the examination of a configuration in the current folder."""
    monkeypatch.chdir(tmp_path)

    def make(text: str) -> Examination:
        path = Path("config.toml")
        path.write_text(BASE + text, "utf-8")
        path.chmod(0o600)
        settings = configuration.load(path)
        lines = key_lines(BASE + text)
        return Examination(settings=settings, config=path, lines=lines, now=NOW, timeout_s=60)

    return make


def bad(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(each.level.value, each.what, each.where) for each in findings if each.level is not Level.OK]


def assert_told_what_to_do(findings: Iterable[Finding]) -> None:
    assert [each.what for each in findings if each.level is not Level.OK and not each.remedy] == []


# ---------------------------------------------------------------- database


def test_a_sound_database_is_good_and_a_missing_one_is_not_created(examined: Examine) -> None:
    one = examined("")
    assert bad(examine_database(one)) == []
    assert not Path("m.db").exists()
    prepare_database(Path("m.db"))
    assert bad(examine_database(one)) == []


def test_a_damaged_database_is_found(examined: Examine) -> None:
    Path("m.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    (found,) = bad(examine_database(examined("")))
    assert found[0] == "fail"


def test_an_old_schema_is_found_and_not_migrated(examined: Examine) -> None:
    prepare_old_database(Path("m.db"), "0011")
    for _ in range(2):
        (found,) = bad(examine_database(examined("")))
        assert found[0] == "warn"
        assert found[1].startswith("schema 0011, this program has")


def test_rows_that_refer_to_nothing_are_found(examined: Examine) -> None:
    prepare_database(Path("m.db"))
    with closing(open_store("m.db", lock=False)) as store:
        store.enrol([feed()], NOW)
        store.commit([full(state_of(store))])
    with closing(sqlite3.connect("m.db")) as connection, connection:  # which checks no references
        connection.execute("DELETE FROM feeds")
    found = bad(examine_database(examined("")))
    assert found[0][:2] == (
        "fail",
        f"damaged: row {found[0][1].split()[2]} of table 'items' refers to a row that table 'feeds' does not have",
    )


def test_a_long_log_of_changes_is_found(examined: Examine) -> None:
    prepare_database(Path("m.db"))
    with Path("m.db-wal").open("wb") as file:
        file.truncate(300_000_000)  # sparse
    assert ("warn", "the log of changes has 300 MB") in [
        each[:2] for each in bad(examine_database(examined("")))
    ]


# ---------------------------------------------------------------- permissions, program


def test_a_configuration_with_a_password_that_others_may_read_is_found(examined: Examine) -> None:
    mail = '[channels.desk]\ntype = "email"\nhost = "mail.example"\nsender = "m@x.example"\nto = ["a@x.example"]\n'
    one = examined(mail + 'user = "m"\npassword = "secret"\n')
    assert bad(examine_permissions(one)) == []
    Path("config.toml").chmod(0o644)
    (found,) = examine_permissions(one)
    assert (found.level, found.remedy) == (Level.WARN, "chmod 600 config.toml")
    assert "secret" not in found.what.replace("secrets", "")


def test_a_configuration_without_secrets_may_be_read(examined: Examine) -> None:
    one = examined("")
    Path("config.toml").chmod(0o644)
    assert bad(examine_permissions(one)) == []


def test_a_file_of_a_secret_and_a_key_that_others_may_read_are_found(examined: Examine) -> None:
    Path("token").write_text("a token of 16 characters")
    Path("key").write_text("k")
    for name in ("token", "key"):
        Path(name).chmod(0o640)
    one = examined('[web]\nfeed_token_file = "token"\nkey_file = "key"\n')
    assert [(each[0], each[2]) for each in bad(examine_permissions(one))] == [
        ("warn", "token"),
        ("warn", "key"),
    ]


def test_few_open_files_are_a_warning(examined: Examine) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    found = list(examine_program(examined("")))
    assert bad(found) == (
        [] if hard >= 4096 else [("warn", f"only {hard} files may be open at once", "RLIMIT_NOFILE")]
    )
    assert any("FTS5" in each.what for each in found)


# ---------------------------------------------------------------- clock


def test_a_clock_that_stands_before_the_last_poll_is_found(examined: Examine) -> None:
    prepare_database(Path("m.db"))
    with closing(open_store("m.db", lock=False)) as store:
        store.enrol([feed()], NOW)
        store.commit([full(state_of(store))])
    one = examined("")
    late = [each[1] for each in bad(examine_clock(replace(one, now=NOW - timedelta(hours=1))))]
    assert "a feed was polled at 2026-11-23 09:00:00Z, after now" in late
    assert "a feed was polled" not in str(bad(examine_clock(one)))


def test_a_clock_in_the_past_is_found(examined: Examine) -> None:
    found = bad(examine_clock(replace(examined(""), now=NOW.replace(year=1980))))
    assert ("fail", "the clock says 1980-11-23 09:00, which is past", "") in found


async def test_the_clock_is_compared_with_the_date_of_a_host(examined: Examine) -> None:
    wrong = Reply(headers={"Date": "Mon, 01 Jan 2035 00:00:00 GMT"})
    with Site({"/feed": wrong}) as server:
        one = examined(
            f'[polling]\nallow_hosts = ["127.0.0.1"]\n[feeds.wire]\nurl = "{server.url("/feed")}"\n'
        )
        (found,) = [each async for each in dates_of_hosts(one)]
    assert (found.level, found.where) == (Level.FAIL, "feed wire")
    assert "s from the date of this host" in found.what


# ---------------------------------------------------------------- feeds, lists, names


def test_feeds_that_are_not_judged_or_fail_are_named_with_their_line(examined: Examine) -> None:
    text = '[feeds.wire]\nurl = "https://wire.example/feed"\nlang = "ko"\n'
    found = bad(examine_feeds(examined(text)))
    (unjudged,) = [each for each in found if each[0] == "warn"]
    assert unjudged[2] == "config.toml: feeds.wire.lang (line 4)"
    assert "not judged" in unjudged[1]


def test_a_list_that_was_never_fetched_is_named(examined: Examine) -> None:
    one = examined('shelf = "lists"\n[lists.un]\nformat = "un"\npath = "un.xml"\n')
    assert bad(examine_lists(one)) == [
        (
            "warn",
            "it was never fetched, so none of its names is recognised",
            "config.toml: lists.un (line 3)",
        )
    ]


async def test_a_host_without_an_address_is_named_with_its_line(examined: Examine) -> None:
    one = examined(
        '[feeds.a]\nurl = "http://127.0.0.1/feed"\n[feeds.b]\nurl = "http://nowhere.invalid/feed"\n'
    )
    found = [each async for each in examine_names(one)]
    assert bad(found) == [("warn", "nowhere.invalid has no address", "config.toml: feeds.b.url (line 5)")]
    assert_told_what_to_do(found)


# ---------------------------------------------------------------- channels


def mail_of(server: MailServer, folder: Path, password: str = PASSWORD) -> str:
    authority = folder / "ca.pem"
    server.authority.cert_pem.write_to_path(str(authority))
    return (
        f'[channels.desk]\ntype = "email"\nhost = "localhost"\nport = {server.port}\nca_file = "{authority}"\n'
        f'user = "{USER}"\npassword = "{password}"\nsender = "m@x.example"\nto = ["a@x.example"]\n'
    )


async def test_a_mail_server_is_signed_in_to_and_gets_no_mail(examined: Examine, tmp_path: Path) -> None:
    with MailServer() as server:
        (found,) = [each async for each in examine_mail(examined(mail_of(server, tmp_path)))]
        assert found.level is Level.OK, found
        assert "signed in as" in found.what
        assert server.mails == []
        assert not {"MAIL", "RCPT", "DATA"} & set(server.verbs)


async def test_a_wrong_password_is_found_and_not_shown(examined: Examine, tmp_path: Path) -> None:
    with MailServer() as server:
        one = examined(mail_of(server, tmp_path, "hunter2"))
        (found,) = [each async for each in examine_mail(one)]
    assert (found.level, found.where) == (Level.FAIL, "config.toml: channels.desk (line 2)")
    assert "hunter2" not in str(found)


async def test_a_mail_server_without_starttls_or_of_an_unknown_authority_is_found(
    examined: Examine, tmp_path: Path
) -> None:
    with MailServer(tls="none") as server:
        (found,) = [each async for each in examine_mail(examined(mail_of(server, tmp_path)))]
        assert "does not offer STARTTLS" in found.what
    with MailServer() as server:
        one = examined(mail_of(server, tmp_path))
        trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        (found,) = [each async for each in examine_mail(one)]
        assert "has no valid certificate" in found.what


def hook(url: str) -> str:
    return f'[channels.hook]\ntype = "webhook"\nurl = "{url}"\n'


async def test_the_server_of_a_webhook_is_connected_to_and_asked_nothing(examined: Examine) -> None:
    with Site({"/hook": Reply()}) as server:
        (found,) = [each async for each in examine_servers(examined(hook(server.url("/hook"))))]
        assert found.level is Level.OK, found
        assert server.asked("/hook") == []


async def test_a_webhook_that_takes_no_connection_or_has_no_address_is_found(examined: Examine) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    (found,) = [each async for each in examine_servers(examined(hook(f"http://127.0.0.1:{port}/secret")))]
    assert (found.level, "takes no connection" in found.what, "secret" in str(found)) == (
        Level.FAIL,
        True,
        False,
    )
    (found,) = [each async for each in examine_servers(examined(hook("https://nowhere.invalid/secret")))]
    assert (found.level, found.what) == (Level.FAIL, "nowhere.invalid has no address")


async def test_a_webhook_with_an_unknown_certificate_is_found(examined: Examine) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with Site({"/hook": Reply()}, tls=context) as server:
        (found,) = [each async for each in examine_servers(examined(hook(server.url("/hook"))))]
    assert (found.level, "has no valid certificate" in found.what) == (Level.FAIL, True)
