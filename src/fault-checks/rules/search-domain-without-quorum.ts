import { mostIn } from '../../fault-simulation/components/spread';
import { asBoolean, asNumber, firstUnknown, Value } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { judgeLeast, judgeSwitch, valueAt } from '../settings';
import { worstOf } from '../worst';

export const searchDomainWithoutQuorum: Rule = {
  id: 'OS1',
  title: 'A search domain does not go on without a zone',
  severity: 'error',
  reason: 'Without nodes in other zones nothing answers, and without a majority of those that elect a master the rest stops as well.',
  sources: ['Amazon OpenSearch Service Developer Guide, "Configuring a multi-AZ domain" and "Creating dedicated master nodes" (2026-11-20)'],
  fix: 'Set ZoneAwarenessEnabled to true, with two data nodes at least, and three dedicated masters or data nodes in three zones.',
  types: ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'],
  needsTopology: false,
  bad: `
Search: {Type: AWS::OpenSearchService::Domain, Properties: {ClusterConfig: {InstanceCount: 2, InstanceType: m6g.large.search, ZoneAwarenessEnabled: true}}}`,
  good: `
Search: {Type: AWS::OpenSearchService::Domain, Properties: {ClusterConfig: {InstanceCount: 2, InstanceType: m6g.large.search, ZoneAwarenessEnabled: true, DedicatedMasterEnabled: true, DedicatedMasterCount: 3, DedicatedMasterType: m6g.large.search}}}`,
  judge: ({ type, properties }) => {
    const name = type === 'AWS::Elasticsearch::Domain' ? 'ElasticsearchClusterConfig' : 'ClusterConfig';
    const setting = (property: string) => valueAt(properties, name, property);
    // which is refused without three zones and three masters
    if (asBoolean(setting('MultiAZWithStandbyEnabled')) === true) { return COMPLIANT; }
    return worstOf([
      judgeLeast(setting('InstanceCount'), 2, 1, `${name}.InstanceCount`, () => 'it has 1 data node'),
      judgeSwitch(setting('ZoneAwarenessEnabled'), `${name}.ZoneAwarenessEnabled`, 'its data nodes stand in one zone'),
      judgeMasters(properties[name], `${name}.DedicatedMasterEnabled`),
    ]);
  },
};

/** Whether a majority of those that elect a master is left without any zone. */
function judgeMasters(config: Value | undefined, property: string): Judgement {
  const [dedicated, masters, nodes, zones] = [['DedicatedMasterEnabled'], ['DedicatedMasterCount'], ['InstanceCount'], ['ZoneAwarenessConfig', 'AvailabilityZoneCount']]
    .map(path => valueAt(config, ...path));
  const has = dedicated === undefined ? false : asBoolean(dedicated);
  // dedicated ones are in three zones, also where the data are in two
  const [count, places] = has ? [asNumber(masters ?? 3), 3] : [asNumber(nodes ?? 1), asNumber(zones ?? 2)];
  const open = firstUnknown([dedicated, has ? masters : nodes, has ? undefined : zones]);
  if (has === undefined || count === undefined || places === undefined) { return undecided(open?.reason ?? 'who elects a master is not decided', property); }
  const left = count - mostIn(count, places, 1);
  return 2 * left > count ? COMPLIANT : broken(`${left} of ${count} nodes that elect a master may be left`, property);
}
