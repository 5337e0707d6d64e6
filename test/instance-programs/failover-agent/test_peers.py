"""Questions and answers between members, over real sockets on the loopback."""

from __future__ import annotations

import http.client
import socket
import threading
import time

import pytest
from failover_agent.configuration import Profile
from failover_agent.peers import Watch, ask
from failover_agent.sights import Answer
from instance_program.health_server import HealthServer


@pytest.fixture
def server():
    report = {"member": "b", "green": True, "why": None, "holds": ["a", "b"]}
    server = HealthServer("127.0.0.1", 0, lambda: report, well="green")
    server.start()
    server.report_of_test = report
    yield server
    server.shutdown()
    server.server_close()


def port_of(server) -> int:
    return server.server_address[1]


def test_a_green_member_says_what_it_holds(server):
    assert ask("127.0.0.1", port_of(server), 1) == (Answer.GREEN, ("a", "b"))


def test_a_red_member_says_so(server):
    server.report_of_test["green"] = False
    assert ask("127.0.0.1", port_of(server), 1) == (Answer.RED, ())


def test_nobody_there_is_silence():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert ask("127.0.0.1", free.getsockname()[1], 1) == (Answer.SILENCE, ())


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 500 no\r\n\r\n", b"HTTP/1.1 404 no\r\n\r\n"],
    ids=["nothing", "not HTTP", "500", "404"],
)
def test_whatever_else_answers_is_silence(answer):
    assert ask("127.0.0.1", port_of_one_that_says(answer), 0.3)[0] is Answer.SILENCE


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"holds": 7}', b'{"holds": [7]}'])
def test_a_green_answer_that_makes_no_sense_is_still_an_answer(body):
    answer = b"HTTP/1.0 200 OK\r\n\r\n" + body
    assert ask("127.0.0.1", port_of_one_that_says(answer), 1) == (Answer.GREEN, ())


def test_one_that_accepts_and_never_answers_costs_the_timeout_and_no_more():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        started = time.monotonic()
        assert ask("127.0.0.1", silent.getsockname()[1], 0.3)[0] is Answer.SILENCE
        assert 0.2 < time.monotonic() - started < 3


def test_one_that_dribbles_cannot_hold_the_watch_for_ever():
    started = time.monotonic()
    ask("127.0.0.1", port_of_one_that_says(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", dribble=True), 0.3)
    assert time.monotonic() - started < 5


def test_only_the_health_is_told(server):
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=5)
    connection.request("GET", "/etc/passwd")
    assert connection.getresponse().status == 404


def test_the_watch_asks_at_even_intervals_from_start_to_start(server):
    told = []
    Watch("b", "127.0.0.1", port_of(server), Profile(0.1, 0.4, 3), lambda *answer: told.append(answer)).start()
    deadline = time.monotonic() + 20
    while len(told) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert told[:5] == [("b", Answer.GREEN, ("a", "b"))] * 5


def port_of_one_that_says(answer: bytes, dribble: bool = False) -> int:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, listener:
            connection.recv(4096)
            try:
                connection.sendall(answer)
                while dribble:
                    time.sleep(0.1)
                    connection.sendall(b"x")
            except OSError:
                pass

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]
