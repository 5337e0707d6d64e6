import { DescribeInstancesCommand, DescribeLaunchTemplateVersionsCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetRoleCommand, GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { EbsSnapshotPolicy, MultiAzWebTier } from '../../../src';
import { env } from '../../helpers/network';

const { current, deployed } = emulatorOfTests();
const config = () => current().clientConfig(env.region);

const BY_OWN_TAG = 'EbsSnapshotPolicy of a volume and of all volumes of a launch template';

async function policyOf(name: string) {
  const made = await deployed(name);
  return { made, snapshots: made.stack.node.findChild('Snapshots') as EbsSnapshotPolicy };
}

const tagsOf = ({ targetTags }: EbsSnapshotPolicy) => Object.entries(targetTags).map(([Key, Value]) => ({ Key, Value }));

/** The policy itself is shape-checked only, as moto has no Data Lifecycle Manager; what it rests on is read back. */
describe('EbsSnapshotPolicy', () => {
  test('has its tag on the volume', async () => {
    const { made, snapshots } = await policyOf(BY_OWN_TAG);
    const { Volumes: [volume] = [] } = await new EC2Client(config()).send(new DescribeVolumesCommand({
      VolumeIds: [physicalId(made, made.stack.node.findChild('Data'))],
    }));
    expect(volume.Tags).toEqual(expect.arrayContaining(tagsOf(snapshots)));
    expect(volume.Encrypted).toBe(true);
  });

  test('has its tag on what the launch template says of volumes', async () => {
    const { made, snapshots } = await policyOf(BY_OWN_TAG);
    const ec2 = new EC2Client(config());
    const { launchTemplate } = made.stack.node.findChild('Web') as MultiAzWebTier;
    const { LaunchTemplateVersions: [version] = [] } = await ec2.send(new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: physicalId(made, launchTemplate),
    }));
    const ofVolumes = version.LaunchTemplateData?.TagSpecifications?.find(({ ResourceType }) => ResourceType === 'volume');
    expect(ofVolumes?.Tags).toEqual(expect.arrayContaining(tagsOf(snapshots)));
    const { Reservations: reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    expect(reservations.length).toBeGreaterThan(0);
  });

  test('has a role that only the service takes, with a policy', async () => {
    const { made, snapshots } = await policyOf('EbsSnapshotPolicy by tag, with all options');
    const iam = new IAMClient(config());
    const RoleName = physicalId(made, snapshots.role);
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(decodeURIComponent(role?.AssumeRolePolicyDocument ?? '')).toContain('dlm.amazonaws.com');
    const { PolicyNames: [PolicyName] = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const { PolicyDocument: document = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const sids = JSON.parse(decodeURIComponent(document)).Statement.flatMap(({ Sid }: { Sid?: string }) => Sid ?? []);
    expect(sids).toEqual(['Find', 'ReadTagged0', 'ReadTagged1', 'Create', 'Tag', 'DeleteOwn', 'Copy']);
  });
});
