import { isCopied, originalOf } from '../../src/fault-checks/backups';
import { Resource, World } from '../../src/fault-simulation/template/world';
import { Topology } from '../../src/fault-simulation/topology';

test.each([['eu-west-1', true], ['us-east-1', false]])('a policy in %s takes snapshots of what is in eu-west-1: %p', (region, expected) => {
  const tag = { Key: 'plan', Value: 'daily' };
  const policies = {
    Policy: { Type: 'AWS::DLM::LifecyclePolicy', Properties: { State: 'ENABLED', PolicyDetails: { ResourceTypes: ['VOLUME'], TargetTags: [tag] } } },
    Selection: { Type: 'AWS::Backup::BackupSelection', Properties: { BackupSelection: { Resources: ['*'] } } },
  };
  const world = new World([
    { name: 'Data', region: 'eu-west-1', template: { Resources: { Volume: { Type: 'AWS::EC2::Volume', Properties: { Tags: [tag] } } } } },
    { name: 'Backups', region, template: { Resources: policies } },
  ]);
  expect(isCopied([originalOf(world.resource('Data/Volume') as Resource)], new Topology(world))).toBe(expected);
});
