import { App, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HaNatPerAz, NatAddresses, NatEgress, NatFailback, NatInstancesOptions, TakeoverProfile } from '../../src';
import { env, importedNetworkOf, networkOf, networkWithoutNat, shopStack, shopStackAnywhere, zoneNames } from '../helpers/network';

function natOf(options: NatInstancesOptions = {}, zones = 3) {
  const stack = shopStack();
  const vpc = networkWithoutNat(stack, zones);
  const nat = new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.instances(options) });
  return { stack, vpc, nat, resolve: (value: unknown) => stack.resolve(value), template: () => Template.fromStack(stack) };
}

/** What refuses `options`; nothing may be left of the construct. */
function refusalOf(options: NatInstancesOptions, zones?: number): string {
  const stack = shopStack();
  const vpc = networkWithoutNat(stack, zones);
  return refusalIn(stack, vpc, options);
}

function refusalIn(stack: Stack, vpc: ec2.IVpc, options: NatInstancesOptions): string {
  const before = stack.node.findAll().length;
  try {
    new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.instances(options) });
  } catch (error) {
    expect(stack.node.findAll()).toHaveLength(before + 1);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

/** The statements of the role of each zone, by their actions. */
function statementsOf({ template }: ReturnType<typeof natOf>, zone: string) {
  const [policy] = Object.entries(template().findResources('AWS::IAM::Policy')).filter(([id]) => id.includes(zone.replaceAll('-', '')));
  return policy[1].Properties.PolicyDocument.Statement as Record<string, unknown>[];
}

function arn(resource: string, id: unknown) {
  const prefix = [`:ec2:${env.region}:${env.account}:${resource}/`];
  return { 'Fn::Join': ['', typeof id === 'string' ? ['arn:', { Ref: 'AWS::Partition' }, `${prefix[0]}${id}`] : ['arn:', { Ref: 'AWS::Partition' }, prefix[0], id]] };
}

describe('HaNatPerAz of instances', () => {
  describe('by default', () => {
    test('has in each zone an interface that passes on what is not its own, with an address that stays', () => {
      const { nat, vpc, resolve, template } = natOf();
      expect(nat.networkInterfaces).toHaveLength(3);
      expect(nat.elasticIps).toHaveLength(3);
      expect(nat.natGateways).toEqual([]);
      nat.networkInterfaces.forEach((networkInterface, i) => {
        expect(resolve(networkInterface.subnetId)).toEqual(resolve(vpc.publicSubnets[i].subnetId));
        expect(networkInterface.sourceDestCheck).toBe(false);
        template().hasResourceProperties('AWS::EC2::EIPAssociation', {
          NetworkInterfaceId: resolve(networkInterface.ref),
          AllocationId: resolve(nat.elasticIps[i].attrAllocationId),
        });
      });
    });

    test('leads each private subnet to the interface of its own zone', () => {
      const { nat, vpc, resolve, template } = natOf();
      vpc.privateSubnets.forEach((subnet, i) => template().hasResourceProperties('AWS::EC2::Route', {
        RouteTableId: resolve(subnet.routeTable.routeTableId),
        DestinationCidrBlock: '0.0.0.0/0',
        NetworkInterfaceId: resolve(nat.networkInterfaces[i].ref),
      }));
    });

    test('makes whoever waits for the way out wait for the group behind it', () => {
      const { nat, stack, vpc, template } = natOf();
      new ec2.CfnVolume(stack, 'Waiting', { availabilityZone: zoneNames[1] }).node.addDependency(vpc.privateSubnets[1].internetConnectivityEstablished);
      const route = stack.getLogicalId(vpc.privateSubnets[1].node.findChild('DefaultRoute') as ec2.CfnRoute);
      const group = stack.getLogicalId(nat.autoScalingGroups[1].node.defaultChild as autoscaling.CfnAutoScalingGroup);
      template().hasResource('AWS::EC2::Volume', { DependsOn: Match.arrayWith([route]) });
      expect(template().findResources('AWS::EC2::Route')[route].DependsOn).toContain(group);
    });

    test('has in each zone a group of one instance, replaced by itself on a day of its own', () => {
      const { nat, vpc, resolve, template } = natOf();
      const groups = Object.values(template().findResources('AWS::AutoScaling::AutoScalingGroup'));
      expect(groups.map(({ Properties: group }) => [group.MinSize, group.MaxSize, group.VPCZoneIdentifier, group.MaxInstanceLifetime])).toEqual(
        vpc.publicSubnets.map((subnet, i) => ['1', '1', [resolve(subnet.subnetId)], Duration.days(14 + i).toSeconds()]));
      expect(nat.autoScalingGroups).toHaveLength(3);
    });

    test('replaces an instance by a new version, the old one first, and waits for it', () => {
      natOf().template().allResources('AWS::AutoScaling::AutoScalingGroup', {
        UpdatePolicy: {
          AutoScalingInstanceRefresh: { Strategy: 'Rolling', Preferences: Match.objectLike({ MinHealthyPercentage: 0, MaxHealthyPercentage: 100 }) },
        },
        Properties: Match.objectLike({
          DefaultInstanceWarmup: 300,
          InstanceMaintenancePolicy: { MinHealthyPercentage: 0, MaxHealthyPercentage: 100 },
        }),
      });
    });

    test('never replaces the instances of two zones at once: each group waits for the one before', () => {
      const { nat, stack, template } = natOf();
      const ids = nat.autoScalingGroups.map(group => stack.getLogicalId(group.node.defaultChild as autoscaling.CfnAutoScalingGroup));
      const groups = template().findResources('AWS::AutoScaling::AutoScalingGroup');
      expect(ids.map(id => ids.filter(other => groups[id].DependsOn.includes(other)))).toEqual([[], [ids[0]], [ids[1]]]);
    });

    test('starts no instance before it may do all it has to, and before its address is there', () => {
      const { template } = natOf();
      Object.values(template().findResources('AWS::AutoScaling::AutoScalingGroup')).forEach(({ DependsOn: waitsFor }) =>
        expect(waitsFor).toEqual(expect.arrayContaining([
          expect.stringMatching(/InstanceRoleDefaultPolicy/), expect.stringMatching(/Association/), expect.stringMatching(/PublicSubnet\dDefaultRoute/),
        ])));
    });

    test('makes instances that reach AWS by an address of their own, and that go when they power off', () => {
      const { nat, resolve, template } = natOf();
      const templates = Object.values(template().findResources('AWS::EC2::LaunchTemplate'));
      templates.forEach(({ Properties: { LaunchTemplateData: data } }, i) => {
        expect(data).toMatchObject({
          InstanceType: 't4g.micro',
          ImageId: { Ref: expect.stringMatching(/al2023.*arm64/) },
          InstanceInitiatedShutdownBehavior: 'terminate',
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
          BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', DeleteOnTermination: true } }],
          NetworkInterfaces: [{
            DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [resolve(nat.connections.securityGroups[0].securityGroupId)],
          }],
        });
        expect(data.TagSpecifications).toContainEqual({
          ResourceType: 'instance',
          Tags: expect.arrayContaining([{ Key: 'cdk-fault-tolerance:nat-interface', Value: resolve(nat.networkInterfaces[i].ref) }]),
        });
      });
    });

    test('lets in what comes from the VPC, and nothing else', () => {
      const { vpc, resolve, template } = natOf();
      const groups = Object.values(template().findResources('AWS::EC2::SecurityGroup'));
      expect(groups.map(({ Properties: group }) => group.SecurityGroupIngress)).toEqual([
        [expect.objectContaining({ CidrIp: resolve(vpc.vpcCidrBlock), IpProtocol: '-1' })],
      ]);
      expect(groups[0].Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '0.0.0.0/0', IpProtocol: '-1' })]);
      template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    });
  });

  describe('may', () => {
    test.each(zoneNames)('in %s take its own interface, lead the routes elsewhere, and tell how it is', zone => {
      const made = natOf();
      const index = zoneNames.indexOf(zone);
      const tables = made.vpc.privateSubnets.map(subnet => arn('route-table', made.resolve(subnet.routeTable.routeTableId)));
      const own = made.resolve(made.nat.networkInterfaces[index].ref);
      expect(statementsOf(made, zone)).toEqual([
        { Effect: 'Allow', Action: 'ec2:ReplaceRoute', Resource: tables },
        { Effect: 'Allow', Action: 'ec2:AttachNetworkInterface', Resource: arn('network-interface', own) },
        {
          Effect: 'Allow',
          Action: 'ec2:AttachNetworkInterface',
          Resource: arn('instance', '*'),
          Condition: { StringEquals: { 'aws:ResourceTag/cdk-fault-tolerance:nat-interface': own } },
        },
        { Effect: 'Allow', Action: ['ec2:DescribeRouteTables', 'ec2:DescribeNetworkInterfaces'], Resource: '*' },
        {
          Effect: 'Allow',
          Action: 'cloudwatch:PutMetricData',
          Resource: '*',
          Condition: { StringEquals: { 'cloudwatch:namespace': 'CdkFaultTolerance/HaNat' } },
        },
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, expect.stringMatching(/^:s3:::cdk-hnb659fds-assets-[\w-]+\/\*\.c8[0-9a-f]{40}$/)]] },
        },
      ]);
    });

    test('besides place the addresses of the network on its interfaces, where these follow', () => {
      const made = natOf({ addresses: NatAddresses.FOLLOW });
      const { nat, resolve } = made;
      const statements = statementsOf(made, zoneNames[0]);
      expect(statements).toContainEqual({
        Effect: 'Allow',
        Action: ['ec2:DescribeRouteTables', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeAddresses'],
        Resource: '*',
      });
      expect(statements).toContainEqual({
        Effect: 'Allow',
        Action: 'ec2:AssociateAddress',
        Resource: [
          ...nat.elasticIps.map(address => arn('elastic-ip', resolve(address.attrAllocationId))),
          ...nat.networkInterfaces.map(({ ref }) => arn('network-interface', resolve(ref))),
        ],
      });
      expect(statements).toHaveLength(7);
    });
  });

  describe('with addresses that follow', () => {
    test('leaves it to the instances to place the addresses, and has one to place each on', () => {
      const { nat, template } = natOf({ addresses: NatAddresses.FOLLOW });
      template().resourceCountIs('AWS::EC2::EIP', 3);
      template().resourceCountIs('AWS::EC2::EIPAssociation', 0);
      expect(nat.networkInterfaces.map(({ secondaryPrivateIpAddressCount }) => secondaryPrivateIpAddressCount)).toEqual([3, 3, 3]);
    });

    test.each([[2, 't4g.small'], [3, 't4g.small']])('over %d zones takes the type %s, which has room for them', (zones, type) => {
      natOf({ addresses: NatAddresses.FOLLOW }, zones).template().allResourcesProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: Match.objectLike({ InstanceType: type }),
      });
    });

    test('and connections that outlive has interfaces that EC2 does not track, and instances that let in the VPC alone', () => {
      const { nat, resolve, template } = natOf({ addresses: NatAddresses.FOLLOW, preserveConnections: true }, 2);
      const [own] = nat.connections.securityGroups;
      const ingress = Object.values(template().findResources('AWS::EC2::SecurityGroup')).map(({ Properties: group }) => group.SecurityGroupIngress[0].CidrIp);
      expect(ingress).toHaveLength(2);
      expect(ingress).toContain('0.0.0.0/0');
      nat.networkInterfaces.forEach(({ groupSet }) => expect(resolve(groupSet)).not.toContainEqual(resolve(own.securityGroupId)));
      template().allResourcesProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: Match.objectLike({ NetworkInterfaces: [Match.objectLike({ Groups: [resolve(own.securityGroupId)] })] }),
      });
    });
  });

  describe('takes', () => {
    test('addresses that are there already, in the order of the zones', () => {
      const ids = ['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c'];
      const { nat, resolve, template } = natOf({ eipAllocationIds: ids });
      template().resourceCountIs('AWS::EC2::EIP', 0);
      expect(nat.elasticIps).toEqual([]);
      nat.networkInterfaces.forEach(({ ref }, i) =>
        template().hasResourceProperties('AWS::EC2::EIPAssociation', { NetworkInterfaceId: resolve(ref), AllocationId: ids[i] }));
    });

    test('an image of its own and an instance type, and the name of the root device in it', () => {
      natOf({
        instanceType: new ec2.InstanceType('c7g.medium'),
        machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
        rootDeviceName: '/dev/sda1',
      }).template().allResourcesProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: Match.objectLike({
          InstanceType: 'c7g.medium', ImageId: 'ami-0123456789abcdef0', BlockDeviceMappings: [Match.objectLike({ DeviceName: '/dev/sda1' })],
        }),
      });
    });

    test('the image of the architecture of its instance type', () => {
      natOf({ instanceType: new ec2.InstanceType('t3.nano') }).template().allResourcesProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: Match.objectLike({ ImageId: { Ref: Match.stringLikeRegexp('al2023.*x8664') } }),
      });
    });

    test('a type that is known at deployment only, with an image of its own', () => {
      const instanceType = new ec2.InstanceType(Lazy.string({ produce: () => 'c7g.medium' }));
      const machineImage = ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' });
      natOf({ instanceType, machineImage, addresses: NatAddresses.FOLLOW }).template().resourceCountIs('AWS::EC2::LaunchTemplate', 3);
    });

    test('the ranges of a VPC that has several', () => {
      const { template } = natOf({ vpcCidrs: ['10.0.0.0/16', '100.65.0.0/16'] });
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16' }), Match.objectLike({ CidrIp: '100.65.0.0/16' })],
      });
    });

    test('a VPC made elsewhere', () => {
      const stack = shopStack();
      const nat = new HaNatPerAz(stack, 'Nat', { vpc: importedNetworkOf(stack), egress: NatEgress.instances({ vpcCidrs: ['10.0.0.0/16'] }) });
      nat.networkInterfaces.forEach(({ ref }, i) => Template.fromStack(stack).hasResourceProperties('AWS::EC2::Route', {
        RouteTableId: `rtb-0123456789abcdeb${i}`, NetworkInterfaceId: stack.resolve(ref),
      }));
    });

    test('a VPC of another stack, without leading back to its own', () => {
      const app = new App();
      const vpc = networkWithoutNat(new Stack(app, 'Network', { env }));
      const stack = new Stack(app, 'Nat', { env });
      new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.instances() });
      Template.fromStack(stack).resourceCountIs('AWS::EC2::Route', 3);
    });

    test('a VPC that is still to be looked up, whose zones and ranges are not known yet', () => {
      const stack = shopStack();
      const vpc = ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shop' });
      const eipAllocationIds = ['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c'];
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.instances({ addresses: NatAddresses.FOLLOW, eipAllocationIds }) })).not.toThrow();
    });

    test('a stack without a fixed Region', () => {
      const stack = shopStackAnywhere();
      new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances({ addresses: NatAddresses.FOLLOW }) }) });
      Template.fromStack(stack).resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 2);
    });
  });

  test('takes an image of the user also in a stack without a fixed Region, and leaves no parameter of an image that is refused', () => {
    const stack = shopStackAnywhere();
    const vpc = new ec2.Vpc(stack, 'Vpc', {
      natGateways: 0,
      subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }, { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
    });
    const machineImage = ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 });
    const wrong = ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.X86_64 });
    expect(() => new HaNatPerAz(stack, 'Refused', { vpc, egress: NatEgress.instances({ machineImage: wrong }) })).toThrow(/is for x86_64/);
    new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.instances({ machineImage }) });
    expect(Object.keys(Template.fromStack(stack).findParameters('*'))).toEqual([expect.stringMatching(/al2023.*arm64/), 'BootstrapVersion']);
  });

  test('plugs into a new VPC as its NAT provider, and tells which interface is in which zone', () => {
    const stack = shopStack();
    const provider = HaNatPerAz.asNatProvider({ egress: NatEgress.instances() });
    const vpc = networkOf(stack, 3, { natGatewayProvider: provider });
    const { networkInterfaces } = vpc.node.findChild('HaNat') as HaNatPerAz;
    expect(provider.configuredGateways).toEqual(zoneNames.map((az, i) => ({ az, gatewayId: networkInterfaces[i].ref })));
  });

  test('lets others in by its connections', () => {
    const { nat, template } = natOf();
    nat.connections.allowFrom(ec2.Peer.ipv4('192.168.0.0/16'), ec2.Port.allTraffic());
    template().hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.arrayWith([Match.objectLike({ CidrIp: '192.168.0.0/16' })]) });
  });

  describe('alarms', () => {
    const told = (zone: string, metric: string, more: object) => ({
      Namespace: 'CdkFaultTolerance/HaNat',
      MetricName: metric,
      Dimensions: [{ Name: 'AvailabilityZone', Value: zone }, { Name: 'Group', Value: 'Shop/Nat' }],
      Period: 60,
      ...more,
    });

    test.each(zoneNames)('go off for %s on a takeover, an instance that is not well, its limits, and a group without one', zone => {
      const { stack, nat, template } = natOf();
      const above = { ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' };
      const below = { ComparisonOperator: 'LessThanThreshold', Threshold: 1, EvaluationPeriods: 5, TreatMissingData: 'breaching', Statistic: 'Minimum' };
      const group = nat.autoScalingGroups[zoneNames.indexOf(zone)];
      for (const expected of [
        told(zone, 'ForeignObjectsHeld', { ...above, Threshold: 0, EvaluationPeriods: 1, Statistic: 'Maximum' }),
        told(zone, 'NodeHealthy', below),
        told(zone, 'ConntrackUsedPercent', { ...above, Threshold: 80, Statistic: 'Maximum' }),
        told(zone, 'AllowanceExceeded', { ...above, Threshold: 0, Statistic: 'Sum' }),
        told(zone, 'Misconfigured', { ...above, Threshold: 0, EvaluationPeriods: 1, Statistic: 'Maximum' }),
        {
          Namespace: 'AWS/AutoScaling',
          MetricName: 'GroupInServiceInstances',
          Dimensions: [{ Name: 'AutoScalingGroupName', Value: stack.resolve(group.autoScalingGroupName) }],
          ...below,
        },
      ]) { template().hasResourceProperties('AWS::CloudWatch::Alarm', expected); }
      expect(nat.alarms).toHaveLength(3 * 6 + 1);
    });

    test('go off when no instance of any zone is well', () => {
      natOf().template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Metrics: Match.arrayWith([Match.objectLike({ Expression: 'SUM([FILL(zone1, 0), FILL(zone2, 0), FILL(zone3, 0)])' })]),
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'breaching',
      });
    });

    test('tell the topic, also when all is well again', () => {
      const stack = shopStack();
      const alarmTopic = new sns.Topic(stack, 'Alarms');
      new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), egress: NatEgress.instances(), alarmTopic });
      const arns = [stack.resolve(alarmTopic.topicArn)];
      Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: arns, OKActions: arns });
    });
  });

  test('has figures over all zones, two of which a dashboard shows', () => {
    const { nat } = natOf();
    expect([nat.metricHealthyInstances(), nat.metricZonesTakenOver(), nat.metricConntrackUsedPercent({ label: 'Table' })]
      .map(({ expression, label, usingMetrics }) => [expression, label, (usingMetrics.zone1 as cloudwatch.Metric).metricName]))
      .toEqual([
        ['SUM([FILL(zone1, 0), FILL(zone2, 0), FILL(zone3, 0)])', 'Healthy NAT instances', 'NodeHealthy'],
        ['SUM([FILL(zone1, 0), FILL(zone2, 0), FILL(zone3, 0)])', 'Zones taken over', 'ForeignObjectsHeld'],
        ['MAX([FILL(zone1, 0), FILL(zone2, 0), FILL(zone3, 0)])', 'Table', 'ConntrackUsedPercent'],
      ]);
    expect(nat.keyMetrics).toHaveLength(2);
  });

  test('warns of an image that is resolved at each launch', () => {
    const { stack } = natOf({ machineImage: ec2.MachineImage.resolveSsmParameterAtLaunch('/shop/nat') });
    Annotations.fromStack(stack).hasWarning('/Shop/Nat/eu-west-1a/Instance', Match.stringLikeRegexp(
      "'machineImage' is resolve:ssm:/shop/nat, which is resolved when an instance is launched"));
  });

  test('calls the instances by their zones, also where a VPC makes them', () => {
    const stack = shopStack();
    networkOf(stack, 3, { natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances() }) });
    const names = Object.values(Template.fromStack(stack).findResources('AWS::AutoScaling::AutoScalingGroup'))
      .map(({ Properties: { Tags: tags } }) => tags.find(({ Key: key }: { Key: string }) => key === 'Name'));
    expect(names).toEqual(['a', 'b', 'c'].map(zone => ({ Key: 'Name', PropagateAtLaunch: true, Value: `Shop/Vpc/HaNat/eu-west-1${zone}/Instance` })));
  });

  describe('refuses', () => {
    const at = "[HaNatPerAz at 'Shop/Nat']";

    test.each<[string, NatInstancesOptions, string]>([
      ['an unknown profile', { profile: 'calm' as TakeoverProfile }, "'egress.profile' is 'calm'; give TakeoverProfile.DEFAULT or TakeoverProfile.FAST"],
      ['an unknown way with addresses', { addresses: 'float' as NatAddresses }, "'egress.addresses' is 'float'; give NatAddresses.PER_AZ or NatAddresses.FOLLOW"],
      ['an unknown failback', { failback: 'never' as NatFailback }, "'egress.failback' is 'never'; give NatFailback.AUTOMATIC or NatFailback.MANUAL"],
      ['connections that outlive, whose address does not', { preserveConnections: true },
        "'egress.preserveConnections' is given, but a connection ends with the public address that it came from, and without NatAddresses.FOLLOW a takeover "
        + "changes that; give 'egress.addresses: NatAddresses.FOLLOW' too, or leave it out"],
      ['connections that outlive, of three zones', { addresses: NatAddresses.FOLLOW, preserveConnections: true },
        "'egress.preserveConnections' has the instances of 2 zones copy their connections to each other, and there are 3; leave it out, or give the VPC 'maxAzs: 2'"],
      ['an address that is given twice', { eipAllocationIds: ['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0a'] },
        "'egress.eipAllocationIds' has 'eipalloc-0a' twice, and an address is in one place only; give each zone its own"],
      ['fewer addresses than zones', { eipAllocationIds: ['eipalloc-0a', 'eipalloc-0b'] },
        "'egress.eipAllocationIds' has 2 entries for 3 zones; give one a zone, in the order of the zones"],
      ['what is no address', { eipAllocationIds: ['198.51.100.7', 'eipalloc-0b', 'eipalloc-0c'] },
        "'egress.eipAllocationIds' has '198.51.100.7'; write it as 'eipalloc-0123456789abcdef0'"],
      ['a type whose architecture is not known', { instanceType: new ec2.InstanceType(Token.asString({ Ref: 'Type' })) },
        expect.stringMatching(/'egress.instanceType' \S+ is not known at synth, so no image can be chosen; give 'egress\.machineImage' too \[/)],
      ['an image of another architecture',
        { machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.X86_64 }) },
        "'egress.machineImage' is for x86_64, but 'egress.instanceType' t4g.micro is of arm64; give an image and a type of one processor architecture"],
      ['an image of Windows', { instanceType: new ec2.InstanceType('t3.small'), machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0a' }) },
        "'egress.machineImage' is an image of Windows; give one of the family of Amazon Linux, or leave it out"],
      ['a type without room for the addresses', { instanceType: new ec2.InstanceType('t4g.micro'), addresses: NatAddresses.FOLLOW },
        "'egress.instanceType' t4g.micro has room for 2 addresses on a network interface, of which NatAddresses.FOLLOW takes 4 over 3 zones; "
        + 'give t4g.small, a larger one, or leave it out'],
      ['what is the end of a device name only', { rootDeviceName: 'xvda' }, "'egress.rootDeviceName' is 'xvda'; give the whole name, such as /dev/xvda"],
      ['no range of the VPC', { vpcCidrs: [] }, "'egress.vpcCidrs' has 0 entries; give 1 or more"],
      ...['10.0.0.0', '10.0.0.1/16', '999.0.0.0/16', '0.0.0.0/0', '10.0.0.0/29', ''].map((cidr): [string, NatInstancesOptions, string] =>
        [`'${cidr}' for a range of a VPC`, { vpcCidrs: ['10.0.0.0/16', cidr] },
          `'egress.vpcCidrs' has '${cidr}', which is no address range of a VPC; give its blocks as they are, such as '10.0.0.0/16', of /16 to /28`]),
      ['nothing for a range', { vpcCidrs: [undefined as unknown as string] },
        "'egress.vpcCidrs' has 'undefined', which is no address range of a VPC; give its blocks as they are, such as '10.0.0.0/16', of /16 to /28"],
      ['ranges in a list that is known at deployment only', { vpcCidrs: Token.asList({ Ref: 'Ranges' }) },
        "'egress.vpcCidrs' is a list that is known at deployment only; write a list of Fn.select(index, …)"],
      ['ranges without those of the subnets', { vpcCidrs: ['10.1.0.0/16', '10.2.0.0/16'] },
        "'privateSubnets' selects 'Shop/Vpc/PrivateSubnet1' with 10.0.96.0/19, which is not in 10.1.0.0/16, 10.2.0.0/16: all that the instances let in; "
        + "give all ranges of the VPC as 'egress.vpcCidrs'"],
      ['nothing for an address', { eipAllocationIds: ['eipalloc-0a', undefined as unknown as string, 'eipalloc-0c'] },
        "'egress.eipAllocationIds' has 'undefined'; write it as 'eipalloc-0123456789abcdef0'"],
      ['addresses in a list that is known at deployment only', { eipAllocationIds: Token.asList({ Ref: 'Addresses' }) },
        "'egress.eipAllocationIds' is a list that is known at deployment only, and each zone is to get one of it; write a list of Fn.select(index, …)"],
    ])('%s', (_, options, message) => {
      const refusal = refusalOf(options);
      expect(refusal).toEqual(typeof message === 'string' ? `${message} ${at}` : message);
    });

    test('one zone', () => {
      expect(refusalOf({}, 1)).toBe("'privateSubnets' selects subnets of one availability zone only (eu-west-1a), so the loss of it stops everything; "
        + `select subnets in at least 2 zones, for example of a VPC with 'maxAzs: 3' ${at}`);
    });

    test('fewer public subnets than zones', () => {
      const stack = shopStack();
      const vpc = networkWithoutNat(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, publicSubnets: { subnets: vpc.publicSubnets.slice(1) }, egress: NatEgress.instances() })).toThrow(
        'the private subnets span 3 zones, but no public subnet is selected in eu-west-1a; '
        + `give each zone a public subnet, and leave 'natGateways' of the VPC out ${at}`);
    });

    test('a VPC whose range is not known', () => {
      const stack = shopStack();
      expect(refusalIn(stack, importedNetworkOf(stack), {})).toBe('the address range of the VPC is not known, which is all that the instances let in; '
        + `give 'egress.vpcCidrs', or import the VPC with its 'vpcCidrBlock' ${at}`);
    });

    test('addresses that follow subnets whose range is not known', () => {
      const stack = shopStack();
      expect(refusalIn(stack, importedNetworkOf(stack), { vpcCidrs: ['10.0.0.0/16'], addresses: NatAddresses.FOLLOW })).toBe(
        "'privateSubnets' selects 'Shop/Vpc/PrivateSubnet1', which was imported without its address range, and by that the instances tell which zone's address "
        + `to use; import the VPC with 'privateSubnetIpv4CidrBlocks', or the subnet with 'ipv4CidrBlock' ${at}`);
    });
  });
});
