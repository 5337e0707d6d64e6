from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import format_datetime

import pytest
from aws_api.client import AwsClient, AwsError, NoLongerWanted
from aws_api.imds import ImdsError
from aws_api.sigv4 import Credentials
from botocore_signature import botocore_signature
from local_servers import Answer, Clock, HangUp, LocalServer, Request, Respond, Silence, one_after_the_other

CREDENTIALS = Credentials("AKID", "secret", "session")
VERSION = "2016-11-15"


class Service:
    """A client and the server that it calls."""

    def __init__(self, server: LocalServer):
        self.server = server
        self.clock = Clock()
        self.jitter = 1.0

    def client(self, credentials=CREDENTIALS, **others) -> AwsClient:
        clocks = {"clock": self.clock, "monotonic": self.clock, "sleep": self.clock.sleep, "jitter": lambda: self.jitter}
        return AwsClient("ec2", "eu-west-1", credentials, **{"host": self.server.host, "timeout": 5.0, **clocks, **others})

    def call(self, **others):
        return self.client(**others).call("DescribeRouteTables", VERSION, {})

    @property
    def connections(self) -> list[int]:
        return [request.connection for request in self.server.requests]

    @property
    def dates(self) -> list[str]:
        return [request.headers["X-Amz-Date"] for request in self.server.requests]


@pytest.fixture
def answering(serve_tls: Callable[[Respond], LocalServer], trusted: None) -> Callable[..., Service]:
    return lambda *answers: Service(serve_tls(one_after_the_other(*answers)))


@pytest.fixture
def responding(serve_tls: Callable[[Respond], LocalServer], trusted: None) -> Callable[[Respond], Service]:
    return lambda respond: Service(serve_tls(respond))


def refusal(code: str, status: int = 400, date: float | None = None) -> Answer:
    headers = {} if date is None else {"Date": format_datetime(datetime.fromtimestamp(date, timezone.utc), usegmt=True)}
    return Answer(f"<Response><Errors><Error><Code>{code}</Code><Message>said {code}</Message></Error></Errors></Response>", status, headers)


class TestRequest:
    @pytest.mark.parametrize("credentials", [CREDENTIALS, Credentials("AKID", "secret")])
    def test_is_signed_as_it_goes_over_the_wire(self, answering, credentials: Credentials):
        service = answering(Answer())

        service.client(credentials).call("ReplaceRoute", VERSION, {"DestinationCidrBlock": "0.0.0.0/0", "Name": "Shop ä &=+"})

        [request] = service.server.requests
        unsigned = {"Accept-Encoding", "Content-Length", "Authorization", "X-Amz-Date", "X-Amz-Security-Token"}
        expected = botocore_signature(
            request.method,
            f"https://{service.server.host}{request.path}",
            [(name, value) for name, value in request.headers.items() if name not in unsigned],
            request.body,
            service="ec2",
            region="eu-west-1",
            credentials=credentials,
            now=datetime.fromtimestamp(service.clock.now, timezone.utc),
        )
        assert request.headers["Authorization"] == expected["Authorization"]
        assert request.headers.get("X-Amz-Security-Token") == credentials.token

    def test_carries_action_version_and_parameters_as_a_form(self, answering):
        service = answering(Answer())

        params = {"AllowReassociation": True, "DryRun": False, "Count": 3, "Name": "Shop ä &=+", "Empty": ""}
        service.client().call("AssociateAddress", VERSION, params)

        [request] = service.server.requests
        assert request.method == "POST"
        assert request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8"
        assert request.form == {
            "Action": "AssociateAddress",
            "Version": VERSION,
            "AllowReassociation": "true",
            "DryRun": "false",
            "Count": "3",
            "Name": "Shop ä &=+",
            "Empty": "",
        }

    @pytest.mark.parametrize(
        "service, region, host",
        [
            ("ec2", "eu-west-1", "ec2.eu-west-1.amazonaws.com"),
            ("monitoring", "us-gov-west-1", "monitoring.us-gov-west-1.amazonaws.com"),
            ("ec2", "cn-north-1", "ec2.cn-north-1.amazonaws.com.cn"),
        ],
    )
    def test_goes_to_the_endpoint_of_the_region(self, service: str, region: str, host: str):
        asked: list[str] = []

        def connect(host: str, _timeout: float) -> http.client.HTTPConnection:
            asked.append(host)
            raise OSError

        with pytest.raises(AwsError):
            AwsClient(service, region, CREDENTIALS, attempts=1, connect=connect).call("X", VERSION, {})
        assert asked == [host]

    def test_is_made_with_the_credentials_of_the_moment(self, answering):
        service = answering(refusal("Throttling"), Answer())
        numbers = iter("12")

        service.call(credentials=lambda: Credentials(f"AKID{next(numbers)}", "secret"))

        assert [request.headers["Authorization"][28:33] for request in service.server.requests] == ["AKID1", "AKID2"]

    def test_is_tried_again_when_there_were_no_credentials(self, answering):
        service = answering(Answer())
        given = [ImdsError("iam/", "status 500"), CREDENTIALS]

        def credentials() -> Credentials:
            one = given.pop(0)
            if isinstance(one, ImdsError):
                raise one
            return one

        service.call(credentials=credentials)

        assert service.clock.pauses == [0.1]

    def test_names_the_action_when_there_are_no_credentials(self, answering):
        def credentials() -> Credentials:
            raise ImdsError("iam/", "status 500")

        with pytest.raises(AwsError, match=r"^DescribeRouteTables: NoCredentials: instance metadata iam/: status 500 \(status 0\)$"):
            answering(Answer()).call(credentials=credentials)


class TestAnswer:
    def test_comes_without_namespaces(self, answering):
        body = '<A xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><b><c>1</c></b></A>'

        root = answering(Answer(body)).call()

        assert root.tag == "A"
        assert root.findtext("b/c") == "1"

    @pytest.mark.parametrize(
        "body",
        [
            "<Response><Errors><Error><Code>InvalidRouteTableID.NotFound</Code><Message>no rtb-1</Message></Error></Errors></Response>",
            '<ErrorResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">'
            "<Error><Type>Sender</Type><Code>InvalidRouteTableID.NotFound</Code><Message>no rtb-1</Message></Error></ErrorResponse>",
        ],
        ids=["ec2", "cloudwatch"],
    )
    def test_that_refuses_names_action_code_and_message(self, answering, body: str):
        service = answering(Answer(body, 400))

        with pytest.raises(AwsError) as raised:
            service.call()
        error = raised.value
        assert (error.action, error.code, error.message, error.status) == ("DescribeRouteTables", "InvalidRouteTableID.NotFound", "no rtb-1", 400)
        assert str(error) == "DescribeRouteTables: InvalidRouteTableID.NotFound: no rtb-1 (status 400)"
        assert not error.is_denied
        assert not error.is_throttled
        assert len(service.server.requests) == 1

    @pytest.mark.parametrize("code", ["UnauthorizedOperation", "Client.UnauthorizedOperation", "AccessDenied", "AccessDeniedException"])
    def test_that_denies_is_told_apart_and_final(self, answering, code: str):
        service = answering(refusal(code, 403))

        with pytest.raises(AwsError) as raised:
            service.call()
        assert raised.value.is_denied
        assert raised.value.action == "DescribeRouteTables"
        assert len(service.server.requests) == 1

    @pytest.mark.parametrize("answer", [Answer("no XML"), Answer(""), Answer("<html>", 400), Answer("<html/>", 400)])
    def test_that_is_unreadable_is_an_error(self, answering, answer: Answer):
        with pytest.raises(AwsError) as raised:
            answering(answer).call()
        assert (raised.value.code, raised.value.status) == ("Unreadable", answer.status)


class TestRetries:
    @pytest.mark.parametrize(
        "trouble",
        [
            refusal("RequestLimitExceeded", 503),
            refusal("Throttling"),
            refusal("Client.RequestLimitExceeded"),
            refusal("Server.RequestLimitExceeded"),
            refusal("Whatever", 429),
            refusal("InternalError", 500),
            Answer("<html>", 502),
            Answer("<a/>", headers={"Content-Length": "99"}, hang_up=True),
            HangUp(),
        ],
    )
    def test_follow_a_trouble_that_passes(self, answering, trouble):
        service = answering(trouble, Answer("<A/>"))

        assert service.call().tag == "A"
        assert service.clock.pauses == [0.1]

    def test_follow_a_silence(self, answering):
        service = answering(Silence(), Answer("<A/>"))

        assert service.call(timeout=0.2).tag == "A"
        assert service.clock.pauses == [0.1]

    def test_end_after_the_last_attempt_with_its_error(self, answering):
        service = answering(refusal("Throttling"))

        with pytest.raises(AwsError) as raised:
            service.call(attempts=3)
        assert raised.value.is_throttled
        assert len(service.server.requests) == 3

    def test_pause_twice_as_long_each_time_up_to_a_bound(self, answering):
        service = answering(refusal("Throttling"))

        with pytest.raises(AwsError):
            service.call(deadline=100.0)
        assert service.clock.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]

    @pytest.mark.parametrize("jitter", [0.0, 0.25])
    def test_pause_by_a_share_that_chance_decides(self, answering, jitter: float):
        service = answering(refusal("Throttling"))
        service.jitter = jitter

        with pytest.raises(AwsError):
            service.call(deadline=100.0)
        assert service.clock.pauses == [jitter * longest for longest in [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]]

    def test_end_before_the_deadline_rather_than_pause_past_it(self, answering):
        service = answering(refusal("Throttling"))

        with pytest.raises(AwsError) as raised:
            service.call(deadline=1.0)
        assert raised.value.is_throttled
        assert service.clock.pauses == [0.1, 0.2, 0.4]

    def test_wait_no_longer_than_the_deadline_leaves(self, answering):
        service = answering(Answer())
        waits: list[float] = []

        def connect(_host: str, timeout: float) -> http.client.HTTPConnection:
            waits.append(timeout)
            service.clock.now += 2.0
            raise TimeoutError

        with pytest.raises(AwsError, match="NoAnswer: .*TimeoutError"):
            service.call(connect=connect, timeout=2.0, deadline=5.0)
        assert waits == pytest.approx([2.0, 2.0, 0.7])

    def test_shorten_the_wait_for_an_answer_to_what_connecting_has_left(self, answering):
        service = answering(Answer())
        client = service.client(timeout=5.0, deadline=5.0)

        client.call("X", VERSION, {}, wanted=self._asking_takes(service, 0.0, 4.5))

        assert client._idle[0].sock.gettimeout() == pytest.approx(0.5)

    @pytest.mark.parametrize("seconds", [(6.0,), (0.0, 6.0)], ids=["before", "after connecting"])
    def test_send_nothing_past_the_deadline(self, answering, seconds: tuple[float, ...]):
        service = answering(Answer())

        with pytest.raises(AwsError, match="NoAnswer: .*the deadline has passed"):
            service.client(deadline=5.0).call("X", VERSION, {}, wanted=self._asking_takes(service, *seconds))
        assert service.server.requests == []

    @staticmethod
    def _asking_takes(service: Service, *seconds: float) -> Callable[[], bool]:
        left = list(seconds)

        def wanted() -> bool:
            service.clock.now += left.pop(0)
            return True

        return wanted


class TestWanted:
    def test_is_asked_before_anything_leaves(self, answering):
        service = answering(Answer())

        with pytest.raises(NoLongerWanted, match="ReplaceRoute"):
            service.client().call("ReplaceRoute", VERSION, {}, wanted=lambda: False)
        assert service.server.requests == []

    def test_is_asked_before_each_further_try(self, answering):
        service = answering(refusal("Throttling"), refusal("Throttling"), Answer())

        with pytest.raises(NoLongerWanted):
            service.client().call("ReplaceRoute", VERSION, {}, wanted=lambda: len(service.server.requests) < 2)
        assert len(service.server.requests) == 2

    def test_is_asked_after_the_credentials_have_come(self, answering):
        service = answering(Answer())
        wanted = [True]

        def credentials() -> Credentials:
            wanted[0] = False  # what may happen while one waits for them
            return CREDENTIALS

        with pytest.raises(NoLongerWanted):
            service.client(credentials).call("ReplaceRoute", VERSION, {}, wanted=lambda: wanted[0])
        assert service.server.requests == []

    def test_is_asked_again_when_the_connection_stands_which_is_kept(self, answering):
        service = answering(Answer())
        client = service.client()
        answers = iter([True, False])

        with pytest.raises(NoLongerWanted):
            client.call("ReplaceRoute", VERSION, {}, wanted=lambda: next(answers))
        assert service.server.requests == []
        assert len(client._idle) == 1
        client.call("ReplaceRoute", VERSION, {})
        assert len(service.server.requests) == 1

    def test_is_asked_before_a_request_goes_out_anew_over_a_new_connection(self, answering):
        service = answering(Answer(hang_up=True), Answer())
        client = service.client()
        client.call("ReplaceRoute", VERSION, {})
        answers = iter([True, False])

        with pytest.raises(NoLongerWanted):
            client.call("ReplaceRoute", VERSION, {}, wanted=lambda: next(answers))
        assert len(service.server.requests) == 1


class TestConnection:
    def test_is_kept_open(self, answering):
        service = answering(Answer(), refusal("InvalidX"), Answer())
        client = service.client()
        client.call("X", VERSION, {})
        with pytest.raises(AwsError):
            client.call("X", VERSION, {})
        client.call("X", VERSION, {})

        assert len(set(service.connections)) == 1

    @pytest.mark.parametrize("farewell", [Answer(hang_up=True), Answer(headers={"Connection": "close"})], ids=["silently", "announced"])
    def test_that_the_server_closed_is_replaced_without_a_pause_and_at_no_cost_of_an_attempt(self, answering, farewell: Answer):
        service = answering(farewell, Answer("<A/>"))
        client = service.client(attempts=1)
        client.call("X", VERSION, {})

        assert client.call("X", VERSION, {}).tag == "A"
        assert service.clock.pauses == []
        assert len(set(service.connections)) == 2

    def test_that_breaks_on_the_request_is_replaced(self, answering):
        service = answering(Answer(), HangUp(), Answer("<A/>"))
        client = service.client(attempts=1)
        client.call("X", VERSION, {})

        assert client.call("X", VERSION, {}).tag == "A"
        assert len(service.server.requests) == 3

    def test_is_replaced_only_once(self, answering):
        service = answering(Answer(), HangUp())
        client = service.client(attempts=1)
        client.call("X", VERSION, {})

        with pytest.raises(AwsError, match="NoAnswer: .*RemoteDisconnected"):
            client.call("X", VERSION, {})
        assert len(service.server.requests) == 3

    def test_that_was_silent_is_not_used_again(self, answering):
        service = answering(Answer(), Silence(), Answer("<A/>"))
        client = service.client(timeout=0.2)
        client.call("X", VERSION, {})

        assert client.call("X", VERSION, {}).tag == "A"
        assert service.clock.pauses == [0.1]
        assert service.connections[1] != service.connections[2]

    def test_that_waits_does_not_hold_up_other_threads(self, responding):
        inside, over = threading.Event(), threading.Event()

        def respond(request: Request) -> Answer:
            if request.form["Action"] == "Slow":
                inside.set()
                over.wait(10)
            return Answer()

        service = responding(respond)
        client = service.client()
        slow = threading.Thread(target=client.call, args=("Slow", VERSION, {}))
        slow.start()
        assert inside.wait(10)
        client.call("Fast", VERSION, {})
        assert slow.is_alive()
        over.set()
        slow.join()

    def test_belongs_to_one_call_at_a_time(self, responding):
        service = responding(lambda request: Answer(f"<A>{request.form['Number']}</A>"))
        client = service.client()
        wrong: list[int] = []

        def calls(start: int) -> None:
            for number in range(start, start + 25):
                if client.call("X", VERSION, {"Number": number}).text != str(number):
                    wrong.append(number)

        threads = [threading.Thread(target=calls, args=(100 * index,)) for index in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        assert len(service.server.requests) == 100
        assert len(set(service.connections)) <= 4


class TestTls:
    def test_that_nobody_vouches_for_is_refused(self, serve_tls):
        service = Service(serve_tls(lambda _request: Answer()))

        with pytest.raises(AwsError, match="NoAnswer: .*CERTIFICATE_VERIFY_FAILED"):
            service.call(attempts=1)
        assert service.server.requests == []

    def test_of_another_name_is_refused(self, answering):
        service = answering(Answer())

        with pytest.raises(AwsError, match="NoAnswer: .*CERTIFICATE_VERIFY_FAILED"):
            service.call(attempts=1, host=f"localhost:{service.server.port}")
        assert service.server.requests == []

    def test_is_not_given_up_for_a_server_without_it(self, serve, trusted):
        service = Service(serve(lambda _request: Answer()))

        with pytest.raises(AwsError, match="NoAnswer: .*SSL"):
            service.call(attempts=1)
        assert service.server.requests == []


class TestClock:
    @pytest.mark.parametrize("code", ["RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure"])
    @pytest.mark.parametrize("skew", [3600.0, -3600.0])
    def test_that_is_wrong_is_corrected_by_the_servers_once_and_for_all(self, answering, code: str, skew: float):
        now = Clock().now
        service = answering(refusal(code, 403, date=now + skew), Answer())
        client = service.client(attempts=1)

        client.call("X", VERSION, {})
        client.call("X", VERSION, {})

        assert service.clock.pauses == []
        assert service.dates == [self._stamp(now), self._stamp(now + skew), self._stamp(now + skew)]

    def test_is_corrected_once_a_call(self, responding):
        service = responding(lambda _request: refusal("RequestExpired", date=Clock().now + 3600.0 * len(service.server.requests)))

        with pytest.raises(AwsError, match="RequestExpired"):
            service.call()
        assert len(service.server.requests) == 2

    def test_is_corrected_for_a_call_that_was_under_way_when_another_one_corrected_it(self, responding):
        now = Clock().now

        def respond(request: Request) -> Answer:
            if request.headers["X-Amz-Date"] == self._stamp(now + 3600):
                return Answer()
            if request.form["Action"] == "Slow":
                client.call("Fast", VERSION, {})
            return refusal("RequestExpired", date=now + 3600)

        service = responding(respond)
        client = service.client()
        client.call("Slow", VERSION, {})

        assert [request.form["Action"] for request in service.server.requests] == ["Slow", "Fast", "Fast", "Slow"]

    def test_may_be_mended_meanwhile(self, answering):
        now = Clock().now
        service = answering(refusal("RequestExpired", date=now + 3600), Answer(), refusal("RequestExpired", date=now + 3600), Answer())
        client = service.client()
        client.call("X", VERSION, {})
        service.clock.now = now + 3600  # the time service has set it

        client.call("X", VERSION, {})

        assert service.dates[-1] == self._stamp(now + 3600)

    @pytest.mark.parametrize("date", [None, Clock().now, Clock().now + 59, Clock().now - 59])
    def test_that_is_right_leaves_the_refusal_as_it_is(self, answering, date: float | None):
        service = answering(refusal("AuthFailure", 401, date=date))

        with pytest.raises(AwsError, match="AuthFailure"):
            service.call()
        assert len(service.server.requests) == 1

    @pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 99:99:99 GMT"])
    def test_of_a_server_that_makes_no_sense_is_ignored(self, answering, date: str):
        service = answering(Answer(refusal("AuthFailure").body, 401, {"Date": date}))

        with pytest.raises(AwsError, match="AuthFailure"):
            service.call()
        assert len(service.server.requests) == 1

    def test_is_not_set_for_another_refusal(self, answering):
        service = answering(refusal("UnauthorizedOperation", 403, date=Clock().now + 3600))

        with pytest.raises(AwsError):
            service.call()
        assert len(service.server.requests) == 1

    def test_is_asked_for_with_whether_the_call_is_still_wanted(self, answering):
        service = answering(refusal("RequestExpired", date=Clock().now + 3600), Answer())

        with pytest.raises(NoLongerWanted):
            service.client().call("ReplaceRoute", VERSION, {}, wanted=lambda: not service.server.requests)
        assert len(service.server.requests) == 1

    @staticmethod
    def _stamp(now: float) -> str:
        return datetime.fromtimestamp(now, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
