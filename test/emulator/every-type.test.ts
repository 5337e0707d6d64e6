import { execFileSync } from 'child_process';
import { App, CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { Emulator, PYTHON } from './emulator';
import { database, queues, snapshots, tables } from './every-type/data';
import { fleet } from './every-type/fleet';
import { functions, instances } from './every-type/functions';
import { names } from './every-type/names';
import { waysOut } from './every-type/network';
import { capacity, entrances, runbooks } from './every-type/web-tier';

const REGION = 'eu-west-1';
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

describe('the table of types', () => {
  let emulator: Emulator;
  const deployed = new Set<string>();
  beforeAll(async () => { emulator = await Emulator.start(); }, 60_000);
  afterAll(async () => { await emulator.stop(); });
  beforeEach(async () => { await emulator.reset(); });

  const deploy = async (stack: Stack) => {
    const { resources } = await emulator.deploy(stack);
    resources.forEach(resource => deployed.add(resource.type));
  };

  const stacks = { fleet, functions, instances, database, queues, tables, snapshots, names, capacity, entrances, runbooks, waysOut };
  test.each<[string, (stack: Stack, zones: string[]) => void]>(Object.entries(stacks))(
    'the stack of %s deploys, and every property is read back', async (_, build) => {
      const stack = stackIn(new App({ context: { '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': true } }), REGION);
      build(stack, ZONES);
      await deploy(stack);
    }, 60_000,
  );

  test('a reference crosses Regions', async () => {
    const app = new App();
    const producer = stackIn(app, REGION);
    const topic = new CfnResource(producer, 'Topic', { type: 'AWS::SNS::Topic' });
    const consumer = stackIn(app, 'us-east-1');
    new CfnResource(consumer, 'Parameter', { type: 'AWS::SSM::Parameter', properties: { Type: 'String', Value: topic.ref } });
    new CfnOutput(consumer, 'Seen', { value: topic.ref });
    await deploy(producer);
    await deploy(consumer);
  }, 60_000);

  test('holds no type that these stacks do not deploy', () => {
    const printed = execFileSync(PYTHON, ['-m', 'strict_moto.table', '--types'], { cwd: __dirname, encoding: 'utf8' });
    expect(printed.trim().split('\n').filter(type => !deployed.has(type))).toEqual([]);
  });
});

function stackIn(app: App, region: string): Stack {
  return new Stack(app, `In-${region}`, { env: { account: '123456789012', region }, crossRegionReferences: true });
}
