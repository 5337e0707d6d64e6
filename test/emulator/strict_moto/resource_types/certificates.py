"""ACM certificates."""

from __future__ import annotations

from typing import Any

from ..resource import ResourceType


class Certificate(ResourceType):
    type_name = "AWS::CertificateManager::Certificate"
    made_by = "acm.request_certificate"
    described_by = "acm.describe_certificate, acm.list_tags_for_certificate"
    read_back = ("DomainName", "SubjectAlternativeNames", "Tags")
    not_read_back = {
        "ValidationMethod": "moto shows DNS for every certificate",
        "DomainValidationOptions": "moto validates by itself; the hosted zone is CloudFormation's own affair",
    }
    may_list_more = ("SubjectAlternativeNames",)  # the domain name itself

    def create(self) -> str:
        given = self.pick("DomainName", "SubjectAlternativeNames", "Tags", "ValidationMethod")
        return self.call("acm", "request_certificate", **given)["CertificateArn"]

    def describe(self) -> dict[str, Any]:
        certificate = self.call("acm", "describe_certificate", CertificateArn=self.physical_id)["Certificate"]
        shown_tags = self.call("acm", "list_tags_for_certificate", CertificateArn=self.physical_id)["Tags"]
        return certificate | {"Tags": shown_tags}
