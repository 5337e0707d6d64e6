import { Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { NatGroup, vpcCidrsOf } from './nat-agent-configuration';
import { createNatInstanceAlarms, createNoHealthyNodeAlarm } from './nat-instance-alarms';
import { natImageOf, natInstanceTypeOf } from './nat-instance-type';
import { AGENT } from './nat-instance-user-data';
import { NatAddresses, NatInstancesOptions } from './nat-instances-options';
import { NatEquipment, NatNetwork } from './nat-network';
import { ZonalNatInstance } from './zonal-nat-instance';
import { ZonalNatInterface } from './zonal-nat-interface';
import { programArchive } from '../launch-templates/instance-programs';
import { deployedPath } from '../shared/deployed-path';
import { resourceOf } from '../shared/fleet';
import { idOfZone } from '../shared/zones';

/** Makes a NAT instance in each zone, each of which knows the others. */
export function createNatInstances(scope: Construct, network: NatNetwork, options: NatInstancesOptions): NatEquipment {
  const securityGroup = createSecurityGroup(scope, network, options);
  const interfaces = createInterfaces(scope, network, options, securityGroup);
  const group: NatGroup = { name: deployedPath(scope), network, options, interfaces };
  const instances = createInstances(scope, group, securityGroup);
  const zones = [...network.zones.keys()];
  const groups = instances.map(({ autoScalingGroup }) => autoScalingGroup);
  // a new version comes to one zone after the other, so that another one can stand in
  groups.slice(1).forEach((next, index) => resourceOf(next).node.addDependency(resourceOf(groups[index])));
  const made = [...interfaces.values()];
  return {
    natGateways: [],
    elasticIps: made.flatMap(({ elasticIp }) => elasticIp ?? []),
    networkInterfaces: made.map(({ networkInterface }) => networkInterface),
    autoScalingGroups: groups,
    securityGroups: [securityGroup],
    alarms: [
      ...zones.flatMap((zone, index) => createNatInstanceAlarms(instances[index], group.name, zone, groups[index], network.alarmTopic)),
      createNoHealthyNodeAlarm(scope, group.name, zones, network.alarmTopic),
    ],
    targets: new Map([...interfaces].map(([zone, { networkInterface }]) => [zone, networkInterface.ref])),
  };
}

/** Lets in what comes from the VPC, and nothing else. */
function createSecurityGroup(scope: Construct, network: NatNetwork, options: NatInstancesOptions): ec2.SecurityGroup {
  const securityGroup = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc: network.vpc,
    description: 'NAT instances: in from the VPC, out to everywhere',
    allowAllOutbound: true,
  });
  for (const cidr of vpcCidrsOf(network, options)) {
    securityGroup.addIngressRule(ec2.Peer.ipv4(cidr), ec2.Port.allTraffic(), 'what goes out through NAT, and the other instances');
  }
  return securityGroup;
}

/** A group that lets everything in and out: connections through it EC2 does not track (EC2 user guide, untracked connections). */
function createUntrackedSecurityGroup(scope: Construct, { vpc }: NatNetwork): ec2.SecurityGroup {
  const securityGroup = new ec2.SecurityGroup(scope, 'UntrackedSecurityGroup', {
    vpc,
    description: 'NAT interfaces: not tracked by EC2; the instances drop what nobody in the VPC has asked for',
    allowAllOutbound: true,
  });
  securityGroup.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.allTraffic(), 'not tracked, so that connections outlive a takeover');
  Validations.of(securityGroup).acknowledge({
    id: 'CloudFormation-Validate::W2508',
    reason: "'preserveConnections' asks for it: EC2 must not track, and the instances drop what nobody in the VPC has asked for",
  });
  return securityGroup;
}

function createInterfaces(
  scope: Construct, network: NatNetwork, { addresses, eipAllocationIds, preserveConnections }: NatInstancesOptions, securityGroup: ec2.SecurityGroup,
): Map<string, ZonalNatInterface> {
  const groupOfInterfaces = preserveConnections ? createUntrackedSecurityGroup(scope, network) : securityGroup;
  return new Map([...network.zones].map(([zone, { publicSubnet }], index) =>
    [zone, new ZonalNatInterface(new Construct(scope, idOfZone(zone, index)), 'Interface', {
      subnet: publicSubnet as ec2.ISubnet,
      securityGroup: groupOfInterfaces,
      eipAllocationId: eipAllocationIds?.[index],
      zonesThatFollow: addresses === NatAddresses.FOLLOW ? network.zones.size : undefined,
    })]));
}

function createInstances(scope: Construct, group: NatGroup, securityGroup: ec2.SecurityGroup): ZonalNatInstance[] {
  const instanceType = natInstanceTypeOf(group.options, group.interfaces.size);
  const machineImage = natImageOf(group.options, instanceType);
  const programs = programArchive(AGENT);
  return [...group.network.zones].map(([zone, { publicSubnet, privateSubnets }], index) => {
    const home = scope.node.findChild(idOfZone(zone, index)) as Construct;
    return new ZonalNatInstance(home, 'Instance', {
      group,
      zone,
      index,
      publicSubnet: publicSubnet as ec2.ISubnet,
      privateSubnets,
      networkInterface: group.interfaces.get(zone) as ZonalNatInterface,
      instanceType,
      machineImage,
      programs,
      securityGroup,
    });
  });
}
