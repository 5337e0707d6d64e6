"""What senders may put into messages does no harm, and what a broken answer holds neither."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worker_runner.attributes import LONGEST_HEADER, LONGEST_VALUE, body, environment, headers
from worker_runner.messages import Message, messages_of

RAW = {
    "MessageId": "m",
    "ReceiptHandle": "r",
    "Body": "b",
    "Attributes": {"ApproximateReceiveCount": "3", "MessageGroupId": "g", "NewAttribute": "x"},
    "MessageAttributes": {
        "Tenant": {"DataType": "String", "StringValue": "t"},
        "Picture": {"DataType": "Binary", "BinaryValue": "AAEC"},
        "Odd": {"DataType": "Thing.x", "ThingValue": [1]},
    },
}


URL = "https://sqs.eu-west-1.amazonaws.com/111122223333/work"


def with_attributes(**attributes: str) -> Message:
    return Message("m", "r", "b", attributes=attributes, queue=URL)


def read(answer: dict) -> tuple[list[Message], int]:
    return messages_of(answer, URL)


class TestReading:
    def test_takes_what_is_known_and_leaves_the_rest(self):
        assert read({"Messages": [RAW]}) == ([Message("m", "r", "b", "g", 3, {"Tenant": "t", "Picture": "AAEC"}, URL)], 0)

    @pytest.mark.parametrize("answer", [{}, {"Messages": None}, {"Messages": []}])
    def test_no_messages_are_none(self, answer: dict):
        assert read(answer) == ([], 0)

    @pytest.mark.parametrize("broken", [None, 7, [], {}, {**RAW, "MessageId": None}, {**RAW, "ReceiptHandle": ""}, {**RAW, "Body": {"a": 1}}])
    def test_one_that_is_broken_does_not_take_the_others_with_it(self, broken: object):
        found, unreadable = read({"Messages": [broken, RAW]})
        assert ([message.id for message in found], unreadable) == (["m"], 1)

    def test_a_list_that_is_none_is_unreadable(self):
        assert read({"Messages": "x"}) == ([], 1)

    @pytest.mark.parametrize("count", [None, "x", "-1", "0", [], {}])
    def test_a_count_that_is_none_is_the_first(self, count: object):
        [message] = read({"Messages": [{**RAW, "Attributes": {"ApproximateReceiveCount": count}}]})[0]
        assert (message.receive_count, message.group) == (1, None)

    @settings(max_examples=40)
    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
    def test_anything_at_all_is_survived(self, item: object):
        read({"Messages": [item, {**RAW, "Attributes": item, "MessageAttributes": item}, {**RAW, "MessageAttributes": {"a": item}}]})


class TestEnvironment:
    def test_has_the_message_and_its_attributes(self):
        found = environment(Message("m", "r", "b", "g", 2, {"Tenant": "t"}, URL), {b"PATH": b"/bin"})
        assert found == {
            b"PATH": b"/bin",
            b"SQS_MESSAGE_ID": b"m",
            b"SQS_RECEIVE_COUNT": b"2",
            b"SQS_GROUP_ID": b"g",
            b"SQS_QUEUE_NAME": b"work",
            b"SQS_ATTRIBUTE_TENANT": b"t",
        }

    def test_has_nothing_of_what_the_runner_itself_is_started_with(self):
        inherited = {b"PYTHONPATH": b"/opt", b"PYTHONUNBUFFERED": b"1", b"SQS_GROUP_ID": b"old", b"LANG": b"C"}
        assert set(environment(with_attributes(), inherited)) == {b"LANG", b"SQS_MESSAGE_ID", b"SQS_RECEIVE_COUNT", b"SQS_QUEUE_NAME"}

    @pytest.mark.parametrize(
        "name",
        [
            "PATH",
            "LD_PRELOAD",
            "path",
            "SQS_MESSAGE_ID",
            "IFS",
            "BASH_ENV",
            "a=b",
            "x\ny",
            "ä",
            "() { :; }",
            "MESSAGE_ID",
            "SQS_QUEUE_NAME",
            "QUEUE_NAME",
        ],
    )
    def test_is_overwritten_by_no_attribute(self, name: str):
        inherited = {b"PATH": b"/bin", b"LD_PRELOAD": b"none"}
        found = environment(with_attributes(**{name: "evil"}), inherited)
        usual = environment(with_attributes(), inherited)
        assert {key: found[key] for key in usual} == usual
        [own] = set(found) - set(usual)
        assert own.startswith(b"SQS_ATTRIBUTE_") and b"=" not in own and found[own] == b"evil"

    def test_leaves_out_both_of_two_that_have_one_name_and_says_so(self):
        found = environment(Message("m", "r", "b", attributes={"tenant-id": "mine", "tenant_id": "theirs", "b": "1"}), {})
        assert b"SQS_ATTRIBUTE_TENANT_ID" not in found
        assert (found[b"SQS_ATTRIBUTES_LEFT_OUT"], found[b"SQS_ATTRIBUTE_B"]) == (b"TENANT_ID", b"1")

    @pytest.mark.parametrize("value", ["x" * (LONGEST_VALUE + 1), "a\0b"])
    def test_leaves_out_what_nothing_could_be_started_with_and_says_so(self, value: str):
        found = environment(with_attributes(big=value), {})
        assert b"SQS_ATTRIBUTE_BIG" not in found
        assert found[b"SQS_ATTRIBUTES_LEFT_OUT"] == b"BIG"

    def test_takes_half_a_character(self):
        assert environment(with_attributes(a="\ud800"), {})[b"SQS_ATTRIBUTE_A"] == b"\xed\xa0\x80"
        assert body(Message("m", "r", "\ud800")) == b"\xed\xa0\x80"


class TestHeaders:
    def test_have_the_message_and_its_attributes(self):
        assert headers(Message("m", "r", "b", "g", 2, {"tenant_id": "a b/c"}, URL)) == {
            "X-Sqs-Message-Id": "m",
            "X-Sqs-Receive-Count": "2",
            "X-Sqs-Group-Id": "g",
            "X-Sqs-Queue-Name": "work",
            "X-Sqs-Attribute-Tenant-Id": "a b/c",
        }

    @pytest.mark.parametrize("value, sent", [("a\r\nX-Evil: 1", "a%0D%0AX-Evil: 1"), ("ä", "%C3%A4"), ("100%", "100%25"), ("\ud800", "%ED%A0%80")])
    def test_can_say_anything_without_breaking_out(self, value: str, sent: str):
        assert headers(with_attributes(a=value))["X-Sqs-Attribute-A"] == sent

    def test_leave_out_what_is_too_long_and_say_so(self):
        assert headers(with_attributes(a="x" * (LONGEST_HEADER + 1)))["X-Sqs-Attributes-Left-Out"] == "A"

    @given(st.text(), st.text())
    def test_are_always_visible_ascii(self, name: str, value: str):
        for key, content in headers(Message("m", "r", "b", attributes={name: value})).items():
            assert key.isascii() and key.isprintable() and " " not in key
            assert content.isascii() and (content.isprintable())
