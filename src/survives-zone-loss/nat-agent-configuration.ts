import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { NatAddresses, NatFailback, NatInstancesOptions, TakeoverProfile } from './nat-instances-options';
import { cidrOf, cidrOfVpc, NatNetwork, routeTableIdsOf } from './nat-network';
import { ZonalNatInterface } from './zonal-nat-interface';

/** Where the instances ask each other how they are. */
const HEALTH_PORT = 8642;

/** The namespace of the metrics of the instances. */
export const METRIC_NAMESPACE = 'CdkFaultTolerance/HaNat';

/** So long an instance has to be well before it gets its traffic back. */
const FAILBACK_AFTER_SECONDS = 30;

const PROFILES = {
  [TakeoverProfile.DEFAULT]: { intervalSeconds: 0.5, timeoutSeconds: 0.4, failures: 3 },
  [TakeoverProfile.FAST]: { intervalSeconds: 0.2, timeoutSeconds: 0.2, failures: 3 },
};

/** All that the instances of one network have in common. */
export interface NatGroup {
  /** What it is called in the metrics. */
  readonly name: string;
  readonly network: NatNetwork;
  readonly options: NatInstancesOptions;
  /** In the order of the zones. */
  readonly interfaces: ReadonlyMap<string, ZonalNatInterface>;
}

/** The dimensions of what the instance of a zone tells CloudWatch. */
export function dimensionsOf(group: string, zone: string): { Group: string; AvailabilityZone: string } {
  return { Group: group, AvailabilityZone: zone };
}

/** Where the agent that has this interface says how it is. */
export function healthUrlOf({ privateAddress }: ZonalNatInterface): string {
  return `http://${privateAddress}:${HEALTH_PORT}/healthz`;
}

/** The private address ranges of a network. */
export function vpcCidrsOf({ vpc }: NatNetwork, { vpcCidrs }: NatInstancesOptions): string[] {
  return vpcCidrs ?? [cidrOfVpc(vpc)].filter(isGiven);
}

/** What the agent of the zone `member` is to know, as JSON; its form is part of the agent (instance-programs/failover-agent). */
export function agentConfiguration(group: NatGroup, member: string): string {
  const { network, options, interfaces } = group;
  const members = [...interfaces.keys()];
  const own = interfaces.get(member) as ZonalNatInterface;
  const stack = Stack.of(own);
  const follow = options.addresses === NatAddresses.FOLLOW;
  return stack.toJsonString({
    group: group.name,
    region: stack.region,
    member,
    members,
    peers: byZone(members.filter(zone => zone !== member), zone => interfaces.get(zone)?.privateAddress),
    healthPort: HEALTH_PORT,
    profile: PROFILES[options.profile ?? TakeoverProfile.DEFAULT],
    failback: options.failback ?? NatFailback.AUTOMATIC,
    failbackAfterSeconds: FAILBACK_AFTER_SECONDS,
    interface: { id: own.networkInterface.ref, address: own.privateAddress },
    objects: members.map((zone, index) => ({
      name: zone,
      order: [...members.slice(index), ...members.slice(0, index)],
      parts: [...routeParts(group, zone), ...follow ? [elasticIpPart(group, zone, index)] : []],
    })),
    nat: {
      vpcCidrs: vpcCidrsOf(network, options),
      // not s3, to which a gateway endpoint may lead that needs no NAT
      canaries: ['ec2', 'sts', 'monitoring'].map(service => `${service}.${stack.region}.${stack.urlSuffix}:443`),
      ...follow ? { sources: sourcesOf(group, own) } : {},
      ...options.preserveConnections ? { preserveConnections: byZone(members, (_, index) => `100.64.0.${index + 1}`) } : {},
    },
    metrics: { namespace: METRIC_NAMESPACE, dimensions: dimensionsOf(group.name, member) },
  });
}

function routeParts({ network, interfaces }: NatGroup, zone: string): unknown[] {
  return routeTableIdsOf(privateSubnetsOf(network, zone)).map(table => ({
    type: 'route',
    table,
    destination: '0.0.0.0/0',
    targets: byZone([...interfaces.keys()], member => interfaces.get(member)?.networkInterface.ref),
  }));
}

function elasticIpPart({ interfaces }: NatGroup, zone: string, index: number): unknown {
  return {
    type: 'elasticIp',
    allocation: interfaces.get(zone)?.allocationId,
    targets: byZone([...interfaces.keys()], member => {
      const target = interfaces.get(member) as ZonalNatInterface;
      return { interface: target.networkInterface.ref, address: target.addressFor(index) };
    }),
  };
}

/** Which of the addresses of `own` the networks of each zone go out with. */
function sourcesOf({ network, interfaces }: NatGroup, own: ZonalNatInterface): unknown {
  return byZone([...interfaces.keys()], (zone, index) => ({
    cidrs: privateSubnetsOf(network, zone).map(cidrOf).filter(isGiven),
    address: own.addressFor(index),
  }));
}

function privateSubnetsOf({ zones }: NatNetwork, zone: string): ec2.ISubnet[] {
  return zones.get(zone)?.privateSubnets ?? [];
}

function byZone<T>(zones: string[], value: (zone: string, index: number) => T): Record<string, T> {
  return Object.fromEntries(zones.map((zone, index) => [zone, value(zone, index)]));
}

function isGiven<T>(value: T | undefined): value is T {
  return value !== undefined;
}
