import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Fn, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { EbsSnapshotPolicy } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegEbsSnapshotPolicy');
const volume = new ec2.Volume(stack, 'Data', {
  availabilityZone: Fn.select(0, Fn.getAzs()),
  size: Size.gibibytes(1),
  encrypted: true,
  removalPolicy: RemovalPolicy.DESTROY,
});
const snapshots = new EbsSnapshotPolicy(stack, 'Snapshots');
snapshots.addVolume(volume);

// the policy stands without an error, and finds the volume by its tag
const [[key, value]] = Object.entries(snapshots.targetTags);
const test = new IntegTest(app, 'EbsSnapshotPolicy', { testCases: [stack] });
test.assertions.awsApiCall('DLM', 'getLifecyclePolicy', { PolicyId: snapshots.policy.ref })
  .expect(ExpectedResult.objectLike({ Policy: { State: 'ENABLED' } }));
test.assertions.awsApiCall('EC2', 'describeVolumes', { Filters: [{ Name: `tag:${key}`, Values: [value] }] })
  .expect(ExpectedResult.objectLike({ Volumes: [{ VolumeId: volume.volumeId }] }));
