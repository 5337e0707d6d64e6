"""Roles, policies and instance profiles."""

from __future__ import annotations

import json
from typing import Any

from ..resource import ResourceType
from .policies import check_identity_policy, check_trust_policy


class Role(ResourceType):
    type_name = "AWS::IAM::Role"
    made_by = "iam.create_role"
    described_by = "iam.get_role, iam.list_attached_role_policies, iam.get_role_policy"
    read_back = (
        "AssumeRolePolicyDocument",
        "Description",
        "ManagedPolicyArns",
        "MaxSessionDuration",
        "Path",
        "PermissionsBoundary",
        "Policies",
        "RoleName",
        "Tags",
    )

    def admit(self) -> None:
        check_trust_policy(self, self.properties["AssumeRolePolicyDocument"])
        for policy in self.properties.get("Policies", []):
            check_identity_policy(self, policy["PolicyDocument"])

    def create(self) -> str:
        role_name = self.name("RoleName", 64)
        document = json.dumps(self.properties["AssumeRolePolicyDocument"])
        self.call(
            "iam",
            "create_role",
            RoleName=role_name,
            AssumeRolePolicyDocument=document,
            **self.pick("Description", "MaxSessionDuration", "Path", "PermissionsBoundary", "Tags"),
        )
        for arn in self.properties.get("ManagedPolicyArns", []):
            self.call("iam", "attach_role_policy", RoleName=role_name, PolicyArn=arn)
        for policy in self.properties.get("Policies", []):
            self.call(
                "iam", "put_role_policy", RoleName=role_name, PolicyName=policy["PolicyName"], PolicyDocument=json.dumps(policy["PolicyDocument"])
            )
        return role_name

    def describe(self) -> dict[str, Any]:
        role = self.call("iam", "get_role", RoleName=self.physical_id)["Role"]
        attached = self.call("iam", "list_attached_role_policies", RoleName=self.physical_id)["AttachedPolicies"]
        own = {policy["PolicyName"] for policy in self.properties.get("Policies", [])}
        inline = [self.call("iam", "get_role_policy", RoleName=self.physical_id, PolicyName=name) for name in own]
        return role | {
            "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
            "PermissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "Policies": inline,
        }

    # policies that the stack attaches to the role in resources of their own
    may_list_more = ("ManagedPolicyArns",)

    def attributes(self) -> dict[str, Any]:
        role = self.call("iam", "get_role", RoleName=self.physical_id)["Role"]
        return {"Arn": role["Arn"], "RoleId": role["RoleId"]}


class Policy(ResourceType):
    type_name = "AWS::IAM::Policy"
    made_by = "iam.put_role_policy, iam.put_user_policy, iam.put_group_policy"
    described_by = "iam.get_role_policy, iam.get_user_policy, iam.get_group_policy"
    read_back = ("Groups", "PolicyDocument", "PolicyName", "Roles", "Users")
    holders = {"Roles": "role", "Users": "user", "Groups": "group"}

    def admit(self) -> None:
        check_identity_policy(self, self.properties["PolicyDocument"])
        attached = any(self.properties.get(kind) for kind in self.holders)
        self.require(attached, "ValidationError", "At least one of [Groups,Roles,Users] must be non-empty.")

    def create(self) -> str:
        for property_name, holder in self.holders.items():
            for name in self.properties.get(property_name, []):
                self.call(
                    "iam",
                    f"put_{holder}_policy",
                    **{f"{holder.title()}Name": name},
                    **self.pick("PolicyName"),
                    PolicyDocument=json.dumps(self.properties["PolicyDocument"]),
                )
        return self.generated_name(128)

    def describe(self) -> dict[str, Any]:
        shown: dict[str, Any] = {property_name: [] for property_name in self.holders}
        for property_name, holder in self.holders.items():
            for name in self.properties.get(property_name, []):
                key = f"{holder.title()}Name"
                answer = self.call("iam", f"get_{holder}_policy", **{key: name}, **self.pick("PolicyName"))
                shown[property_name].append(answer[key])
                shown |= {key: answer[key] for key in ("PolicyDocument", "PolicyName")}
        return shown

    def attributes(self) -> dict[str, Any]:
        return {"Id": self.physical_id}


class ManagedPolicy(ResourceType):
    type_name = "AWS::IAM::ManagedPolicy"
    made_by = "iam.create_policy, iam.attach_role_policy"
    described_by = "iam.get_policy, iam.get_policy_version, iam.list_entities_for_policy"
    read_back = ("Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users")

    def admit(self) -> None:
        check_identity_policy(self, self.properties["PolicyDocument"], limit=6144)

    def create(self) -> str:
        document = json.dumps(self.properties["PolicyDocument"])
        answer = self.call(
            "iam", "create_policy", PolicyName=self.name("ManagedPolicyName", 128), PolicyDocument=document, **self.pick("Description", "Path")
        )
        arn: str = answer["Policy"]["Arn"]
        for property_name, holder in Policy.holders.items():
            for name in self.properties.get(property_name, []):
                self.call("iam", f"attach_{holder}_policy", **{f"{holder.title()}Name": name}, PolicyArn=arn)
        return arn

    def describe(self) -> dict[str, Any]:
        policy = self.call("iam", "get_policy", PolicyArn=self.physical_id)["Policy"]
        version = self.call("iam", "get_policy_version", PolicyArn=self.physical_id, VersionId=policy["DefaultVersionId"])
        entities = self.call("iam", "list_entities_for_policy", PolicyArn=self.physical_id)
        return policy | {
            "ManagedPolicyName": policy["PolicyName"],
            "PolicyDocument": version["PolicyVersion"]["Document"],
            **{kind: [e[f"{h.title()}Name"] for e in entities[f"Policy{kind}"]] for kind, h in Policy.holders.items()},
        }

    may_list_more = ("Roles",)

    def attributes(self) -> dict[str, Any]:
        return {"PolicyArn": self.physical_id}


class InstanceProfile(ResourceType):
    type_name = "AWS::IAM::InstanceProfile"
    made_by = "iam.create_instance_profile, iam.add_role_to_instance_profile"
    described_by = "iam.get_instance_profile"
    read_back = ("InstanceProfileName", "Path", "Roles")

    def admit(self) -> None:
        self.require(len(self.properties["Roles"]) == 1, "LimitExceeded", "an instance profile holds one role")

    def create(self) -> str:
        name = self.name("InstanceProfileName", 128)
        self.call("iam", "create_instance_profile", InstanceProfileName=name, **self.pick("Path"))
        for role in self.properties["Roles"]:
            self.call("iam", "add_role_to_instance_profile", InstanceProfileName=name, RoleName=role)
        return name

    def describe(self) -> dict[str, Any]:
        profile = self.call("iam", "get_instance_profile", InstanceProfileName=self.physical_id)["InstanceProfile"]
        return profile | {"Roles": [role["RoleName"] for role in profile["Roles"]]}

    def attributes(self) -> dict[str, Any]:
        answer = self.call("iam", "get_instance_profile", InstanceProfileName=self.physical_id)
        return {"Arn": answer["InstanceProfile"]["Arn"]}
