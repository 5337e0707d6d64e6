"""A real server on this machine that does the work."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from local_servers import Answer, HangUp, LocalServer, Respond, Silence
from worker_runner.actions import Outcome
from worker_runner.configuration import HttpHandler
from worker_runner.http_post import HttpWork
from worker_runner.messages import Message
from worker_runner.work import LONGEST_TAIL

MESSAGE = Message("m-1", "r", "the body ä", "g", 2, {"tenant_id": "a\r\nb"})


@pytest.fixture
def serve() -> Iterator[Callable[[Respond], LocalServer]]:
    servers: list[LocalServer] = []

    def start(respond: Respond) -> LocalServer:
        servers.append(LocalServer(respond))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def work_at(port: int, message: Message = MESSAGE) -> HttpWork:
    return HttpWork(HttpHandler("127.0.0.1", port, "/work?x=1"), message)


def test_sends_the_body_as_it_is_and_the_rest_in_headers(serve):
    server = serve(lambda _request: Answer("fine", 204, {"Content-Length": "0"}))

    assert work_at(server.port).run().outcome is Outcome.DONE

    [request] = server.requests
    assert (request.method, request.path, request.body) == ("POST", "/work?x=1", "the body ä".encode())
    assert request.headers["X-Sqs-Message-Id"] == "m-1"
    assert request.headers["X-Sqs-Receive-Count"] == "2"
    assert request.headers["X-Sqs-Group-Id"] == "g"
    assert request.headers["X-Sqs-Attribute-Tenant-Id"] == "a%0D%0Ab"


@pytest.mark.parametrize(
    "status, outcome", [(200, Outcome.DONE), (299, Outcome.DONE), (301, Outcome.FAILED), (404, Outcome.FAILED), (500, Outcome.FAILED)]
)
def test_is_done_with_2xx_only(serve, status: int, outcome: Outcome):
    result = work_at(serve(lambda _request: Answer("why", status)).port).run()
    assert (result.outcome, result.detail, result.tail) == (outcome, f"status {status}", "why")


def test_sends_a_megabyte_whole(serve):
    server = serve(lambda _request: Answer(""))
    assert work_at(server.port, Message("m", "r", "x" * 1024 * 1024)).run().outcome is Outcome.DONE
    assert len(server.requests[0].body) == 1024 * 1024


@pytest.mark.parametrize("answer", [HangUp(), Answer("half", headers={"Content-Length": "99"}, hang_up=True)])
def test_an_answer_that_breaks_off_is_a_failure(serve, answer):
    assert work_at(serve(lambda _request: answer).port).run().outcome is Outcome.FAILED


def test_where_nobody_listens_nothing_is_said_about_the_message():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert work_at(port).run().outcome is Outcome.NOT_STARTED


def test_an_answer_that_is_no_http_is_a_failure():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            connection.recv(65_536)
            connection.sendall(b"\x00\xff nonsense\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        assert work_at(server.getsockname()[1]).run().outcome is Outcome.FAILED


@pytest.mark.parametrize("endless", [False, True], ids=["silent", "endless"])
def test_that_never_ends_can_be_broken_off(serve, endless: bool):
    if endless:
        server = socket.create_server(("127.0.0.1", 0))
        port = server.getsockname()[1]

        def pour() -> None:
            connection, _ = server.accept()
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            try:
                while True:
                    connection.sendall(b"x" * 65_536)
            except OSError:
                pass

        threading.Thread(target=pour, daemon=True).start()
    else:
        port = serve(lambda _request: Silence()).port
    work = work_at(port)
    results = []
    thread = threading.Thread(target=lambda: results.append(work.run()), daemon=True)
    thread.start()
    time.sleep(0.5)
    assert thread.is_alive()
    work.kill(hard=False)
    work.kill(hard=True)
    thread.join(5)
    # the end of an answer without a length may be its end, so that the runner, which knows whom it told to end, does not believe it
    assert results and (endless or results[0].outcome is Outcome.FAILED)
    assert len(results[0].tail) <= LONGEST_TAIL


def test_that_is_told_to_end_before_it_began_never_begins(serve):
    server = serve(lambda _request: Answer(""))
    work = work_at(server.port)
    work.kill(hard=False)
    assert work.run().outcome is Outcome.FAILED
    assert server.requests == []
