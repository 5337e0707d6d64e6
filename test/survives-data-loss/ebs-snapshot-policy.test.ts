import { App, CfnParameter, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EbsSnapshotPolicy, EbsSnapshotPolicyProps, SnapshotCopy, SnapshotRetention, SnapshotSchedule } from '../../src';
import { env, networkOf, shopStack, shopStackAnywhere } from '../helpers/network';

function policyIn({ stack = shopStack(), ...props }: EbsSnapshotPolicyProps & { readonly stack?: Stack } = {}) {
  const snapshots = new EbsSnapshotPolicy(stack, 'Snapshots', props);
  return { stack, snapshots, template: () => Template.fromStack(stack) };
}

const POLICY = 'AWS::DLM::LifecyclePolicy';
const ALARM = 'AWS::CloudWatch::Alarm';

const withSchedule = (schedule: object) => ({ PolicyDetails: { Schedules: [Match.objectLike(schedule)] } });

describe('EbsSnapshotPolicy', () => {
  describe('by default', () => {
    test('takes snapshots daily, and keeps the last fourteen', () => {
      const { snapshots, template } = policyIn();
      template().hasResourceProperties(POLICY, {
        State: 'ENABLED',
        PolicyDetails: {
          PolicyType: 'EBS_SNAPSHOT_MANAGEMENT',
          ResourceTypes: ['VOLUME'],
          Schedules: [{
            Name: 'Snapshots',
            CreateRule: { Interval: 24, IntervalUnit: 'HOURS', Times: ['03:00'] },
            RetainRule: { Count: 14 },
            CopyTags: true,
          }],
        },
      });
      expect(snapshots.recoveryPoint?.toHours()).toBe(24);
    });

    test('finds its volumes by a tag of its own, which no other policy has', () => {
      const app = new App();
      const tagOf = (stack: Stack, id: string) => new EbsSnapshotPolicy(stack, id).targetTags;
      const [first, second] = [new Stack(app, 'First', { env }), new Stack(app, 'Second', { env })];
      const tags = [tagOf(first, 'One'), tagOf(first, 'Two'), tagOf(second, 'One')].map(tag => JSON.stringify(tag));
      expect(new Set(tags).size).toBe(3);
    });

    test('lets the service alone take the role, for this account', () => {
      policyIn().template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [{
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'dlm.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': env.account } },
          }],
        },
      });
    });

    test('may read what carries the tag, and delete what it made itself, and no more', () => {
      const { snapshots, template } = policyIn();
      const [[key, value]] = Object.entries(snapshots.targetTags);
      const [policy] = Object.values(template().findResources('AWS::IAM::Policy'));
      const arn = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, rest]] });
      expect(policy.Properties.PolicyDocument.Statement).toEqual([
        { Sid: 'Find', Effect: 'Allow', Action: ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots', 'ec2:DescribeInstances'], Resource: '*' },
        {
          Sid: 'ReadTagged0',
          Effect: 'Allow',
          Action: 'ec2:CreateSnapshot',
          Resource: arn(':ec2:eu-west-1:123456789012:volume/*'),
          Condition: { StringEquals: { [`aws:ResourceTag/${key}`]: value } },
        },
        { Sid: 'Create', Effect: 'Allow', Action: 'ec2:CreateSnapshot', Resource: arn(':ec2:eu-west-1::snapshot/*') },
        { Sid: 'Tag', Effect: 'Allow', Action: 'ec2:CreateTags', Resource: arn(':ec2:eu-west-1::snapshot/*') },
        {
          Sid: 'DeleteOwn',
          Effect: 'Allow',
          Action: 'ec2:DeleteSnapshot',
          Resource: arn(':ec2:eu-west-1::snapshot/*'),
          Condition: { Null: { 'aws:ResourceTag/aws:dlm:lifecycle-policy-id': 'false' } },
        },
      ]);
    });

    test('begins only when its role may do something', () => {
      const { template } = policyIn();
      const [policy] = Object.keys(template().findResources('AWS::IAM::Policy'));
      template().hasResource(POLICY, { DependsOn: [policy] });
    });
  });

  describe('puts into the policy', () => {
    test('a volume', () => {
      const { stack, snapshots, template } = policyIn();
      snapshots.addVolume(new ec2.Volume(stack, 'Data', { availabilityZone: 'eu-west-1a', size: Size.gibibytes(10) }));
      template().hasResourceProperties('AWS::EC2::Volume', { Tags: Match.arrayWith(tagsOf(snapshots)) });
    });

    test('a volume encrypted with a key of the account, which the role may then use', () => {
      const { stack, snapshots, template } = policyIn();
      const encryptionKey = new kms.Key(stack, 'Key');
      snapshots.addVolume(new ec2.Volume(stack, 'Data', {
        availabilityZone: 'eu-west-1a', size: Size.gibibytes(10), encrypted: true, encryptionKey,
      }));
      const Resource = stack.resolve(encryptionKey.keyArn);
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKeyWithoutPlaintext']), Resource }),
            Match.objectLike({ Action: 'kms:CreateGrant', Resource, Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } }),
          ]),
        },
      });
    });

    test('the volumes of all instances of a launch template', () => {
      const { stack, snapshots, template } = policyIn();
      snapshots.addLaunchTemplate(new ec2.LaunchTemplate(stack, 'Template', {
        securityGroup: new ec2.SecurityGroup(stack, 'Group', { vpc: networkOf(stack) }),
      }));
      template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: {
          TagSpecifications: Match.arrayWith([
            Match.objectLike({ ResourceType: 'volume', Tags: Match.arrayWith(tagsOf(snapshots)) }),
          ]),
        },
      });
    });
  });

  describe('when told', () => {
    test.each([1, 2, 3, 4, 6, 8, 12, 24])('takes a snapshot every %d hours', hours => {
      const { snapshots, template } = policyIn({ schedule: SnapshotSchedule.every(Duration.hours(hours), { startTime: '23:59' }) });
      template().hasResourceProperties(POLICY, withSchedule({ CreateRule: { Interval: hours, IntervalUnit: 'HOURS', Times: ['23:59'] } }));
      expect(snapshots.recoveryPoint?.toHours()).toBe(hours);
    });

    test('takes them at the times of a cron expression, whose distance is not known', () => {
      const { snapshots, template } = policyIn({ schedule: SnapshotSchedule.cron('30 1 ? * MON-FRI *') });
      template().hasResourceProperties(POLICY, withSchedule({ CreateRule: { CronExpression: 'cron(30 1 ? * MON-FRI *)' } }));
      expect(snapshots.recoveryPoint).toBeUndefined();
    });

    test('keeps them by age', () => {
      policyIn({ retention: SnapshotRetention.age(Duration.days(30)) }).template()
        .hasResourceProperties(POLICY, withSchedule({ RetainRule: { Interval: 30, IntervalUnit: 'DAYS' } }));
    });

    test('copies them to other Regions, encrypted, for two weeks or as long as told', () => {
      const encryptionKeyArn = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555';
      const { template } = policyIn({
        copies: [{ region: 'eu-central-1' }, { region: 'us-east-1', keptFor: Duration.days(90), encryptionKeyArn }],
      });
      template().hasResourceProperties(POLICY, withSchedule({
        CrossRegionCopyRules: [
          { Target: 'eu-central-1', Encrypted: true, CopyTags: true, RetainRule: { Interval: 14, IntervalUnit: 'DAYS' } },
          { Target: 'us-east-1', Encrypted: true, CmkArn: encryptionKeyArn, CopyTags: true, RetainRule: { Interval: 90, IntervalUnit: 'DAYS' } },
        ],
      }));
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Sid: 'Copy', Action: 'ec2:CopySnapshot' }),
            Match.objectLike({ Action: Match.arrayWith(['kms:Encrypt']), Resource: encryptionKeyArn }),
          ]),
        },
      });
    });

    test('takes snapshots of whatever carries one of the tags', () => {
      policyIn({ targetTags: { Backup: 'daily', Critical: 'yes' } }).template().hasResourceProperties(POLICY, {
        PolicyDetails: { TargetTags: [{ Key: 'Backup', Value: 'daily' }, { Key: 'Critical', Value: 'yes' }] },
      });
    });
  });

  test('has alarms on snapshots and copies that fail, which tell the topic', () => {
    const stack = shopStack();
    const alarmTopic = new sns.Topic(stack, 'Topic');
    const { snapshots, template } = policyIn({ stack, alarmTopic, copies: [{ region: 'eu-central-1' }] });
    expect(snapshots.alarms.map(({ node }) => node.id)).toEqual(['SnapshotsFailed', 'CopiesFailed']);
    for (const MetricName of ['SnapshotsCreateFailed', 'SnapshotsCopiedRegionFailed']) {
      template().hasResourceProperties(ALARM, {
        Namespace: 'AWS/EBS',
        MetricName,
        Dimensions: [{ Name: 'DLMPolicyId', Value: stack.resolve(snapshots.policy.ref) }],
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [stack.resolve(alarmTopic.topicArn)],
      });
    }
    policyIn().template().resourceCountIs(ALARM, 1);
  });

  describe('passes over what is not known at synth:', () => {
    test('the Region of the stack, whether a copy is in it', () => {
      policyIn({ stack: shopStackAnywhere(), copies: [{ region: 'eu-west-1' }] }).template().resourceCountIs(POLICY, 1);
    });

    test('the Region of a copy', () => {
      const stack = shopStack();
      policyIn({ stack, copies: [{ region: new CfnParameter(stack, 'Region').valueAsString }] }).template().resourceCountIs(POLICY, 1);
    });
  });

  describe('refuses', () => {
    const every = (hours: number, startTime?: string) => ({ schedule: SnapshotSchedule.every(Duration.hours(hours), { startTime }) });
    const cron = (expression: string) => ({ schedule: SnapshotSchedule.cron(expression) });
    const copies = (...given: SnapshotCopy[]) => ({ copies: given });
    test.each<[string, EbsSnapshotPolicyProps, string]>([
      ['an interval that Data Lifecycle Manager does not know', every(5),
        "the interval of 'schedule' is 5 hours, which Data Lifecycle Manager does not know; give one of 1, 2, 3, 4, 6, 8, 12, 24 hours"],
      ['minutes', { schedule: SnapshotSchedule.every(Duration.minutes(30)) }, "the interval of 'schedule' is 0.5 hours"],
      ['a time that no clock shows', every(24, '24:00'), "'schedule.startTime' is '24:00'; give hours and minutes of UTC as 'hh:mm'"],
      ['a cron expression of five fields', cron('0 3 * * *'),
        "the cron expression of 'schedule' is '0 3 * * *', which has 5 fields; " +
        'give six: minute, hour, day of month, month, day of week, year'],
      ['a cron expression with its cover', cron('cron(0 3 * * ? *)'),
        "the cron expression of 'schedule' is 'cron(0 3 * * ? *)'; leave out 'cron(' and ')'"],
      ['a key of another Region', copies({ region: 'eu-central-1', encryptionKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1' }),
        "'copies[0].encryptionKeyArn' is 'arn:aws:kms:eu-west-1:123456789012:key/1', which is not the ARN of a key in eu-central-1; " +
        'give one of the Region that the copy goes to'],
      ['what is no key', copies({ region: 'eu-central-1', encryptionKeyArn: 'alias/mine' }), "'copies[0].encryptionKeyArn' is 'alias/mine'"],
      ['a snapshot each minute', cron('* 3 * * ? *'),
        "the cron expression of 'schedule' has '*' for the minute, but Data Lifecycle Manager takes a snapshot at most once an hour; " +
        'give one minute from 0 to 59'],
      ['to keep nothing', { retention: SnapshotRetention.count(0) }, "'retention' is 0, so no snapshot would be kept; give a count of 1 or more"],
      ['to keep more than there can be', { retention: SnapshotRetention.count(1001) }, "'retention' is 1001; give a whole number from 1 to 1000"],
      ['to keep for no time', { retention: SnapshotRetention.age(Duration.days(0)) }, "'retention (days)' is 0; give a whole number from 1 to 36500"],
      ['to keep for hours', { retention: SnapshotRetention.age(Duration.hours(36)) }, "'retention (days)' is 1.5"],
      ['a copy to its own Region', copies({ region: 'eu-west-1' }),
        "'copies' names eu-west-1, the Region of the policy itself, so the copies would be lost with it; name another Region"],
      ['two copies to one Region', copies({ region: 'eu-central-1' }, { region: 'eu-central-1' }), "'copies' names eu-central-1 twice; name it once"],
      ['four copies', copies(...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'].map(region => ({ region }))),
        "'copies' names 4 Regions; give 3 at most"],
      ['a copy to nowhere', copies({ region: 'Frankfurt' }), "'copies' names the Region 'Frankfurt'; give one such as 'eu-central-1'"],
      ['a copy that is kept for no time', copies({ region: 'eu-central-1', keptFor: Duration.days(0) }), "'copies[0].keptFor (days)' is 0"],
      ['no tag', { targetTags: {} }, "'targetTags' is empty, so no volume would be in the policy; " +
        'give a tag, or leave it out: the policy then has a tag of its own'],
      ['a tag of AWS', { targetTags: { 'aws:backup': 'yes' } },
        "'targetTags' has 'aws:backup': 'yes'; give a key of 1 to 128 characters that does not begin with 'aws:', and a value of 256 at most"],
    ])('%s', (_, props, message) => {
      const stack = shopStack();
      expect(() => policyIn({ stack, ...props })).toThrow(message);
      expect(() => policyIn(props)).toThrow("[EbsSnapshotPolicy at 'Shop/Snapshots']");
      expect(stack.node.findChild('Snapshots').node.children).toEqual([]);
    });
  });
});

function tagsOf({ targetTags }: EbsSnapshotPolicy) {
  return Object.entries(targetTags).map(([Key, Value]) => ({ Key, Value }));
}
