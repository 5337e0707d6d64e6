"""Distributions and the access control of their origins."""

from __future__ import annotations

from typing import Any

from botocore.model import Shape

from .. import aws, shape_checks
from ..resource import ResourceType

# the Region that this global service counts as its home
GLOBAL = "us-east-1"
# properties whose API parameter differs by more than upper and lower case
RENAMED = {
    "IPV6Enabled": "IsIPV6Enabled",
    "OriginCustomHeaders": "CustomHeaders",
    "OriginSSLProtocols": "OriginSslProtocols",
}
# what CloudFormation fills in, where the API insists; by name of the shape
DEFAULTS = {
    "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443},
    "GeoRestriction": {"Quantity": 0},
    "LoggingConfig": {"Enabled": True, "IncludeCookies": False, "Prefix": ""},
}
DROPPED_BY_MOTO = (
    "ContinuousDeploymentPolicyId",
    "DefaultCacheBehavior.FunctionAssociations",
    "CacheBehaviors.FunctionAssociations",
    "DefaultCacheBehavior.LambdaFunctionAssociations",
    "CacheBehaviors.LambdaFunctionAssociations",
    "Origins.OriginAccessControlId",
    "Origins.VpcOriginConfig",
    "Staging",
)


class Distribution(ResourceType):
    type_name = "AWS::CloudFront::Distribution"
    made_by = "cloudfront.create_distribution"
    described_by = "cloudfront.get_distribution"
    read_back = ("DistributionConfig",)
    not_read_back = {f"DistributionConfig.{name}": "moto drops it" for name in DROPPED_BY_MOTO} | {
        "DistributionConfig.Origins.S3OriginConfig": "moto shows it only together with an access identity",
        "DistributionConfig.DefaultCacheBehavior.ForwardedValues": "moto mixes in defaults",
        "DistributionConfig.CacheBehaviors.ForwardedValues": "moto mixes in defaults",
        "Tags": "no promise rests on a distribution's tags",
    }

    def admit(self) -> None:
        config = self.properties["DistributionConfig"]
        origins = [origin["Id"] for origin in config.get("Origins", [])]
        self.require(bool(origins), "InvalidArgument", "a distribution needs an origin")
        self.require(len(origins) == len(set(origins)), "InvalidArgument", f"origin ids repeat: {origins}")
        groups = config.get("OriginGroups", {}).get("Items", [])
        for group in groups:
            members = [member["OriginId"] for member in group["Members"]["Items"]]
            self.require(len(set(members)) == 2, "InvalidArgument", f"origin group {group['Id']} needs two different origins, has {members}")
            unknown = sorted(set(members) - set(origins))
            self.require(not unknown, "NoSuchOrigin", f"origin group {group['Id']} names unknown origins {unknown}")
            codes = set(group["FailoverCriteria"]["StatusCodes"]["Items"])
            known = {400, 403, 404, 416, 429, 500, 502, 503, 504}
            self.require(codes and codes <= known, "InvalidArgument", f"failover status codes {sorted(codes)} are not among {sorted(known)}")
        for origin in config["Origins"]:
            self.check_vpc_origin(origin)
        self.check_behaviors(config, origins, groups)
        self.check_certificate(config)

    def check_vpc_origin(self, origin: dict[str, Any]) -> None:
        kinds = {"CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"} & set(origin)
        self.require(len(kinds) == 1, "InvalidOrigin", f"origin {origin['Id']} needs one kind of configuration, not {sorted(kinds)}")
        vpc_origin = origin.get("VpcOriginConfig", {}).get("VpcOriginId")
        known = vpc_origin is None or shape_checks.is_known("AWS::CloudFront::VpcOrigin", vpc_origin, GLOBAL)
        self.require(known, "EntityNotFound", f"The specified VPC origin does not exist: {vpc_origin}")

    def check_behaviors(self, config: dict[str, Any], origins: list[str], groups: list[dict[str, Any]]) -> None:
        targets = {*origins, *(group["Id"] for group in groups)}
        grouped = {group["Id"] for group in groups}
        for behavior in [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", [])]:
            target = behavior["TargetOriginId"]
            self.require(target in targets, "NoSuchOrigin", f"One or more of your origins or origin groups do not exist: {target}")
            writes = {"POST", "PUT", "PATCH", "DELETE"} & set(behavior.get("AllowedMethods", []))
            self.require(target not in grouped or not writes, "InvalidArgument", f"an origin group takes no {sorted(writes)}")

    def check_certificate(self, config: dict[str, Any]) -> None:
        arn = config.get("ViewerCertificate", {}).get("AcmCertificateArn")
        if arn:
            in_virginia = ":acm:us-east-1:" in arn
            self.require(in_virginia, "InvalidViewerCertificate", f"the certificate must be in us-east-1: {arn}")
            aws.call("acm", "describe_certificate", "us-east-1", CertificateArn=arn)
        self.require(bool(arn) or not config.get("Aliases"), "InvalidViewerCertificate", "Aliases need a certificate of their own")

    def create(self) -> str:
        shape = input_shape(self.region, "CreateDistribution").members["DistributionConfig"]
        config = to_api(shape, {"Comment": ""} | self.properties["DistributionConfig"])
        config["CallerReference"] = self.generated_name(64)
        return self.call("cloudfront", "create_distribution", DistributionConfig=config)["Distribution"]["Id"]

    def describe(self) -> dict[str, Any]:
        shown = self.call("cloudfront", "get_distribution", Id=self.physical_id)["Distribution"]
        return {"DistributionConfig": from_api(shown["DistributionConfig"], self.properties["DistributionConfig"])}

    def attributes(self) -> dict[str, Any]:
        shown = self.call("cloudfront", "get_distribution", Id=self.physical_id)["Distribution"]
        return {"DomainName": shown["DomainName"], "Id": self.physical_id}


class OriginAccessControl(ResourceType):
    type_name = "AWS::CloudFront::OriginAccessControl"
    made_by = "cloudfront.create_origin_access_control"
    described_by = "cloudfront.get_origin_access_control"
    read_back = ("OriginAccessControlConfig",)

    def create(self) -> str:
        answer = self.call("cloudfront", "create_origin_access_control", **self.properties)
        return answer["OriginAccessControl"]["Id"]

    def describe(self) -> dict[str, Any]:
        return self.call("cloudfront", "get_origin_access_control", Id=self.physical_id)["OriginAccessControl"]

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


def input_shape(region: str, operation: str) -> Shape:
    return aws.client("cloudfront", region).meta.service_model.operation_model(operation).input_shape


def to_api(shape: Shape, value: Any) -> Any:
    """CloudFront wraps every list in {Quantity, Items} and spells some names differently."""
    if isinstance(value, list):
        if shape.type_name == "structure":
            items = [to_api(shape.members["Items"].member, item) for item in value]
            return {"Quantity": len(items), "Items": items}
        return [to_api(shape.member, item) for item in value]
    if not isinstance(value, dict):
        return value
    names = {name.lower(): name for name in shape.members}
    made = {}
    for key, item in value.items():
        name = names.get(RENAMED.get(key, key).lower())
        if key == "CachedMethods":  # belongs into AllowedMethods
            continue
        if key == "Locations":
            made |= {"Items": item, "Quantity": len(item)}
        elif name is None:
            made[key] = item  # refused by name at the call
        else:
            made[name] = to_api(shape.members[name], item)
    if "CachedMethods" in value and "AllowedMethods" in made:
        made["AllowedMethods"]["CachedMethods"] = {"Quantity": len(value["CachedMethods"]), "Items": value["CachedMethods"]}
    return DEFAULTS.get(shape.name, {}) | made


def from_api(shown: Any, wanted: Any) -> Any:
    """The API's answer under the names that the template uses."""
    if isinstance(wanted, list) and isinstance(shown, dict):
        shown = shown.get("Items", [])
    if isinstance(wanted, list) and isinstance(shown, list):
        models = {str(item.get("Id")): item for item in wanted if isinstance(item, dict)}
        some = wanted[0] if wanted else {}
        return [from_api(item, models.get(str(item.get("Id")), some)) if isinstance(item, dict) else item for item in shown]
    if not (isinstance(wanted, dict) and isinstance(shown, dict)):
        return shown
    names = {name.lower(): name for name in shown}
    made = {}
    for key, item in wanted.items():
        if key == "CachedMethods":
            made[key] = shown.get("AllowedMethods", {}).get("CachedMethods", {}).get("Items", [])
            continue
        name = "items" if key == "Locations" else RENAMED.get(key, key).lower()
        if name in names:
            made[key] = from_api(shown[names[name]], item)
    return made
