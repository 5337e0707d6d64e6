import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IpTargetsProps, WebEndpoint, WebHealthCheck, WebRouting } from '../../src';
import { Setting, tierIn } from '../helpers/web-tier';

const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

const legacy: IpTargetsProps = { addresses: ['10.1.0.10', '10.2.0.10'], conditions: [ListenerCondition.pathPatterns(['/legacy/*'])], priority: 10 };

/** A tier with servers on premises for some of its requests. */
function tierWith(props: Partial<IpTargetsProps> = {}, setting: Setting = {}) {
  const { tier, ...rest } = tierIn(setting);
  return { ...rest, tier, targets: tier.addIpTargets('OnPremises', { ...legacy, ...props }) };
}

describe('addIpTargets', () => {
  test('makes the servers targets, which are in no zone, at the port of the instances', () => {
    const { targets, template } = tierWith({}, { instancePort: 8080 });
    expect(targets.node.path).toBe('Shop/Web/OnPremises/TargetGroup');
    template().hasResourceProperties(TARGET_GROUP, {
      TargetType: 'ip',
      Protocol: 'HTTP',
      Port: 8080,
      Targets: [{ Id: '10.1.0.10', Port: 8080, AvailabilityZone: 'all' }, { Id: '10.2.0.10', Port: 8080, AvailabilityZone: 'all' }],
    });
  });

  test('leads them the requests that are theirs, at the place that they are given', () => {
    const { stack, tier, targets, template } = tierWith();
    template().resourceCountIs(RULE, 1);
    template().hasResourceProperties(RULE, {
      ListenerArn: stack.resolve(tier.listener?.listenerArn),
      Priority: 10,
      Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/legacy/*'] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: stack.resolve(targets.targetGroupArn) }],
    });
  });

  test('lets the load balancer out to them alone', () => {
    const { template } = tierWith({ port: 8443 });
    template().hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: Match.stringLikeRegexp('for ELB'),
      SecurityGroupEgress: ['10.1.0.10/32', '10.2.0.10/32'].map(CidrIp => Match.objectLike({ CidrIp, IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443 })),
    });
  });

  test('asks them as it asks the instances, and lets their requests finish like theirs', () => {
    const setting: Setting = { healthCheck: WebHealthCheck.http('/health'), routing: WebRouting.roundRobin({ deregistrationDelay: Duration.minutes(2) }) };
    tierWith({}, setting).template().allResourcesProperties(TARGET_GROUP, {
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      TargetGroupAttributes: Match.arrayWith([{ Key: 'deregistration_delay.timeout_seconds', Value: '120' }]),
    });
  });

  test('asks them at a port and a path of their own', () => {
    const { template } = tierWith({ port: 8081, healthCheck: WebHealthCheck.http('/alive', { interval: Duration.seconds(30) }) });
    template().hasResourceProperties(TARGET_GROUP, { TargetType: 'ip', Port: 8081, HealthCheckPath: '/alive', HealthCheckIntervalSeconds: 30 });
    template().hasResourceProperties(TARGET_GROUP, { TargetType: 'instance', Port: 80, HealthCheckPath: '/', HealthCheckIntervalSeconds: 10 });
  });

  test('takes several, behind one load balancer', () => {
    const { tier, template } = tierWith();
    tier.addIpTargets('Partners', { ...legacy, priority: 20 });
    template().resourceCountIs(RULE, 2);
    template().resourceCountIs(TARGET_GROUP, 3);
  });

  test('takes addresses and figures that are known at deployment only', () => {
    const { stack, tier, template } = tierIn();
    const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
    tier.addIpTargets('OnPremises', { ...legacy, addresses: [new CfnParameter(stack, 'Address').valueAsString], port: number, priority: number });
    template().hasResourceProperties(TARGET_GROUP, { Targets: [{ Id: { Ref: 'Address' }, Port: { Ref: 'Number' } }] });
    template().hasResourceProperties(RULE, { Priority: { Ref: 'Number' } });
  });

  test.each(['10.0.0.1', '172.16.0.1', '172.31.255.254', '192.168.1.1', '100.64.0.1', '100.127.255.254'])('takes the private address %s', address => {
    expect(() => tierWith({ addresses: [address] })).not.toThrow();
  });

  test.each<[string, Partial<IpTargetsProps>, Setting, string]>([
    ['no address', { addresses: [] }, {}, "'addresses' has 0 entries; give 1 or more"],
    ['a name', { addresses: ['10.1.0.10', 'server.example.com'] }, {}, "'addresses' has 'server.example.com'; write it as '10.1.0.10'"],
    ['an address that there is not', { addresses: ['10.1.0.256'] }, {}, "'addresses' has '10.1.0.256'; write it as '10.1.0.10'"],
    ['a range', { addresses: ['10.1.0.0/24'] }, {}, "'addresses' has '10.1.0.0/24'"],
    ...['203.0.113.7', '172.15.0.1', '172.32.0.1', '192.169.0.1', '100.63.0.1', '100.128.0.1', '110.1.0.1'].map((address): [string, Partial<IpTargetsProps>, Setting, string] =>
      [`the public address ${address}`, { addresses: ['10.1.0.10', address] }, {}, `'addresses' has '${address}', which is not a private one, and ELB takes no others; `
        + 'give addresses of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10']),
    ['no condition', { conditions: [] }, {}, "'conditions' has 0 entries; give 1 to 5"],
    ['six conditions', { conditions: Array.from({ length: 6 }, () => legacy.conditions[0]) }, {}, "'conditions' has 6 entries; give 1 to 5"],
    ['the place before the first', { priority: 0 }, {}, "'priority' is 0; give a whole number from 1 to 50000"],
    ['the place after the last', { priority: 50001 }, {}, "'priority' is 50001; give a whole number from 1 to 50000"],
    ['no port', { port: 0 }, {}, "'port' is 0; give a whole number from 1 to 65535"],
    ['a port that there is not', { port: 65536 }, {}, "'port' is 65536; give a whole number from 1 to 65535"],
    ['a path without a slash', { healthCheck: WebHealthCheck.http('alive') }, {}, "the path of 'healthCheck' is 'alive'; start it with a slash: '/alive'"],
    ['to ask by TCP', { healthCheck: WebHealthCheck.tcp() }, {},
      "'healthCheck' is WebHealthCheck.tcp, but an application load balancer asks by HTTP only; give a path: WebHealthCheck.http('/')"],
    ['servers in no zone where each zone keeps to itself', {}, { routing: WebRouting.roundRobin({ crossZone: false }) },
      "targets outside the network are added, but 'routing.crossZone' is false, and they are in no zone; leave it out"],
    ['some of the requests of a network load balancer', {}, { endpoint: WebEndpoint.publicTcp(443) },
      "targets are added for some of the requests, but 'endpoint' is a network load balancer, which sees no requests; take an endpoint by HTTP or HTTPS"],
  ])('refuses %s, and leaves nothing of it', (_, props, setting, message) => {
    const { tier } = tierIn(setting);
    expect(() => tier.addIpTargets('OnPremises', { ...legacy, ...props })).toThrow(message);
    expect(() => tier.addIpTargets('OnPremises', { ...legacy, ...props })).toThrow("[MultiAzWebTier at 'Shop/Web']");
    expect(tier.node.tryFindChild('OnPremises')).toBeUndefined();
  });
});
