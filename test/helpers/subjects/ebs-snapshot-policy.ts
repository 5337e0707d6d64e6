import { Duration, Fn, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { instanceTemplate, Subject, subject, topicIn } from './subject';
import { EbsSnapshotPolicy, MultiAzWebTier, SnapshotRetention, SnapshotSchedule, WebEndpoint } from '../../../src';
import { networkOf } from '../network';

export const ebsSnapshotPolicy: readonly Subject[] = [
  subject('EbsSnapshotPolicy of a volume and of all volumes of a launch template', stack => {
    const snapshots = new EbsSnapshotPolicy(stack, 'Snapshots', { alarmTopic: topicIn(stack) });
    snapshots.addVolume(volumeIn(stack));
    snapshots.addLaunchTemplate(new MultiAzWebTier(stack, 'Web', {
      vpc: networkOf(stack),
      instanceTemplate: instanceTemplate(),
      endpoint: WebEndpoint.internalHttp(),
    }).launchTemplate);
  }),
  subject('EbsSnapshotPolicy by tag, with all options', stack => {
    const snapshots = new EbsSnapshotPolicy(stack, 'Snapshots', {
      schedule: SnapshotSchedule.cron('30 1 ? * MON-FRI *'),
      retention: SnapshotRetention.age(Duration.days(30)),
      copies: [
        { region: 'eu-central-1' },
        { region: 'us-east-1', keptFor: Duration.days(90), encryptionKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555' },
      ],
      targetTags: { Backup: 'weekdays', Critical: 'yes' },
    });
    snapshots.addVolume(volumeIn(stack, new kms.Key(stack, 'Key', { enableKeyRotation: true })));
  }),
];

function volumeIn(stack: Stack, encryptionKey?: kms.Key): ec2.Volume {
  return new ec2.Volume(stack, 'Data', {
    availabilityZone: Fn.select(0, Fn.getAzs()),
    size: Size.gibibytes(10),
    volumeType: ec2.EbsDeviceVolumeType.GP3,
    encrypted: true,
    encryptionKey,
  });
}
