import { consumersOf } from './components/consumers';
import { inPrivateZone } from './components/reach';
import { at, Reference } from './template/value';
import { Resource } from './template/world';
import { nameOfRecord, recordsOf, Topology } from './topology';

/** What users of the application see: public names, load balancers, distributions, APIs, addresses of servers, and the work in queues. */
export function servicesOf(topology: Topology): readonly Resource[] {
  const names = new Set<string>();
  return [...topology.world.resources.values()].filter(resource => {
    if (resource.presence === 'absent' || !isService(resource, topology)) { return false; }
    const records = recordsOf(resource).map(nameOfRecord);
    const isNew = records.length === 0 || records.some(name => !names.has(name));
    records.forEach(name => names.add(name));
    return isNew;
  });
}

function isService(resource: Resource, topology: Topology): boolean {
  const { type, properties } = resource;
  switch (type) {
    case 'AWS::Route53::RecordSet': case 'AWS::Route53::RecordSetGroup': return !inPrivateZone(resource, topology) && leadsSomewhere(resource, topology);
    case 'AWS::ElasticLoadBalancing::LoadBalancer': case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return properties.Scheme !== 'internal';
    case 'AWS::CloudFront::Distribution': case 'AWS::GlobalAccelerator::Accelerator': case 'AWS::ApiGateway::RestApi': case 'AWS::ApiGatewayV2::Api': case 'AWS::Lambda::Url': return true;
    case 'AWS::EC2::EIP': return holdersOf(resource, topology).some(({ type: holder }) => holder === 'AWS::EC2::Instance');
    case 'AWS::SQS::Queue': case 'AWS::Kinesis::Stream': return consumersOf(resource, topology).length > 0;
    default: return false;
  }
}

/** Records that prove something, as of a certificate, or that name mail hosts, lead to nothing in the templates. */
function leadsSomewhere(resource: Resource, topology: Topology): boolean {
  return recordsOf(resource).some(({ properties }) => JSON.stringify(['A', 'AAAA', 'CNAME']).includes(JSON.stringify(properties.Type))
    && topology.refersToAny(at(properties, 'AliasTarget', 'DNSName') ?? properties.ResourceRecords));
}

function holdersOf(address: Resource, topology: Topology): readonly Resource[] {
  const associations = topology.whoMentions(address.key, 'AWS::EC2::EIPAssociation').map(({ properties }) => properties);
  return [address.properties, ...associations].flatMap(({ InstanceId: instance }) =>
    instance instanceof Reference ? topology.resource(instance) ?? [] : []);
}
