import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { integer, mostly, topicIn } from './inputs';
import { EbsSnapshotPolicy, SnapshotRetention, SnapshotSchedule } from '../../../src';
import { env } from '../../helpers/network';

const schedules = fc.oneof(
  fc.record({
    interval: mostly(fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 24), fc.integer({ min: 0, max: 48 })),
    startTime: mostly(fc.constantFrom(undefined, '00:00', '23:59', '07:30'), fc.string()),
  }).map(({ interval, startTime }) => SnapshotSchedule.every(Duration.hours(interval), { startTime })),
  mostly(fc.constantFrom('0 3 * * ? *', '15 */2 ? * MON-FRI *'), fc.string()).map(SnapshotSchedule.cron),
);

const retentions = fc.oneof(
  integer(1, 1000).map(SnapshotRetention.count),
  mostly(fc.integer({ min: 1, max: 3650 }).map(Duration.days), fc.integer({ min: 0, max: 100 }).map(Duration.hours)).map(SnapshotRetention.age),
);

const copies = fc.uniqueArray(
  fc.record({
    region: mostly(fc.constantFrom('eu-central-1', 'us-east-1', 'ap-southeast-2'), fc.oneof(fc.constant('eu-west-1'), fc.string())),
    keptFor: fc.constantFrom(undefined, Duration.days(7)),
  }),
  { maxLength: 4, selector: ({ region }) => region },
);

const tags = mostly(
  fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,20}$/), fc.stringMatching(/^[a-z]{0,20}$/), { minKeys: 1, maxKeys: 3 }),
  fc.dictionary(fc.string({ maxLength: 200 }), fc.string({ maxLength: 300 }), { maxKeys: 2 }),
);

const policies = fc.record({
  fixedRegion: fc.boolean(),
  told: fc.boolean(),
  props: fc.record({ schedule: schedules, retention: retentions, copies, targetTags: tags }, { requiredKeys: [] }),
});

test('EbsSnapshotPolicy synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(policies, ({ fixedRegion, told, props }) => isAccepted(stack => {
    const alarmTopic = told ? topicIn(stack) : undefined;
    refusedWhole(stack, 'Snapshots', () => new EbsSnapshotPolicy(stack, 'Snapshots', { ...props, alarmTopic }));
  }, fixedRegion ? { env } : {}));
});
