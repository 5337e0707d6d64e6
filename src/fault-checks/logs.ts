import { at, referencesIn, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** Who writes logs into a bucket. */
const WRITERS_OF_LOGS = [
  'AWS::CloudTrail::Trail', 'AWS::Config::DeliveryChannel', 'AWS::EC2::FlowLog', 'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::WAFv2::LoggingConfiguration',
];
/** As which services of AWS write logs. */
const LOGGING = /(delivery\.logs|logging\.s3|logdelivery\.elasticloadbalancing|cloudtrail|config)\.amazonaws\.com/;

/** Whether a bucket is there for what others write down, or for what they make again. */
export function keepsLogs({ key, logicalId, properties: { AccessControl: access } }: Resource, topology: Topology): boolean {
  const isIn = (value: Value | undefined) => referencesIn(value).some(({ resource }) => resource === key);
  return access === 'LogDeliveryWrite' || /(^l|L)og(s|ging)?([A-Z0-9]|$)/.test(logicalId)
    || topology.whoMentions(key, ...WRITERS_OF_LOGS).length > 0
    || topology.whoMentions(key, 'AWS::S3::Bucket').some(({ properties }) => isIn(properties.LoggingConfiguration))
    || topology.whoMentions(key, 'AWS::CodePipeline::Pipeline').some(({ properties }) => isIn(properties.ArtifactStore) || isIn(properties.ArtifactStores))
    || topology.whoMentions(key, 'AWS::CloudFront::Distribution').some(({ properties }) => isIn(at(properties.DistributionConfig, 'Logging')))
    || topology.whoMentions(key, 'AWS::S3::BucketPolicy').some(({ properties }) => LOGGING.test(JSON.stringify(properties)));
}
