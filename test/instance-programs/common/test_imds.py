from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from aws_api.imds import HOST, Imds, ImdsError, RoleCredentials
from aws_api.sigv4 import Credentials
from local_servers import Answer, Clock, HangUp, LocalServer, Metadata, Respond, Silence

HOUR = 3600.0
TRUNCATED = Answer("short", headers={"Content-Length": "9"}, hang_up=True)


class Machine:
    """An instance with its metadata service, whose clocks a test moves."""

    def __init__(self, serve: Callable[[Respond], LocalServer]):
        self.clock = Clock()
        self.metadata = Metadata(self.clock)
        self.server = serve(self.metadata)
        self.jitter = 1.0
        self.imds = Imds(
            host=self.server.host, timeout=0.2, monotonic=self.clock, clock=self.clock, sleep=self.clock.sleep, jitter=lambda: self.jitter
        )

    def asked(self, method: str) -> int:
        return sum(request.method == method for request in self.server.requests)


@pytest.fixture
def machine(serve: Callable[[Respond], LocalServer]) -> Machine:
    return Machine(serve)


def test_asks_the_address_that_every_instance_has():
    assert HOST == "169.254.169.254"
    assert Imds()._host == HOST


class TestGet:
    def test_returns_what_stands_below_meta_data(self, machine: Machine):
        assert machine.imds.get("instance-id") == "i-1"

    def test_returns_what_stands_at_a_whole_path(self, machine: Machine):
        machine.metadata.documents["/latest/dynamic/instance-identity/document"] = "{}"

        assert machine.imds.get("/latest/dynamic/instance-identity/document") == "{}"

    def test_returns_nothing_where_nothing_stands(self, machine: Machine):
        assert machine.imds.get("spot/instance-action") is None
        assert machine.asked("GET") == 1

    def test_tells_an_empty_document_from_none(self, machine: Machine):
        machine.metadata.documents["/latest/meta-data/empty"] = ""

        assert machine.imds.get("empty") == ""

    def test_keeps_its_token_for_hours_and_renews_it_before_it_ends(self, machine: Machine):
        machine.imds.get("instance-id")
        machine.clock.now += 6 * HOUR - 120
        machine.imds.get("instance-id")
        assert machine.asked("PUT") == 1

        machine.clock.now += 90
        assert machine.imds.get("instance-id") == "i-1"
        assert machine.asked("PUT") == 2
        assert machine.asked("GET") == 3

    def test_fetches_a_new_token_when_the_service_has_forgotten_it(self, machine: Machine):
        machine.imds.get("instance-id")
        machine.metadata.tokens.clear()

        assert machine.imds.get("instance-id") == "i-1"
        assert machine.asked("PUT") == 2

    def test_gives_up_when_the_new_token_is_refused_too(self, machine: Machine):
        machine.metadata.instead = [Answer("t1"), Answer("", 401), Answer("t2"), Answer("", 401)]

        with pytest.raises(ImdsError, match="/latest/meta-data/instance-id: status 401"):
            machine.imds.get("instance-id")

    @pytest.mark.parametrize("trouble", [HangUp(), Silence(), Answer("", 503), Answer("", 429), TRUNCATED])
    def test_tries_again_after_a_passing_trouble(self, machine: Machine, trouble):
        machine.metadata.instead = [trouble]

        assert machine.imds.get("instance-id") == "i-1"
        assert machine.clock.pauses == [0.2]

    def test_pauses_longer_each_time_by_a_share_that_chance_decides(self, machine: Machine):
        machine.jitter = 0.5
        machine.metadata.instead = [HangUp()] * 4

        with pytest.raises(ImdsError, match="instance-id: RemoteDisconnected"):
            machine.imds.get("instance-id")
        assert machine.clock.pauses == [0.1, 0.2, 0.4]

    @pytest.mark.parametrize("status", [400, 403])
    def test_does_not_try_again_after_a_refusal(self, machine: Machine, status: int):
        machine.metadata.instead = [Answer("", status)]

        with pytest.raises(ImdsError, match=f"/latest/api/token: status {status}"):
            machine.imds.get("instance-id")
        assert len(machine.server.requests) == 1


class TestCredentials:
    def test_are_those_of_the_role(self, machine: Machine):
        machine.metadata.give_role(1, ends=machine.clock.now + 6 * HOUR)

        assert machine.imds.credentials()() == Credentials("AKID1", "secret1", "session1")

    def test_are_kept(self, machine: Machine):
        credentials = self._held(machine, ends_in=6 * HOUR)
        asked = len(machine.server.requests)
        machine.clock.now += HOUR - 1

        assert credentials().access_key == "AKID1"
        assert len(machine.server.requests) == asked

    def test_are_renewed_at_least_five_minutes_before_they_end(self, machine: Machine):
        credentials = self._held(machine, ends_in=1800)
        machine.metadata.give_role(2, ends=machine.clock.now + 12 * HOUR)
        machine.clock.now += 1800 - 601
        assert credentials().access_key == "AKID1"

        machine.clock.now += 300
        assert credentials().access_key == "AKID2"

    @pytest.mark.parametrize("zone", ["UTC+8", "UTC-8"])
    def test_end_when_they_end_whatever_the_time_zone_of_the_machine(self, machine: Machine, monkeypatch: pytest.MonkeyPatch, zone: str):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        try:
            credentials = self._held(machine, ends_in=1800)
            machine.metadata.give_role(2, ends=machine.clock.now + 12 * HOUR)
            assert credentials().access_key == "AKID1"

            machine.clock.now += 1500
            assert credentials().access_key == "AKID2"
        finally:
            monkeypatch.undo()
            time.tzset()

    def test_are_renewed_each_hour_so_that_a_slow_clock_does_not_keep_them_past_their_end(self, machine: Machine):
        credentials = self._held(machine, ends_in=6 * HOUR)
        machine.metadata.give_role(2, ends=machine.clock.now + 12 * HOUR)
        machine.clock.now += HOUR

        assert credentials().access_key == "AKID2"

    def test_are_used_on_when_the_refresh_fails_and_they_still_hold(self, machine: Machine):
        credentials = self._held(machine, ends_in=1800)
        machine.clock.now += 1500
        machine.metadata.instead = [Answer("", 500)] * 100

        assert credentials().access_key == "AKID1"
        assert machine.clock.pauses == []

    def test_are_not_asked_for_at_each_call_while_the_service_is_down(self, machine: Machine):
        credentials = self._held(machine, ends_in=1800)
        machine.clock.now += 1500
        machine.metadata.instead = [Answer("", 500)]
        asked = len(machine.server.requests)
        for _ in range(3):
            credentials()
        assert len(machine.server.requests) == asked + 1

        machine.metadata.give_role(2, ends=machine.clock.now + 6 * HOUR)
        machine.clock.now += 31
        assert credentials().access_key == "AKID2"

    def test_are_not_used_past_their_end(self, machine: Machine):
        credentials = self._held(machine, ends_in=1800)
        machine.clock.now += 1801
        machine.metadata.instead = [Answer("", 500)] * 100

        with pytest.raises(ImdsError, match="status 500"):
            credentials()

    def test_are_fetched_as_soon_as_the_service_is_back(self, machine: Machine):
        credentials = self._held(machine, ends_in=1800)
        machine.clock.now += 1801
        machine.metadata.instead = [Answer("", 400)]
        with pytest.raises(ImdsError):
            credentials()

        machine.metadata.give_role(2, ends=machine.clock.now + 6 * HOUR)
        assert credentials().access_key == "AKID2"

    def test_are_used_although_a_fast_clock_takes_them_for_ended(self, machine: Machine):
        machine.metadata.give_role(1, ends=machine.clock.now - HOUR)
        credentials = machine.imds.credentials()

        assert [credentials().access_key, credentials().access_key] == ["AKID1", "AKID1"]

    def test_do_not_let_a_second_thread_wait_for_the_one_that_renews_them(self, machine: Machine):
        credentials = self._held(machine, ends_in=1800)
        machine.clock.now += 1500
        machine.metadata.instead = [Silence()]
        asked = len(machine.server.requests)
        renewing = threading.Thread(target=credentials)
        renewing.start()
        while renewing.is_alive() and len(machine.server.requests) == asked:
            time.sleep(0.001)

        assert credentials._refreshing.locked()
        assert credentials().access_key == "AKID1"
        assert credentials._refreshing.locked()
        renewing.join()

    def test_are_fetched_once_for_threads_that_have_none(self, machine: Machine):
        machine.metadata.give_role(1, ends=machine.clock.now + 6 * HOUR)
        credentials = machine.imds.credentials()
        threads = [threading.Thread(target=credentials) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert machine.asked("GET") == 2

    def test_say_that_the_instance_has_no_role(self, machine: Machine):
        with pytest.raises(ImdsError, match="the instance has no role"):
            machine.imds.credentials()()

    @pytest.mark.parametrize(
        "document, problem",
        [
            ('{"Code": "AssumeRoleUnauthorizedAccess", "Message": "no trust"}', "AssumeRoleUnauthorizedAccess: no trust"),
            ('{"Code": "Success", "SecretAccessKey": "hidden"}', "no credentials: KeyError"),
            ('{"Code": "Success", "Expiration": "hidden"}', "no credentials: ValueError"),
            ("[]", "no credentials: AttributeError"),
            ("<hidden/>", "no credentials: JSONDecodeError"),
        ],
    )
    def test_say_what_is_wrong_with_the_document_and_not_what_stands_in_it(self, machine: Machine, document: str, problem: str):
        machine.metadata.give_role(1, ends=machine.clock.now + 6 * HOUR)
        machine.metadata.documents["/latest/meta-data/iam/security-credentials/NatRole"] = document

        with pytest.raises(ImdsError) as raised:
            machine.imds.credentials()()
        assert str(raised.value) == f"instance metadata iam/security-credentials/NatRole: {problem}"

    @staticmethod
    def _held(machine: Machine, ends_in: float) -> RoleCredentials:
        machine.metadata.give_role(1, ends=machine.clock.now + ends_in)
        credentials = machine.imds.credentials()
        credentials()
        return credentials
