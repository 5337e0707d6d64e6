import { at, listOf, Reference, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { judgeApart, leftOut, Places } from '../cover';
import { leadsToFirewall, subnetsThat } from '../routes';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';

export const firewallInOneZone: Rule = {
  id: 'NET7',
  title: 'A network firewall is in fewer zones than what it inspects',
  severity: 'error',
  reason: 'Its endpoint goes with its zone, and everything that is routed through it stops until somebody changes the routes.',
  sources: [
    'AWS Network Firewall Developer Guide, "VPC subnet configuration for AWS Network Firewall": a subnet for each zone (2026-11-21)',
    'AWS Config Developer Guide, "netfw-multi-az-enabled" (2026-11-21)',
  ],
  fix: 'Give it a subnet in each zone from which traffic is routed through it, and route each subnet to the endpoint of its own zone.',
  types: ['AWS::NetworkFirewall::Firewall'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/28, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.0.16/28, VpcId: vpc-1}}
Firewall:
  Type: AWS::NetworkFirewall::Firewall
  Properties: {FirewallName: egress, FirewallPolicyArn: policy-1, VpcId: vpc-1, SubnetMappings: [{SubnetId: !Ref A}]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/28, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.0.16/28, VpcId: vpc-1}}
Firewall:
  Type: AWS::NetworkFirewall::Firewall
  Properties: {FirewallName: egress, FirewallPolicyArn: policy-1, VpcId: vpc-1, SubnetMappings: [{SubnetId: !Ref A}, {SubnetId: !Ref B}]}`,
  judge: judgeFirewall,
};

function judgeFirewall(firewall: Resource, topology: Topology): Judgement {
  const { SubnetMappings: subnets, AvailabilityZoneMappings: zones } = firewall.properties;
  const property = zones === undefined ? 'SubnetMappings' : 'AvailabilityZoneMappings';
  if ((subnets ?? zones) === undefined) { return undecided(`the zones of ${firewall.key} are not given`, property); }
  const places = placesOfFirewall(firewall, topology);
  const against = judgeApart(firewall, places, property);
  if (against) { return against; }
  const users = subnetsThat(route => leadsToFirewall(route, firewall), topology).map(({ key }) => topology.zoneOfSubnet(new Reference(key, 'Ref')));
  const missed = users.length === 0 ? undefined : leftOut(users, places);
  return typeof missed === 'string' ? broken(`a subnet in ${nameOfZone(missed)} is routed through it, where it has no endpoint`, property) : COMPLIANT;
}

/** Its own endpoints, and those that are added to it later. */
function placesOfFirewall({ key, properties }: Resource, topology: Topology): Places {
  const { SubnetMappings: subnets, AvailabilityZoneMappings: zones } = properties;
  const own = zones === undefined ? topology.zonesOfMappings(subnets)
    : zones instanceof Unknown ? zones : listOf(zones).map(one => topology.place(at(one, 'AvailabilityZone')));
  const added = topology.whoMentions(key, 'AWS::NetworkFirewall::VpcEndpointAssociation').map(one => topology.zoneOfSubnet(at(one.properties.SubnetMapping, 'SubnetId')));
  return own instanceof Unknown ? own : [...own, ...added];
}
