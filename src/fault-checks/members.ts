import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, undecided } from './rule';
import { possible } from './settings';
import { judgeZones } from './spread';
import { Reference, Unknown } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';
import { chosenByAws, Place } from '../fault-simulation/zones';

/** The instances of a cluster of databases, whether they refer to it or write its name down. */
export function membersOf({ key, type, region, properties: { DBClusterIdentifier: name } }: Resource, topology: Topology): readonly Resource[] {
  return topology.ofType(type.replace(/DBCluster$/, 'DBInstance')).filter(({ region: its, properties: { DBClusterIdentifier: of } }) =>
    of instanceof Reference ? of.resource === key : of !== undefined && its === region && JSON.stringify(of) === JSON.stringify(name));
}

/** What is against the instances of a cluster, of which one has to be left without any zone. */
export function judgeMembers(cluster: Resource, topology: Topology): Judgement {
  const members = membersOf(cluster, topology);
  if (members.length === 0) { return undecided('no instance of it is in the templates'); }
  if (members.length === 1) { return broken('it has one instance'); }
  const verdict = judgeZones(members.map(member => placeOfMember(member, topology)), 2);
  if (verdict !== undefined) { return verdict; }
  const open = members.find(({ presence }) => presence === 'unknown');
  return open ? undecided(`whether it has ${open.key} is not decided`) : COMPLIANT;
}

/** Where an instance of a cluster stands. */
export function placeOfMember({ key, region, properties: { AvailabilityZone: zone } }: Resource, topology: Topology): Place {
  return zone === undefined ? chosenByAws(`AWS chooses the zone of ${key}`, region, key) : topology.place(zone);
}

/** Whether a cluster is one of Aurora; undefined where the template does not decide it. */
export function isAurora({ properties: { Engine: engine } }: Resource): boolean | undefined {
  const [first, ...others] = possible(engine).map(one => typeof one === 'string' ? one.toLowerCase().startsWith('aurora') : undefined);
  return others.every(other => other === first) ? first : undefined;
}

/** What is said of a database, unless it is a member of a cluster or a replica: these have no data but those of others. */
export function judgeOwner(database: Resource, judge: () => Judgement): Judgement {
  const { DBClusterIdentifier: cluster, SourceDBInstanceIdentifier: source, SourceDBClusterIdentifier: sourceCluster } = database.properties;
  const others = [cluster, source, sourceCluster].filter(value => value !== undefined && value !== null);
  const isInstance = database.type === 'AWS::RDS::DBInstance';
  if (isInstance && (isAurora(database) === true || others.some(value => !(value instanceof Unknown)))) { return NOT_APPLICABLE; }
  const [open] = isInstance ? others : [];
  const verdict = judge();
  return open instanceof Unknown && verdict.compliance === 'non-compliant' && 'what' in verdict ? undecided(open.reason, verdict.property) : verdict;
}
