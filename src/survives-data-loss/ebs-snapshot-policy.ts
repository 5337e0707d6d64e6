import { Duration, Names, Stack, Tags, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkCopies, copyRule } from './copy-rules';
import { SnapshotCopy } from './snapshot-copy';
import { SnapshotRetention } from './snapshot-retention';
import { allowKeys, createSnapshotRole } from './snapshot-role';
import { SnapshotSchedule } from './snapshot-schedule';
import { IMonitored } from '../monitoring/monitored';
import { createAlarm } from '../shared/alarms';
import { ConfigurationError } from '../shared/configuration-error';

/** The key of the tag by which a policy finds what `addVolume` and `addLaunchTemplate` give it. */
const OWN_TAG = 'SnapshotPolicy';

/**
 * Properties of `EbsSnapshotPolicy`.
 */
export interface EbsSnapshotPolicyProps {
  /**
   * When snapshots are taken.
   *
   * @default SnapshotSchedule.every(Duration.hours(24))
   */
  readonly schedule?: SnapshotSchedule;

  /**
   * How long they are kept.
   *
   * @default SnapshotRetention.count(14)
   */
  readonly retention?: SnapshotRetention;

  /**
   * Other Regions to which each snapshot is copied, up to three.
   *
   * @default - none, so the snapshots are lost with the Region
   */
  readonly copies?: SnapshotCopy[];

  /**
   * Snapshots are taken of each volume of the account, in this Region, that carries one of these tags.
   *
   * @default - a tag of this policy's own, which `addVolume` and `addLaunchTemplate` put on
   */
  readonly targetTags?: Record<string, string>;

  /**
   * Who is told by the alarms of the policy, when they go off and when all is well again.
   *
   * @default - the alarms are made, and tell nobody
   */
  readonly alarmTopic?: ITopic;
}

/**
 * Snapshots of EBS volumes at fixed times: when a volume is lost, or what is on it is wrong, an older copy is there.
 *
 * **Survives**: the loss of a volume and of its zone, data deleted or overwritten, with what was written since the last snapshot;
 * with `copies`, the loss of the Region. Somebody makes a new volume from the snapshot.
 *
 * **Does not survive**: what was in memory and not on the volume yet; an operator who may delete snapshots and does. Volumes
 * without the tag and instance store are not in it.
 *
 * @example
 * declare const data: ec2.Volume;
 *
 * const snapshots = new EbsSnapshotPolicy(this, 'Snapshots', {
 *   schedule: SnapshotSchedule.every(Duration.hours(6)),
 *   retention: SnapshotRetention.age(Duration.days(30)),
 *   copies: [{ region: 'eu-central-1' }],
 * });
 * snapshots.addVolume(data);
 */
export class EbsSnapshotPolicy extends Construct implements IMonitored {
  /** The policy of Data Lifecycle Manager. */
  public readonly policy: CfnLifecyclePolicy;

  /** The role in which Data Lifecycle Manager takes the snapshots. */
  public readonly role: iam.Role;

  /** The tags of which a volume carries one to be in the policy. */
  public readonly targetTags: Record<string, string>;

  /** The most that a lost volume takes along; undefined where a cron expression decides. */
  public readonly recoveryPoint?: Duration;

  /** Snapshots or copies that could not be made. */
  public readonly alarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: EbsSnapshotPolicyProps = {}) {
    super(scope, id);

    const { schedule = SnapshotSchedule.every(Duration.hours(24)), retention = SnapshotRetention.count(14), copies = [] } = props;
    schedule._check(this);
    retention._check(this);
    checkCopies(this, copies, Stack.of(this).region);
    this.targetTags = props.targetTags ?? { [OWN_TAG]: Names.uniqueResourceName(this, { maxLength: 255 }) };
    this.checkTags();

    this.recoveryPoint = schedule.interval;
    this.role = createSnapshotRole(this, this.targetTags, copies);
    this.policy = this.createPolicy(schedule, retention, copies);
    this.node.defaultChild = this.policy;
    this.alarms = this.createAlarms(copies, props.alarmTopic);
  }

  /**
   * Puts a volume into the policy.
   *
   * A volume that another app has made is tagged there, or by `targetTags` that it carries.
   */
  public addVolume(volume: ec2.Volume): void {
    this.tag(volume);
    if (volume.encryptionKey) { allowKeys(this.role, [volume.encryptionKey.keyArn]); }
  }

  /**
   * Puts the volumes of all instances into the policy that are launched from the template from now on.
   *
   * The template hands its tags on to the volumes, which a tag on the Auto Scaling group would not reach.
   */
  public addLaunchTemplate(launchTemplate: ec2.LaunchTemplate): void {
    this.tag(launchTemplate);
  }

  private tag(construct: Construct): void {
    const [[key, value]] = Object.entries(this.targetTags);
    Tags.of(construct).add(key, value);
  }

  private checkTags(): void {
    const tags = Object.entries(this.targetTags);
    if (tags.length === 0) {
      throw new ConfigurationError(this, "'targetTags' is empty, so no volume would be in the policy",
        'give a tag, or leave it out: the policy then has a tag of its own');
    }
    for (const [key, value] of tags) {
      if (Token.isUnresolved(key) || Token.isUnresolved(value)) { continue; }
      if (key.length < 1 || key.length > 128 || /^aws:/i.test(key) || value.length > 256) {
        throw new ConfigurationError(this, `'targetTags' has '${key}': '${value}'`,
          "give a key of 1 to 128 characters that does not begin with 'aws:', and a value of 256 at most");
      }
    }
  }

  private createPolicy(schedule: SnapshotSchedule, retention: SnapshotRetention, copies: SnapshotCopy[]): CfnLifecyclePolicy {
    const policy = new CfnLifecyclePolicy(this, 'Policy', {
      description: 'Snapshots of EBS volumes',
      state: 'ENABLED',
      executionRoleArn: this.role.roleArn,
      policyDetails: {
        policyType: 'EBS_SNAPSHOT_MANAGEMENT',
        resourceTypes: ['VOLUME'],
        targetTags: Object.entries(this.targetTags).map(([key, value]) => ({ key, value })),
        schedules: [{
          name: 'Snapshots',
          createRule: schedule._createRule(),
          retainRule: retention._retainRule(),
          copyTags: true,
          crossRegionCopyRules: copies.length > 0 ? copies.map(copyRule) : undefined,
        }],
      },
    });
    policy.node.addDependency(this.role.node.findChild('DefaultPolicy')); // what the role may do, not the role alone
    return policy;
  }

  private createAlarms(copies: SnapshotCopy[], alarmTopic?: ITopic): cloudwatch.Alarm[] {
    const alarm = (id: string, metricName: string, alarmDescription: string) => createAlarm(this, id, alarmTopic, {
      alarmDescription,
      metric: new cloudwatch.Metric({
        namespace: 'AWS/EBS',
        metricName,
        dimensionsMap: { DLMPolicyId: this.policy.ref },
        statistic: 'Sum',
        period: Duration.hours(1),
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    return [
      alarm('SnapshotsFailed', 'SnapshotsCreateFailed', 'Snapshots of volumes could not be taken.'),
      ...copies.length > 0 ? [alarm('CopiesFailed', 'SnapshotsCopiedRegionFailed', 'Snapshots could not be copied to another Region.')] : [],
    ];
  }
}
