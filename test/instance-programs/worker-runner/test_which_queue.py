"""Which queue is looked into next, under a fake clock and seeded dice."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from worker_runner.configuration import Queue
from worker_runner.receiving import SHORT_WAIT, Look, Receiving

NAMES = "abcdefghij"


class Queues:
    """Queues named a, b, c …, the most important first; those in `full` always have messages."""

    def __init__(self, *shares: int, full: str = "", seed: int = 1, poll: int = 20, batch: int = 10) -> None:
        queues = [Queue(name, share) for name, share in zip(NAMES, (100 - sum(shares), *shares), strict=False)]
        self.receiving = Receiving(queues, batch, poll, random.Random(seed))
        self.full = full
        self.now = 1000.0
        self.looks: list[tuple[float, Look]] = []

    def look(self, free: int = 4) -> Look | None:
        look = self.receiving.wanted(self.now, free)
        if look is not None:
            self.looks.append((self.now, look))
        return look

    def turn(self, takes: float = 0.01) -> str | None:
        """One look and its answer; where there is none, a tick goes by. `takes`: seconds for an answer beside the wait."""
        look = self.look()
        if look is None:
            self.now += 0.2
            return None
        found = look.queue in self.full
        self.now += takes + (0 if found else look.wait)
        self.receiving.received(found)
        return look.queue

    def run_for(self, seconds: float, takes: float = 0.01) -> Counter[str]:
        """How often each was looked into."""
        ends, seen = self.now + seconds, Counter()
        while self.now < ends:
            seen[self.turn(takes) or "-"] += 1
        del seen["-"]
        return seen

    def found(self, count: int) -> Counter[str]:
        """Of so many looks that found something, how many were at each queue."""
        seen: Counter[str] = Counter()
        while sum(seen.values()) < count:
            queue = self.turn()
            if queue is not None and queue in self.full:
                seen[queue] += 1
        return seen


class TestOne:
    def test_alone_is_polled_as_long_as_the_configuration_says_again_and_again(self):
        one = Queues(poll=17)
        assert [one.look(), one.receiving.received(False), one.look()] == [Look("a", 4, 17), None, Look("a", 4, 17)]

    def test_is_asked_for_no_more_than_there_is_room_for_and_than_a_batch(self):
        assert [Queues(batch=3).look(free).most for free in (1, 2, 9)] == [1, 2, 3]
        assert Queues().look(0) is None

    def test_is_asked_once_at_a_time(self):
        one = Queues(10)
        assert one.look() is not None
        assert one.look() is None


class TestShares:
    @pytest.mark.parametrize("shares", [(10,), (1,), (50,), (99,), (20, 5), (30, 30, 30), (1, 1, 1, 1)])
    def test_are_what_each_gets_while_all_have_messages(self, shares: tuple[int, ...]):
        all_full = Queues(*shares, full=NAMES)
        seen = all_full.found(20_000)
        for name, share in zip(NAMES, (100 - sum(shares), *shares), strict=False):
            assert abs(seen[name] / 200 - share) < 1.2, seen

    @pytest.mark.parametrize("seed", range(20))
    def test_let_no_queue_wait_for_ever_while_more_important_ones_are_full(self, seed: int):
        longest = gap = 0
        queues = Queues(1, 5, full="abc", seed=seed)
        for _ in range(5_000):
            gap = 0 if queues.turn() == "b" else gap + 1
            longest = max(longest, gap)
        assert longest < 1_500  # one in a hundred: as long as this is one in three million

    def test_follow_from_the_seed(self):
        runs = [Queues(30, 20, full=NAMES, seed=seed) for seed in (5, 5, 6)]
        orders = [[run.turn() for _ in range(50)] for run in runs]
        assert orders[0] == orders[1] != orders[2]


class TestTurn:
    def test_goes_on_with_the_others_in_order_of_importance_where_the_first_is_empty(self):
        firsts = set()
        for seed in range(60):
            queues = Queues(25, 25, 25, seed=seed)
            order = "".join(queues.turn() or "-" for _ in range(4))
            firsts.add(order)
        assert firsts == {"abcd", "bacd", "cabd", "dabc"}

    def test_ends_where_something_was_found(self):
        queues = Queues(1, 1, full="b")
        first, then = queues.turn(), queues.turn()
        assert (first, then) == ("a", "b")
        assert queues.turn() == "b"  # a is known to be empty; c is less important

    def test_gives_the_important_one_its_due_as_soon_as_it_has_messages(self):
        queues = Queues(10, full="b")
        queues.run_for(60)
        queues.full = "ab"
        came = queues.now
        while queues.turn() != "a":
            pass
        assert queues.now - came < 2.1
        assert queues.found(1_000)["a"] > 860

    def test_lets_the_less_important_one_have_nearly_all_where_the_important_one_is_empty(self):
        seen = Queues(10, full="b").run_for(100)
        assert seen["b"] > 9_000
        assert 40 <= seen["a"] <= 51

    @pytest.mark.parametrize("takes", [0.01, 0.9, 3.0, 30.0])
    @pytest.mark.parametrize("count", [2, 3, 5, 10])
    def test_leaves_none_out_however_long_answers_take(self, takes: float, count: int):
        queues = Queues(*[1] * (count - 1))
        seen = queues.run_for(200 * count * max(1.0, takes), takes)
        assert min(seen.values()) > 0.4 * max(seen.values()), seen  # each in every other turn at least
        assert len(seen) == count


class TestWaiting:
    @pytest.mark.parametrize("poll", [0, 1, 20])
    @pytest.mark.parametrize("count", [2, 3, 5, 10])
    def test_for_nothing_costs_one_request_a_second_over_all_queues(self, poll: int, count: int):
        queues = Queues(*[1] * (count - 1), poll=poll)
        seen = sum(queues.run_for(1_000, takes=0.001).values())
        assert 700 <= seen <= 1_000 + count

    def test_at_one_of_several_is_short_and_none_where_another_has_messages(self):
        queues = Queues(10, full="b")
        queues.run_for(20)
        assert {(look.queue, look.wait) for _, look in queues.looks} == {("a", SHORT_WAIT), ("a", 0), ("b", SHORT_WAIT)}
        assert queues.looks[0][1] == Look("a", 4, SHORT_WAIT)

    def test_is_no_longer_than_the_configuration_allows(self):
        assert Queues(10, poll=0).look().wait == 0


class TestFailure:
    def test_of_one_does_not_hold_up_the_others(self):
        queues = Queues(10, full="b")
        tries = 0
        ends = queues.now + 100
        while queues.now < ends:
            look = queues.look()
            if look is not None and look.queue == "a":
                tries += 1
                assert look.most == (4 if tries == 1 else 1)
                queues.receiving.failed(queues.now)
            elif look is not None:
                assert look.most == 4
                queues.receiving.received(True)
            queues.now += 0.05
        assert 6 <= tries <= 12  # with pauses that grow to half a minute
        assert len(queues.looks) > 1_900

    def test_pauses_the_queue_that_it_is_about_and_no_other(self):
        queues = Queues(10, full="ab")
        queues.receiving.hold_off("a", queues.now + 60)
        assert queues.run_for(59)["a"] == 0
        queues.run_for(2)
        assert queues.run_for(1)["a"] > 0

    def test_is_not_taken_to_have_messages_while_it_is_held_off(self):
        queues = Queues(10, full="a")
        while queues.turn() != "a":
            pass
        queues.receiving.hold_off("a", queues.now + 60)
        queues.looks.clear()
        queues.run_for(50)
        assert {look.wait for _, look in queues.looks} == {SHORT_WAIT}
