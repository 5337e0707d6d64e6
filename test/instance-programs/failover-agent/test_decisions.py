"""The judgement of the agent, alone and against itself, under a fake clock."""

from __future__ import annotations

import random

import pytest
from failover_agent.decisions import FIRST_HOLD, NOBODY, Decisions
from failover_agent.sights import Answer
from world import World, configuration

FAST = {"intervalSeconds": 0.2, "timeoutSeconds": 0.2, "failures": 3}
THREE = ("a", "b", "c")


def settled(members=("a", "b"), **options) -> World:
    """A world in which all see each other, and each holds its own."""
    world = World(members, **options)
    world.run(35)
    assert world.history == []
    return world


def test_nothing_moves_while_all_is_well():
    settled(THREE).run(600)


@pytest.mark.parametrize("seed", range(10))
def test_the_next_in_line_takes_over_from_a_crashed_member_within_the_time_of_the_profile(seed):
    world = settled(seed=seed)
    world.crash("a")
    world.run(10)
    assert world.moves_of("a") == [("b", "takeover")]
    # three questions half a second apart, the last one timed out, the first one up to an interval late, and the call
    assert world.longest_outage["a"] <= 0.5 + 2 * 0.5 + 0.4 + 0.3


@pytest.mark.parametrize("seed", range(10))
def test_the_fast_profile_takes_over_faster(seed):
    world = settled(seed=seed, profile=FAST)
    world.crash("a")
    world.run(10)
    assert world.longest_outage["a"] <= 0.2 + 2 * 0.2 + 0.2 + 0.3


def test_a_member_that_says_it_is_broken_is_relieved_at_once():
    world = settled()
    world.nodes["a"].works = False
    world.run(10)
    assert world.moves_of("a") == [("b", "takeover")]
    assert world.longest_outage["a"] <= 0.5 + 0.5 + 0.3


def test_two_lost_answers_are_no_crash():
    decisions = seeing_peer_up()
    for _ in range(5):
        decisions.peer_checked(11, "b", Answer.SILENCE)
        decisions.peer_checked(11, "b", Answer.SILENCE)
        assert decisions.moves_wanted(11.5) == []
        decisions.peer_checked(11, "b", Answer.GREEN)


def test_a_broken_member_takes_nothing():
    world = settled()
    world.nodes["b"].works = False
    world.run(5)
    world.crash("a")
    world.run(60)
    assert world.moves_of("a") == []
    world.nodes["b"].works = True
    world.run(5)
    assert world.moves_of("a") == [("b", "takeover")]


def test_a_member_whose_self_check_does_not_come_back_takes_nothing():
    decisions = seeing_peer_up()
    for _ in range(3):
        decisions.peer_checked(11, "b", Answer.SILENCE)
    assert [move.object for move in decisions.moves_wanted(11.5)] == ["b"]
    decisions = seeing_peer_up()
    for _ in range(3):
        decisions.peer_checked(20, "b", Answer.SILENCE)
    assert decisions.moves_wanted(20) == []


def test_the_home_takes_back_what_is_its_own_after_it_was_well_for_a_while():
    world = settled()
    world.crash("a")
    world.run(10)
    world.boot("a")
    world.run(29)
    assert world.moves_of("a") == [("b", "takeover")]
    world.run(5)
    assert world.moves_of("a") == [("b", "takeover"), ("a", "failback")]


def test_with_manual_failback_it_does_not():
    world = World(failback="manual")
    world.run(35)
    world.crash("a")
    world.run(10)
    world.boot("a")
    world.run(600)
    assert world.moves_of("a") == [("b", "takeover")]


def test_also_with_manual_failback_the_home_relieves_a_stand_in_that_dies():
    world = World(failback="manual")
    world.run(35)
    world.crash("a")
    world.run(10)
    world.boot("a")
    world.run(10)
    world.crash("b")
    world.run(5)
    assert world.moves_of("a")[-1] == ("a", "takeover")


def test_a_stand_in_that_dies_before_the_failback_is_relieved_at_once():
    world = settled()
    world.crash("a")
    world.run(10)
    world.boot("a")
    world.run(5)  # too early for the failback
    world.crash("b")
    world.run(5)
    assert world.moves_of("a")[-1] == ("a", "takeover")
    assert world.moves_of("b")[-1] == ("a", "takeover")
    assert world.longest_outage["a"] <= 2.5


@pytest.mark.parametrize("seed", range(5))
def test_a_crash_right_after_the_failback_is_answered_like_any_other(seed):
    world = settled(THREE, seed=seed)
    world.crash("a")
    world.run(10)
    world.boot("a")
    while world.owner["a"] != "a":
        world.run(0.1)
    world.longest_outage["a"] = 0
    world.crash("a")
    world.run(10)
    assert world.moves_of("a")[-1] == ("b", "takeover")
    assert world.longest_outage["a"] <= 2.5


def test_of_three_only_the_next_in_line_takes_over():
    world = settled(THREE)
    world.crash("a")
    world.run(60)
    assert world.history[0][1:] == ("a", "b", "takeover")
    assert len(world.history) == 1


@pytest.mark.parametrize("seed", range(5))
def test_of_three_the_last_one_takes_over_from_both(seed):
    world = settled(THREE, seed=seed)
    world.crash("a")
    world.crash("b")
    world.run(60)
    assert world.owner == {"a": "c", "b": "c", "c": "c"}
    assert max(world.longest_outage.values()) <= 2.5


def test_a_chain_of_crashes_is_followed():
    world = settled(THREE)
    world.crash("a")
    world.run(20)
    world.crash("b")
    world.run(20)
    assert world.owner == {"a": "c", "b": "c", "c": "c"}
    world.boot("a")
    world.run(40)
    assert world.owner == {"a": "a", "b": "c", "c": "c"}


def test_members_that_do_not_see_each_other_do_not_fight():
    world = settled()
    world.part("a", "b")
    world.run(1200)
    assert max(world.longest_outage.values()) == 0
    assert len(world.moves_of("a")) <= 12  # there and back, 30 s, 1 min, 2 min, ... apart
    world.join("a", "b")
    world.run(1000)
    assert world.owner == {"a": "a", "b": "b"}


def test_a_quarrel_is_forgotten_when_it_was_quiet_for_long():
    decisions = seeing_peer_up()
    for start in (100.0, 1000.0):
        decisions.self_checked(start, True)
        assert decisions.reading_wanted(start)
        decisions.owners_read(start, owned(a="a", b="b"))
        decisions.owners_read(start + 1, owned(a="b", b="b"))
        decisions.self_checked(start + FIRST_HOLD + 2, True)
        assert [move.object for move in decisions.moves_wanted(start + FIRST_HOLD + 2)] == ["a"]
        decisions.moved(start + FIRST_HOLD + 2, "a", True)


def test_a_stop_pushes_what_is_held_to_a_peer_and_nothing_is_lost():
    world = settled(THREE)
    world.stop("a")
    world.run(2)
    assert world.moves_of("a")[0][0] == "b"
    assert world.nodes["a"].decisions.has_let_go()
    world.crash("a")
    world.run(30)
    assert max(world.longest_outage.values()) == 0


def test_a_stop_pushes_nothing_to_a_peer_that_is_ill():
    world = settled(THREE)
    world.nodes["b"].works = False
    world.run(5)
    world.stop("a")
    world.run(2)
    assert world.moves_of("a")[0][0] == "c"


def test_a_stop_with_nobody_there_to_take_over_keeps_what_it_holds():
    world = settled()
    world.crash("b")
    world.run(10)
    world.stop("a")
    world.run(5)
    assert world.owner["a"] == "a"
    assert world.nodes["a"].decisions.has_let_go()


def test_one_that_slept_believes_nothing_it_knew():
    world = settled()
    world.pause("a")
    world.run(10)
    assert world.owner["a"] == "b"
    world.crash("b")  # while it slept
    world.resume("a")
    world.run(5)
    assert world.moves_of("a") == [("b", "takeover")]
    world.run(10)
    assert world.owner == {"a": "a", "b": "a"}


def test_one_that_slept_counts_silence_anew():
    decisions = seeing_peer_up()
    for _ in range(3):
        decisions.peer_checked(11, "b", Answer.SILENCE)
    decisions.woke()
    decisions.self_checked(12, True)
    decisions.owners_read(12, owned(a="a", b="b"))
    assert decisions.moves_wanted(12) == []


def test_members_that_start_one_after_the_other_take_nothing_from_each_other():
    world = World(THREE)
    world.crash("a")
    world.crash("b")
    world.run(5)
    world.boot("a")
    world.run(3)
    world.boot("b")
    world.run(60)
    assert world.history == []


def test_a_member_that_never_comes_up_is_stood_in_for():
    world = World(THREE)
    world.crash("a")
    world.run(60)
    assert world.history[0][1:] == ("a", "b", "takeover")
    assert len(world.history) == 1


def test_what_was_taken_from_a_broken_member_comes_back_without_the_pause_of_a_quarrel():
    world = World(failbackAfterSeconds=5)
    world.run(10)
    world.nodes["a"].works = False
    world.run(5)
    world.nodes["a"].works = True
    world.run(7)
    assert world.moves_of("a") == [("b", "takeover"), ("a", "failback")]


def test_what_was_taken_from_a_well_member_by_one_that_it_sees_comes_back_after_a_pause():
    decisions = seeing_peer_up(failbackAfterSeconds=0)
    decisions.owners_read(11, owned(a="b", b="b"))
    decisions.self_checked(11 + FIRST_HOLD - 1, True)
    assert decisions.moves_wanted(11 + FIRST_HOLD - 1) == []
    decisions.self_checked(11 + FIRST_HOLD, True)
    assert [move.why for move in decisions.moves_wanted(11 + FIRST_HOLD)] == ["failback"]


def test_the_last_in_line_looks_before_it_acts():
    decisions = Decisions(configuration("c", THREE))
    decisions.self_checked(10, True)
    decisions.reading_wanted(10)
    decisions.owners_read(10, owned(a="a", b="b", c="c"))
    for peer in ("a", "b"):
        decisions.peer_checked(10, peer, Answer.GREEN, [peer])
    for now in (10.5, 11.0, 11.5, 12.0):
        for peer in ("a", "b"):
            decisions.peer_checked(now, peer, Answer.SILENCE)
        decisions.self_checked(now, True)
    assert [move.object for move in decisions.moves_wanted(12.1)] == ["b"]  # next in line there
    assert decisions.reading_wanted(12.1)
    decisions.owners_read(12.2, owned(a="a", b="b", c="c"))
    assert [move.object for move in decisions.moves_wanted(12.2)] == ["a"]


def test_a_stop_prefers_a_peer_whose_last_answer_came():
    decisions = Decisions(configuration("a", THREE))
    decisions.owners_read(10, owned(a="a", b="b", c="c"))
    for peer in ("b", "c"):
        decisions.peer_checked(10, peer, Answer.GREEN, [peer])
    decisions.peer_checked(10.5, "b", Answer.SILENCE)
    decisions.stopping = True
    assert [(move.object, move.to) for move in decisions.moves_wanted(10.6)] == [("a", "c")]


def test_a_peer_that_talks_nonsense_all_the_time_is_looked_into_once_a_second():
    decisions = seeing_peer_up()
    reads = 0
    for turn in range(100):
        now = 11 + turn / 10
        decisions.peer_checked(now, "b", Answer.GREEN, ["a", "b"])
        if decisions.reading_wanted(now):
            reads += 1
            decisions.owners_read(now, owned(a="a", b="b"))
    assert 8 <= reads <= 12


def test_a_refused_call_is_tried_again_ever_less_often():
    world = settled()
    world.nodes["b"].may_move = False
    world.crash("a")
    world.run(60)
    tried = len(world.nodes["b"].calls)
    assert 5 <= tried <= 9
    world.nodes["b"].may_move = True
    world.run(35)
    assert world.owner["a"] == "b"


@pytest.mark.parametrize("cannot", ["may_move", "api_works"])
def test_the_last_in_line_acts_when_the_next_one_is_there_and_cannot(cannot):
    world = settled(THREE)
    setattr(world.nodes["b"], cannot, False)
    world.crash("a")
    world.run(13)
    assert world.moves_of("a") == [("c", "takeover")]


def test_what_was_refused_once_does_not_slow_down_the_next_takeover():
    world = settled(THREE, failbackAfterSeconds=1)
    world.nodes["b"].may_move = False
    world.nodes["c"].may_move = False
    world.crash("a")
    world.run(18)  # the next try of b is many seconds away
    world.boot("a")
    world.run(3)
    assert world.owner["a"] == "a"
    world.nodes["b"].may_move = True
    world.longest_outage["a"] = 0
    world.crash("a")
    world.run(10)
    assert world.moves_of("a")[-1] == ("b", "takeover")
    assert world.longest_outage["a"] <= 2.5


@pytest.mark.parametrize("seed", range(5))
def test_readings_that_failed_for_long_do_not_slow_down_the_next_takeover(seed):
    world = settled(seed=seed)
    world.nodes["b"].api_works = False
    world.nodes["b"].decisions.woke()  # so that it has to read
    world.run(60 + 2 * seed)
    world.nodes["b"].api_works = True
    world.crash("a")
    world.run(15)
    assert world.moves_of("a") == [("b", "takeover")]
    assert world.longest_outage["a"] <= 2.8


def test_the_next_in_line_acts_when_the_home_is_there_and_cannot():
    world = settled()
    world.crash("b")
    world.run(5)  # a holds both
    world.boot("b")
    world.nodes["b"].may_move = False
    world.run(60)
    assert world.owner == {"a": "a", "b": "a"}
    world.nodes["b"].may_move = True
    world.run(60)
    assert world.owner == {"a": "a", "b": "b"}


def test_a_late_answer_moves_nothing_that_is_no_longer_wanted():
    world = settled(latency=4.0)
    world.crash("a")
    world.run(2.5)  # the call is under way
    world.nodes["b"].works = False
    world.run(20)
    assert world.moves_of("a") == []


def test_a_move_that_was_never_ended_is_ended_by_the_home():
    decisions = seeing_peer_up()
    decisions.owners_read(10.1, {"a": frozenset("ab"), "b": frozenset("b")})
    assert [(move.object, move.to, move.why) for move in decisions.moves_wanted(10.2)] == [("a", "a", "repair")]


def test_a_move_that_was_never_ended_is_left_to_the_home_while_that_is_up():
    decisions = seeing_peer_up()
    decisions.owners_read(10.1, {"a": frozenset("a"), "b": frozenset("ab")})
    assert decisions.moves_wanted(10.2) == []
    for _ in range(3):
        decisions.peer_checked(10.3, "b", Answer.SILENCE)
    assert [(move.object, move.to) for move in decisions.moves_wanted(10.4)] == [("b", "a")]


def test_what_belongs_to_nobody_goes_home():
    decisions = seeing_peer_up()
    decisions.owners_read(10.1, {"a": frozenset(["a", NOBODY]), "b": frozenset([NOBODY])})
    assert [move.object for move in decisions.moves_wanted(10.2)] == ["a"]


def test_what_is_in_foreign_hands_stays_there():
    decisions = seeing_peer_up()
    decisions.owners_read(10.1, {"a": frozenset(), "b": frozenset()})
    for _ in range(3):
        decisions.peer_checked(10.3, "b", Answer.SILENCE)
    assert decisions.moves_wanted(10.4) == []


def test_nothing_is_moved_before_it_is_known_where_it_is():
    decisions = Decisions(configuration("a"))
    decisions.self_checked(10, True)
    decisions.peer_checked(10, "b", Answer.RED)
    assert decisions.moves_wanted(10.1) == []


def test_a_reading_that_began_before_a_move_ended_moves_nothing():
    decisions = seeing_peer_up()
    decisions.peer_checked(10.1, "b", Answer.RED)
    assert [move.why for move in decisions.moves_wanted(10.1)] == ["takeover"]
    assert decisions.reading_wanted(10.2)
    decisions.moved(10.3, "b", True)
    decisions.owners_read(10.4, {**owned(a="a"), "b": frozenset("ab")})
    assert decisions.moves_wanted(10.4) == []
    assert decisions.owners("b") is None
    assert decisions.reading_wanted(10.5)
    decisions.owners_read(10.6, owned(a="a", b="a"))
    assert decisions.holds() == ["a", "b"]


def test_the_word_of_a_peer_moves_nothing_but_is_looked_into():
    decisions = seeing_peer_up()
    decisions.peer_checked(12, "b", Answer.GREEN, ["a", "b"])  # it says that it holds ours
    assert decisions.moves_wanted(12) == []
    assert decisions.reading_wanted(12)


def test_a_reading_that_fails_is_made_again_ever_less_often():
    decisions = Decisions(configuration("a"))
    reads = []
    for turn in range(2000):
        now = 10 + turn * 0.01
        if decisions.reading_wanted(now):
            reads.append(now)
            decisions.owners_read(now, None)
    pauses = [after - before for before, after in zip(reads, reads[1:], strict=False)]
    assert pauses[0] < 0.6
    assert pauses == sorted(pauses)
    assert len(reads) < 9


def seeing_peer_up(**changes: object) -> Decisions:
    decisions = Decisions(configuration("a", **changes))
    decisions.self_checked(10, True)
    decisions.reading_wanted(10)
    decisions.owners_read(10, owned(a="a", b="b"))
    decisions.peer_checked(10, "b", Answer.GREEN, ["b"])
    return decisions


def owned(**owners: str) -> dict[str, frozenset[str]]:
    return {name: frozenset([owner]) for name, owner in owners.items()}


def do_something(world: World, draw: random.Random) -> None:
    one, other = draw.sample(world.members, 2)
    node = world.nodes[one]
    fault = draw.choice(["crash", "boot", "pause", "resume", "part", "join", "stop", "break", "aws", "slow"])
    if fault in ("part", "join"):
        getattr(world, fault)(one, other)
    elif fault == "break":
        node.works = not node.works
    elif fault == "aws":
        node.api_works = not node.api_works
    elif fault == "slow":
        world.latency = draw.choice([0.1, 0.5, 3])
    elif fault != "resume" or node.paused:
        getattr(world, fault)(one)
    world.run(draw.choice([0.3, 1, 3, 10, 40]))


@pytest.mark.parametrize("members", [("a", "b"), THREE])
@pytest.mark.parametrize("seed", range(60))
def test_whatever_happens_all_comes_home_in_the_end(members, seed):
    world = settled(members, seed=seed)
    draw = random.Random(seed)
    for _ in range(draw.randrange(1, 15)):
        do_something(world, draw)
    world.latency = 0.1
    world.cut.clear()
    for name in members:
        world.boot(name)
    world.run(60)
    assert world.owner == {name: name for name in members}
    quiet = len(world.history)
    world.run(60)
    assert len(world.history) == quiet


@pytest.mark.parametrize("seed", range(40))
def test_while_one_member_is_well_and_reaches_aws_nobody_is_cut_off_for_long(seed):
    """The others come and go as they like; the one that stays has to carry whatever falls."""
    world = settled(THREE, seed=seed)
    draw = random.Random(seed)
    for _ in range(12):
        one = draw.choice(["a", "b"])
        getattr(world, draw.choice(["crash", "boot"]))(one)
        world.run(draw.choice([0.5, 2, 5, 40]))
        assert max(world.now - since for since in [*world.down_since.values(), world.now]) < 12
