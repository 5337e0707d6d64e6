"""The one exception a deployment can fail with."""

from moto.cloudformation.exceptions import ValidationError


class Refused(ValidationError):
    """Reaches the caller of CreateStack as a CloudFormation ValidationError."""

    def __init__(self, message: str):
        super().__init__(message=message)
