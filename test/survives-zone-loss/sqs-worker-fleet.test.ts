import { CfnParameter, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnAutoScalingGroup, Schedule } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { InstanceTemplate, LatencyTarget, SqsWorkerFleet, SqsWorkerFleetProps, WorkerRunner, WorkerScaling, WorkQueue } from '../../src';
import { importedNetworkOf, networkOf, shopStack, shopStackAnywhere } from '../helpers/network';

type Setting = Partial<SqsWorkerFleetProps> & { readonly zones?: number; readonly stack?: Stack; readonly userData?: ec2.UserData };

/** A fleet in a VPC over `zones` zones (three unless told) that takes at most two minutes for a message. */
function fleetIn({ zones = 3, stack = shopStack(), userData, ...props }: Setting = {}) {
  const fleet = new SqsWorkerFleet(stack, 'Fleet', {
    vpc: props.vpc ?? networkOf(stack, zones),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('c7i.large'),
      userData,
    }),
    maxProcessingTime: Duration.minutes(2),
    ...props,
  });
  return { stack, fleet, template: () => Template.fromStack(stack) };
}

const night = { start: Schedule.cron({ hour: '1', minute: '0' }), end: Schedule.cron({ hour: '5', minute: '0' }) };

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const QUEUE = 'AWS::SQS::Queue';
const POLICY = 'AWS::AutoScaling::ScalingPolicy';
const ALARM = 'AWS::CloudWatch::Alarm';

/** By which the group of a fleet is known to the policy of its workers. */
function tagOf(template: Template): string {
  const [{ Properties: { Tags: tags } }] = Object.values(template.findResources('AWS::AutoScaling::AutoScalingGroup'));
  const { Value: value, PropagateAtLaunch: isOfInstances } = (tags as { Key: string; Value: string; PropagateAtLaunch: boolean }[])
    .find(({ Key: key }) => key === 'cdk-fault-tolerance:worker-fleet') ?? {};
  expect(isOfInstances).toBe(false);
  return value ?? '';
}

describe('SqsWorkerFleet', () => {
  describe('by default has a queue', () => {
    test('that hides a message for twice the longest processing time, and hands it out three times', () => {
      const { stack, fleet, template } = fleetIn();
      expect(fleet.visibilityTimeout.toSeconds()).toBe(240);
      template().hasResourceProperties(QUEUE, {
        VisibilityTimeout: 240,
        RedrivePolicy: { maxReceiveCount: 3, deadLetterTargetArn: stack.resolve(fleet.deadLetterQueue.queueArn) },
        FifoQueue: Match.absent(),
      });
    });

    test('that keeps its messages for 14 days, as the one for dead letters, encrypted', () => {
      const { template } = fleetIn();
      template().resourceCountIs(QUEUE, 2);
      template().allResourcesProperties(QUEUE, { MessageRetentionPeriod: 14 * 24 * 3600, SqsManagedSseEnabled: true });
    });

    test('that takes nothing but TLS', () => {
      const { stack, fleet, template } = fleetIn();
      for (const queue of [fleet.queue, fleet.deadLetterQueue]) {
        template().hasResourceProperties('AWS::SQS::QueuePolicy', {
          Queues: [stack.resolve(queue.queueUrl)],
          PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] },
        });
      }
    });

    test('that stays when the fleet is removed', () => {
      fleetIn().template().allResources(QUEUE, { DeletionPolicy: 'Retain' });
    });
  });

  describe('by default has workers', () => {
    test('in each zone, enough of them without a zone', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      const { fleet, template } = fleetIn({ stack, vpc, neededCapacity: 4 });
      expect(fleet.minCapacity).toBe(6);
      template().hasResourceProperties(GROUP, {
        MinSize: '6',
        MaxSize: '12',
        DesiredCapacity: Match.absent(),
        VPCZoneIdentifier: stack.resolve(vpc.privateSubnets.map(({ subnetId }) => subnetId)),
      });
    });

    test('that are replaced before they go, and measured every minute', () => {
      fleetIn().template().hasResource(GROUP, {
        Properties: {
          InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
          HealthCheckType: 'EBS',
          HealthCheckGracePeriod: 300,
          DefaultInstanceWarmup: 120,
          MetricsCollection: [{ Granularity: '1Minute' }],
          DeletionProtection: 'prevent-force-deletion',
        },
        UpdatePolicy: { AutoScalingInstanceRefresh: Match.anyValue() },
      });
    });

    test('that may finish what they have when they are to go, from the first one on', () => {
      fleetIn().template().hasResourceProperties(GROUP, {
        LifecycleHookSpecificationList: [{
          LifecycleHookName: 'drain',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          HeartbeatTimeout: 120,
          DefaultResult: 'CONTINUE',
        }],
      });
    });

    test.each([[1, 30], [30, 30], [7200, 7200], [12 * 3600, 7200]])('that, for work of %d seconds, have %d to drain', (seconds, heartbeat) => {
      fleetIn({ maxProcessingTime: Duration.seconds(seconds) }).template().hasResourceProperties(GROUP, {
        LifecycleHookSpecificationList: [Match.objectLike({ HeartbeatTimeout: heartbeat })],
      });
    });

    test('whose role takes messages out of the one queue, and speaks of the one group, by its tag', () => {
      const { stack, fleet, template } = fleetIn();
      const [role] = [stack.resolve(fleet.launchTemplate.role?.roleName)];
      const statements = Object.values(template().findResources('AWS::IAM::Policy'))
        .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(JSON.stringify(role)))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
      expect(statements).toEqual([
        expect.objectContaining({
          Action: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
          Resource: stack.resolve(fleet.queue.queueArn),
        }),
        {
          Effect: 'Allow',
          Action: ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'],
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/*']] },
          Condition: { StringEquals: { 'autoscaling:ResourceTag/cdk-fault-tolerance:worker-fleet': tagOf(template()) } },
        },
        { Effect: 'Allow', Action: 'autoscaling:DescribeAutoScalingInstances', Resource: '*' },
      ]);
      expect(tagOf(template())).toMatch(/^Shop\/ShopFleet\w*$/);
    });

    test('whose permissions are there before its first worker, and go after its last', () => {
      const { stack, fleet, template } = fleetIn();
      const group = stack.getLogicalId(fleet.autoScalingGroup.node.defaultChild as CfnAutoScalingGroup);
      const policies = template().findResources('AWS::IAM::Policy');
      expect(Object.values(policies).filter(policy => JSON.stringify(policy).includes(`"${group}"`))).toEqual([]);
      const { DependsOn: before } = template().findResources('AWS::EC2::LaunchTemplate')[stack.getLogicalId(fleet.launchTemplate.node.defaultChild as ec2.CfnLaunchTemplate)];
      expect(before).toEqual(expect.arrayContaining(Object.keys(policies)));
    });
  });

  describe('scales on the backlog', () => {
    test('of 10 messages for each worker, waiting and in work, also while there is none', () => {
      const { stack, fleet, template } = fleetIn();
      const figure = (Namespace: string, MetricName: string, dimension: object, Stat: string) => Match.objectLike({
        MetricStat: { Metric: { Namespace, MetricName, Dimensions: [dimension] }, Stat },
        ReturnData: false,
      });
      const queue = { Name: 'QueueName', Value: stack.resolve(fleet.queue.queueName) };
      const group = { Name: 'AutoScalingGroupName', Value: stack.resolve(fleet.autoScalingGroup.autoScalingGroupName) };
      template().hasResourceProperties(POLICY, {
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingConfiguration: {
          TargetValue: 10,
          CustomizedMetricSpecification: {
            Metrics: [
              figure('AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue, 'Maximum'),
              figure('AWS/SQS', 'ApproximateNumberOfMessagesNotVisible', queue, 'Maximum'),
              figure('AWS/AutoScaling', 'GroupInServiceInstances', group, 'Average'),
              Match.objectLike({ Expression: 'IF(workers > 0, (visible + FILL(inFlight, 0)) / workers, (visible + FILL(inFlight, 0)))', ReturnData: true }),
            ],
          },
        },
      });
    });

    test('and lets none of its workers go while they are busy, which starts none', () => {
      const { template } = fleetIn();
      template().resourceCountIs(POLICY, 2);
      template().hasResourceProperties(POLICY, {
        TargetTrackingConfiguration: {
          TargetValue: 0.8,
          CustomizedMetricSpecification: {
            Metrics: Match.arrayWith([
              Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'ApproximateNumberOfMessagesNotVisible' }) }) }),
              Match.objectLike({ Expression: 'IF(FILL(inFlight, 0) / 1 < 0.65 * workers, 0.65, 0.8)', ReturnData: true }),
            ]),
          },
        },
      });
    });

    test('of workers that are busy with several messages at once', () => {
      fleetIn({ scaling: WorkerScaling.onBacklog(40, { messagesAtOnce: 8 }) }).template().hasResourceProperties(POLICY, {
        TargetTrackingConfiguration: {
          CustomizedMetricSpecification: {
            Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(FILL(inFlight, 0) / 8 < 0.65 * workers, 0.65, 0.8)' })]),
          },
        },
      });
    });

    // until a missing worker works 4 minutes pass, and the time of its start
    test.each<[string, Partial<LatencyTarget>, number]>([
      ['as long as it may wait, without the 7 minutes until a missing worker works', { acceptableLatency: Duration.minutes(20) }, 26],
      ['and with a longer start less', { acceptableLatency: Duration.minutes(20), startTime: Duration.minutes(5) }, 22],
      ['and at least half of it', { acceptableLatency: Duration.minutes(10) }, 10],
      ['and at least one', { acceptableLatency: Duration.seconds(40) }, 1],
    ])('that is done in %s', (_, target, messages) => {
      const scaling = WorkerScaling.onLatency({ acceptableLatency: Duration.hours(1), meanProcessingTime: Duration.seconds(30), ...target });
      fleetIn({ scaling }).template().hasResourceProperties(POLICY, { TargetTrackingConfiguration: { TargetValue: messages } });
    });

    test('that is computed with a start of 3 minutes where it is known at deployment only', () => {
      const stack = shopStack();
      const startTime = Duration.seconds(new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber);
      const scaling = WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(20), meanProcessingTime: Duration.seconds(30), startTime });
      fleetIn({ stack, scaling }).template().hasResourceProperties(POLICY, { TargetTrackingConfiguration: { TargetValue: 26 } });
    });

    test('and has the workers that the messages take which come in, where it is known how long one takes', () => {
      const scaling = WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(10), meanProcessingTime: Duration.millis(1500) });
      const { template } = fleetIn({ scaling });
      template().resourceCountIs(POLICY, 2);
      template().hasResourceProperties(POLICY, {
        TargetTrackingConfiguration: {
          TargetValue: 0.8,
          CustomizedMetricSpecification: {
            Metrics: [
              Match.objectLike({ Id: 'sent', MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'NumberOfMessagesSent' }), Stat: 'Sum' }) }),
              Match.objectLike({ Id: 'visible' }),
              Match.objectLike({ Id: 'workers' }),
              Match.objectLike({ Id: 'withBacklog', Expression: '(FILL(sent, 0) + visible) * 1.5 / 60 / workers', ReturnData: false }),
              Match.objectLike({ Id: 'load', Expression: 'FILL(sent, 0) * 1.5 / 60 / workers', ReturnData: false }),
              Match.objectLike({ Expression: 'IF(withBacklog < 0.65, 0.65, IF(load > 0.8, load, 0.8))', ReturnData: true }),
            ],
          },
        },
      });
    });

    test('and on how long a message takes, where a runner measures it', () => {
      const scaling = WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(10), meanProcessingTime: Duration.millis(1500) });
      const { template } = fleetIn({ scaling, runner: WorkerRunner.command(['/opt/work'], { concurrency: 4 }) });
      const measured = Match.objectLike({
        Id: 'processingTime',
        MetricStat: {
          Metric: { Namespace: 'CdkFaultTolerance/SqsWorkerFleet', MetricName: 'ProcessingTime', Dimensions: [{ Name: 'Fleet', Value: 'Shop/Fleet' }] },
          Stat: 'Average',
        },
        ReturnData: false,
      });
      template().resourceCountIs(POLICY, 2);
      template().hasResourceProperties(POLICY, {
        TargetTrackingConfiguration: {
          TargetValue: 300,
          CustomizedMetricSpecification: {
            Metrics: Match.arrayWith([measured, Match.objectLike({
              Expression: 'IF(workers > 0, (visible + FILL(inFlight, 0)) / workers, (visible + FILL(inFlight, 0))) * FILL(processingTime, 6) / 4',
              ReturnData: true,
            })]),
          },
        },
      });
      template().hasResourceProperties(POLICY, {
        TargetTrackingConfiguration: {
          TargetValue: 0.8,
          CustomizedMetricSpecification: {
            Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(FILL(inFlight, 0) / 4 < 0.65 * workers, 0.65, 0.8)', ReturnData: true })]),
          },
        },
      });
    });

    test('and starts further workers by how much older a message is than it may be, and takes none away', () => {
      const { template } = fleetIn({ scaling: WorkerScaling.onBacklog(10).withMaxAge(Duration.minutes(10)) });
      template().resourceCountIs(POLICY, 3);
      const policy = onlyKey(template().findResources(POLICY, { Properties: { AdjustmentType: 'PercentChangeInCapacity' } }));
      const step = (ScalingAdjustment: number, MetricIntervalLowerBound: number, MetricIntervalUpperBound?: number) =>
        ({ ScalingAdjustment, MetricIntervalLowerBound, ...MetricIntervalUpperBound ? { MetricIntervalUpperBound } : {} });
      template().hasResourceProperties(POLICY, {
        AdjustmentType: 'PercentChangeInCapacity',
        MinAdjustmentMagnitude: 1,
        StepAdjustments: [step(20, 0, 60), step(40, 60, 120), step(60, 120, 180), step(80, 180, 240), step(100, 240)],
      });
      template().hasResourceProperties(ALARM, {
        AlarmActions: [{ Ref: policy }],
        Metrics: Match.arrayWith([
          Match.objectLike({ Expression: 'IF(FILL(visible, 0) > 0, FILL(oldest, 0), 0)' }),
          Match.objectLike({ Id: 'oldest', MetricStat: Match.objectLike({ Metric: Match.objectLike({ MetricName: 'ApproximateAgeOfOldestMessage' }), Stat: 'Maximum' }) }),
        ]),
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 600,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
    });

    test('whose age is kept beside a schedule, in whichever order they are given', () => {
      const schedule = { ...night, minCapacity: 5 };
      for (const scaling of [
        WorkerScaling.onBacklog(10).withMaxAge(Duration.minutes(1)).withSchedule(schedule),
        WorkerScaling.onBacklog(10).withSchedule(schedule).withMaxAge(Duration.minutes(1)),
      ]) {
        const { template } = fleetIn({ scaling });
        template().resourceCountIs('AWS::AutoScaling::ScheduledAction', 2);
        template().resourceCountIs(POLICY, 3);
      }
    });

    test('and keeps more of them at times that are known beforehand', () => {
      const scaling = WorkerScaling.onBacklog(10)
        .withSchedule({ start: Schedule.cron({ hour: '7', minute: '0' }), end: Schedule.cron({ hour: '9', minute: '0' }), minCapacity: 5, timeZone: 'Europe/Berlin' })
        .withSchedule({ start: Schedule.cron({ hour: '20', minute: '0' }), end: Schedule.cron({ hour: '22', minute: '0' }), minCapacity: 6 });
      const { template } = fleetIn({ scaling });
      const actions = Object.values(template().findResources('AWS::AutoScaling::ScheduledAction')).map(({ Properties }) => Properties);
      expect(actions.map(({ Recurrence, TimeZone, MinSize }) => [Recurrence, TimeZone, MinSize])).toEqual([
        ['0 7 * * *', 'Europe/Berlin', 5], ['0 9 * * *', 'Europe/Berlin', 3], ['0 20 * * *', undefined, 6], ['0 22 * * *', undefined, 3],
      ]);
    });

    test('and offers it as a metric', () => {
      const { fleet } = fleetIn();
      expect(fleet.metricBacklogPerInstance().expression).toBe('IF(workers > 0, (visible + FILL(inFlight, 0)) / workers, (visible + FILL(inFlight, 0)))');
      expect(fleet.metricBacklogPerInstance({ label: 'Backlog' }).label).toBe('Backlog');
    });
  });

  describe('with a need of nothing', () => {
    test('has no worker to begin with, and room for two in each zone', () => {
      fleetIn({ neededCapacity: 0 }).template().hasResourceProperties(GROUP, { MinSize: '0', MaxSize: '6' });
    });

    test('starts the first worker when messages wait and none is there, and adds no more', () => {
      const { template } = fleetIn({ neededCapacity: 0 });
      const policy = onlyKey(template().findResources(POLICY, { Properties: { AdjustmentType: 'ChangeInCapacity' } }));
      template().hasResourceProperties(POLICY, {
        AdjustmentType: 'ChangeInCapacity', StepAdjustments: [{ ScalingAdjustment: 1, MetricIntervalLowerBound: 0 }],
      });
      template().hasResourceProperties(ALARM, {
        AlarmActions: [{ Ref: policy }],
        Metrics: Match.arrayWith([Match.objectLike({ Expression: 'IF(visible > 0 AND workers < 1, 1, 0)' })]),
        Threshold: 1,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      });
    });

    test('lets all go when nothing waited or was in work for a quarter of an hour, and only if that is known', () => {
      const { template } = fleetIn({ neededCapacity: 0 });
      const policy = onlyKey(template().findResources(POLICY, { Properties: { AdjustmentType: 'ExactCapacity' } }));
      template().hasResourceProperties(POLICY, {
        AdjustmentType: 'ExactCapacity', StepAdjustments: [{ ScalingAdjustment: 0, MetricIntervalUpperBound: 0 }],
      });
      template().hasResourceProperties(ALARM, {
        AlarmActions: [{ Ref: policy }],
        Metrics: Match.arrayWith([Match.objectLike({ Expression: '(visible + FILL(inFlight, 0))' })]),
        ComparisonOperator: 'LessThanOrEqualToThreshold',
        Threshold: 0,
        EvaluationPeriods: 15,
        TreatMissingData: 'notBreaching',
      });
    });

    test('tells when messages wait for a quarter of an hour and no worker comes up', () => {
      const { fleet, template } = fleetIn({ neededCapacity: 0 });
      expect(fleet.alarms.map(({ node }) => node.id)).toEqual(['DeadLetters', 'OldestMessage', 'FailingMessages', 'NoWorkers']);
      template().hasResourceProperties(ALARM, {
        AlarmDescription: 'Messages wait, and no worker has come up for them.', Threshold: 1, EvaluationPeriods: 15, TreatMissingData: 'notBreaching',
      });
    });
  });

  describe('has alarms', () => {
    test('on dead letters, old messages and too few workers, which tell the topic', () => {
      const stack = shopStack();
      const alarmTopic = new sns.Topic(stack, 'Topic');
      const { fleet, template } = fleetIn({ stack, alarmTopic, neededCapacity: 4, maxMessageAge: Duration.hours(2) });
      expect(fleet.alarms.map(({ node }) => node.id)).toEqual(['DeadLetters', 'OldestMessage', 'FailingMessages', 'CapacityBelowNeed']);
      const told = { AlarmActions: [stack.resolve(alarmTopic.topicArn)], OKActions: [stack.resolve(alarmTopic.topicArn)] };
      template().hasResourceProperties(ALARM, {
        ...told,
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: stack.resolve(fleet.deadLetterQueue.queueName) }],
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
      });
      template().hasResourceProperties(ALARM, {
        ...told,
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: [{ Name: 'QueueName', Value: stack.resolve(fleet.queue.queueName) }],
        Period: 60,
        Threshold: 7200,
      });
      template().hasResourceProperties(ALARM, {
        ...told, MetricName: 'GroupInServiceInstances', ComparisonOperator: 'LessThanThreshold', Threshold: 4, TreatMissingData: 'breaching',
      });
    });
  });

  describe('tells when most of what its workers take comes to nothing', () => {
    const [received, deleted] = ['NumberOfMessagesReceived', 'NumberOfMessagesDeleted'].map(MetricName => (Period: number) =>
      Match.objectLike({ MetricStat: { Metric: Match.objectLike({ MetricName }), Period, Stat: 'Sum' }, ReturnData: false }));
    const alarm = (period: number) => ({
      Metrics: [Match.objectLike({ Expression: 'IF(received >= 10, 1 - FILL(deleted, 0) / received, 0)' }), received(period), deleted(period)],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0.5,
      EvaluationPeriods: 3,
      TreatMissingData: 'notBreaching',
    });

    test.each<[string, Duration, number]>([
      ['five minutes', Duration.minutes(2), 300],
      ['the whole minutes that a message may take, where that is longer', Duration.seconds(301), 360],
      ['half a day at most', Duration.hours(12), 43_200],
    ])('over three times %s', (_, maxProcessingTime, period) => {
      fleetIn({ maxProcessingTime }).template().hasResourceProperties(ALARM, alarm(period));
    });

    test('over the longest time where that of a message is known at deployment only', () => {
      const stack = shopStack();
      const maxProcessingTime = Duration.seconds(new CfnParameter(stack, 'Time', { type: 'Number' }).valueAsNumber);
      fleetIn({ stack, maxProcessingTime }).template().hasResourceProperties(ALARM, alarm(43_200));
    });
  });

  test('by default tells when a message is older than an hour', () => {
    fleetIn().template().hasResourceProperties(ALARM, { MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 3600 });
  });

  describe('with a queue of its own kind', () => {
    test('keeps the order in a FIFO queue, and in that of its dead letters', () => {
      fleetIn({ queue: WorkQueue.fifo() }).template().allResourcesProperties(QUEUE, { FifoQueue: true });
    });

    test('takes what it is told', () => {
      const stack = shopStack();
      const deadLetterQueue = new sqs.Queue(stack, 'Failed', { retentionPeriod: Duration.days(14) });
      const queue = WorkQueue.standard({ visibilityTimeout: Duration.minutes(2), maxReceiveCount: 10, deadLetterQueue });
      const { fleet, template } = fleetIn({ stack, queue });
      expect(fleet.deadLetterQueue).toBe(deadLetterQueue);
      template().hasResourceProperties(QUEUE, {
        VisibilityTimeout: 120,
        RedrivePolicy: { maxReceiveCount: 10, deadLetterTargetArn: stack.resolve(deadLetterQueue.queueArn) },
      });
    });

    test('takes a queue for dead letters whose type is known at deployment only', () => {
      const stack = shopStack();
      const deadLetterQueue = sqs.Queue.fromQueueArn(stack, 'Failed', Fn.importValue('FailedArn'));
      const { fleet } = fleetIn({ stack, queue: WorkQueue.fifo({ deadLetterQueue }) });
      expect(fleet.deadLetterQueue).toBe(deadLetterQueue);
    });

    test('hides a message for 12 hours at most, whatever a worker takes', () => {
      fleetIn({ maxProcessingTime: Duration.hours(10) }).template().hasResourceProperties(QUEUE, { VisibilityTimeout: 12 * 3600 });
    });
  });

  test('takes the longest times that there are where the processing time is known at deployment only', () => {
    const stack = shopStack();
    const maxProcessingTime = Duration.seconds(new CfnParameter(stack, 'Time', { type: 'Number' }).valueAsNumber);
    const { template } = fleetIn({ stack, maxProcessingTime });
    template().hasResourceProperties(QUEUE, { VisibilityTimeout: 12 * 3600 });
    template().hasResourceProperties(GROUP, { LifecycleHookSpecificationList: [Match.objectLike({ HeartbeatTimeout: 7200 })] });
  });

  test('puts its queue into user data that is written after it is made', () => {
    const userData = ec2.UserData.forLinux();
    const { stack, fleet, template } = fleetIn({ userData });
    userData.addCommands(`/opt/work --queue ${fleet.queue.queueUrl}`);
    const [launchTemplate] = Object.values(template().findResources('AWS::EC2::LaunchTemplate'));
    expect(JSON.stringify(launchTemplate.Properties.LaunchTemplateData.UserData)).toContain(JSON.stringify(stack.resolve(fleet.queue.queueUrl)));
  });

  test('lets somebody throw away what is in the queue', () => {
    const { stack, fleet, template } = fleetIn();
    const role = new iam.Role(stack, 'Operator', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    fleet.grantPurge(role);
    template().hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(role.roleName)],
      PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['sqs:PurgeQueue']), Resource: stack.resolve(fleet.queue.queueArn) })] },
    });
  });

  test('lets somebody send', () => {
    const { stack, fleet, template } = fleetIn();
    const role = new iam.Role(stack, 'Sender', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    fleet.grantSendMessages(role);
    template().hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(role.roleName)],
      PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['sqs:SendMessage']), Resource: stack.resolve(fleet.queue.queueArn) })] },
    });
  });

  test('lets go of everything where it is asked for', () => {
    const { template } = fleetIn({ removalPolicy: RemovalPolicy.DESTROY });
    template().allResources(QUEUE, { DeletionPolicy: 'Delete' });
    template().hasResourceProperties(GROUP, { DeletionProtection: 'none' });
  });

  test.each<[string, () => Setting]>([
    ['an imported VPC', () => { const stack = shopStack(); return { stack, vpc: importedNetworkOf(stack) }; }],
    ['a stack without a Region', () => { const stack = shopStackAnywhere(); return { stack, vpc: new ec2.Vpc(stack, 'Vpc') }; }],
  ])('stands with %s', (_, setting) => {
    fleetIn(setting()).template().resourceCountIs(GROUP, 1);
  });

  test('refuses no maximum for the zones of a VPC that is still to be looked up', () => {
    const stack = shopStack();
    expect(() => fleetIn({ stack, vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shop' }), neededCapacity: 4, maxCapacity: 6 })).not.toThrow();
  });

  describe('warns', () => {
    const warningsOf = (setting: Setting) => Annotations.fromStack(fleetIn(setting).stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
    const onLatency = (acceptableMinutes: number, props: Partial<LatencyTarget> = {}) =>
      WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(acceptableMinutes), meanProcessingTime: Duration.seconds(10), ...props });

    test('of a latency below e times what passes until a missing worker works', () => {
      expect(warningsOf({ scaling: onLatency(19) })).toEqual([
        "'scaling.acceptableLatency' is 19 minutes, but a worker that is missing now works 7 minutes later. Below 20 minutes, e times as much, the backlog of an "
        + "instance swings: more are started than are needed before the first of them is seen to work. Raise 'neededCapacity' to what the peak takes, or accept a "
        + 'longer latency [ack: cdk-fault-tolerance:latencyBelowReaction]',
      ]);
    });

    test('of none from there on, and of one that is too short for a longer start', () => {
      expect(warningsOf({ scaling: onLatency(20) })).toEqual([]);
      expect(warningsOf({ scaling: onLatency(20, { startTime: Duration.minutes(4) }) })).toEqual([expect.stringContaining('works 8 minutes later')]);
      expect(warningsOf({ scaling: onLatency(11, { startTime: Duration.seconds(0) }) })).toEqual([]);
    });

    // 60 messages a minute of 10 seconds are the work of 10; a fifth to spare makes 12.5
    test('of a maximum that cannot hold the latency at the peak, and says which one can', () => {
      expect(warningsOf({ scaling: onLatency(20, { peakMessagesPerMinute: 60 }), maxCapacity: 12 })).toEqual([
        "'maxCapacity' lets 12 workers run, which cannot hold 20 minutes at the peak of 60 messages a minute with 10 seconds of work each; give 13 or more "
        + '[ack: cdk-fault-tolerance:maxBelowPeak]',
      ]);
      expect(warningsOf({ scaling: onLatency(20, { peakMessagesPerMinute: 60 }), maxCapacity: 13 })).toEqual([]);
    });

    // with an offered load of 10, Erlang C and a wait of 10 seconds, that of one message: of 13 workers' messages 1.4 % take longer, of 14 workers' 0.3 %
    test.each([[13, true], [14, false]])('of %d workers, whose messages would be late by chance: %s', (maxCapacity, isLate) => {
      const scaling = WorkerScaling.onLatency({
        acceptableLatency: Duration.seconds(20), meanProcessingTime: Duration.seconds(10), peakMessagesPerMinute: 60,
      });
      const found = warningsOf({ scaling, maxCapacity }).filter(warning => String(warning).includes('maxBelowPeak'));
      expect(found).toEqual(isLate ? [expect.stringContaining('hold 20 seconds at the peak of 60 messages a minute with 10 seconds of work each; give 14 or more')] : []);
    });

    test('of nothing where the peak or the maximum is known at deployment only, and soon of a very large peak', () => {
      const stack = shopStack();
      const parameter = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
      expect(warningsOf({ stack, scaling: onLatency(20, { peakMessagesPerMinute: parameter }) })).toEqual([]);
      const [unknownMax, unknownStart] = [shopStack(), shopStack()];
      const maxCapacity = new CfnParameter(unknownMax, 'Number', { type: 'Number' }).valueAsNumber;
      expect(warningsOf({ stack: unknownMax, scaling: onLatency(20, { peakMessagesPerMinute: 1e6 }), maxCapacity })).toEqual([]);
      const startTime = Duration.seconds(new CfnParameter(unknownStart, 'Number', { type: 'Number' }).valueAsNumber);
      expect(warningsOf({ stack: unknownStart, scaling: onLatency(1, { startTime }) })).toEqual([]);
      expect(warningsOf({ scaling: onLatency(20, { peakMessagesPerMinute: 6e9 }) })).toEqual([expect.stringContaining('give 1250000000 or more')]);
    });
  });

  describe('refuses', () => {
    const standardQueue = sqs.Queue.fromQueueArn(shopStack(), 'Imported', 'arn:aws:sqs:eu-west-1:123456789012:failed');
    test.each<[string, Setting, string]>([
      ['one zone', { zones: 1 }, "'vpcSubnets' selects subnets of one availability zone only (eu-west-1a)"],
      ['a visibility timeout below the processing time', { queue: WorkQueue.standard({ visibilityTimeout: Duration.seconds(119) }) },
        "'queue.visibilityTimeout' (119 seconds) is below 'maxProcessingTime' (120 seconds), so a message would be given to a second worker " +
        "while the first is at it; lengthen the visibility timeout, or leave it out: it is then twice 'maxProcessingTime'"],
      ['a visibility timeout beyond 12 hours', { queue: WorkQueue.standard({ visibilityTimeout: Duration.hours(13) }) },
        "'queue.visibilityTimeout' is 46800 seconds; give whole seconds from 1 to 43200"],
      ['a standard queue for the dead letters of a FIFO queue', { queue: WorkQueue.fifo({ deadLetterQueue: standardQueue }) },
        "'queue' is FIFO, but 'queue.deadLetterQueue' is standard; give one of the same type, which is the only kind that SQS takes"],
      ['a standard queue of the app for them', { queue: WorkQueue.fifo({ deadLetterQueue: new sqs.Queue(shopStack(), 'Failed') }) },
        "'queue' is FIFO, but 'queue.deadLetterQueue' is standard"],
      ['a FIFO queue for those of a standard one', {
        queue: WorkQueue.standard({ deadLetterQueue: new sqs.Queue(shopStack(), 'Failed', { fifo: true }) }),
      }, "'queue' is standard, but 'queue.deadLetterQueue' is FIFO"],
      ['never to hand a message out', { queue: WorkQueue.standard({ maxReceiveCount: 0 }) },
        "'queue.maxReceiveCount' is 0; give a whole number from 1 to 1000"],
      ['work of no time', { maxProcessingTime: Duration.seconds(0) }, "'maxProcessingTime' is 0 seconds; give whole seconds from 1 to 43200"],
      ['work of more than 12 hours', { maxProcessingTime: Duration.hours(13) }, "'maxProcessingTime' is 46800 seconds"],
      ['a most below the least', { neededCapacity: 4, maxCapacity: 5 },
        "'maxCapacity' is 5, but a need of 4 that outlives the loss of one of 3 zones takes 6 instances; " +
        "raise 'maxCapacity' to 6 or more, or lower 'neededCapacity'"],
      ['less than nothing', { neededCapacity: -1 }, "'neededCapacity' is -1; give a whole number of 0 or more"],
      ['a fleet that may have no worker at all', { neededCapacity: 0, maxCapacity: 0 }, "'maxCapacity' is 0; give a whole number of 1 or more"],
      ['a backlog of nothing', { scaling: WorkerScaling.onBacklog(0) }, "'scaling.messagesPerInstance' is 0; give a whole number of 1 or more"],
      ['workers with more at once than their backlog', { scaling: WorkerScaling.onBacklog(10, { messagesAtOnce: 11 }) },
        "'scaling.messagesPerInstance' is 10, fewer than an instance works on at once ('scaling.messagesAtOnce', 11); " +
        'give at least as many, or a fleet grows whose workers have nothing waiting'],
      ['workers with nothing at once', { scaling: WorkerScaling.onBacklog(10, { messagesAtOnce: 0 }) },
        "'scaling.messagesAtOnce' is 0; give a whole number of 1 or more"],
      ['a peak of nothing', {
        scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.hours(1), meanProcessingTime: Duration.seconds(1), peakMessagesPerMinute: 0 }),
      }, "'scaling.peakMessagesPerMinute' is 0; give a whole number of 1 or more"],
      ['a start of more than two hours', {
        scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.days(1), meanProcessingTime: Duration.days(1), startTime: Duration.hours(3) }),
      }, "'scaling.startTime' is 10800 seconds; give whole seconds from 0 to 7200"],
      ['an age of less than a minute', { scaling: WorkerScaling.onBacklog(10).withMaxAge(Duration.seconds(59)) },
        "'scaling.maxAge' is 59 seconds; give whole seconds from 60 to 1209600"],
      ['an age beyond what a queue keeps', { scaling: WorkerScaling.onBacklog(10).withMaxAge(Duration.days(15)) },
        "'scaling.maxAge' is 1296000 seconds; give whole seconds from 60 to 1209600"],
      ['a schedule that raises nothing', { scaling: WorkerScaling.onBacklog(10).withSchedule({ ...night, minCapacity: 3 }) },
        "'scaling.minCapacity' is 3; give a whole number of 4 or more"],
      ['a schedule beyond the maximum', { scaling: WorkerScaling.onBacklog(10).withSchedule({ ...night, minCapacity: 7 }) },
        "'scaling.minCapacity' is 7, more than the 6 that 'maxCapacity' lets run; lower it, or raise 'maxCapacity'"],
      ['two schedules for one time', {
        scaling: WorkerScaling.onBacklog(10).withSchedule({ ...night, minCapacity: 4 }).withSchedule({ ...night, minCapacity: 5 }),
      },
      "'scaling' has two schedules for the time 0 1 * * * of UTC; leave one of them out, as only one can say what holds from then on"],
      ['a latency below the time for one message', {
        scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.seconds(10), meanProcessingTime: Duration.seconds(11) }),
      }, "'scaling.meanProcessingTime' (11000 milliseconds) is not between 0 and 'scaling.acceptableLatency' (10000 milliseconds); " +
        'give a latency of at least the time that one message takes'],
      ['an age beyond what the queue keeps', { maxMessageAge: Duration.days(15) },
        "'maxMessageAge' is 1296000 seconds; give whole seconds from 60 to 1209600"],
      ['a snapshot of a queue', { removalPolicy: RemovalPolicy.SNAPSHOT },
        "'removalPolicy' is SNAPSHOT, but there is nothing in a worker fleet of which to take one; give RETAIN or DESTROY"],
    ])('%s', (_, setting, message) => {
      const stack = shopStack();
      expect(() => fleetIn({ stack, ...setting })).toThrow(message);
      expect(() => fleetIn(setting)).toThrow("[SqsWorkerFleet at 'Shop/Fleet']");
      expect(stack.node.findChild('Fleet').node.children).toEqual([]);
    });

    test('a latency that is not known, from which it would have to compute', () => {
      const stack = shopStack();
      const acceptableLatency = Duration.seconds(new CfnParameter(stack, 'Latency', { type: 'Number' }).valueAsNumber);
      expect(() => fleetIn({ stack, scaling: WorkerScaling.onLatency({ acceptableLatency, meanProcessingTime: Duration.seconds(1) }) })).toThrow(
        "'scaling.acceptableLatency' is not known at synth, and the backlog of an instance is computed from it; " +
        'give a duration, or WorkerScaling.onBacklog with the number of messages');
    });
  });
});

function onlyKey(found: Record<string, unknown>): string {
  expect(Object.keys(found)).toHaveLength(1);
  return Object.keys(found)[0];
}
