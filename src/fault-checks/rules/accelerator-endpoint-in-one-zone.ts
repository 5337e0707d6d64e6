import { placesOfBalancer } from '../../fault-simulation/components/balancers';
import { asNumber, at, firstUnknown, listOf, Reference, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { judgeApart, Places } from '../cover';
import { isSame } from '../routes';
import { COMPLIANT, Judgement, NOT_APPLICABLE, Rule } from '../rule';
import { judgeZones } from '../spread';

export const acceleratorEndpointInOneZone: Rule = {
  id: 'GA1',
  title: 'An accelerator leads to one zone',
  severity: 'error',
  reason: 'The addresses of the accelerator are everywhere, and what answers behind them is in one zone: with that, and no group of endpoints in another Region, there is no healthy endpoint left.',
  sources: [
    'AWS Global Accelerator Developer Guide, "How failover works for unhealthy endpoints" (2026-11-20)',
  ],
  fix: 'Use a load balancer in two zones as the endpoint, or a second endpoint in another zone or Region.',
  types: ['AWS::GlobalAccelerator::EndpointGroup'],
  needsTopology: true,
  bad: `
Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro, SubnetId: subnet-1}}
Endpoints:
  Type: AWS::GlobalAccelerator::EndpointGroup
  Properties:
    ListenerArn: listener-1
    EndpointGroupRegion: eu-west-1
    EndpointConfigurations:
      - {EndpointId: !Ref Server}`,
  good: `
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1, subnet-2]}}
Endpoints:
  Type: AWS::GlobalAccelerator::EndpointGroup
  Properties:
    ListenerArn: listener-1
    EndpointGroupRegion: eu-west-1
    EndpointConfigurations:
      - {EndpointId: !Ref Balancer}`,
  judge: judgeGroup,
};

function judgeGroup(group: Resource, topology: Topology): Judgement {
  const { ListenerArn: listener } = group.properties;
  const ids = idsOf(group);
  if (ids.length === 0) { return NOT_APPLICABLE; }
  const others = topology.ofType('AWS::GlobalAccelerator::EndpointGroup').filter(other => other !== group && isSame(other.properties.ListenerArn, listener));
  // another group takes over, also if its traffic dial is at nought
  if (others.some(other => idsOf(other).length > 0) || ids.some(id => isSpread(id, topology))) { return COMPLIANT; }
  const places = ids.map(id => placesOfEndpoint(id, topology));
  const open = firstUnknown(places);
  return judgeZones(open && places.length === 1 ? open : places.flatMap(one => one), 2, 'EndpointConfigurations') ?? COMPLIANT;
}

/** The endpoints that get anything. */
function idsOf({ properties: { EndpointConfigurations: endpoints } }: Resource): readonly (Value | undefined)[] {
  return listOf(endpoints).filter(endpoint => asNumber(at(endpoint, 'Weight')) !== 0).map(endpoint => endpoint instanceof Unknown ? endpoint : at(endpoint, 'EndpointId'));
}

function isSpread(id: Value | undefined, topology: Topology): boolean {
  if (typeof id === 'string') { return id.includes(':loadbalancer/app/'); }
  const balancer = topology.resource(id);
  if (balancer?.type !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') { return false; }
  const { Type: type, SubnetMappings: mappings } = balancer.properties;
  // AWS refuses an application load balancer that is in one zone
  return type === undefined || type === 'application'
    || judgeApart(balancer, placesOfBalancer(balancer, { topology }), mappings === undefined ? 'Subnets' : 'SubnetMappings') === undefined;
}

/** Where an endpoint stands: a balancer, a server, or who has an address. */
function placesOfEndpoint(id: Value | undefined, topology: Topology): Places {
  const endpoint = id instanceof Reference ? topology.world.resource(id.resource) : undefined;
  if (!endpoint) { return new Unknown('an endpoint is not in the template', JSON.stringify(id)); }
  if (endpoint.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') { return placesOfBalancer(endpoint, { topology }); }
  const associations = topology.whoMentions(endpoint.key, 'AWS::EC2::EIPAssociation').map(({ properties }) => properties);
  const holders = [endpoint.properties, ...associations]
    .map(({ InstanceId: instance, NetworkInterfaceId: one }) => topology.resource(instance ?? one));
  const [place] = [endpoint, ...holders.flatMap(holder => holder ?? [])].flatMap(one => topology.placesOf(one));
  return [place ?? new Unknown(`where ${endpoint.key} stands is not in the template`, endpoint.key)];
}
