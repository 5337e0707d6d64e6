import { firstUnknown, Unknown, Value } from '../../fault-simulation/template/value';
import { RecordSet, Topology } from '../../fault-simulation/topology';
import { Place } from '../../fault-simulation/zones';
import { behind, judgeRecords, partnerOf, RECORDS, targetsOf } from '../records';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { judgeZones } from '../spread';

const PLACED = /^AWS::(EC2::Instance|ElasticLoadBalancing(V2)?::LoadBalancer)$/;

function behindRecord(record: RecordSet, topology: Topology): ReadonlySet<string> {
  return targetsOf(record).reduce<Set<string>>((found, target) => { behind(target, topology, found); return found; }, new Set());
}

/** Where the first things stand to which a record leads. */
function placesOf(keys: ReadonlySet<string>, topology: Topology): readonly Place[] {
  return [...keys].flatMap(key => topology.world.resource(key) ?? []).filter(({ type }) => PLACED.test(type)).flatMap(one => topology.placesOf(one));
}

export const spareThatFailsWithItsPrimary: Rule = {
  id: 'DNS3',
  title: 'A primary and its secondary fail together',
  severity: 'error',
  reason: 'Both lead to the same thing, or into the same zone. What takes the primary away takes the secondary along, so that there is nothing to fail over to.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Regions and Availability Zones"',
    'Amazon Route 53 Developer Guide, "Values specific for failover records" (2026-11-21)',
  ],
  fix: 'Let the secondary lead to something else, in another zone or Region, or to a website in a bucket.',
  types: RECORDS,
  needsTopology: true,
  bad: `
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1, subnet-2]}}
Names:
  Type: AWS::Route53::RecordSetGroup
  Properties:
    HostedZoneName: example.com.
    RecordSets:
    - Name: www.example.com
      Type: A
      SetIdentifier: a
      Failover: PRIMARY
      AliasTarget: {DNSName: !GetAtt Balancer.DNSName, HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID, EvaluateTargetHealth: true}
    - Name: www.example.com
      Type: A
      SetIdentifier: b
      Failover: SECONDARY
      AliasTarget: {DNSName: !GetAtt Balancer.DNSName, HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID}`,
  good: `
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1, subnet-2]}}
Names:
  Type: AWS::Route53::RecordSetGroup
  Properties:
    HostedZoneName: example.com.
    RecordSets:
    - Name: www.example.com
      Type: A
      SetIdentifier: a
      Failover: PRIMARY
      AliasTarget: {DNSName: !GetAtt Balancer.DNSName, HostedZoneId: !GetAtt Balancer.CanonicalHostedZoneID, EvaluateTargetHealth: true}
    - Name: www.example.com
      Type: A
      SetIdentifier: b
      Failover: SECONDARY
      AliasTarget: {DNSName: s3-website-eu-west-1.amazonaws.com, HostedZoneId: Z1BKCTXD74EZPE}`,
  judge: (resource, topology) => judgeRecords(resource, (record, propertyOf) => {
    const partner = record.properties.Failover === 'PRIMARY' ? partnerOf(record, 'SECONDARY', topology) : undefined;
    const property = propertyOf(record.properties.AliasTarget === undefined ? 'ResourceRecords' : 'AliasTarget');
    if (partner === undefined) { return NOT_APPLICABLE; }
    if (partner instanceof Unknown) { return undecided(partner.reason, property); }
    const [own, theirs]: (readonly Value[])[] = [record, partner].map(targetsOf);
    if (own.length > 0 && JSON.stringify(own) === JSON.stringify(theirs)) { return broken('it leads to the same as its secondary', property); }
    const [first, second] = [record, partner].map(one => behindRecord(one, topology));
    const shared = [...first].find(key => second.has(key));
    if (shared !== undefined) { return broken(`it and its secondary both lead to ${shared}`, property); }
    const open = firstUnknown([...own, ...theirs]);
    if (open) { return undecided(open.reason, property); }
    const [here, there] = [first, second].map(keys => placesOf(keys, topology));
    // what is in no zone does not go with one
    const judgement = here.length === 0 || there.length === 0 ? undefined : judgeZones([...here, ...there], 2, property);
    return judgement?.compliance === 'non-compliant' ? broken('it and its secondary both stand in one zone', property) : judgement ?? COMPLIANT;
  }),
};
