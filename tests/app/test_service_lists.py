"""The service refreshes its lists, and a change of one of them alerts."""

from pathlib import Path

from tests.support.running import RunningService
from tests.support.servers import Reply, Site

NAMES = "\n".join(f"Party {number}" for number in range(10))


def test_a_list_is_fetched_as_soon_as_the_service_begins(tmp_path: Path) -> None:
    with Site({"/list": Reply(NAMES)}) as site:
        path = tmp_path / "config.toml"
        path.write_text(
            f"""
            database = "{tmp_path}/monitor.db"
            shelf = "{tmp_path}/lists"
            [log]
            format = "json"
            [lists.own]
            format = "plain"
            url = "{site.url("/list")}"
            """,
            "utf-8",
        )
        with RunningService(path) as service:
            done = service.wait_for("list_refreshed")
            assert (done["list"], done["state"], done["entities"]) == ("own", "first", 10)
    assert (tmp_path / "lists/own/list.json").exists()
