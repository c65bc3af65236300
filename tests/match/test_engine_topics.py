"""An event of a topic that is not flagged is no news."""

from tests.match.seeds import judge


def test_an_event_of_a_topic_without_points_is_background():
    verdict = judge("Space agency will send more helicopters to Mars")
    assert verdict.topics == ()
    assert verdict.event is None
    assert {each.why for each in verdict.background} == {"its topic is not flagged"}


def test_a_done_act_of_a_state_in_the_title_is_told_below_the_threshold_too():
    verdict = judge("Norway freezes the accounts of Russian banks")
    assert verdict.event is not None
    assert verdict.event.type == "imposed"
