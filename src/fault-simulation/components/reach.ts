import { Context } from '../model';
import { Needs } from '../needs';
import { allOf, lost, State, undecided, WELL } from '../state';
import { at, Reference, Value } from '../template/value';
import { Resource } from '../template/world';

/** What a reference in user data or environment leads to, by the way that it takes from a subnet. */
const SERVICES: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'sqs', 'AWS::DynamoDB::Table': 'dynamodb', 'AWS::DynamoDB::GlobalTable': 'dynamodb', 'AWS::S3::Bucket': 's3', 'AWS::SNS::Topic': 'sns',
};

/** Who sends to a queue, or reads a bucket, needs it to be there, not those who work on it. */
const STORAGE_ONLY = new Set(Object.keys(SERVICES));

/** How what is needed stands, whoever needs it, apart from the way to it. */
export function stateOfNeeds({ references, unknown }: Needs, needer: Resource, context: Context): State {
  const states = references.map(reference => stateOfReference(reference, needer, context));
  return allOf([...states, ...unknown.filter(({ identity }) => !/^(account|region of)/.test(identity)).map(({ reason }) => undecided(reason))]);
}

function stateOfReference(reference: Reference, needer: Resource, context: Context): State {
  const target = context.topology.world.resource(reference.resource);
  if (!target || target.key === needer.key) { return WELL; }
  if (target.presence === 'absent') { return WELL; }
  if (STORAGE_ONLY.has(target.type)) { return context.damage.hasRegion(target.region) ? lost(`${target.key} is in the lost Region`) : WELL; }
  if (target.type === 'AWS::RDS::DBInstance' && target.properties.DBClusterIdentifier instanceof Reference) {
    return context.state(target.properties.DBClusterIdentifier.resource);
  }
  return context.state(target.key);
}

/** How the ways from a subnet stand to what is needed at run time. */
export function wayFrom(subnet: Value | undefined, { references, outside }: Needs, context: Context): State {
  const services = new Set(references.flatMap(({ resource }) => SERVICES[context.topology.world.resource(resource)?.type ?? ''] ?? []));
  const publicNames = references.some(reference => isPublicName(reference, context));
  return allOf([
    ...[...services].map(service => wayToService(subnet, service, context)),
    ...outside.length > 0 || publicNames ? [wayOutside(subnet, context)] : [],
  ]);
}

/** How the way to the internet stands; one that is not shown is no reason for a loss. */
export function wayOutside(subnet: Value | undefined, context: Context): State {
  const way = context.topology.wayOut(subnet);
  if (way.kind === 'unknown') { return context.damage.hasAnyZone ? undecided(way.why) : WELL; }
  return way.kind === 'nat' || way.kind === 'instance' ? context.state(way.of) : WELL;
}

function wayToService(subnet: Value | undefined, service: string, context: Context): State {
  if (context.topology.hasGatewayEndpoint(subnet, service)) { return WELL; }
  const [endpoint] = context.topology.interfaceEndpointsOf(service, subnet);
  return endpoint ? context.state(endpoint.key) : wayOutside(subnet, context);
}

/** Whether a name is one that everybody resolves to a public address. */
function isPublicName({ resource, attribute }: Reference, { topology }: Context): boolean {
  const target = topology.world.resource(resource);
  if (!target) { return false; }
  switch (target.type) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return at(target.properties, 'Scheme') !== 'internal' && attribute === 'DNSName';
    case 'AWS::ElasticLoadBalancing::LoadBalancer': return at(target.properties, 'Scheme') !== 'internal' && attribute === 'DNSName';
    case 'AWS::CloudFront::Distribution': return true;
    case 'AWS::Route53::RecordSet': return !inPrivateZone(target, topology);
    default: return false;
  }
}

function inPrivateZone({ properties }: Resource, topology: Context['topology']): boolean {
  const zone = topology.resource(properties.HostedZoneId);
  return zone?.properties.VPCs !== undefined;
}
