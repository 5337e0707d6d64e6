import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Duration, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Fault, FaultSimulation, MultiAzWebTier, RdsMultiAz, Standing, WebEndpoint } from '../../src';
import { networkWithData, shopStack } from '../helpers/network';
import { instanceTemplate } from '../helpers/subjects/subject';

function shop() {
  const stack = shopStack();
  const vpc = networkWithData(stack);
  const web = new MultiAzWebTier(stack, 'Web', { vpc, instanceTemplate: instanceTemplate(), endpoint: WebEndpoint.internalHttp(), neededCapacity: 4 });
  const database = new RdsMultiAz(stack, 'Database', {
    vpc,
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    instanceType: new ec2.InstanceType('m7g.large'),
  });
  return { stack, web, database };
}

describe('FaultSimulation', () => {
  test('asserts in the tests of an app what stands, how much of it, and after what time', () => {
    const { stack, web, database } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0));
    outcome.survives(web.loadBalancer);
    outcome.keeps(web.autoScalingGroup, 4 / 6);
    outcome.recoversWithin(database.instance, Duration.minutes(3));
    outcome.losesNoData(database.instance);
    outcome.leavesUnaffected(web.accessLogsBucket);
  });

  test('tells what is otherwise, and why', () => {
    const { stack, web, database } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.availabilityZoneNamed('eu-west-1b'));
    expect(() => outcome.keeps(web.autoScalingGroup, 5 / 6)).toThrow(
      "Without eu-west-1b, 'Shop/Web/Instances' was to be one that keeps 83.3 % of its capacity, but it is degraded at once (66.7 % left) "
      + 'and unaffected after recovery within about 5 minutes; data at risk: none\n'
      + '  because Shop/WebInstancesASG09F72588 loses up to 2 of 6 (Shop/WebInstancesASG09F72588.VPCZoneIdentifier)');
    expect(() => outcome.survives(database.instance)).toThrow('was to be one that survives, but it is interrupted at once (0 % left)');
    expect(() => outcome.leavesUnaffected(web.loadBalancer)).toThrow('was to be one that is left unaffected');
    expect(() => outcome.recoversWithin(database.instance, Duration.minutes(1))).toThrow('was to be one that recovers within 1 minute');
    const wrong = FaultSimulation.fromStack(stack).under(Fault.badData(database.instance));
    expect(() => wrong.losesNoData(database.instance)).toThrow('data at risk: minutes');
  });

  test('says what a verdict is', () => {
    const { stack, web, database } = shop();
    const simulation = FaultSimulation.fromStack(stack);
    const instance = simulation.under(Fault.instance(web.autoScalingGroup)).verdictOn(web.loadBalancer);
    expect(instance).toMatchObject({ atOnce: Standing.DEGRADED, afterRecovery: Standing.UNAFFECTED, capacityLeft: 5 / 6, dataAtRisk: 'none' });
    expect(simulation.under(Fault.primaryHost(database.instance)).verdictOn(database.instance).recoveryTime?.toSeconds()).toBe(120);
    const twoZones = Fault.together(Fault.availabilityZone(0), Fault.availabilityZone(1));
    expect(simulation.under(twoZones).verdictOn(database.instance).atOnce).toBe(Standing.LOST);
    expect(simulation.under(Fault.region()).verdictOn(web.loadBalancer).atOnce).toBe(Standing.LOST);
  });

  test('never takes what it does not know for standing', () => {
    const stack = shopStack();
    const imported = ec2.Subnet.fromSubnetId(stack, 'Imported', 'subnet-0123456789abcdef0');
    const instance = new ec2.CfnInstance(stack, 'Server', { subnetId: imported.subnetId });
    const fault = Fault.availabilityZone(0);
    const unknown = FaultSimulation.fromStack(stack).under(fault);
    expect(unknown.verdictOn(instance).atOnce).toBe(Standing.UNKNOWN);
    expect(() => unknown.survives(instance)).toThrow();
    expect(() => unknown.keeps(instance, 0)).toThrow();
    const told = FaultSimulation.fromStack(stack, { subnetZones: { 'subnet-0123456789abcdef0': 'eu-west-1b' } });
    told.under(fault).leavesUnaffected(instance);
  });

  test('reads a cloud assembly and template files as well, by logical ids', () => {
    const { stack, database } = shop();
    const { directory } = (Stage.of(stack) as Stage).synth();
    const id = stack.getLogicalId(database.instance.node.defaultChild as rds.CfnDBInstance);
    const fault = Fault.availabilityZone(0);
    expect(FaultSimulation.fromAssembly(directory).under(fault).verdictOnId(id).atOnce).toBe(Standing.INTERRUPTED);

    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulation-'));
    const file = path.join(folder, 'server.yaml');
    fs.writeFileSync(file, "Resources: {Server: {Type: 'AWS::EC2::Volume', Properties: {AvailabilityZone: !Select [0, !GetAZs '']}}}");
    expect(FaultSimulation.fromTemplates([file]).under(fault).verdictOnId('server/Server').atOnce).toBe(Standing.LOST);
    expect(() => FaultSimulation.fromTemplates([file]).under(fault).verdictOnId('Other')).toThrow('no resource has the id Other');
    fs.rmSync(folder, { recursive: true });
  });

  test('follows references into nested stacks', () => {
    const stack = new Stack(new App(), 'Root');
    const network = new NestedStack(stack, 'Network');
    const subnet = new ec2.CfnSubnet(network, 'Subnet', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24', availabilityZone: Fn.select(1, Fn.getAzs()) });
    const instance = new ec2.CfnInstance(stack, 'Server', { subnetId: subnet.ref });
    const simulation = FaultSimulation.fromStack(stack);
    expect(simulation.under(Fault.availabilityZone(1)).verdictOn(instance).atOnce).toBe(Standing.LOST);
    expect(simulation.under(Fault.availabilityZone(0)).verdictOn(instance).atOnce).toBe(Standing.UNAFFECTED);
  });

  test('refuses a construct that is no resource', () => {
    const { stack } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.stackDeleted());
    expect(() => outcome.verdictOn(stack)).toThrow("'Shop' has no main resource; name one that it holds");
  });

  test('takes the zones that CDK has not looked up for what they stand for', () => {
    const stack = shopStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 3 });
    expect(stack.resolve(vpc.availabilityZones[0])).toBe('dummy1a');
    const [first] = vpc.privateSubnets;
    const instance = new ec2.CfnInstance(stack, 'Server', { subnetId: first.subnetId });
    expect(FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0)).verdictOn(instance).atOnce).toBe(Standing.LOST);
  });
});
