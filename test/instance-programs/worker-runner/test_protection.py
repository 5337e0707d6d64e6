"""When the instance is protected from scale-in, under a fake clock."""

from __future__ import annotations

from worker_runner.protection import AGAIN_AFTER, HOLD, Protection


def after_start(protection: Protection, now: float = 0.0) -> Protection:
    """What an earlier run may have left on is taken off."""
    assert protection.wanted(now, 0) is None
    assert protection.wanted(now + HOLD, 0) is False
    protection.told(now + HOLD, False, True)
    return protection


def test_is_put_on_by_long_work_once():
    protection = after_start(Protection(30))
    assert protection.wanted(100, 29) is None
    assert protection.wanted(101, 30) is True
    protection.told(101, True, True)
    assert [protection.wanted(102 + second, 31 + second) for second in range(600)] == [None] * 600


def test_is_not_put_on_by_any_amount_of_short_work():
    protection = after_start(Protection(30))
    assert [protection.wanted(100 + second, second % 30) for second in range(600)] == [None] * 600


def test_is_taken_off_only_after_a_while_without_long_work():
    protection = after_start(Protection(30))
    protection.wanted(100, 30)
    protection.told(100, True, True)
    assert protection.wanted(100 + HOLD - 1, 5) is None
    assert protection.wanted(100 + HOLD, 5) is False


def test_stays_on_over_a_gap_between_two_long_ones():
    protection = after_start(Protection(30))
    protection.wanted(100, 30)
    protection.told(100, True, True)
    assert [protection.wanted(100 + second, second % 50) for second in range(1000)] == [None] * 1000


def test_is_one_call_at_a_time():
    protection = after_start(Protection(30))
    assert protection.wanted(100, 30) is True
    assert protection.wanted(101, 31) is None


def test_is_tried_again_after_a_while_when_the_call_failed():
    protection = after_start(Protection(30))
    protection.wanted(100, 30)
    protection.told(100, True, False)
    assert protection.wanted(100 + AGAIN_AFTER - 1, 90) is None
    assert protection.wanted(100 + AGAIN_AFTER, 90) is True


def test_is_none_where_nobody_asks_for_it():
    protection = Protection(None)
    assert protection.wanted(100, 1000) is None
    assert not protection.may_be_on


def test_may_be_on_until_it_is_known_to_be_off():
    assert Protection(30).may_be_on
    protection = after_start(Protection(30))
    assert not protection.may_be_on
    protection.wanted(100, 30)
    protection.told(100, True, True)
    assert protection.may_be_on


def test_with_no_time_is_put_on_by_any_work_and_by_none():
    protection = after_start(Protection(0))
    assert protection.wanted(100, 0.0) is None
    assert protection.wanted(100, 0.1) is True
