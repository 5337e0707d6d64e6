import { Rule } from '../rule';
import { judgeSetting } from '../settings';

export const collectionWithoutStandby: Rule = {
  id: 'OSS1',
  title: 'A search collection has no standby replicas',
  severity: 'error',
  reason: 'What indexes and what answers then stand in one zone, and the setting cannot be changed later.',
  sources: ['Amazon OpenSearch Service Developer Guide, "Amazon OpenSearch Serverless", redundancy of collections (2026-11-20)'],
  fix: 'Leave StandbyReplicas out, or set it to ENABLED.',
  types: ['AWS::OpenSearchServerless::Collection'],
  needsTopology: false,
  bad: `
Search: {Type: AWS::OpenSearchServerless::Collection, Properties: {Name: search, StandbyReplicas: DISABLED}}`,
  good: `
Search: {Type: AWS::OpenSearchServerless::Collection, Properties: {Name: search}}`,
  judge: ({ properties: { StandbyReplicas: standby } }) => judgeSetting(standby, 'StandbyReplicas', one => one === undefined || one === 'ENABLED', 'it stands in one zone'),
};
