"""How a call to AWS fails."""

from __future__ import annotations

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, and the common errors of the query services
DENIED = {"UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedAccess"}
THROTTLED = {
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}


class AwsError(Exception):
    """What the service refused.

    The `code` NoAnswer, NoCredentials or Unreadable is ours: the service was not reached (`status` 0), was not asked
    (`status` 0), or answered what is no XML, or no JSON.
    """

    def __init__(self, action: str, code: str, message: str, status: int, date: str = ""):
        super().__init__(f"{action}: {code}: {message} (status {status})")
        self.action = action
        #: without the 'Client.' or 'Server.' that EC2 puts before some
        self.code = code.removeprefix("Client.").removeprefix("Server.")
        self.message = message
        self.status = status
        #: the server's clock, as its header Date says
        self.date = date

    @property
    def is_denied(self) -> bool:
        """Whether the role lacks the permission, which no further try will change."""
        return self.code in DENIED

    @property
    def is_throttled(self) -> bool:
        return self.code in THROTTLED or self.status == 429

    @property
    def is_passing(self) -> bool:
        """Whether the same call may succeed a moment later."""
        return self.is_throttled or self.status == 0 or self.status >= 500


class NoLongerWanted(Exception):
    """The caller had changed its mind before the request left the machine."""
