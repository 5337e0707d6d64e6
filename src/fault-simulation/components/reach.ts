import { regional } from './network';
import { stateOfRouteByProgram, stateOfRouter } from './routers';
import { runnerOn } from './worker-runner';
import { Context } from '../model';
import { Need, Needs, needsOfValues } from '../needs';
import { allOf, asNeeded, State, undecided, WELL } from '../state';
import { at, listOf, Reference, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { attachmentBehind, wayOut, WayOut } from '../ways';

/** What a reference in user data or environment leads to, by the way that it takes from a subnet. */
const SERVICES: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'dynamodb',
  'AWS::DynamoDB::Table': 'dynamodb',
  'AWS::Kinesis::Stream': 'kinesis-streams',
  'AWS::KinesisFirehose::DeliveryStream': 'kinesis-firehose',
  'AWS::S3::Bucket': 's3',
  'AWS::SNS::Topic': 'sns',
  'AWS::SQS::Queue': 'sqs',
};

/** Who sends to a queue, or reads a bucket, needs it to be there, not those who work on it. */
const STORAGE_ONLY = new Set(Object.keys(SERVICES));

/** Names that only a network knows, unless a record of the templates has them. */
const PRIVATE_NAME = /\.(internal|local|private|corp|lan)$/i;

/** The same needs, with what is called by a name that a record of the templates has. */
export function withNames(needs: Needs, property: string, topology: Topology): Needs {
  const found = (hosts: readonly string[]) => hosts.flatMap(host => topology.recordsNamed(host).slice(0, 1))
    .map(({ key }): Need => ({ reference: new Reference(key, 'Ref'), property, certain: true }));
  const { outside, askedAtBoot } = needs;
  return {
    ...needs,
    running: [...needs.running, ...found(outside)],
    booting: [...needs.booting, ...found(askedAtBoot)],
    outside: outside.filter(host => topology.recordsNamed(host).length === 0 && !PRIVATE_NAME.test(host)),
  };
}

/** How what is needed at run time stands, apart from the way to it. */
export function stateOfNeeds({ running, unknown }: Needs, needer: Resource, context: Context): State {
  const states = running.map(need => stateOfNeed(need, needer, context));
  // what is not in the templates is not what another fault is about
  const open = context.damage.hasAnyZone ? unknown.filter(({ traits }) => traits.names !== false) : [];
  return allOf([...states, ...open.map(({ reason }) => undecided(reason))]);
}

/** How a thing stands for who needs it: not at all for somebody who names himself. */
export function stateOfNeed({ reference, property, certain }: Need, needer: Resource, context: Context): State {
  const target = context.topology.resource(reference);
  if (!target || target.key === needer.key) { return WELL; }
  if (STORAGE_ONLY.has(target.type)) {
    const stored = context.state(target.key); // asked in any case, by which it is known to be needed
    // a message at which its workers fail is nothing to who sends
    const isHit = context.damage.touches(target.key) && !context.damage.hits('poison-message', target.key)
      && !hasAnotherQueue(needer, target.key, context);
    const state = isHit ? stored : regional(target, context);
    return asNeeded(state, { needer: needer.key, needed: target.key, property, certain });
  }
  const behind = valuesBehind(target, context.topology);
  if (behind) { return stateOfNeeds(needsOfValues(behind.values, behind.property), needer, context); }
  const { DBClusterIdentifier: cluster } = target.properties;
  // who names a member has that one's own address, which does not move; who is only let in has that of the cluster
  const needed = !certain && cluster instanceof Reference ? cluster.resource : target.key;
  return asNeeded(context.state(needed), { needer: needer.key, needed, property, certain });
}

/** The runner goes on with its other queues where one of them is gone. */
function hasAnotherQueue(worker: Resource, queue: string, { topology, damage }: Context): boolean {
  const queues = runnerOn(worker, topology)?.queues ?? [];
  return queues.includes(queue) && queues.some(key => !damage.touches(key));
}

/** Values that are needed in the place of what holds them. */
interface Held {
  readonly values: readonly Value[];
  readonly property: string;
}

/** What a parameter or a secret holds of other components. */
function valuesBehind({ key, type, properties }: Resource, topology: Topology): Held | undefined {
  switch (type) {
    case 'AWS::SSM::Parameter': return { values: [properties.Value ?? null], property: `${key}.Value` };
    case 'AWS::SecretsManager::SecretTargetAttachment': return { values: [properties.TargetId ?? null], property: `${key}.TargetId` };
    case 'AWS::SecretsManager::Secret': {
      const attachments = topology.whoMentions(key, 'AWS::SecretsManager::SecretTargetAttachment');
      return { values: attachments.map(one => one.properties.TargetId ?? null), property: `${attachments[0]?.key ?? key}.TargetId` };
    }
    default: return undefined;
  }
}

/** How the ways of a fleet or a function from one of its subnets stand to what it needs at run time. */
export function wayFrom(needer: string, subnet: Value | undefined, { running, outside }: Needs, context: Context): State {
  const services = new Set(running.flatMap(({ reference }) => SERVICES[context.topology.resource(reference)?.type ?? ''] ?? []));
  const publicNames = running.some(({ reference }) => isPublicName(reference, context));
  return allOf([
    ...[...services].map(service => wayToService(needer, subnet, service, context)),
    ...outside.length > 0 || publicNames ? [wayOutside(needer, subnet, context)] : [],
  ]);
}

/** How the way to the internet stands; one that is not shown is no reason for a loss. */
export function wayOutside(needer: string, subnet: Value | undefined, context: Context): State {
  const way = wayOut(subnet, context.topology);
  if (way.kind === 'unknown') { return context.damage.hasAnyZone ? undecided(way.why) : WELL; }
  if (way.kind === 'none' && way.table !== undefined) { return stateOfRouteByProgram(way.table, needer, context); }
  if (!('of' in way)) { return WELL; }
  if (way.kind === 'instance') { return stateOfRouter(way, subnet, needer, context); }
  const first = asNeeded(context.state(way.of), { needer, needed: way.of, property: way.route, certain: true });
  return way.kind === 'beyond' ? allOf([first, wayBehind(way, needer, subnet, context)]) : first;
}

/** How it goes on behind an attachment to a transit gateway: from the subnet there that is in the same zone, else from any. */
function wayBehind({ of, route }: Extract<WayOut, { of: string }>, needer: string, subnet: Value | undefined, context: Context): State {
  const { topology, damage, state } = context;
  const unread = damage.hasAnyZone ? undecided(`what lies behind ${of} is not in the template`, { property: route }) : WELL;
  const attachment = attachmentBehind(of, topology);
  if (!attachment) { return unread; }
  const subnets = listOf(attachment.properties.SubnetIds);
  const zone = topology.zoneOfSubnet(subnet);
  const near = subnets.filter(one => topology.zoneOfSubnet(one) === zone);
  const ways = (near.length > 0 ? near : subnets).map(one => [wayOut(one, topology), one] as const);
  return allOf([
    asNeeded(state(attachment.key), { needer, needed: attachment.key, property: route, certain: true }),
    ...ways.map(([way, from]) => way.kind === 'instance' ? stateOfRouter(way, from, needer, context)
      : way.kind === 'nat' ? asNeeded(state(way.of), { needer, needed: way.of, property: way.route, certain: true })
        : way.kind === 'gateway' ? WELL : unread),
  ]);
}

/** How the way to a service of AWS stands: by an endpoint in the network, else outside. */
export function wayToService(needer: string, subnet: Value | undefined, service: string, context: Context): State {
  if (context.topology.hasGatewayEndpoint(subnet, service)) { return WELL; }
  const [endpoint] = context.topology.interfaceEndpointsOf(service, subnet);
  return endpoint ? asNeeded(context.state(endpoint.key), { needer, needed: endpoint.key, property: `${endpoint.key}.ServiceName`, certain: true })
    : wayOutside(needer, subnet, context);
}

/** Whether a name is one that everybody resolves to a public address. */
function isPublicName({ resource, attribute }: Reference, { topology }: Context): boolean {
  const target = topology.world.resource(resource);
  if (!target) { return false; }
  switch (target.type) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return at(target.properties, 'Scheme') !== 'internal' && attribute === 'DNSName';
    case 'AWS::ElasticLoadBalancing::LoadBalancer': return at(target.properties, 'Scheme') !== 'internal' && attribute === 'DNSName';
    case 'AWS::CloudFront::Distribution': case 'AWS::GlobalAccelerator::Accelerator': return true;
    case 'AWS::OpenSearchService::Domain': case 'AWS::Elasticsearch::Domain': return at(target.properties, 'VPCOptions') === undefined;
    case 'AWS::Route53::RecordSet': return !inPrivateZone(target, topology);
    case 'AWS::ApiGateway::RestApi': return true;
    case 'AWS::ApiGatewayV2::Api': return true;
    default: return false;
  }
}

/** Whether records are known to be in a zone that only a network asks. */
export function inPrivateZone({ properties }: Resource, topology: Topology): boolean {
  const zone = topology.resource(properties.HostedZoneId);
  return zone?.properties.VPCs !== undefined;
}
