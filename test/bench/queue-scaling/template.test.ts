import { Duration } from 'aws-cdk-lib';
import { Template as Synthesized } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { QueueProcessingEc2Service } from 'aws-cdk-lib/aws-ecs-patterns';
import { Figures } from '../../../bench/queue-scaling/figures';
import { together } from '../../../bench/queue-scaling/scaling-policies';
import { readTemplate, Scaled, Template } from '../../../bench/queue-scaling/template';
import { InstanceTemplate, SqsWorkerFleet, SqsWorkerFleetProps, WorkerRunner, WorkerScaling } from '../../../src';
import { networkOf, shopStack } from '../../helpers/network';

function fleet(neededCapacity: number, props: Partial<SqsWorkerFleetProps> = {}): Scaled {
  const stack = shopStack();
  new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
    }),
    maxProcessingTime: Duration.minutes(2),
    neededCapacity,
    maxCapacity: 30,
    ...props,
  });
  return readTemplate(Synthesized.fromStack(stack).toJSON() as Template);
}

/** To how many it goes from `desired`, with these figures for twenty minutes. */
function goesTo({ policies }: Scaled, desired: number, figuresOfMinute: Readonly<Record<string, number>>): number {
  const figures = new Figures();
  for (let minute = 0; minute < 20; minute++) { figures.record(minute, figuresOfMinute); }
  return together(policies, figures, 19, { desired, settled: desired, isGrowing: false, isShrinking: false, leaving: 0 });
}

const busy = (visible: number, inFlight: number, workers: number) =>
  ({ ApproximateNumberOfMessagesVisible: visible, ApproximateNumberOfMessagesNotVisible: inFlight, GroupInServiceInstances: workers });

describe('the template of SqsWorkerFleet', () => {
  test('says the sizes, the warm-up, the time to drain and what the queue does', () => {
    expect(fleet(2)).toMatchObject({
      fleet: { scaledBy: 'ec2', min: 3, max: 30, warmupSeconds: 120, drainSeconds: 120 },
      queue: { visibilitySeconds: 240, maxReceives: 3 },
    });
  });

  test('grows it on its backlog, and shrinks it by a fifth, only where less than 65 of 100 workers are busy', () => {
    const scaled = fleet(2);
    expect(goesTo(scaled, 4, busy(76, 4, 4))).toBe(8);
    expect(goesTo(scaled, 10, busy(0, 7, 10))).toBe(10);
    expect(goesTo(scaled, 10, busy(0, 6, 10))).toBe(9);
    expect(goesTo(scaled, 20, busy(0, 0, 20))).toBe(17);
  });

  test('grows it by a fifth for each minute by which a message is too old that waits, and by all of it at most', () => {
    const scaled = fleet(2, { scaling: WorkerScaling.onBacklog(1000).withMaxAge(Duration.minutes(10)) });
    const old = (seconds: number, visible = 1) => ({ ...busy(visible, 10, 10), ApproximateAgeOfOldestMessage: seconds });
    expect([600, 601, 659, 660, 725, 2000].map(seconds => goesTo(scaled, 10, old(seconds)))).toEqual([10, 12, 12, 14, 16, 20]);
    expect(goesTo(scaled, 10, old(2000, 0))).toBe(10);
    expect(goesTo(scaled, 3, old(601))).toBe(4);
  });

  // 20 minutes without 7 are 780 seconds, within which one does 390 messages of two seconds, or 78 of ten
  test('grows it on what a runner measures, and on what is stated while nothing is', () => {
    const scaled = fleet(2, {
      scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(20), meanProcessingTime: Duration.seconds(2) }),
      runner: WorkerRunner.command(['/opt/work']),
    });
    expect(goesTo(scaled, 4, busy(776, 4, 4))).toBe(4);
    expect(goesTo(scaled, 4, { ...busy(776, 4, 4), ProcessingTime: 10 })).toBe(10);
    expect(goesTo(scaled, 10, { ...busy(0, 6, 10), ProcessingTime: 10 })).toBe(9);
    expect(goesTo(scaled, 10, { ...busy(0, 7, 10), ProcessingTime: 10 })).toBe(10);
  });

  test('takes it from nothing to one, and back', () => {
    const scaled = fleet(0);
    expect(goesTo(scaled, 0, busy(1, 0, 0))).toBe(1);
    expect(goesTo(scaled, 1, busy(0, 0, 1))).toBe(0);
  });
});

describe('the template of QueueProcessingEc2Service', () => {
  function service(disableCpuBasedScaling: boolean): Scaled {
    const stack = shopStack();
    const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: networkOf(stack) });
    cluster.addCapacity('Capacity', { instanceType: new ec2.InstanceType('c7i.large') });
    new QueueProcessingEc2Service(stack, 'Service', {
      cluster, image: ecs.ContainerImage.fromRegistry('worker'), memoryLimitMiB: 512, minScalingCapacity: 3, maxScalingCapacity: 30, disableCpuBasedScaling,
    });
    return readTemplate(Synthesized.fromStack(stack).toJSON() as Template);
  }

  test('says the sizes and what the queue does', () => {
    expect(service(false)).toMatchObject({
      fleet: { scaledBy: 'application', min: 3, max: 30, cooldownSeconds: 300 }, queue: { visibilitySeconds: 30, maxReceives: 3 },
    });
  });

  test('goes in its steps, and by its CPU target where that is not turned off', () => {
    expect(goesTo(service(true), 4, { ...busy(100, 4, 4), CPUUtilization: 90 })).toBe(5);
    expect(goesTo(service(true), 4, { ...busy(500, 4, 4), CPUUtilization: 90 })).toBe(9);
    expect(goesTo(service(true), 4, { ...busy(0, 4, 4), CPUUtilization: 90 })).toBe(3);
    expect(goesTo(service(false), 10, { ...busy(100, 10, 10), CPUUtilization: 90 })).toBe(18);
  });
});

test.each<[string, Template, string]>([
  ['without a group', { Resources: {} }, '0 of AWS::AutoScaling::AutoScalingGroup where one is asked for'],
  ['of a step without an alarm', {
    Resources: {
      Group: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { MinSize: '1', MaxSize: '2' } },
      Step: { Type: 'AWS::AutoScaling::ScalingPolicy', Properties: { StepAdjustments: [] } },
    },
  }, 'no alarm sets off Step'],
  ['that tracks a figure which is not simulated', {
    Resources: {
      Group: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { MinSize: '1', MaxSize: '2' } },
      Network: {
        Type: 'AWS::AutoScaling::ScalingPolicy',
        Properties: { TargetTrackingConfiguration: { TargetValue: 1, PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageNetworkIn' } } },
      },
    },
  }, 'the figure ASGAverageNetworkIn is not known'],
])('a template %s is refused rather than guessed', (_, template, message) => {
  expect(() => readTemplate(template)).toThrow(message);
});
