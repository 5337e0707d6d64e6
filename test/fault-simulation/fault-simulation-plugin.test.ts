import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, NestedStack, Stack, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { FaultSimulationPlugin, FaultSimulationPluginProps, MultiAzWebTier, RdsMultiAz, Standing, WebEndpoint } from '../../src';
import { env, networkWithData, zonesContext } from '../helpers/network';
import { instanceTemplate } from '../helpers/subjects/subject';

const LOST = 'FaultSimulation::lost-zone-eu-west-1a-Shop-Address';

/** What the synthesis of an app with the plugin says, if it fails. */
function synthesized(fill: (stack: Stack) => void, props?: FaultSimulationPluginProps) {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'plugin-'));
  const app = new App({ outdir, context: zonesContext });
  Validations.of(app).addPlugins(new FaultSimulationPlugin(props));
  fill(new Stack(app, 'Shop', { env }));
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
    return { failed: false, report: '', files: fs.readdirSync(outdir) };
  } catch {
    return { failed: true, report: fs.readFileSync(path.join(outdir, 'validation-report.json'), 'utf8'), files: fs.readdirSync(outdir) };
  } finally {
    said.mockRestore();
    fs.rmSync(outdir, { recursive: true });
  }
}

function server(stack: Stack): void {
  const instance = new ec2.CfnInstance(stack, 'Server', { availabilityZone: 'eu-west-1a' });
  new ec2.CfnEIP(stack, 'Address', { instanceId: instance.ref });
}

function webTier(stack: Stack): void {
  const vpc = networkWithData(stack);
  const web = new MultiAzWebTier(stack, 'Web', { vpc, instanceTemplate: instanceTemplate(), endpoint: WebEndpoint.publicHttp() });
  const database = new RdsMultiAz(stack, 'Database', {
    vpc,
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    instanceType: new ec2.InstanceType('m7g.large'),
  });
  database.connections.allowDefaultPortFrom(web);
}

describe('FaultSimulationPlugin', () => {
  test('ends the synthesis where a service is lost, with the steps, what would change it, and where', () => {
    const { failed, report } = synthesized(server);
    expect(failed).toBe(true);
    expect(report).toContain('Shop/Address is lost under zone:eu-west-1a: Shop/Server stands in the lost zone, and in no group; Shop/Address needs Shop/Server');
    expect(report).toContain('Shop/Server.AvailabilityZone: an Auto Scaling group over two zones');
    expect(report).toContain('Shop/Address is lost under instance:Shop/Server');
  });

  test('lets an app pass in which nothing is, and leaves no file of its own', () => {
    const { failed, files } = synthesized(webTier);
    expect(failed).toBe(false);
    expect(files.filter(file => /simulation/i.test(file))).toEqual([]);
  });

  test('fails on what it is told to', () => {
    const failOn = [Standing.LOST, Standing.INTERRUPTED];
    expect(synthesized(webTier, { failOn }).report).toContain('is interrupted under primary-host:');
  });

  test('passes what is acknowledged with a reason, and nothing else', () => {
    const acknowledging = (...ids: string[]) => (stack: Stack) => {
      server(stack);
      Validations.of(stack).acknowledge(...ids.map(id => ({ id, reason: 'a trial' })));
    };
    expect(synthesized(acknowledging(LOST)).failed).toBe(true);
    expect(synthesized(acknowledging(LOST, 'FaultSimulation::lost-instance-Shop-Server-Shop-Address')).failed).toBe(false);
  });

  test('reads nested stacks', () => {
    const { report } = synthesized(stack => {
      const instance = new ec2.CfnInstance(new NestedStack(stack, 'Inner'), 'Server', { availabilityZone: 'eu-west-1a' });
      new ec2.CfnEIP(stack, 'Address', { instanceId: instance.ref });
    });
    expect(report).toContain('Shop/Address is lost under zone:eu-west-1a');
  });

  test('takes parameters, and the zones of subnets', () => {
    const imported = (stack: Stack) => {
      const instance = new ec2.CfnInstance(stack, 'Server', { subnetId: 'subnet-1' });
      new ec2.CfnEIP(stack, 'Address', { instanceId: instance.ref });
      new ec2.CfnVolume(stack, 'Disk', { availabilityZone: 'eu-west-1b' });
    };
    const failOn = [Standing.UNKNOWN];
    expect(synthesized(imported, { failOn }).failed).toBe(true);
    expect(synthesized(imported, { failOn, subnetZones: { 'subnet-1': 'eu-west-1a' } }).failed).toBe(false);
  });
});
