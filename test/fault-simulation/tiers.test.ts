import { instanceOf, REGION, Resources, simulationOf, stackOf, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';
import { World } from '../../src/fault-simulation/template/world';

type Values = Record<string, unknown>;

const NEED = 'cdk-fault-tolerance:neededCapacity';
const zones = ['a', 'b', 'c'];
const idsOf = (letters: readonly string[]) => letters.map(letter => ({ Ref: `Subnet${letter}` }));

/** A group for each zone, each of this size, behind one balancer. */
function groupPerZone(count: number, size: number, metadata: Readonly<Record<string, number>> = {}, more: Resources = {}) {
  const letters = zones.slice(0, count);
  const stack = stackOf({
    ...Object.fromEntries(letters.map(letter => [`Subnet${letter}`, ['EC2::Subnet', { AvailabilityZone: `${REGION}${letter}` }] as const])),
    ...Object.fromEntries(letters.map(letter => [`Group${letter}`, ['AutoScaling::AutoScalingGroup', {
      MinSize: size,
      MaxSize: size,
      VPCZoneIdentifier: idsOf([letter]),
      TargetGroupARNs: [{ Ref: 'Targets' }],
    }] as const])),
    Balancer: ['ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing', Subnets: idsOf(letters) }],
    Targets: ['ElasticLoadBalancingV2::TargetGroup', {}],
    Listener: ['ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }] }],
    ...more,
  });
  Object.entries(metadata).forEach(([id, need]) => Object.assign(stack.template.Resources?.[id] as object, { Metadata: { [NEED]: need } }));
  return stack;
}

function balancerOf(stack: ReturnType<typeof groupPerZone>, fault: Fault, need?: Record<string, number>) {
  const { atOnce, afterRecovery, capacityLeft, need: judged } = new Simulation(new World([stack]), { need }).under(fault).get('Stack/Balancer') ?? {};
  return { verdict: [atOnce, afterRecovery, capacityLeft], need: judged };
}

describe('a group for each zone', () => {
  test('loses what stands in a zone at once, and starts nothing elsewhere', () => {
    expect(balancerOf(groupPerZone(3, 2), zone(0))).toEqual({ verdict: ['degraded', 'degraded', 4 / 6], need: undefined });
  });

  test.each<[what: string, count: number, need: number, met: boolean]>([
    ['as many as are left are enough', 3, 4, true],
    ['one more is too few', 3, 5, false],
    ['two groups of two with a need of three', 2, 3, false],
  ])('is judged by what is needed of all of them: %s', (_, count, need, met) => {
    const judged = { met, source: 'recorded' };
    expect(balancerOf(groupPerZone(count, 2, { Targets: need }), zone(0)).need).toEqual(judged);
    expect(balancerOf(groupPerZone(count, 2), zone(0), { Targets: need }).need).toEqual({ met, source: 'stated' });
    expect(balancerOf(groupPerZone(count, 2), zone(0), { Balancer: need }).need).toEqual({ met, source: 'stated' });
  });

  test('is not judged by what each of several that stand in for each other needs by itself, or where a size is not known', () => {
    expect(balancerOf(groupPerZone(3, 2, { Groupa: 2, Groupb: 2, Groupc: 2 }), zone(0)).need).toBeUndefined();
    const stack = groupPerZone(3, 2, { Targets: 5 });
    Object.assign(stack.template.Resources?.Groupb.Properties as object, { MinSize: { 'Fn::ImportValue': 'Size' } });
    expect(balancerOf(stack, instanceOf('Groupa')).need).toBeUndefined();
  });

  test('counts the smallest of several sizes', () => {
    const stack = groupPerZone(3, 2, { Targets: 4 }, {
      Night: ['AutoScaling::ScheduledAction', { AutoScalingGroupName: { Ref: 'Groupb' }, DesiredCapacity: 1 }],
    });
    expect(balancerOf(stack, zone(0)).need).toEqual({ met: false, source: 'recorded' });
  });

  test('is down for as long as less than is needed is left', () => {
    const downOf = (need: number, fault: Fault) => {
      const simulation = simulationOf(groupPerZone(3, 2, { Targets: need }));
      const [balancer] = simulation.components.filter(({ logicalId }) => logicalId === 'Balancer');
      return simulation.downOf(balancer, fault);
    };
    expect(downOf(4, zone(0))).toBe(0);
    expect(downOf(5, zone(0))).toBe(Infinity);
    expect(downOf(6, instanceOf('Groupa'))).toBe(300);
  });

  test('may work on a queue together', () => {
    const grant: Resources = {
      Queue: ['SQS::Queue', {}],
      Role: ['IAM::Role', { Policies: [{ PolicyDocument: { Statement: [{ Action: 'sqs:ReceiveMessage', Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] } }] }],
      Profile: ['IAM::InstanceProfile', { Roles: [{ Ref: 'Role' }] }],
      Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { IamInstanceProfile: { Arn: { 'Fn::GetAtt': ['Profile', 'Arn'] } } } }],
    };
    const stack = groupPerZone(3, 2, {}, grant);
    zones.forEach(letter => Object.assign(stack.template.Resources?.[`Group${letter}`].Properties as object, {
      LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' },
    }));
    const met = (need: number) => new Simulation(new World([stack]), { need: { Queue: need } }).under(zone(0)).get('Stack/Queue')?.need?.met;
    expect([met(4), met(5)]).toEqual([true, false]);
  });
});

describe('a group over two zones', () => {
  const group = (properties: Values, more: Resources = {}) => {
    const stack = groupPerZone(2, 1, {}, { ...more, Group: ['AutoScaling::AutoScalingGroup', { MinSize: 2, VPCZoneIdentifier: idsOf(['a', 'b']), ...properties }] });
    const { atOnce, afterRecovery, capacityLeft } = simulationOf(stack).under(zone(0)).get('Stack/Group') ?? {};
    return [atOnce, afterRecovery, capacityLeft];
  };
  const template: Resources = { Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { ImageId: 'ami-1' } }] };
  const specification = { LaunchTemplateId: { Ref: 'Template' }, Version: '1' };
  const shift: Resources = { Shift: ['ARCZonalShift::ZonalAutoshiftConfiguration', { ResourceIdentifier: { Ref: 'Group' }, ZonalAutoshiftStatus: 'ENABLED' }] };
  const ignores = { AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: true, ImpairedZoneHealthCheckBehavior: 'IgnoreUnhealthy' } };
  const hook = { LifecycleHookName: 'drain', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', DefaultResult: 'ABANDON' };

  test.each<[what: string, properties: Values, more: Resources]>([
    ['of several types', { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: specification } } }, template],
    ['with a warm pool, which runs nothing', {}, { Pool: ['AutoScaling::WarmPool', { AutoScalingGroupName: { Ref: 'Group' }, MinSize: 4 }] }],
    ['with a hook on what ends', { LifecycleHookSpecificationList: [hook] }, {}],
    ['that a human may shift', ignores, {}],
    ['that is shifted, and replaces what is gone', { AvailabilityZoneImpairmentPolicy: { ImpairedZoneHealthCheckBehavior: 'ReplaceUnhealthy' } }, shift],
  ])('%s is refilled in the other one', (_, properties, more) => {
    expect(group(properties, more)).toEqual(['degraded', 'unaffected', 0.5]);
  });

  test('that is shifted by itself, and ignores what is gone meanwhile, is not', () => {
    expect(group(ignores, shift)).toEqual(['degraded', 'degraded', 0.5]);
  });

  test('is read with all that belongs to it', () => {
    const stack = groupPerZone(2, 1, {}, { Pool: ['AutoScaling::WarmPool', { AutoScalingGroupName: { Ref: 'Groupa' } }], ...shift });
    expect(simulationOf(stack).unread).toEqual([]);
  });
});

describe('a balancer', () => {
  const behind = (type: string, properties: Values, targets: Values, forward: Values, more: Resources = {}) => {
    const stack = groupPerZone(2, 2, {}, {
      Other: ['ElasticLoadBalancingV2::TargetGroup', targets],
      Balancer: ['ElasticLoadBalancingV2::LoadBalancer', { Type: type, Subnets: idsOf(['a', 'b']), ...properties }],
      Listener: ['ElasticLoadBalancingV2::Listener', { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [{ Type: 'forward', ForwardConfig: forward }] }],
      ...more,
    });
    return balancerOf(stack, zone(0)).verdict;
  };
  const forward = (weight: number) => ({ TargetGroups: [{ TargetGroupArn: { Ref: 'Targets' }, Weight: 1 }, { TargetGroupArn: { Ref: 'Other' }, Weight: weight }] });
  const pinned: Resources = {
    Pinned: ['AutoScaling::AutoScalingGroup', { MinSize: 2, VPCZoneIdentifier: idsOf(['a']), TargetGroupARNs: [{ Ref: 'Other' }] }],
  };

  test('of the fourth layer may have security groups', () => {
    const more: Resources = { Group: ['EC2::SecurityGroup', {}] };
    expect(behind('network', { SecurityGroups: [{ Ref: 'Group' }] }, {}, forward(0), more)).toEqual(['degraded', 'degraded', 0.5]);
  });

  test('may lead to targets on premises, which are in no zone', () => {
    const targets = { TargetType: 'ip', Targets: [{ Id: '10.9.0.1', AvailabilityZone: 'all' }] };
    expect(behind('network', {}, targets, forward(10))).toEqual(['degraded', 'degraded', 0.5]);
  });

  test('needs no targets to which it leads nothing', () => {
    expect(behind('application', {}, {}, forward(1), pinned)).toEqual(['lost', 'lost', undefined]);
    expect(behind('application', {}, {}, forward(0), pinned)).toEqual(['degraded', 'degraded', 0.5]);
  });
});
