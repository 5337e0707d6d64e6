import { figuresOf, span } from '../../fault-simulation/template/figures';
import { asNumber, at, listOf, Unknown } from '../../fault-simulation/template/value';
import { judgeFigures } from '../figures';
import { NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';


/** So long viewers may see an error that is over, in seconds; what CloudFront keeps them for where nothing is given. */
const LONGEST = 60;
const DEFAULT = 10;

export const errorKeptAtTheEdge: Rule = {
  id: 'CF2',
  title: 'A distribution shows errors for long after its origin is back',
  severity: 'warning',
  reason: 'CloudFront keeps an answer of the kind 5xx in its caches, too. A fault of a second is seen for all of that time, and one that is over is seen for as long again.',
  sources: ['Amazon CloudFront Developer Guide, "Control how long CloudFront caches errors" (2026-11-21)'],
  fix: 'Set ErrorCachingMinTTL of errors 500 to 599 to 10 seconds, or leave it out.',
  types: ['AWS::CloudFront::Distribution'],
  needsTopology: false,
  bad: `
Site:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      Enabled: true
      Origins: [{Id: site, DomainName: site.s3.eu-west-1.amazonaws.com, S3OriginConfig: {}}]
      DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: redirect-to-https, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}
      CustomErrorResponses: [{ErrorCode: 503, ErrorCachingMinTTL: 300}]`,
  good: `
Site:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      Enabled: true
      Origins: [{Id: site, DomainName: site.s3.eu-west-1.amazonaws.com, S3OriginConfig: {}}]
      DefaultCacheBehavior: {TargetOriginId: site, ViewerProtocolPolicy: redirect-to-https, CachePolicyId: 658327ea-f89d-4fab-a63d-7e88639e58f6}
      CustomErrorResponses: [{ErrorCode: 503, ErrorCachingMinTTL: 5}]`,
  judge: ({ properties }) => {
    const responses = at(properties.DistributionConfig, 'CustomErrorResponses');
    if (responses instanceof Unknown) { return undecided(responses.reason, 'DistributionConfig.CustomErrorResponses'); }
    return worstOf(listOf(responses).map(response => {
      const code = asNumber(at(response, 'ErrorCode'));
      if (code === undefined || code < 500) { return NOT_APPLICABLE; }
      return judgeFigures(figuresOf(at(response, 'ErrorCachingMinTTL'), DEFAULT), 'DistributionConfig.CustomErrorResponses', seconds =>
        seconds > LONGEST ? `viewers see error ${code} for ${span(seconds)} after it is over` : undefined);
    }));
  },
};
