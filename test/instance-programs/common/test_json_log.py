from __future__ import annotations

import io
import json
import threading

import pytest
from aws_api.json_log import JsonLog
from hypothesis import given
from hypothesis import strategies as st

documents = st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


class WithoutText:
    def __repr__(self) -> str:
        raise RuntimeError


def written(event: str = "takeover", /, **fields: object) -> dict[str, object]:
    stream = io.StringIO()
    JsonLog(stream, clock=lambda: 1_800_000_000.0456).write(event, **fields)
    text = stream.getvalue()
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1
    assert text.isascii()
    return json.loads(text, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))


def test_a_line_says_when_what_and_with_what():
    assert list(written(object="eu-west-1a", seconds=1.5, why=None).items()) == [
        ("time", "2027-01-15T08:00:00.045Z"),
        ("event", "takeover"),
        ("object", "eu-west-1a"),
        ("seconds", 1.5),
        ("why", None),
    ]


def test_a_whole_second_has_its_milliseconds_too():
    stream = io.StringIO()
    JsonLog(stream, clock=lambda: 0.0).write("start")

    assert json.loads(stream.getvalue())["time"] == "1970-01-01T00:00:00.000Z"


def test_no_field_stands_for_the_time_or_the_event():
    assert written(**{"time": 3, "event": "other", "self": 1}) == {"time": "2027-01-15T08:00:00.045Z", "event": "takeover", "self": 1}


@given(st.text(), st.text(), documents)
def test_an_event_is_one_line_whatever_it_holds(event, name, value):
    line = written(event, **{name: value, "healthy": True})

    assert line["event"] == event
    assert line["healthy"] is True


def test_what_some_take_for_the_end_of_a_line_and_half_a_surrogate_do_not_get_out():
    assert written(why="a\nb\u2028c\x85d\ud800")["why"] == "a\nb\u2028c\x85d\ud800"


@pytest.mark.parametrize(
    "value, text",
    [
        (float("nan"), "nan"),
        ([float("nan"), "ä"], "[nan, 'ä']"),
        (
            {
                1,
            },
            "{1}",
        ),
        (OSError(5, "no"), "[Errno 5] no"),
        ({(1, 2): 3}, "{(1, 2): 3}"),
        (WithoutText(), "unwritable: RuntimeError"),
    ],
)
def test_what_is_no_json_is_written_as_its_text(value: object, text: str):
    assert written(value=value, number=1) == {"time": "2027-01-15T08:00:00.045Z", "event": "takeover", "value": text, "number": 1}


def test_a_circle_is_written_as_its_text():
    circle: list[object] = []
    circle.append(circle)

    assert written(circle=circle)["circle"] == "[[...]]"


class Broken(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("stream", [Broken(), None])
def test_a_stream_that_takes_nothing_stops_nobody(stream):
    if stream is None:
        stream = io.StringIO()
        stream.close()
    JsonLog(stream).write("start")


def test_a_clock_that_makes_no_sense_stops_nobody():
    JsonLog(io.StringIO(), clock=lambda: 1e30).write("start")


def test_each_line_is_flushed():
    class Buffered(io.StringIO):
        flushed = ""

        def flush(self) -> None:
            self.flushed = self.getvalue()

    stream = Buffered()
    JsonLog(stream).write("start")

    assert stream.flushed == stream.getvalue() != ""


def test_writes_to_standard_output_unless_told_otherwise(capsys):
    JsonLog().write("start")

    assert json.loads(capsys.readouterr().out)["event"] == "start"


def test_lines_of_threads_do_not_mix():
    class Slow(io.StringIO):
        inside = 0
        most = 0

        def write(self, text: str) -> int:
            self.inside += 1
            self.most = max(self.most, self.inside)
            threading.Event().wait(0.005)
            self.inside -= 1
            return super().write(text)

    stream = Slow()
    log = JsonLog(stream)
    threads = [threading.Thread(target=log.write, args=("start",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stream.most == 1
    assert len(stream.getvalue().splitlines()) == 8
