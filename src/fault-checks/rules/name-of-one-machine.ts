import { firstUnknown, listOf, Unknown, Value } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { holdersOf, judgeRecords, RECORDS } from '../records';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Ways in for people, who can wait or take another. */
const FOR_PEOPLE = /bastion|jump|ssh/i;
/** Who can have an address moved from one machine to another. */
const MOVERS = /^AWS::(EC2::LaunchTemplate|AutoScaling::|IAM::|Lambda::Function|SSM::)/;

/** The one machine that has an address; undefined if it is none of the templates'. */
function machineWith(value: Value, topology: Topology): string | Unknown | undefined {
  if (value instanceof Unknown) { return value; }
  const [named] = topology.withAddress(value);
  const [target] = topology.led(value).flatMap(({ resource }) => topology.world.resource(resource) ?? []);
  if (named || target?.type === 'AWS::EC2::Instance' || target?.type === 'AWS::EC2::NetworkInterface') { return (named ?? target).key; }
  if (target?.type !== 'AWS::EC2::EIP') { return undefined; }
  const [holder] = holdersOf(target, topology).flatMap(key => topology.world.resource(key) ?? []);
  if (holder) { return holder.type === 'AWS::EC2::NatGateway' ? undefined : holder.key; }
  return topology.whoMentions(target.key).some(({ type }) => MOVERS.test(type)) ? undefined
    : new Unknown(`who has the address ${target.key} is not in the template`);
}

export const nameOfOneMachine: Rule = {
  id: 'DNS2',
  title: 'A name leads to the address of one machine',
  severity: 'error',
  reason: 'If the machine is lost, or its zone, the name leads nowhere until somebody changes the record, and clients keep the old address for its TTL.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Load Balancing"',
    'Fault-Tolerant Components on AWS (2019), "Elastic IP Addresses"',
  ],
  fix: 'Let the name lead to a load balancer, to several machines with health checks, or to an elastic address that a spare machine takes over.',
  types: RECORDS,
  needsTopology: true,
  bad: `
Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro}}
Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Server}}
Name: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, ResourceRecords: [!Ref Address]}}`,
  good: `
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1, subnet-2]}}
Name:
  Type: AWS::Route53::RecordSet
  Properties:
    HostedZoneName: example.com.
    Name: www.example.com
    Type: A
    AliasTarget: {DNSName: !GetAtt Balancer.DNSName, HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID, EvaluateTargetHealth: true}`,
  judge: (resource, topology) => judgeRecords(resource, ({ properties }, propertyOf) => {
    const { Name: name, Type: type, ResourceRecords: values, SetIdentifier: one, Failover: role } = properties;
    // of several records of a name each may have one machine
    if (one !== undefined || role !== undefined || !['A', 'AAAA', 'CNAME'].includes(String(type))) { return NOT_APPLICABLE; }
    const machines = listOf(values).map(value => machineWith(value, topology));
    const known = new Set(machines.filter(machine => typeof machine === 'string'));
    if (known.size > 1) { return COMPLIANT; }
    const open = firstUnknown(machines);
    if (open) { return undecided(open.reason, propertyOf('ResourceRecords')); }
    const [machine] = known;
    if (machine === undefined || machines.includes(undefined) || FOR_PEOPLE.test(`${JSON.stringify(name)} ${machine}`)) { return NOT_APPLICABLE; }
    return broken(`only ${machine} has the address that it leads to`, propertyOf('ResourceRecords'));
  }),
};
