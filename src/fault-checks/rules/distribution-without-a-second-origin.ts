import { at, firstUnknown, listOf, Unknown, Value } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Origins that AWS keeps in several zones by itself. */
const OF_AWS = /\.s3[.-]|\.execute-api\.|\.lambda-url\./;
const TYPES_OF_AWS = /^AWS::(S3::|ApiGateway|Lambda::Url|AppSync::|MediaStore::|MediaPackage)/;

function isOfAws(origin: Value, topology: Topology): boolean {
  const name = at(origin, 'DomainName');
  return at(origin, 'S3OriginConfig') !== undefined || OF_AWS.test(JSON.stringify(name ?? ''))
    || topology.led(name).some(({ resource }) => TYPES_OF_AWS.test(topology.world.resource(resource)?.type ?? ''));
}

export const distributionWithoutASecondOrigin: Rule = {
  id: 'CF1',
  title: 'A distribution has one origin, which AWS does not keep up, and nothing to ask in its place',
  severity: 'warning',
  reason: 'CloudFront is everywhere, but what it does not have in its caches it asks of one origin. While that does not answer, all viewers get errors.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Using Serverless Architectures for High Availability"',
    'Amazon CloudFront Developer Guide, "Optimize high availability with CloudFront origin failover" (2026-11-21)',
  ],
  fix: 'Put the origin into an origin group with a second one, as a copy of the site in another Region, or a page in a bucket that says when it is back.',
  types: ['AWS::CloudFront::Distribution'],
  needsTopology: true,
  bad: `
Site:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      Enabled: true
      Origins: [{Id: site, DomainName: origin.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
      DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: redirect-to-https, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad}`,
  good: `
Site:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      Enabled: true
      Origins:
      - {Id: site, DomainName: origin.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}
      - {Id: spare, DomainName: spare.s3.eu-west-1.amazonaws.com, S3OriginConfig: {}}
      OriginGroups:
        Quantity: 1
        Items:
        - Id: both
          FailoverCriteria: {StatusCodes: {Quantity: 2, Items: [502, 503]}}
          Members: {Quantity: 2, Items: [{OriginId: site}, {OriginId: spare}]}
      DefaultCacheBehavior: {TargetOriginId: both, ViewerProtocolPolicy: redirect-to-https, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad}`,
  judge: ({ properties }, topology) => {
    const config = properties.DistributionConfig;
    const origins = at(config, 'Origins');
    const open = firstUnknown([config, origins]);
    if (open) { return undecided(open.reason, 'DistributionConfig.Origins'); }
    const [origin, ...others] = listOf(origins);
    if (origin === undefined || others.length > 0) { return origin === undefined ? NOT_APPLICABLE : COMPLIANT; }
    if (origin instanceof Unknown) { return undecided(origin.reason, 'DistributionConfig.Origins'); }
    return isOfAws(origin, topology) ? NOT_APPLICABLE : broken('all that is not in a cache is asked of one origin', 'DistributionConfig.Origins');
  },
};
