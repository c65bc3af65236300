"""`feeds health` and `feeds accept`: faults of feeds, and how an operator accepts them."""

from pathlib import Path

from tests.support.commands import Cli

GONE = 'database = "m.db"\n[feeds.gone]\nurl = "file:no/such/feed.xml"\n'


def write(text: str) -> None:
    Path("config.toml").write_text(text, "utf-8")


def test_when_all_is_well_it_says_so(sampled: Cli) -> None:
    answer = sampled("feeds", "health")
    assert (answer.code, answer.flat) == (0, "1 of 1 feeds answer")


def test_what_is_open_stands_there_with_its_reason_and_makes_it_fail(cli: Cli) -> None:
    write(GONE)
    assert cli("once").code == 1
    answer = cli("feeds", "health")
    assert answer.code == 1
    heading, reason, _ = answer.out.splitlines()
    assert heading.startswith("gone failing  since ")
    assert heading.endswith(" open")
    assert reason.split() == "gone: no/such/feed.xml: there is no such file".split()
    assert "0 of 1 feeds answer; 1 failing" in answer.flat


def test_a_feed_that_failed_only_once_is_named_with_its_reason(cli: Cli) -> None:
    write(GONE.replace("file:no/such/feed.xml", "http://127.0.0.1:9/feed.xml"))
    polled = cli("once")
    assert "1 feed polled, 1 failed" in polled.flat
    assert polled.flat.endswith("`sanctions-monitor feeds list` says why a feed failed")
    answer = cli("feeds", "health")
    assert answer.code == 0
    assert answer.flat.startswith("gone fails ")
    assert "127.0.0.1" in answer.flat
    assert answer.flat.endswith("0 of 1 feeds answer; 1 failing")


def test_programs_read_it_too_and_what_is_over_stays_a_week(cli: Cli, tmp_path: Path) -> None:
    write(GONE)
    cli("once")
    shown = cli("feeds", "health", "--json").data
    assert (shown["feeds"], shown["open"]) == (1, 1)
    (incident,) = shown["incidents"]
    assert (incident["feed"], incident["kind"], incident["closed_at"]) == ("gone", "failing", None)
    write(GONE.replace("file:no/such/feed.xml", "seed:sample/feed.xml"))
    assert cli("once").code == 0
    after = cli("feeds", "health", "--json")
    assert (after.code, after.data["open"]) == (0, 0)
    assert after.data["incidents"][0]["closed_at"] is not None


def test_a_feed_is_accepted_as_it_is_or_said_to_be_unknown(sampled: Cli) -> None:
    assert sampled("feeds", "accept", "sample").flat.startswith("accepted [feeds.sample] as it is")
    unknown = sampled("feeds", "accept", "nobody")
    assert (unknown.code, "no feed 'nobody'" in unknown.err) == (2, True)


def test_dates_that_cannot_be_read_are_counted_with_one_of_them(cli: Cli, tmp_path: Path) -> None:
    entries = "".join(
        f"<item><guid>{n}</guid><title>Notice {n}</title><pubDate>0{n}/06/2026</pubDate></item>"
        for n in (1, 2)
    )
    document = f"<rss version='2.0'><channel><title>t</title>{entries}</channel></rss>"
    (tmp_path / "feed.xml").write_text(document, "utf-8")
    write(f'database = "m.db"\n[feeds.office]\nurl = "file:{tmp_path}/feed.xml"\n')
    cli("once")
    assert "office: 2 of 2 dates cannot be read, such as “01/06/2026”" in cli("feeds", "health").flat
    shown = cli("feeds", "health", "--json").data
    assert shown["unread_dates"] == [{"feed": "office", "count": 2, "example": "01/06/2026"}]


def test_a_feed_in_a_language_that_is_not_judged_is_named(sampled: Cli) -> None:
    with Path("config.toml").open("a") as file:
        file.write('[feeds.seoul]\nurl = "https://wire.example/feed"\nlang = "ko"\n')
    answer = sampled("feeds", "health")
    assert "seoul not judged items in 'ko' are not judged" in answer.flat
    assert list(sampled("feeds", "health", "--json").data["unjudged_languages"]) == ["seoul"]


def test_a_language_of_the_lexicon_of_the_operator_is_judged(sampled: Cli) -> None:
    with Path("config.toml").open("a") as file:
        file.write('[feeds.seoul]\nurl = "https://wire.example/feed"\nlang = "ko-KR"\n')
    Path("lexicon").mkdir(exist_ok=True)
    Path("lexicon/ko.toml").write_text('[concept.sanctions]\nko = ["제재*"]\n', "utf-8")
    assert sampled("feeds", "health", "--json").data["unjudged_languages"] == {}
