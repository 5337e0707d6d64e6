import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceTemplate, QueueBackedService, QueueBackedServiceProps, WorkerRunner } from '../../src';
import { alarmsLeftOut } from '../helpers/dashboards';
import { env, zonesContext } from '../helpers/network';

function serviceIn(props: Partial<QueueBackedServiceProps> = {}) {
  const stack = new Stack(new App({ context: zonesContext }), 'Shop', { env });
  const template = () => InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
    instanceType: new ec2.InstanceType('m7i.large'),
  });
  const service = new QueueBackedService(stack, 'Thumbnails', {
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555'),
    webTemplate: template(),
    workerTemplate: template(),
    maxProcessingTime: Duration.minutes(2),
    ...props,
  });
  return { stack, service, template: Template.fromStack(stack) };
}

function userDataOf({ launchTemplate }: { launchTemplate: ec2.LaunchTemplate }, template: Template): string {
  const id = Stack.of(launchTemplate).getLogicalId(launchTemplate.node.defaultChild as ec2.CfnLaunchTemplate);
  return JSON.stringify(template.findResources('AWS::EC2::LaunchTemplate')[id].Properties.LaunchTemplateData.UserData);
}

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

describe('QueueBackedService', () => {
  test('has both tiers in three zones, each sized for its own need', () => {
    const { stack, service, template } = serviceIn({ neededWebCapacity: 2, neededWorkerCapacity: 4 });
    const subnets = stack.resolve(service.vpc.privateSubnets.map(({ subnetId }) => subnetId));
    expect(subnets).toHaveLength(3);
    template.hasResourceProperties(GROUP, { MinSize: '3', VPCZoneIdentifier: subnets, TargetGroupARNs: Match.anyValue() });
    template.hasResourceProperties(GROUP, { MinSize: '6', VPCZoneIdentifier: subnets, TargetGroupARNs: Match.absent() });
  });

  test('joins the tiers by topic and queue: the web servers publish, the workers receive', () => {
    const { stack, service, template } = serviceIn();
    const topic = stack.resolve(service.jobTopic.topicArn);
    const queue = stack.resolve(service.workers.queue.queueArn);
    const allows = (tier: { launchTemplate: ec2.LaunchTemplate }, action: string, resource: unknown) => template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(tier.launchTemplate.role?.roleName)],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: action, Resource: resource })]) },
    });
    allows(service.web, 'sns:Publish', topic);
    template.hasResourceProperties('AWS::SNS::Subscription', { TopicArn: topic, Endpoint: queue, RawMessageDelivery: true, RedrivePolicy: Match.anyValue() });
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(service.workers.launchTemplate.role?.roleName)],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']), Resource: queue })]) },
    });
    expect(() => allows(service.workers, 'sns:Publish', topic)).toThrow();
  });

  test('tells a command of the runner which table and bucket there are, unless it has such names already', () => {
    const { stack, service, template } = serviceIn({
      workerRunner: WorkerRunner.command(['/opt/thumbnail'], { environment: { SIZE: '200', FILES_BUCKET: 'mine' } }),
    });
    const userData = userDataOf(service.workers, template);
    expect(userData).toMatch(new RegExp(`JOBS_TABLE.*${stack.resolve(service.jobs.tableName).Ref}`));
    expect(userData).toContain('SIZE');
    expect(userData).toContain('mine');
    expect(userData).not.toContain(stack.resolve(service.files.bucketName).Ref);
  });

  test('leaves a runner as it is that asks a server', () => {
    const { service, template } = serviceIn({ workerRunner: WorkerRunner.http('http://127.0.0.1:8080/work') });
    expect(userDataOf(service.workers, template)).toContain('127.0.0.1:8080/work');
    expect(userDataOf(service.workers, template)).not.toContain('JOBS_TABLE');
  });

  test('has a queue of its own for jobs of low priority where it is asked for, and each job goes into one', () => {
    const { stack, service, template } = serviceIn({ lowPriorityShare: 20, workerRunner: WorkerRunner.command(['/opt/thumbnail']) });
    const low = service.workers.furtherQueue('LowPriority').queue;
    template.resourceCountIs('AWS::SNS::Subscription', 2);
    for (const [queue, priority] of [[service.workers.queue, [{ exists: false }, { 'anything-but': ['low'] }]], [low, ['low']]] as const) {
      template.hasResourceProperties('AWS::SNS::Subscription', { Endpoint: stack.resolve(queue.queueArn), FilterPolicy: { priority } });
    }
    expect(userDataOf(service.workers, template)).toMatch(/share.{0,6}20/);
    expect(alarmsLeftOut(template)).toEqual([]);
  });

  test.each<[string, Partial<QueueBackedServiceProps>, string]>([
    ['a priority without a runner', { lowPriorityShare: 20 },
      "'lowPriorityShare' is given, but no 'workerRunner', which is what takes messages from several queues; give a 'workerRunner', or leave it out "
      + "[QueueBackedService at 'Shop/Thumbnails']"],
    ['a share of all', { lowPriorityShare: 100, workerRunner: WorkerRunner.command(['/opt/thumbnail']) },
      "'lowPriorityShare' is 100; give a whole number from 1 to 99 [QueueBackedService at 'Shop/Thumbnails']"],
  ])('refuses %s', (_, props, message) => {
    expect(() => serviceIn(props)).toThrow(message);
  });

  test('shows each of its alarms on its dashboard', () => {
    expect(alarmsLeftOut(serviceIn().template)).toEqual([]);
  });

  test('lets both tiers use table and files, but delete no file', () => {
    const { stack, service, template } = serviceIn();
    for (const tier of [service.web, service.workers]) {
      template.hasResourceProperties('AWS::IAM::Policy', {
        Roles: [stack.resolve(tier.launchTemplate.role?.roleName)],
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(['dynamodb:PutItem']), Resource: stack.resolve(service.jobs.tableArn) }),
            Match.objectLike({ Action: ['s3:GetObject', 's3:PutObject'], Resource: stack.resolve(service.files.arnForObjects('*')) }),
          ]),
        },
      });
    }
  });

  test('lets the workers go to nothing where none is needed', () => {
    serviceIn({ neededWorkerCapacity: 0 }).template.hasResourceProperties(GROUP, { MinSize: '0' });
  });

  test('keeps what is overwritten or deleted', () => {
    const { template } = serviceIn();
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 30 } })] },
      },
      DeletionPolicy: 'Retain',
    });
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      Properties: {
        Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: true })],
      },
      DeletionPolicy: 'Retain',
    });
  });

  test('lets go of everything where it is asked for', () => {
    const { template } = serviceIn({ removalPolicy: RemovalPolicy.DESTROY });
    for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable', 'AWS::SQS::Queue']) {
      template.allResources(type, { DeletionPolicy: 'Delete' });
    }
  });

  test('tells one topic of all that goes wrong', () => {
    const { stack, service, template } = serviceIn();
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: Match.arrayWith([stack.resolve(service.alarmTopic.topicArn)]),
    });
  });
});
