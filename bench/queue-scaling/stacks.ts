import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { QueueProcessingEc2Service } from 'aws-cdk-lib/aws-ecs-patterns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Template } from './template';
import { InstanceTemplate, SqsWorkerFleet, WorkerRunner, WorkerScaling } from '../../lib';

/** What all of them are given alike. */
export interface Sizes {
  readonly min: number;
  readonly max: number;
  readonly acceptableLatency: Duration;
  readonly processingTime: Duration;
  readonly maxProcessingTime: Duration;
}

/** Who scales, and what is synthesized for it. */
export const contestants: Readonly<Record<string, (stack: Stack, sizes: Sizes) => void>> = {
  'SqsWorkerFleet, default': (stack, sizes) => { fleet(stack, sizes); },
  'SqsWorkerFleet, onLatency': (stack, sizes) => {
    fleet(stack, sizes, WorkerScaling.onLatency({ acceptableLatency: sizes.acceptableLatency, meanProcessingTime: sizes.processingTime }));
  },
  'backlog alone': backlogAlone,
  'ecs-patterns, default': (stack, sizes) => { ecsPattern(stack, sizes, false); },
  'ecs-patterns, steps alone': (stack, sizes) => { ecsPattern(stack, sizes, true); },
  'CPU at 60 %': onCpu,
};

/** Others, which are played where they differ from what they are compared with. */
export const MAX_AGE = Duration.minutes(10);
export const WITH_AGE = 'SqsWorkerFleet, default, withMaxAge';
export const MEASURED = 'SqsWorkerFleet, onLatency, measured';
export const variants: typeof contestants = {
  [WITH_AGE]: (stack, sizes) => { fleet(stack, sizes, WorkerScaling.onBacklog(10).withMaxAge(MAX_AGE)); },
  [MEASURED]: (stack, sizes) => {
    const scaling = WorkerScaling.onLatency({ acceptableLatency: sizes.acceptableLatency, meanProcessingTime: sizes.processingTime });
    fleet(stack, sizes, scaling, WorkerRunner.command(['/opt/work']));
  },
};

/** The template of one of them, as an app would deploy it. */
export function templateOf(contestant: string, sizes: Sizes): Template {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    const app = new App({ outdir });
    ({ ...contestants, ...variants })[contestant](new Stack(app, 'Workers', { env: { account: '123456789012', region: 'eu-west-1' } }), sizes);
    app.synth();
    return JSON.parse(fs.readFileSync(path.join(outdir, 'Workers.template.json'), 'utf8')) as Template;
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

function networkOf(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', { availabilityZones: ['a', 'b', 'c'].map(letter => `eu-west-1${letter}`) });
}

function fleet(stack: Stack, { min, max, maxProcessingTime }: Sizes, scaling?: WorkerScaling, runner?: WorkerRunner): SqsWorkerFleet {
  return new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
    }),
    maxProcessingTime,
    neededCapacity: min / 3 * 2, // of three zones: as many as make it keep `min`
    maxCapacity: max,
    scaling,
    runner,
  });
}

function ecsPattern(stack: Stack, { min, max, maxProcessingTime }: Sizes, disableCpuBasedScaling: boolean): void {
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: networkOf(stack) });
  cluster.addCapacity('Capacity', { instanceType: new ec2.InstanceType('c7i.large'), minCapacity: max });
  new QueueProcessingEc2Service(stack, 'Service', {
    cluster,
    image: ecs.ContainerImage.fromRegistry('worker'),
    memoryLimitMiB: 512,
    minScalingCapacity: min,
    maxScalingCapacity: max,
    visibilityTimeout: Duration.seconds(2 * maxProcessingTime.toSeconds()),
    disableCpuBasedScaling,
  });
}

/** As the EC2 Auto Scaling User Guide has it: messages that wait for each instance in service, acceptable latency ÷ processing time of them. */
function backlogAlone(stack: Stack, sizes: Sizes): void {
  const { group, queue } = workers(stack, sizes);
  const metric = (id: string, namespace: string, metricName: string, name: string, value: string, stat: string) => ({
    id, metricStat: { metric: { namespace, metricName, dimensions: [{ name, value }] }, stat }, returnData: false,
  });
  new autoscaling.CfnScalingPolicy(stack, 'Backlog', {
    autoScalingGroupName: group.autoScalingGroupName,
    policyType: 'TargetTrackingScaling',
    targetTrackingConfiguration: {
      targetValue: sizes.acceptableLatency.toSeconds() / sizes.processingTime.toSeconds(),
      customizedMetricSpecification: {
        metrics: [
          metric('m1', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue.queueName, 'Sum'),
          metric('m2', 'AWS/AutoScaling', 'GroupInServiceInstances', 'AutoScalingGroupName', group.autoScalingGroupName, 'Average'),
          { id: 'e1', expression: 'm1 / m2', returnData: true },
        ],
      },
    },
  });
}

/** The way of many a course: the mean CPU utilization of the group at 60 %. */
function onCpu(stack: Stack, sizes: Sizes): void {
  workers(stack, sizes).group.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
}

/** A queue and a group by L2, to be scaled by something. */
function workers(stack: Stack, { min, max, maxProcessingTime }: Sizes): { queue: sqs.Queue; group: autoscaling.AutoScalingGroup } {
  const queue = new sqs.Queue(stack, 'Queue', {
    visibilityTimeout: Duration.seconds(2 * maxProcessingTime.toSeconds()),
    deadLetterQueue: { queue: new sqs.Queue(stack, 'Failed'), maxReceiveCount: 3 },
  });
  const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc: networkOf(stack),
    launchTemplate: new ec2.LaunchTemplate(stack, 'Template', {
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
    }),
    minCapacity: min,
    maxCapacity: max,
    defaultInstanceWarmup: Duration.minutes(2),
    groupMetrics: [autoscaling.GroupMetrics.all()],
  });
  return { queue, group };
}
