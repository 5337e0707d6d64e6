"""What to do with which message when, under a fake clock."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter

import pytest
from worker_runner.actions import Action, Delete, Hide, Kill, Outcome, Reply, Start
from worker_runner.configuration import Queue
from worker_runner.decisions import DENIED_PAUSE, KILL_AFTER, LONGEST_HOLD, Decisions
from worker_runner.held import LAST_CALLS
from worker_runner.messages import Message
from worker_runner.rules import Rules

VISIBILITY, LONGEST_WORK = 60.0, 600.0
URL = "https://sqs.eu-west-1.amazonaws.com/1/work"


def message(name: str, group: str | None = None, receives: int = 1, receipt: str | None = None, queue: str = URL) -> Message:
    return Message(name, receipt or f"receipt of {name}", "body", group, receives, queue=queue)


class Shop:
    """Decisions, a clock, and what they wanted."""

    def __init__(self, **rules):
        usual = {
            "queues": (Queue(URL, 100),),
            "fifo": False,
            "concurrency": 4,
            "batch": 10,
            "poll": 20,
            "visibility": VISIBILITY,
            "longest_work": LONGEST_WORK,
        }
        backoff = {"first_backoff": 8, "longest_backoff": 100}
        self.decisions = Decisions(Rules(**{**usual, **backoff, **rules}), random.Random(1))
        self.decisions.handler_ready = True
        self.now = 1000.0

    def most(self, now: float) -> int:
        """How many messages it wants to receive then."""
        look = self.decisions.receive_wanted(now)
        return 0 if look is None else look.most

    def take(self, *messages: Message) -> list[Action]:
        assert self.most(self.now) > 0
        self.decisions.received(self.now, messages)
        return self.wanted()

    def wanted(self, seconds: float = 0.0) -> list[Action]:
        self.now += seconds
        return self.decisions.wanted(self.now)

    def run_for(self, seconds: float, reply=Reply.OK) -> list[Action]:
        """All that was wanted meanwhile, extensions answered."""
        found: list[Action] = []
        for _ in range(round(seconds)):
            for action in self.wanted(1.0):
                found.append(action)
                if isinstance(action, Hide):
                    self.decisions.hidden(self.now, action, self.now, reply)
                if isinstance(action, Delete):
                    self.decisions.deleted(self.now, action, reply)
        return found

    def end(self, name: str, outcome: Outcome = Outcome.DONE) -> list[Action]:
        self.decisions.work_ended(name, outcome)
        return self.wanted()

    @property
    def events(self) -> list[str]:
        return [event for event, _ in self.decisions.notes]


def starts(actions: list[Action]) -> list[str]:
    return [action.message.id for action in actions if isinstance(action, Start)]


class TestReceiving:
    def test_is_for_as_many_as_there_is_room_for(self):
        shop = Shop(concurrency=3)
        assert shop.most(shop.now) == 3
        shop.decisions.received(shop.now, [message("a"), message("b")])
        assert shop.most(shop.now) == 1
        shop.decisions.received(shop.now, [message("c")])
        assert shop.most(shop.now) == 0

    def test_is_for_no_more_than_a_batch(self):
        assert Shop(concurrency=30).most(0) == 10

    def test_is_done_once_at_a_time(self):
        shop = Shop()
        assert shop.most(shop.now) > 0
        assert shop.most(shop.now) == 0

    def test_waits_for_the_handler(self):
        shop = Shop()
        shop.decisions.handler_ready = False
        assert shop.most(shop.now) == 0

    def test_stops_when_there_was_nothing_to_start(self):
        shop = Shop()
        shop.take(message("a"))
        shop.end("a", Outcome.NOT_STARTED)
        assert shop.most(shop.now + 30) == 0

    def test_pauses_longer_with_each_failure_and_not_after_a_success(self):
        shop = Shop()
        pauses = []
        for _ in range(12):
            began = shop.now
            while shop.most(shop.now) == 0:
                shop.now += 0.05
            pauses.append(shop.now - began)
            shop.decisions.receive_failed(shop.now)
        assert pauses[1] < 1 < pauses[4] < 10 < pauses[11] <= 30.1
        shop.now += 31
        shop.take(message("a"))
        assert shop.most(shop.now) > 0
        shop.decisions.receive_failed(shop.now)
        assert shop.most(shop.now + 0.6) > 0

    def test_asks_for_one_message_only_while_answers_get_lost(self):
        shop = Shop()
        assert shop.most(shop.now) == 4
        shop.decisions.receive_failed(shop.now)
        assert shop.most(shop.now + 1) == 1
        shop.decisions.received(shop.now + 1, [])
        assert shop.most(shop.now + 1) == 4

    def test_pauses_when_deletions_are_denied(self):
        shop = Shop()
        shop.take(message("a"))
        [delete] = shop.end("a")
        shop.decisions.deleted(shop.now, delete, Reply.DENIED)
        assert shop.most(shop.now + DENIED_PAUSE - 1) == 0
        assert shop.most(shop.now + DENIED_PAUSE) > 0


class TestWork:
    def test_is_begun_at_once_for_each(self):
        assert starts(Shop().take(message("a"), message("b"))) == ["a", "b"]

    def test_is_never_on_more_than_may_be_at_once(self):
        shop = Shop(concurrency=2)
        assert starts(shop.take(message("a"), message("b"), message("c"))) == ["a", "b"]
        assert starts(shop.end("a")) == ["c"]

    def test_that_is_done_is_deleted_and_forgotten(self):
        shop = Shop()
        shop.take(message("a"))
        [delete] = shop.end("a")
        assert delete == Delete("a", "receipt of a", URL)
        shop.decisions.deleted(shop.now, delete, Reply.OK)
        assert shop.run_for(200) == []
        assert shop.most(shop.now) == 4

    def test_is_not_deleted_before_it_is_done(self):
        shop = Shop()
        shop.take(message("a"))
        assert not any(isinstance(action, Delete) for action in shop.run_for(300))

    @pytest.mark.parametrize("receives, least, most", [(1, 4, 8), (2, 8, 16), (4, 32, 64), (5, 50, 100), (500, 50, 100)])
    def test_that_failed_is_given_back_after_a_time_that_grows_with_its_receives(self, receives: int, least: int, most: int):
        found = set()
        for seed in range(50):
            shop = Shop()
            shop.decisions.random.seed(seed)
            shop.take(message("a", receives=receives))
            [back] = shop.end("a", Outcome.FAILED)
            assert isinstance(back, Hide) and back.back
            found.add(back.seconds)
            shop.decisions.hidden(shop.now, back, shop.now, Reply.OK)
            assert shop.run_for(10) == []
        assert least <= min(found) < max(found) <= most

    def test_that_takes_too_long_is_told_to_end_then_killed_then_given_back_with_a_backoff(self):
        shop = Shop()
        shop.take(message("a"))
        assert not any(isinstance(action, Kill) for action in shop.run_for(LONGEST_WORK - 1))
        assert Kill("a", hard=False) in shop.run_for(1)
        assert Kill("a", hard=True) not in shop.run_for(KILL_AFTER - 1)
        assert Kill("a", hard=True) in shop.run_for(1)
        [back] = shop.end("a", Outcome.FAILED)
        assert back.back and back.seconds >= 4

    def test_that_was_told_to_end_is_not_done_whatever_its_exit_code_says(self):
        shop = Shop()
        shop.take(message("a"))
        shop.run_for(LONGEST_WORK)
        assert shop.decisions.work_ended("a", Outcome.DONE) is Outcome.FAILED
        assert [type(action) for action in shop.wanted()] == [Hide]

    def test_that_not_even_a_kill_ends_does_not_keep_the_message(self):
        shop = Shop()
        shop.take(message("a"))
        shop.run_for(LONGEST_WORK + KILL_AFTER)
        assert shop.run_for(300) == []

    def test_that_ended_while_the_program_stood_still_may_say_so_before_it_counts_as_too_long(self):
        shop = Shop()
        shop.take(message("a"))
        asleep, shop.now = shop.now, shop.now + LONGEST_WORK + 1
        shop.decisions.slept(asleep, shop.now)
        assert not any(isinstance(action, Kill) for action in shop.wanted())
        assert shop.decisions.work_ended("a", Outcome.DONE) is Outcome.DONE

    def test_that_goes_on_after_the_program_stood_still_is_ended_all_the_same(self):
        shop = Shop()
        shop.take(message("a"))
        asleep, shop.now = shop.now, shop.now + LONGEST_WORK + 1
        shop.decisions.slept(asleep, shop.now)
        assert Kill("a", hard=False) in shop.wanted(1.0)

    def test_counts_as_busy_with_its_age(self):
        shop = Shop()
        assert (shop.decisions.busy(), shop.decisions.oldest_in_work(shop.now)) == (0, 0.0)
        shop.take(message("a"))
        assert (shop.decisions.busy(), shop.decisions.oldest_in_work(shop.now + 7)) == (1, 7.0)

    def test_may_be_asked_for_by_other_threads_meanwhile(self):
        shop = Shop(concurrency=200, batch=200)
        problems: list[BaseException] = []
        over = threading.Event()

        def ask() -> None:
            while not over.is_set():
                try:
                    shop.decisions.busy()
                    shop.decisions.oldest_in_work(shop.now)
                except RuntimeError as error:
                    problems.append(error)
                    return

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        thread = threading.Thread(target=ask)
        thread.start()
        try:
            for turn in range(40):
                shop.take(*(message(f"{turn}-{number}") for number in range(100)))
                for number in range(100):
                    shop.decisions.work_ended(f"{turn}-{number}", Outcome.DONE)
                    shop.decisions.deleted(shop.now, Delete(f"{turn}-{number}", "", URL), Reply.OK)
        finally:
            over.set()
            thread.join()
            sys.setswitchinterval(interval)
        assert problems == []


class TestVisibility:
    def test_is_extended_while_the_work_goes_on_long_before_it_ends(self):
        shop = Shop()
        shop.take(message("a"))
        assert shop.run_for(VISIBILITY / 3 - 1) == []
        [first] = shop.run_for(1)
        assert first == Hide("a", "receipt of a", URL, 60, back=False)
        assert len(shop.run_for(200)) == 10

    def test_is_asked_for_again_when_a_call_failed(self):
        shop = Shop()
        shop.take(message("a"))
        tries = [action for action in shop.run_for(58, Reply.FAILED) if isinstance(action, Hide)]
        assert len(tries) >= 4

    def test_is_never_asked_for_twice_at_once(self):
        shop = Shop()
        shop.take(message("a"))
        assert len([action for _ in range(100) for action in shop.wanted(1.0)]) == 1

    def test_is_reckoned_from_before_the_call(self):
        shop = Shop()
        shop.take(message("a"))
        asked = shop.now + 20
        [extension] = shop.wanted(20)
        shop.now += 15
        shop.decisions.hidden(shop.now, extension, asked, Reply.OK)
        assert shop.wanted(5.1) != []  # a third after it was asked for, not after it was answered

    def test_goes_no_further_than_sqs_lets_it(self):
        shop = Shop(longest_work=LONGEST_HOLD)
        shop.take(message("a"))
        began, latest = shop.now, 0.0
        for _ in range(int(LONGEST_HOLD) - 10):
            for action in shop.wanted(1.0):
                latest = max(latest, shop.now + action.seconds - began)
                shop.decisions.hidden(shop.now, action, shop.now, Reply.OK)
        assert LONGEST_HOLD - 10 <= latest <= LONGEST_HOLD

    def test_that_ended_before_the_work_began_leaves_the_message_to_others(self):
        shop = Shop(concurrency=1)
        shop.take(message("a"), message("b"))
        shop.now += VISIBILITY
        assert starts(shop.end("a")) == []
        assert "hold ended before the work" in shop.events

    def test_that_ended_while_the_program_stood_still_is_noticed_although_the_answer_is_new(self):
        shop = Shop()
        assert shop.most(shop.now) > 0
        asleep, shop.now = shop.now, shop.now + VISIBILITY + 1
        shop.decisions.slept(asleep, shop.now)
        shop.decisions.received(shop.now, [message("a")])
        assert starts(shop.wanted()) == []

    def test_is_of_an_answer_that_came_after_the_stillness_as_long_as_ever(self):
        shop = Shop()
        asleep, shop.now = shop.now, shop.now + VISIBILITY + 1
        shop.decisions.slept(asleep, shop.now)
        assert starts(shop.take(message("a"))) == ["a"]

    def test_that_ended_does_not_end_work_on_a_standard_queue_which_then_deletes_with_the_old_receipt(self):
        shop = Shop()
        shop.take(message("a"))
        assert not any(isinstance(action, Kill) for action in shop.run_for(VISIBILITY + 5, Reply.FAILED))
        assert [type(action) for action in shop.end("a") if isinstance(action, Delete)] == [Delete]

    def test_that_ended_ends_work_on_a_fifo_queue(self):
        shop = Shop(fifo=True)
        shop.take(message("a", "g"))
        assert Kill("a", hard=False) in shop.run_for(VISIBILITY, Reply.FAILED)

    def test_that_sqs_says_has_ended_is_not_extended_any_more(self):
        shop = Shop()
        shop.take(message("a"))
        assert len(shop.run_for(300, Reply.ENDED)) == 1


class TestDeletion:
    def test_whose_answer_was_lost_is_tried_again_within_the_visibility(self):
        shop = Shop()
        shop.take(message("a"))
        [first] = shop.end("a")
        shop.decisions.deleted(shop.now, first, Reply.FAILED)
        assert shop.wanted() == []
        again = shop.run_for(5)
        assert again == [first]

    def test_of_what_is_gone_already_is_understood(self):
        shop = Shop()
        shop.take(message("a"))
        [delete] = shop.end("a")
        shop.decisions.deleted(shop.now, delete, Reply.ENDED)
        assert shop.run_for(100) == []
        assert shop.most(shop.now) == 4

    @pytest.mark.parametrize("fifo, until", [(False, 2 * VISIBILITY), (True, VISIBILITY)])
    def test_is_given_up_when_it_can_do_nothing_any_more(self, fifo: bool, until: float):
        shop = Shop(fifo=fifo)
        shop.take(message("a", "g"))
        began = shop.now
        latest = began
        [delete] = shop.end("a")
        shop.decisions.deleted(shop.now, delete, Reply.FAILED)
        while shop.now < began + 300:
            for action in shop.wanted(1.0):
                latest = shop.now
                shop.decisions.deleted(shop.now, action, Reply.FAILED)
        assert began + until - 12 <= latest <= began + until
        assert "done, and not deleted" in shop.events

    def test_waits_for_an_extension_that_is_under_way(self):
        shop = Shop()
        shop.take(message("a"))
        [extension] = shop.wanted(20)
        assert shop.end("a") == []
        shop.decisions.hidden(shop.now, extension, shop.now, Reply.OK)
        assert [type(action) for action in shop.wanted()] == [Delete]

    def test_that_comes_too_late_is_tried_once(self):
        shop = Shop(fifo=True)
        shop.take(message("a", "g"))
        [extension] = shop.wanted(20)
        assert shop.end("a") == []
        shop.now += VISIBILITY
        shop.decisions.hidden(shop.now, extension, shop.now - VISIBILITY, Reply.ENDED)
        assert [type(action) for action in shop.wanted()] == [Delete]

    def test_of_what_comes_again_after_it_was_done_needs_no_work(self):
        shop = Shop()
        shop.take(message("a"))
        [delete] = shop.end("a")
        shop.decisions.deleted(shop.now, delete, Reply.ENDED)
        assert shop.take(message("a", receipt="second")) == [Delete("a", "second", URL)]

    def test_goes_by_the_newest_receipt(self):
        shop = Shop()
        shop.take(message("a"))
        shop.run_for(VISIBILITY, Reply.FAILED)
        assert shop.take(message("a", receipt="second")) == []
        assert shop.end("a") == [Delete("a", "second", URL)]

    def test_an_answer_about_an_older_receipt_says_nothing_of_the_newest(self):
        shop = Shop()
        shop.take(message("a"))
        [extension] = shop.wanted(20)
        shop.now += VISIBILITY
        shop.take(message("a", receipt="second"))
        shop.decisions.hidden(shop.now, extension, shop.now, Reply.ENDED)
        assert Hide("a", "second", URL, 60, back=False) in shop.run_for(25)

    def test_an_extension_that_is_answered_after_the_failure_is_not_taken_for_the_return(self):
        shop = Shop()
        shop.take(message("a"))
        [extension] = shop.wanted(20)
        assert shop.end("a", Outcome.FAILED) == []
        shop.decisions.hidden(shop.now, extension, shop.now, Reply.OK)
        assert [action.back for action in shop.wanted()] == [True]


class TestGroups:
    def test_have_one_at_work_at_a_time_in_order(self):
        shop = Shop(fifo=True)
        assert starts(shop.take(message("a1", "a"), message("a2", "a"), message("b1", "b"))) == ["a1", "b1"]
        [delete] = shop.end("a1")
        assert isinstance(delete, Delete)
        shop.decisions.deleted(shop.now, delete, Reply.OK)
        assert starts(shop.wanted()) == ["a2"]

    def test_of_a_standard_queue_hold_nothing_up(self):
        assert starts(Shop().take(message("a1", "a"), message("a2", "a"))) == ["a1", "a2"]

    def test_do_not_go_on_before_the_one_before_is_deleted(self):
        shop = Shop(fifo=True)
        shop.take(message("a1", "a"), message("a2", "a"))
        assert starts(shop.end("a1")) == []

    @pytest.mark.parametrize("reply", [Reply.ENDED, Reply.FAILED])
    def test_give_the_later_ones_back_unworked_when_it_is_not_known_whether_the_one_before_is_deleted(self, reply: Reply):
        shop = Shop(fifo=True)
        shop.take(message("a1", "a"), message("a2", "a"), message("b1", "b"))
        [delete] = shop.end("a1")
        shop.decisions.deleted(shop.now, delete, reply)
        found = shop.run_for(VISIBILITY, reply)
        assert starts(found) == []
        assert [action.seconds for action in found if isinstance(action, Hide) and action.id == "a2" and action.back] == (
            [0] if reply is Reply.ENDED else []
        )

    def test_give_the_later_ones_back_at_once_and_unworked_after_a_failure(self):
        shop = Shop(fifo=True)
        shop.take(message("a1", "a"), message("a2", "a"), message("a3", "a"), message("b1", "b"))
        back = shop.end("a1", Outcome.FAILED)
        assert [(action.id, action.seconds > 0) for action in back] == [("a1", True), ("a2", False), ("a3", False)]
        assert all(action.back for action in back)

    def test_keep_the_later_ones_hidden_while_the_first_is_at_work(self):
        shop = Shop(fifo=True)
        shop.take(message("a1", "a"), message("a2", "a"))
        assert {action.id for action in shop.run_for(25)} == {"a1", "a2"}


class TestSeveralQueues:
    OTHER = "https://sqs.eu-west-1.amazonaws.com/1/other"

    def shop(self, **rules) -> Shop:
        return Shop(queues=(Queue(URL, 50), Queue(self.OTHER, 50)), **rules)

    def take_from(self, shop: Shop, queue: str, *names: str, group: str | None = None) -> list[Action]:
        """Others are found empty until it is the turn of this one."""
        while True:
            look = shop.decisions.receive_wanted(shop.now)
            if look is None:
                shop.now += 0.1
            elif look.queue == queue:
                shop.decisions.received(shop.now, [message(name, group, queue=queue) for name in names])
                return shop.wanted()
            else:
                shop.decisions.received(shop.now, [])

    def test_get_each_call_about_a_message_where_it_came_from(self):
        shop = self.shop()
        for queue, name in ((self.OTHER, "a"), (URL, "b")):
            assert starts(self.take_from(shop, queue, name)) == [name]
        assert {(action.id, action.queue) for action in shop.wanted(20)} == {("a", self.OTHER), ("b", URL)}
        for name in ("a", "b"):
            shop.decisions.hidden(shop.now, Hide(name, f"receipt of {name}", "", 60, back=False), shop.now, Reply.OK)
        assert shop.end("a") == [Delete("a", "receipt of a", self.OTHER)]
        [back] = shop.end("b", Outcome.FAILED)
        assert (back.queue, back.back) == (URL, True)

    def test_may_have_groups_of_one_name_that_do_not_wait_for_each_other(self):
        shop = self.shop(fifo=True)
        assert starts(self.take_from(shop, URL, "a", group="g")) == ["a"]
        assert starts(self.take_from(shop, self.OTHER, "b", "c", group="g")) == ["b"]
        assert [action.id for action in shop.end("a", Outcome.FAILED)] == ["a"]  # and the other queue's later one stays

    def test_of_which_one_denies_the_deletion_let_the_other_go_on(self):
        shop = self.shop()
        self.take_from(shop, URL, "a")
        [delete] = shop.end("a")
        shop.decisions.deleted(shop.now, delete, Reply.DENIED)
        looked = set()
        for _ in range(round(DENIED_PAUSE) - 1):
            shop.now += 1
            look = shop.decisions.receive_wanted(shop.now)
            if look:
                looked.add(look.queue)
                shop.decisions.received(shop.now, [])
        assert looked == {self.OTHER}

    def test_are_named_in_the_log(self):
        shop = self.shop()
        self.take_from(shop, self.OTHER, "a")
        assert shop.decisions.notes == [("taken", {"message": "a", "queue": "other", "receive_count": 1})]
        alone = Shop()
        alone.take(message("a"))
        assert alone.decisions.notes == [("taken", {"message": "a", "receive_count": 1})]

    def test_may_hand_on_a_message_which_then_has_its_receipt_in_the_new_one(self):
        shop = self.shop()  # as dead letters are, which keep their ids
        self.take_from(shop, URL, "a")
        shop.run_for(VISIBILITY, Reply.FAILED)
        assert self.take_from(shop, self.OTHER, "a") == []
        assert shop.end("a") == [Delete("a", "receipt of a", self.OTHER)]


class TestDraining:
    def test_receives_nothing(self):
        shop = Shop()
        shop.decisions.drain(shop.now, None)
        assert shop.most(shop.now) == 0
        assert shop.decisions.is_drained(shop.now)

    def test_lets_what_is_at_work_end(self):
        shop = Shop()
        shop.take(message("a"))
        shop.decisions.drain(shop.now, None)
        assert not any(isinstance(action, Kill) for action in shop.run_for(LONGEST_WORK - 1))
        assert not shop.decisions.is_drained(shop.now)
        shop.end("a")
        assert not shop.decisions.is_drained(shop.now)
        shop.decisions.deleted(shop.now, Delete("a", "receipt of a", URL), Reply.OK)
        assert shop.decisions.is_drained(shop.now)

    def test_waits_for_a_receipt_that_is_under_way_and_works_on_what_comes_if_there_is_time(self):
        shop = Shop()
        shop.most(shop.now)
        shop.decisions.drain(shop.now, LONGEST_WORK + KILL_AFTER + LAST_CALLS + 1)
        assert not shop.decisions.is_drained(shop.now)
        shop.decisions.received(shop.now, [message("a")])
        assert starts(shop.wanted()) == ["a"]

    def test_gives_back_at_once_and_unworked_what_there_is_no_time_for(self):
        shop = Shop()
        shop.most(shop.now)
        shop.decisions.drain(shop.now, 100)
        shop.decisions.received(shop.now, [message("a")])
        assert shop.wanted() == [Hide("a", "receipt of a", URL, 0, back=True)]

    def test_ends_what_is_not_done_in_time_and_gives_it_back_without_a_backoff(self):
        shop = Shop()
        shop.take(message("a"))
        shop.decisions.drain(shop.now, 100)
        assert not any(isinstance(action, Kill) for action in shop.run_for(91))
        assert Kill("a", hard=False) in shop.run_for(1)
        [back] = shop.end("a", Outcome.FAILED)
        assert (back.seconds, back.back) == (0, True)

    def test_is_over_at_its_end_whatever_is_held(self):
        shop = Shop()
        shop.take(message("a"))
        shop.decisions.drain(shop.now, 100)
        assert not shop.decisions.is_drained(shop.now + 99)
        assert shop.decisions.is_drained(shop.now + 100)

    def test_a_later_end_does_not_lengthen_it(self):
        shop = Shop()
        shop.take(message("a"))
        shop.decisions.drain(shop.now, 100)
        shop.decisions.drain(shop.now, None)
        assert shop.decisions.is_drained(shop.now + 100)


@pytest.mark.parametrize("fifo", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_under_any_answers_in_any_order_the_rules_hold(seed: int, fifo: bool):
    """A walk at random: calls are answered late, refused or not at all for long; time passes by jerks."""
    chance = random.Random(seed)
    shop = Shop(fifo=fifo, concurrency=3, visibility=30.0, longest_work=50.0)
    decisions = shop.decisions
    calls: list[Hide | Delete] = []
    working: dict[str, str | None] = {}
    begun: Counter[str] = Counter()
    number = 0
    receiving = False
    for step in range(3000):
        shop.now += chance.choice((0.01, 0.2, 1, 1, 5, 20 if step % 50 == 0 else 0.1))
        if decisions.receive_wanted(shop.now):
            assert not receiving
            receiving = True
        if receiving and chance.random() < 0.5:
            receiving = False
            if chance.random() < 0.3:
                decisions.receive_failed(shop.now)
            else:
                count = chance.randrange(3)
                decisions.received(shop.now, [message(f"m{number + one}", f"g{(number + one) % 2}") for one in range(count)])
                number += count
        for action in decisions.wanted(shop.now):
            if isinstance(action, Start):
                assert not fifo or action.message.group not in working.values()
                working[action.message.id] = action.message.group
                begun[action.message.id] += 1
            elif isinstance(action, Kill):
                assert action.id in working
            else:
                assert not any(call.id == action.id for call in calls), "two calls about one message"
                assert not (isinstance(action, Delete) and action.id in working)
                calls.append(action)
        assert len(working) <= 3
        for call in [call for call in calls if chance.random() < 0.3]:
            calls.remove(call)
            reply = chance.choice((Reply.OK, Reply.OK, Reply.FAILED, Reply.ENDED))
            if isinstance(call, Delete):
                decisions.deleted(shop.now, call, reply)
            else:
                decisions.hidden(shop.now, call, shop.now, reply)
        for name in [name for name in working if chance.random() < 0.1]:
            del working[name]
            decisions.work_ended(name, chance.choice((Outcome.DONE, Outcome.DONE, Outcome.FAILED)))
    assert max(begun.values()) == 1
    decisions.drain(shop.now, None)
    for _ in range(400):
        for action in [*calls, *decisions.wanted(shop.now)]:
            if isinstance(action, Delete):
                decisions.deleted(shop.now, action, Reply.OK)
            elif isinstance(action, Hide):
                decisions.hidden(shop.now, action, shop.now, Reply.OK)
            elif isinstance(action, Start):
                working[action.message.id] = None
        calls.clear()
        if receiving:
            decisions.received(shop.now, [])
            receiving = False
        for name in list(working):
            del working[name]
            decisions.work_ended(name, Outcome.DONE)
        shop.now += 1
    assert decisions.is_drained(shop.now)
