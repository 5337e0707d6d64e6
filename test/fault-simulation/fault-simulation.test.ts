import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, CfnElement, CfnParameter, CfnResource, Duration, Fn, NestedStack, Stack, Stage, Token } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { Fault, FaultSimulation, MultiAzWebTier, RdsMultiAz, Standing, WebEndpoint, WebHealthCheck } from '../../src';
import { env, networkWithData, shopStack } from '../helpers/network';
import { instanceTemplate } from '../helpers/subjects/subject';

function shop(healthCheck?: WebHealthCheck) {
  const stack = shopStack();
  const vpc = networkWithData(stack);
  const web = new MultiAzWebTier(stack, 'Web', { vpc, instanceTemplate: instanceTemplate(), endpoint: WebEndpoint.internalHttp(), healthCheck, neededCapacity: 4 });
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
    outcome.keeps(web.autoScalingGroups[0], 4 / 6);
    outcome.recoversWithin(database.instance, Duration.minutes(3));
    outcome.losesNoData(database.instance);
    outcome.leavesUnaffected(web.accessLogsBucket as Bucket);
  });

  test('tells what is otherwise, and why', () => {
    const { stack, web, database } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.availabilityZoneNamed('eu-west-1b'));
    expect(() => outcome.keeps(web.autoScalingGroups[0], 5 / 6)).toThrow(
      "Without eu-west-1b, 'Shop/Web/Instances' was to be one that keeps 83.3 % of its capacity, but it is degraded at once (66.7 % left) "
      + 'and unaffected after recovery within about 5 minutes; data at risk: none\n'
      + '  because Shop/WebInstancesASG09F72588 loses up to 2 of 6 (Shop/WebInstancesASG09F72588.VPCZoneIdentifier)');
    expect(() => outcome.survives(database.instance)).toThrow('was to be one that survives, but it is interrupted at once (0 % left)');
    expect(() => outcome.leavesUnaffected(web.loadBalancer)).toThrow('was to be one that is left unaffected');
    expect(() => outcome.recoversWithin(database.instance, Duration.minutes(1))).toThrow('was to be one that recovers within 1 minute');
    const wrong = FaultSimulation.fromStack(stack).under(Fault.badData(database.instance));
    expect(() => wrong.losesNoData(database.instance)).toThrow('data at risk: minutes');
  });

  test('lets a health check that may need the database replace the instances, unless it is said to be shallow', () => {
    const outage = (healthCheck?: WebHealthCheck) => {
      const { stack, web, database } = shop(healthCheck);
      database.connections.allowDefaultPortFrom(web);
      return FaultSimulation.fromStack(stack).under(Fault.primaryHost(database.instance)).verdictOn(web.loadBalancer).recoveryTime?.toSeconds();
    };
    expect(outage()).toBe(120 + 300);
    expect(outage(WebHealthCheck.http('/health', { isShallow: true }))).toBe(120);
  });

  test('says what a verdict is', () => {
    const { stack, web, database } = shop();
    const simulation = FaultSimulation.fromStack(stack);
    const instance = simulation.under(Fault.instance(web.autoScalingGroups[0])).verdictOn(web.loadBalancer);
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
    expect(told.under(Fault.availabilityZone(1)).verdictOn(instance).atOnce).toBe(Standing.LOST);
    expect(() => told.under(fault)).toThrow('nothing stands in zone eu-west-1a');
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
    expect(() => FaultSimulation.fromTemplates([file]).under(fault).verdictOnId('Other')).toThrow('no resource has the id Other in server; give a logical id of the template');
    fs.rmSync(folder, { recursive: true });
  });

  test('reads all stacks of an app, and those of its stages', () => {
    const app = new App();
    const network = new Stack(app, 'Network');
    const subnet = new ec2.CfnSubnet(network, 'Subnet', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24', availabilityZone: Fn.select(1, Fn.getAzs()) });
    const server = new ec2.CfnInstance(new Stack(app, 'Servers'), 'Server', { subnetId: subnet.ref });
    new ec2.CfnVolume(new Stack(new Stage(app, 'Production'), 'Disks'), 'Disk', { availabilityZone: Fn.select(0, Fn.getAzs()) });
    for (const simulation of [FaultSimulation.fromApp(app), FaultSimulation.fromAssembly(app.synth().directory)]) {
      expect(simulation.under(Fault.availabilityZone(1)).verdictOn(server).atOnce).toBe(Standing.LOST);
      expect(simulation.under(Fault.availabilityZone(0)).verdictOnId('Production-Disks/Disk').atOnce).toBe(Standing.LOST);
    }
  });

  test('follows references into other Regions', () => {
    const app = new App();
    const stacks = ['eu-west-1', 'us-east-1'].map(region => new Stack(app, `Shop-${region}`, { env: { ...env, region }, crossRegionReferences: true }));
    const [home, edge] = stacks;
    const server = new ec2.CfnInstance(home, 'Server', { availabilityZone: 'eu-west-1a' });
    const record = new route53.CfnRecordSet(edge, 'Record', {
      hostedZoneId: 'Z1', name: 'shop.example.com', type: 'A', ttl: '60', resourceRecords: [server.attrPublicIp],
    });
    new ec2.CfnSubnet(edge, 'Anywhere', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24' });
    const simulation = FaultSimulation.fromApp(app);
    expect(() => simulation.under(Fault.availabilityZoneNamed('eu-west-1b'))).toThrow('nothing stands in zone eu-west-1b');
    expect(simulation.under(Fault.availabilityZoneNamed('eu-west-1a')).verdictOn(record).atOnce).toBe(Standing.LOST);
    expect(simulation.under(Fault.availabilityZoneNamed('us-east-1a')).verdictOn(record).atOnce).toBe(Standing.UNAFFECTED);
  });

  test('names what it cannot read', () => {
    const stack = shopStack();
    new CfnResource(stack, 'Strange', { type: 'Vendor::Store::Cluster' });
    new ec2.CfnVolume(stack, 'Disk', { availabilityZone: 'eu-west-1a', size: Token.asNumber({ 'Fn::Length': [1] }) });
    expect(FaultSimulation.fromStack(stack).unread).toEqual([
      'Shop: Fn::Length is carried out at deployment', 'Shop/Strange: Vendor::Store::Cluster is not read',
    ]);
  });

  test('refuses stacks that cannot be told apart', () => {
    const app = new App();
    for (const region of ['eu-west-1', 'eu-central-1']) { new Stack(app, region, { stackName: 'Shop', env: { ...env, region } }); }
    expect(() => FaultSimulation.fromApp(app)).toThrow('two stacks are named Shop, so that their resources cannot be told apart; simulate them one by one');
  });

  test('follows references into nested stacks', () => {
    const stack = new Stack(new App(), 'Root');
    const network = new NestedStack(stack, 'Network');
    const subnet = new ec2.CfnSubnet(network, 'Subnet', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24', availabilityZone: Fn.select(1, Fn.getAzs()) });
    const instance = new ec2.CfnInstance(stack, 'Server', { subnetId: subnet.ref });
    const simulation = FaultSimulation.fromStack(stack);
    expect(simulation.under(Fault.availabilityZone(1)).verdictOn(instance).atOnce).toBe(Standing.LOST);
    expect(() => simulation.under(Fault.availabilityZone(0))).toThrow('Without zone 0: nothing stands in zone 0, so that all would seem to stand; give 1');
  });

  test('refuses a construct that is no resource', () => {
    const { stack } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.stackDeleted());
    expect(() => outcome.verdictOn(stack)).toThrow("'Shop' has no main resource; name one that it holds, such as 'Shop/Vpc'");
  });

  test('takes the zones that CDK has not looked up for what they stand for', () => {
    const stack = shopStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 3 });
    expect(stack.resolve(vpc.availabilityZones[0])).toBe('dummy1a');
    const [first] = vpc.privateSubnets;
    const instance = new ec2.CfnInstance(stack, 'Server', { subnetId: first.subnetId });
    expect(FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0)).verdictOn(instance).atOnce).toBe(Standing.LOST);
  });

  test('takes a construct of this library for what its users see', () => {
    const { stack, web, database } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0));
    expect(outcome.verdictOn(web)).toEqual(outcome.verdictOn(web.loadBalancer));
    expect(outcome.verdictOn(database)).toEqual(outcome.verdictOn(database.instance));
  });

  test('tells the steps from the fault on, each with what it was read from, and what would change it', () => {
    const { stack, web, database } = shop();
    database.connections.allowDefaultPortFrom(web);
    (database.instance.node.defaultChild as rds.CfnDBInstance).multiAz = false;
    const { chain } = FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0)).verdictOn(web);
    expect(chain).toEqual([
      {
        description: expect.stringMatching(/^Shop\/DatabaseInstance\w+ has no standby, and may stand in the lost zone$/),
        property: expect.stringMatching(/^Shop\/DatabaseInstance\w+\.MultiAZ$/),
        remedy: 'true',
        isCertain: true,
      },
      {
        description: expect.stringMatching(/^Shop\/WebInstancesASG\w+ needs Shop\/DatabaseInstance\w+$/),
        property: expect.stringMatching(/^Shop\/DatabaseSecurityGroup\w+\.SecurityGroupIngress$/),
        remedy: undefined,
        isCertain: false,
      },
      {
        description: expect.stringMatching(/^Shop\/WebLoadBalancer\w+ needs Shop\/WebInstancesASG\w+$/),
        property: expect.stringMatching(/^Shop\/WebInstancesASG\w+\.TargetGroupARNs$/),
        remedy: undefined,
        isCertain: true,
      },
    ]);
    expect(() => FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0)).survives(web))
      .toThrow(/because .* has no standby.*MultiAZ\); what would change it: true\n {2}because .*\(inferred from .*SecurityGroupIngress\)\n/);
  });

  describe('judges by the need', () => {
    test('that the construct recorded', () => {
      const { stack, web } = shop();
      const simulation = FaultSimulation.fromStack(stack);
      const zone = simulation.under(Fault.availabilityZone(0));
      expect(zone.verdictOn(web)).toMatchObject({ meetsNeed: true, needSource: 'recorded' });
      zone.meetsNeed(web);
      const two = simulation.under(Fault.together(Fault.availabilityZone(0), Fault.availabilityZone(1)));
      expect(two.verdictOn(web).meetsNeed).toBe(false);
      expect(() => two.meetsNeed(web)).toThrow("'Shop/Web' was to be one that meets its need, but it is degraded at once (33.3 % left)");
    });

    test('that the user states, in the place of it', () => {
      const { stack, web } = shop();
      const id = stack.getLogicalId(web.autoScalingGroups[0].node.defaultChild as CfnElement);
      for (const [need, met] of [[5, false], [4, true]] as const) {
        const simulation = FaultSimulation.fromStack(stack, { need: { [id]: need } });
        expect(simulation.under(Fault.availabilityZone(0)).verdictOn(web)).toMatchObject({ meetsNeed: met, needSource: 'stated' });
      }
    });

    test('and not at all where nobody says it', () => {
      const { stack, group } = plainGroup();
      const verdict = FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0)).verdictOn(group);
      expect(verdict).toMatchObject({ atOnce: Standing.DEGRADED, meetsNeed: undefined });
    });
  });

  test('lists what users of the application see', () => {
    const { stack, web } = shop();
    const publicWeb = new MultiAzWebTier(stack, 'Public', {
      vpc: web.autoScalingGroups[0].node.scope?.node.scope?.node.findChild('Vpc') as ec2.Vpc,
      instanceTemplate: instanceTemplate(),
      endpoint: WebEndpoint.publicHttp(),
    });
    const { services } = FaultSimulation.fromStack(stack);
    expect(services).toEqual([`Shop/${stack.getLogicalId(publicWeb.loadBalancer.node.defaultChild as CfnElement)}`]);
    expect(services).not.toContain(`Shop/${stack.getLogicalId(web.loadBalancer.node.defaultChild as CfnElement)}`);
  });

  describe('knows the zones of looked-up subnets', () => {
    const context = {
      'vpc-provider:account=123456789012:filter.vpc-id=vpc-1:region=eu-west-1:returnAsymmetricSubnets=true': {
        vpcId: 'vpc-1',
        vpcCidrBlock: '10.0.0.0/16',
        availabilityZones: [],
        subnetGroups: [{
          name: 'Public',
          type: 'Public',
          subnets: [{ subnetId: 'subnet-a', availabilityZone: 'eu-west-1a', cidr: '10.0.0.0/24', routeTableId: 'rtb-a' }],
        }],
      },
    };
    const serverIn = (app: App) => {
      const stack = new Stack(app, 'Shop', { env });
      const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcId: 'vpc-1' });
      return { stack, instance: new ec2.CfnInstance(stack, 'Server', { subnetId: vpc.publicSubnets[0].subnetId }) };
    };

    test('by the context of the app', () => {
      const { stack, instance } = serverIn(new App({ context }));
      const simulation = FaultSimulation.fromStack(stack);
      expect(simulation.under(Fault.availabilityZone(0)).verdictOn(instance).atOnce).toBe(Standing.LOST);
      expect(() => simulation.under(Fault.availabilityZone(1))).toThrow('nothing stands in zone eu-west-1b');
    });

    test('by a file', () => {
      const { stack } = serverIn(new App({ context }));
      const { directory } = (Stage.of(stack) as Stage).synth();
      const contextFile = path.join(directory, 'cdk.context.json');
      expect(FaultSimulation.fromAssembly(directory).under(Fault.availabilityZone(0)).verdictOnId('Server').atOnce).toBe(Standing.UNKNOWN);
      fs.writeFileSync(contextFile, JSON.stringify(context));
      const simulation = FaultSimulation.fromAssembly(directory, { contextFile });
      expect(simulation.under(Fault.availabilityZone(0)).verdictOnId('Server').atOnce).toBe(Standing.LOST);
    });
  });

  test('takes faults of the user', () => {
    const { stack, web, database } = shop();
    const fire = Fault.named('the fire in the basement', Fault.component(database), Fault.instance(web.autoScalingGroups[0]));
    const outcome = FaultSimulation.fromStack(stack).under(fire);
    expect(outcome.verdictOn(database)).toMatchObject({ atOnce: Standing.LOST, dataAtRisk: 'everything' });
    expect(outcome.verdictOn(web).capacityLeft).toBeCloseTo(5 / 6);
    expect(() => outcome.survives(database)).toThrow("Without the fire in the basement, 'Shop/Database' was to be one that survives");
  });

  test('stops and starts a server', () => {
    const stack = shopStack();
    const instance = new ec2.CfnInstance(stack, 'Server', { availabilityZone: 'eu-west-1a' });
    expect(FaultSimulation.fromStack(stack).under(Fault.stopStart(instance)).verdictOn(instance).atOnce).toBe(Standing.INTERRUPTED);
  });

  test.each([[true, Standing.DEGRADED], [false, Standing.LOST]])('rolls a bad version out (waits for signals: %s)', (waitOnResourceSignals, standing) => {
    const { stack, group } = plainGroup();
    group.cfnOptions.updatePolicy = { autoScalingRollingUpdate: { minInstancesInService: 1, waitOnResourceSignals } };
    expect(FaultSimulation.fromStack(stack).under(Fault.badVersion(group)).verdictOn(group).atOnce).toBe(standing);
  });

  describe('refuses a fault that can hit nothing, since all would seem to stand:', () => {
    test.each<[string, (all: ReturnType<typeof shop>) => Fault, string | RegExp]>([
      ['a zone that no Region has', () => Fault.availabilityZone(7), "'index' is 7; give 0 for the first zone, 1 for the second, and so on: no Region has more than six"],
      ['a zone before the first', () => Fault.availabilityZone(-1), "'index' is -1"],
      ['half a zone', () => Fault.availabilityZone(0.5), "'index' is 0.5"],
      ['the id of a zone', () => Fault.availabilityZoneNamed('euw1-az1'), "'euw1-az1' is not the name of an availability zone; give one such as eu-west-1a"],
      ['a zone of another Region', () => Fault.availabilityZoneNamed('us-west-1a'),
        'us-west-1 is not the Region of a simulated stack, so that the fault would hit nothing; they are in eu-west-1'],
      ['a zone in which nothing stands', () => Fault.availabilityZone(5),
        'Without zone 5: nothing stands in zone eu-west-1f, so that all would seem to stand; give eu-west-1a or eu-west-1b or eu-west-1c'],
      ['such a zone with another', () => Fault.together(Fault.availabilityZone(0), Fault.availabilityZoneNamed('eu-west-1z')), 'nothing stands in zone eu-west-1z'],
      ['another Region', () => Fault.region('nowhere'), 'nowhere is not the Region of a simulated stack'],
      ['no fault at all', () => Fault.together(), 'there is no fault in it; give one or more'],
      ['a fault of something else', ({ database }) => Fault.natGateway(database),
        /Without Shop\/Database: Shop\/DatabaseInstance\w+ is AWS::RDS::DBInstance, to which it cannot happen; give AWS::EC2::NatGateway/],
      ['a fault of a part of it', ({ web }) => Fault.badVersion(web),
        /Without a good version of Shop\/Web: Shop\/Web\w+ is AWS::ElasticLoadBalancingV2::LoadBalancer, to which it cannot happen; give 'Shop\/Web\/Instances'$/],
      ['wrong data where none are kept', ({ web }) => Fault.badData(web.autoScalingGroups[0]),
        /Shop\/Web\w+ is AWS::AutoScaling::AutoScalingGroup, which keeps no data; give what keeps some$/],
      ['wrong data in a part of it', ({ web }) => Fault.badData(web), /which keeps no data; give 'Shop\/Web\/AccessLogs'$/],
      ['what is needed by what is not followed', ({ web }) => Fault.component(web.autoScalingGroups[0].connections.securityGroups[0]),
        /the simulation does not follow what needs Shop\/\w+, AWS::EC2::SecurityGroup, so that all would seem to stand$/],
      ['the same by an operator', ({ web }) => Fault.operatorDeletes(web.alarms[0]),
        /^Without Shop\/Web\/\S+, which an operator deletes: the simulation does not follow what needs Shop\/\w+, AWS::CloudWatch::Alarm/],
    ])('%s', (_, fault, message) => {
      const all = shop();
      expect(() => FaultSimulation.fromStack(all.stack).under(fault(all))).toThrow(message);
    });

    test('a component of another app', () => {
      const { stack } = shop();
      const other = new ec2.CfnInstance(new Stack(new App(), 'Elsewhere'), 'Server');
      expect(() => FaultSimulation.fromStack(stack).under(Fault.instance(other))).toThrow('Elsewhere/Server is not among the simulated resources');
    });

    test('a name in a stack that can go anywhere', () => {
      const stack = new Stack(new App(), 'Anywhere');
      new ec2.CfnVolume(stack, 'Disk', { availabilityZone: Fn.select(0, Fn.getAzs()) });
      expect(() => FaultSimulation.fromStack(stack).under(Fault.availabilityZoneNamed('eu-west-1a')))
        .toThrow("they are in a Region that is chosen at deployment; take zones by their index, or give the stack an 'env'");
    });
  });

  describe('takes a zone in which nothing is known to stand, but where', () => {
    const subnets = (stack: Stack) => ['One', 'Other'].map(id => new CfnParameter(stack, id).valueAsString);
    test.each<[string, (stack: Stack) => unknown]>([
      ['a server may', stack => new ec2.CfnInstance(stack, 'Server')],
      ['a subnet may', stack => new ec2.CfnSubnet(stack, 'Subnet', { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24' })],
      ['the nodes of a balancer may', stack => new CfnResource(stack, 'Balancer', { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', properties: { Subnets: subnets(stack) } })],
      ['a task may', stack => new CfnResource(stack, 'Rule', { type: 'AWS::Events::Rule', properties: { Targets: [{ Subnets: subnets(stack) }] } })],
    ])('%s', (_, add) => {
      const { stack, web } = shop();
      add(stack);
      FaultSimulation.fromStack(stack).under(Fault.availabilityZone(5)).leavesUnaffected(web);
    });

    test('all that there is is regional', () => {
      const stack = shopStack();
      const bucket = new Bucket(stack, 'Bucket');
      FaultSimulation.fromStack(stack).under(Fault.availabilityZone(5)).leavesUnaffected(bucket);
    });
  });

  describe('knows what goes without', () => {
    test.each<[string, (web: MultiAzWebTier) => IConstruct]>([
      ['the listener', web => web.listener as IConstruct], ['the target group', web => web.targetGroup],
    ])('%s of a balancer', (_, part) => {
      const { stack, web } = shop();
      const outcome = FaultSimulation.fromStack(stack).under(Fault.component(part(web)));
      expect(outcome.verdictOn(web)).toMatchObject({ atOnce: Standing.LOST, afterRecovery: Standing.LOST });
      expect(outcome.verdictOn(web.autoScalingGroups[0]).atOnce).toBe(Standing.UNAFFECTED);
      expect(outcome.verdictOn(web).chain).toEqual([
        expect.objectContaining({ description: expect.stringMatching(/ is gone$/) }),
        expect.objectContaining({ description: expect.stringMatching(/^Shop\/WebLoad\w+ needs Shop\/Web\w+$/), property: expect.stringMatching(/\.(LoadBalancerArn|DefaultActions)$/) }),
      ]);
    });

    test('one of two listeners, but not one that only redirects', () => {
      const { stack, web } = shop();
      const LoadBalancerArn = (web.loadBalancer.node.defaultChild as CfnResource).ref;
      const listener = (id: string, action: object) => new CfnResource(stack, id, {
        type: 'AWS::ElasticLoadBalancingV2::Listener', properties: { LoadBalancerArn, Port: 8080, Protocol: 'HTTP', DefaultActions: [action] },
      });
      const redirect = listener('Redirect', { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301', Port: '80' } });
      const other = listener('Other', { Type: 'forward', TargetGroupArn: web.targetGroup.targetGroupArn });
      const simulation = FaultSimulation.fromStack(stack);
      const without = (one: IConstruct) => simulation.under(Fault.component(one)).verdictOn(web).atOnce;
      expect([without(other), without(web.listener as IConstruct)]).toEqual([Standing.LOST, Standing.LOST]);
      expect(() => simulation.under(Fault.component(redirect))).toThrow('does not follow what needs Shop/Redirect');
    });

    test('the launch template of a group: what runs goes on, and nothing is started anew', () => {
      const { stack, web } = shop();
      const simulation = FaultSimulation.fromStack(stack);
      const template = Fault.operatorDeletes(web.launchTemplate);
      simulation.under(template).leavesUnaffected(web);
      const both = simulation.under(Fault.together(template, Fault.availabilityZone(0))).verdictOn(web);
      expect(both).toMatchObject({ atOnce: Standing.DEGRADED, afterRecovery: Standing.DEGRADED, capacityLeft: 4 / 6 });
      expect(both.chain.map(({ description }) => description)).toContainEqual(expect.stringMatching(/^Shop\/Web\w+ starts nothing anew without Shop\/\w+$/));
    });
  });

  describe('lets an operator delete', () => {
    test.each<[string, Record<string, unknown>, boolean]>([
      ['a group', {}, true],
      ['no group that keeps its instances', { DeletionProtection: 'prevent-force-deletion' }, false],
      ['a group that may be empty', { DeletionProtection: 'prevent-force-deletion', MinSize: '0' }, true],
      ['no group that is protected', { DeletionProtection: 'prevent-all-deletion', MinSize: '0' }, false],
    ])('%s', (_, properties, goes) => {
      const { stack, group } = plainGroup();
      for (const [name, value] of Object.entries(properties)) { group.addPropertyOverride(name, value); }
      const simulation = FaultSimulation.fromStack(stack);
      expect(simulation.under(Fault.operatorDeletes(group)).verdictOn(group).atOnce).toBe(goes ? Standing.LOST : Standing.UNAFFECTED);
      // CloudFormation empties a group before it deletes it
      expect(simulation.under(Fault.stackDeleted()).verdictOn(group).atOnce).toBe(Standing.LOST);
    });

    test.each([['true', false], ['false', true]])('a balancer (protected: %s)', (Value, goes) => {
      const { stack, web } = shop();
      const balancer = web.loadBalancer.node.defaultChild as CfnResource;
      balancer.addPropertyOverride('LoadBalancerAttributes', [{ Key: 'deletion_protection.enabled', Value }]);
      const simulation = FaultSimulation.fromStack(stack);
      expect(simulation.under(Fault.operatorDeletes(web)).verdictOn(web).atOnce).toBe(goes ? Standing.LOST : Standing.UNAFFECTED);
      expect(simulation.under(Fault.operatorDeletes(web.listener as IConstruct)).verdictOn(web).atOnce).toBe(Standing.LOST);
      expect(simulation.under(Fault.stackDeleted()).verdictOn(web).atOnce).toBe(Standing.LOST);
      // it is in use
      expect(simulation.under(Fault.operatorDeletes(web.targetGroup)).verdictOn(web).atOnce).toBe(Standing.UNAFFECTED);
      const names = [Fault.operatorDeletes(web).description, Fault.together(Fault.stackDeleted(), Fault.operatorDeletes(web)).description];
      expect(names).toEqual(['Shop/Web, which an operator deletes', 'the stack and Shop/Web, which an operator deletes']);
    });
  });

  test('refuses a share that cannot be kept', () => {
    const { stack, web } = shop();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0));
    for (const share of [-1, 0, 67, NaN]) { expect(() => outcome.keeps(web, share)).toThrow(`'share' is ${share}; give a number above 0, up to 1, such as 2 / 3`); }
  });

  test('refuses a folder without an assembly', () => {
    expect(() => FaultSimulation.fromAssembly('/nowhere')).toThrow("there is no cloud assembly in '/nowhere': it has no manifest.json; run 'cdk synth' first");
  });
});

/** A group as aws-cdk-lib itself has it. */
function plainGroup() {
  const stack = shopStack();
  const vpc = networkWithData(stack);
  const group = new autoscaling.CfnAutoScalingGroup(stack, 'Group', { minSize: '2', maxSize: '4', vpcZoneIdentifier: vpc.publicSubnets.map(({ subnetId }) => subnetId) });
  return { stack, group };
}
