"""Origins without a public address.  moto has no VPC origins: shapes are all that is checked."""

from __future__ import annotations

from typing import Any

from .. import aws, shape_checks
from ..errors import Refused
from ..resource import ResourceType
from .cloudfront import GLOBAL, input_shape, to_api


class VpcOrigin(ResourceType):
    type_name = "AWS::CloudFront::VpcOrigin"
    made_by = "nothing: the input of cloudfront.create_vpc_origin is checked"
    described_by = "nothing"
    shape_checked_only = True
    not_read_back = dict.fromkeys(("Tags", "VpcOriginEndpointConfig"), shape_checks.REASON)

    def admit(self) -> None:
        arn = self.properties["VpcOriginEndpointConfig"]["Arn"]
        balancer = self.load_balancer(arn)
        known = balancer is not None and f":{aws.ACCOUNT_ID}:loadbalancer/" in arn
        self.require(known, "EntityNotFound", f"{arn} is no load balancer of this account")
        network = (balancer or {}).get("Type") == "network"
        guarded = bool((balancer or {}).get("SecurityGroups"))
        self.require((balancer or {}).get("Type") != "gateway", "InvalidArgument", "a gateway load balancer cannot be a VPC origin")
        self.require(guarded or not network, "InvalidArgument", "a network load balancer without a security group cannot be a VPC origin")
        dual = (balancer or {}).get("IpAddressType") == "dualstack"
        self.require(not (network and dual), "InvalidArgument", "a dual-stack network load balancer cannot be a VPC origin")

    def load_balancer(self, arn: str) -> dict[str, Any] | None:
        """Asked for in its own Region, which need not be the stack's."""
        try:
            region = arn.split(":")[3]
            balancers = aws.call("elbv2", "describe_load_balancers", region, LoadBalancerArns=[arn])["LoadBalancers"]
        except (IndexError, Refused):
            return None
        return balancers[0] if balancers else None

    def create(self) -> str:
        shape = input_shape(self.region, "CreateVpcOrigin").members["VpcOriginEndpointConfig"]
        # the values that CloudFormation fills in, where the API insists
        defaults = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "match-viewer"}
        config = to_api(shape, defaults | self.properties["VpcOriginEndpointConfig"])
        shape_checks.check_input("cloudfront", "create_vpc_origin", self.region, VpcOriginEndpointConfig=config)
        return shape_checks.remember(self, f"vo_{self.generated_name(64)[-12:]}", GLOBAL)

    def attributes(self) -> dict[str, Any]:
        arn = f"arn:aws:cloudfront::{aws.ACCOUNT_ID}:vpcorigin/{self.physical_id}"
        return {"AccountId": aws.ACCOUNT_ID, "Arn": arn, "Id": self.physical_id, "Status": "Deployed"}
