"""The benchmark of the outbox runs, and sends every mail."""

from benchmarks.outbox import main


def test_the_benchmark_drains_an_outbox_into_a_server_of_its_own(capsys):
    rates = main(["--owed", "3", "7", "--drain"])
    assert [(rate.owed, rate.sent) for rate in rates] == [(3, 3), (7, 7)]
    assert capsys.readouterr().out.count("messages/s") == 2
