import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { MultiAzWebTierProps } from './multi-az-web-tier';
import { WebHealthCheck } from './web-health-check';
import { WebScaling } from './web-scaling';
import { ConfigurationError } from '../shared/configuration-error';
import { checkWholeNumber } from '../shared/numbers';
import { checkNotSnapshot } from '../shared/removal-policy';
import { GroupSizes, sizeForZoneLoss } from '../shared/zone-loss-sizing';
import { checkSeveralZones, inWords, selectSubnets, zoneOf, zonesOf } from '../shared/zones';

/** What the props of a web tier come to: checked, with every default filled in. */
export interface WebTierPlan extends MultiAzWebTierProps {
  readonly instanceSubnets: ec2.ISubnet[];
  readonly loadBalancerSubnets: ec2.ISubnet[];
  readonly instancePort: number;
  readonly healthCheck: WebHealthCheck;
  readonly sizes: GroupSizes;
  readonly scaling: WebScaling;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks all that can be known before anything is made. */
export function planWebTier(scope: IConstruct, props: MultiAzWebTierProps): WebTierPlan {
  const instanceSubnets = selectSubnets(scope, 'vpcSubnets', props.vpc,
    props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
  checkSeveralZones(scope, 'vpcSubnets', instanceSubnets);
  const plan = {
    ...props,
    instanceSubnets,
    loadBalancerSubnets: loadBalancerSubnets(scope, props, instanceSubnets),
    instancePort: props.instancePort ?? 80,
    healthCheck: props.healthCheck ?? WebHealthCheck.http('/'),
    sizes: sizeForZoneLoss(scope, zonesOf(instanceSubnets)?.length, props),
    scaling: props.scaling ?? WebScaling.onCpuUtilization(50),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
  };
  checkWholeNumber(scope, 'instancePort', plan.instancePort, { from: 1, to: 65535 });
  plan.instanceTemplate._check(scope);
  plan.endpoint._check(scope);
  plan.healthCheck._check(scope);
  plan.scaling._check(scope);
  checkNotSnapshot(scope, plan.removalPolicy, 'a web tier');
  return plan;
}

/** One subnet in each zone of the instances: a load balancer sends nothing to a zone in which it does not stand. */
function loadBalancerSubnets(scope: IConstruct, { vpc, endpoint }: MultiAzWebTierProps, instanceSubnets: ec2.ISubnet[]): ec2.ISubnet[] {
  const candidates = endpoint.isPublic ? vpc.publicSubnets : instanceSubnets;
  const zones = zonesOf(instanceSubnets);
  if (!zones || !zonesOf(candidates)) { return candidates; }
  const missing = zones.filter(zone => !candidates.some(subnet => zoneOf(subnet) === zone));
  if (missing.length > 0) {
    throw new ConfigurationError(scope,
      `'endpoint' is public, but the VPC has no public subnet for the load balancer in ${inWords(missing)}, where instances are`,
      'give each zone a public subnet, or choose an internal endpoint');
  }
  return zones.flatMap(zone => candidates.find(subnet => zoneOf(subnet) === zone) ?? []);
}
