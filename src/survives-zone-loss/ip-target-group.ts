import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IpTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { Construct, IConstruct } from 'constructs';
import { IpTargetsProps } from './ip-targets';
import { WebTierPlan } from './web-tier-plan';
import { ConfigurationError } from '../shared/configuration-error';
import { checkEach } from '../shared/lists';
import { checkWholeNumber } from '../shared/numbers';

/** What ELB takes outside of the VPC (targets of the type `ip`, in the user guide of application load balancers). */
const PRIVATE = /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** Refuses what a load balancer cannot do. */
export function checkIpTargets(scope: IConstruct, { routing, endpoint }: WebTierPlan, props: IpTargetsProps): void {
  const { addresses, port, conditions, priority, healthCheck } = props;
  if (endpoint._front.isForConnections) {
    throw new ConfigurationError(scope, "targets are added for some of the requests, but 'endpoint' is a network load balancer, which sees no requests",
      'take an endpoint by HTTP or HTTPS');
  }
  if (!routing._crossZone) {
    throw new ConfigurationError(scope, "targets outside the network are added, but 'routing.crossZone' is false, and they are in no zone",
      'leave it out');
  }
  checkEach(scope, 'addresses', addresses, { from: 1 }, /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/, '10.1.0.10');
  const strange = addresses.find(address => !Token.isUnresolved(address) && !PRIVATE.test(address));
  if (strange !== undefined) {
    throw new ConfigurationError(scope, `'addresses' has '${strange}', which is not a private one, and ELB takes no others`,
      'give addresses of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10');
  }
  checkEach(scope, 'conditions', conditions, { from: 1, to: 5 });
  checkWholeNumber(scope, 'priority', priority, { from: 1, to: 50000 });
  if (port !== undefined) { checkWholeNumber(scope, 'port', port, { from: 1, to: 65535 }); }
  healthCheck?._check(scope);
  if (healthCheck && healthCheck.path === undefined) {
    throw new ConfigurationError(scope, "'healthCheck' is WebHealthCheck.tcp, but an application load balancer asks by HTTP only", "give a path: WebHealthCheck.http('/')");
  }
}

/** Makes the targets, and leads the requests to them. */
export function createIpTargets(
  scope: Construct, plan: WebTierPlan, listener: elb.ApplicationListener, props: IpTargetsProps,
): elb.ApplicationTargetGroup {
  const port = props.port ?? plan.instancePort;
  const targets = new elb.ApplicationTargetGroup(scope, 'TargetGroup', {
    vpc: plan.vpc,
    targetType: elb.TargetType.IP,
    // they are outside the network, so in no zone of it
    targets: props.addresses.map(address => new IpTarget(address, port, 'all')),
    protocol: elb.ApplicationProtocol.HTTP,
    port,
    deregistrationDelay: plan.routing._deregistrationDelay,
    healthCheck: (props.healthCheck ?? plan.healthCheck)._forTargets(),
  });
  listener.addAction(scope.node.id, {
    priority: props.priority,
    conditions: props.conditions,
    action: elb.ListenerAction.forward([targets]),
  });
  props.addresses.forEach(address => listener.connections.allowTo(ec2.Peer.ipv4(`${address}/32`), ec2.Port.tcp(port)));
  return targets;
}
