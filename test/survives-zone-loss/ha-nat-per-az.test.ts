import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HaNatPerAz, HaNatPerAzOptions, HaNatPerAzProps, NatEgress } from '../../src';
import { importedNetworkOf, networkOf, networkWithoutNat, shopStack, shopStackAnywhere } from '../helpers/network';

/** A new VPC over `zones` zones whose NAT provider is ours. */
function newNetwork({ zones = 3, natGateways, options }: { zones?: number; natGateways?: number; options?: HaNatPerAzOptions } = {}) {
  const stack = shopStack();
  const vpc = networkOf(stack, zones, { natGateways, natGatewayProvider: HaNatPerAz.asNatProvider(options) });
  return { stack, vpc, nat: vpc.node.findChild('HaNat') as HaNatPerAz, template: Template.fromStack(stack) };
}

/** The NAT gateway to which each subnet's default route leads, both as they stand in the template. */
function gatewayOfSubnet(template: Template): Map<string, string> {
  const associations = Object.values(template.findResources('AWS::EC2::SubnetRouteTableAssociation'));
  const routes = Object.values(template.findResources('AWS::EC2::Route', { Properties: { NatGatewayId: Match.anyValue() } }));
  return new Map(routes.map(({ Properties: route }) => {
    const association = associations.find(({ Properties: candidate }) => candidate.RouteTableId.Ref === route.RouteTableId.Ref);
    return [association?.Properties.SubnetId.Ref, route.NatGatewayId.Ref];
  }));
}

/** A VPC made elsewhere over two zones, whose private subnets, the first two of one zone, have these route tables. */
function networkWithTables(stack: Stack, tables: string[], publicSubnetIds = ['subnet-0a', 'subnet-0b']): ec2.IVpc {
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
    publicSubnetIds: publicSubnetIds.length === 0 ? undefined : publicSubnetIds,
  });
  const privateSubnets = tables.map((routeTableId, index) => ec2.Subnet.fromSubnetAttributes(stack, `Private${index}`, {
    subnetId: `subnet-1${index}`, availabilityZone: index < 2 ? 'eu-west-1a' : 'eu-west-1b', routeTableId,
  }));
  Object.assign(vpc, { privateSubnets });
  return vpc;
}

function zoneOfSubnet(template: Template, subnet: string): string {
  return template.findResources('AWS::EC2::Subnet')[subnet].Properties.AvailabilityZone;
}

describe('HaNatPerAz', () => {
  describe('as the NAT provider of a new VPC', () => {
    test.each([2, 3])('makes one gateway with one address in each of %d zones', zones => {
      const { nat, template } = newNetwork({ zones });
      template.resourceCountIs('AWS::EC2::NatGateway', zones);
      template.resourceCountIs('AWS::EC2::EIP', zones);
      expect(nat.natGateways).toHaveLength(zones);
      expect(nat.elasticIps).toHaveLength(zones);
    });

    test('routes each private subnet to the gateway of its own zone', () => {
      const { template } = newNetwork();
      const gateways = template.findResources('AWS::EC2::NatGateway');
      const routes = gatewayOfSubnet(template);
      expect(routes.size).toBe(3);
      for (const [subnet, gateway] of routes) {
        expect(zoneOfSubnet(template, gateways[gateway].Properties.SubnetId.Ref)).toBe(zoneOfSubnet(template, subnet));
      }
    });

    test("makes the same gateways, addresses and routes as CDK's own provider, so changing over replaces nothing", () => {
      const ours = newNetwork().template;
      const stack = shopStack();
      networkOf(stack);
      const theirs = Template.fromStack(stack);
      for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::EIP', 'AWS::EC2::Route']) {
        expect(ours.findResources(type)).toEqual(theirs.findResources(type));
      }
    });

    test('tells the VPC which gateway is in which zone', () => {
      const stack = shopStack();
      const provider = HaNatPerAz.asNatProvider();
      const vpc = networkOf(stack, 2, { natGatewayProvider: provider });
      const { natGateways } = vpc.node.findChild('HaNat') as HaNatPerAz;
      expect(provider.configuredGateways).toEqual([
        { az: 'eu-west-1a', gatewayId: natGateways[0].ref },
        { az: 'eu-west-1b', gatewayId: natGateways[1].ref },
      ]);
    });

    test('makes whoever waits for the way out wait for the route', () => {
      const stack = shopStack();
      const vpc = networkOf(stack, 2, { natGatewayProvider: HaNatPerAz.asNatProvider() });
      new ec2.CfnVolume(stack, 'Waiting', { availabilityZone: 'eu-west-1a' }).node.addDependency(vpc.privateSubnets[0].internetConnectivityEstablished);
      Template.fromStack(stack).hasResource('AWS::EC2::Volume', {
        DependsOn: Match.arrayWith([Match.stringLikeRegexp('VpcPrivateSubnet1DefaultRoute')]),
      });
    });

    test('works in a stack without a fixed Region, over its two zones', () => {
      const stack = shopStackAnywhere();
      new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider() });
      Template.fromStack(stack).resourceCountIs('AWS::EC2::NatGateway', 2);
    });
  });

  describe('in a VPC made elsewhere', () => {
    function natInImported(zones = 3) {
      const stack = shopStack();
      const nat = new HaNatPerAz(stack, 'Nat', { vpc: importedNetworkOf(stack, zones) });
      return { stack, nat, template: Template.fromStack(stack) };
    }

    test('puts a gateway into the public subnet of each zone, and routes the private subnet there', () => {
      const { stack, nat, template } = natInImported();
      template.resourceCountIs('AWS::EC2::Route', 3);
      for (const [i, gateway] of nat.natGateways.entries()) {
        expect(stack.resolve(gateway.subnetId)).toBe(`subnet-0123456789abcdea${i}`);
        template.hasResourceProperties('AWS::EC2::Route', {
          RouteTableId: `rtb-0123456789abcdeb${i}`,
          DestinationCidrBlock: '0.0.0.0/0',
          NatGatewayId: stack.resolve(gateway.ref),
        });
      }
    });

    test('names what it makes by the zone, so that one more zone moves no address', () => {
      const ids = (zones: number) => Object.keys(natInImported(zones).template.findResources('AWS::EC2::EIP'));
      expect(ids(3)).toEqual(expect.arrayContaining(ids(2)));
    });
  });

  describe('in a VPC of the same app', () => {
    test('gives a way out to subnets that had none', () => {
      const stack = shopStack();
      const vpc = networkWithoutNat(stack);
      new HaNatPerAz(stack, 'Nat', { vpc });
      expect(gatewayOfSubnet(Template.fromStack(stack)).size).toBe(3);
    });

    test('makes further gateways for further subnets beside those that stand already', () => {
      const stack = shopStack();
      const vpc = networkOf(stack, 2, {
        natGatewayProvider: HaNatPerAz.asNatProvider(),
        subnetConfiguration: [
          { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
          { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
          { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        ],
      });
      new HaNatPerAz(stack, 'Nat', { vpc, privateSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::EC2::NatGateway', 4);
      expect(new Set(gatewayOfSubnet(template).values()).size).toBe(4);
    });
  });

  describe('with gateways', () => {
    test('takes addresses that are there already, in the order of the zones', () => {
      const ids = ['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c'];
      const { stack, vpc, nat, template } = newNetwork({ options: { egress: NatEgress.gateways({ eipAllocationIds: ids }) } });
      template.resourceCountIs('AWS::EC2::EIP', 0);
      expect(nat.elasticIps).toEqual([]);
      ids.forEach((id, i) => template.hasResourceProperties('AWS::EC2::NatGateway', {
        AllocationId: id, SubnetId: stack.resolve(vpc.publicSubnets[i].subnetId),
      }));
    });

    test('has what only instances have as well, empty, so that nothing that reads it fails', () => {
      const { nat } = newNetwork();
      expect([nat.networkInterfaces, nat.autoScalingGroups, nat.connections.securityGroups, nat.keyMetrics]).toEqual([[], [], [], []]);
    });

    test('leads two subnets of a zone that share a route table out by one route', () => {
      const stack = shopStack();
      new HaNatPerAz(stack, 'Nat', { vpc: networkWithTables(stack, ['rtb-0a', 'rtb-0a', 'rtb-0b']) });
      Template.fromStack(stack).resourceCountIs('AWS::EC2::Route', 2);
    });
  });

  describe('with a regional gateway', () => {
    test('makes one for all zones, which AWS expands, and leads every private subnet there', () => {
      const { stack, vpc, nat, template } = newNetwork({ options: { egress: NatEgress.regionalGateway() } });
      expect(nat.natGateways).toHaveLength(1);
      template.resourceCountIs('AWS::EC2::EIP', 0);
      template.allResourcesProperties('AWS::EC2::NatGateway', {
        VpcId: stack.resolve(vpc.vpcId),
        AvailabilityMode: 'regional',
        ConnectivityType: 'public',
        SubnetId: Match.absent(),
        AllocationId: Match.absent(),
        AvailabilityZoneAddresses: Match.absent(),
      });
      expect(new Set(gatewayOfSubnet(template).values())).toEqual(new Set([stack.resolve(nat.natGateways[0].ref).Ref]));
    });

    test('waits until the internet gateway is attached to the VPC, as the public routes do', () => {
      newNetwork({ options: { egress: NatEgress.regionalGateway() } }).template.hasResource('AWS::EC2::NatGateway', {
        DependsOn: Match.arrayWith([Match.stringLikeRegexp('VpcPublicSubnet1DefaultRoute')]),
      });
    });

    test('takes addresses of each zone', () => {
      const eipAllocationIds = { 'eu-west-1a': ['eipalloc-0a'], 'eu-west-1b': ['eipalloc-0b', 'eipalloc-1b'], 'eu-west-1c': ['eipalloc-0c'] };
      newNetwork({ options: { egress: NatEgress.regionalGateway({ eipAllocationIds }) } }).template.hasResourceProperties('AWS::EC2::NatGateway', {
        AvailabilityZoneAddresses: Object.entries(eipAllocationIds).map(([zone, ids]) => ({ AvailabilityZone: zone, AllocationIds: ids })),
      });
    });

    test('has the same two alarms', () => {
      const { nat, stack, template } = newNetwork({ options: { egress: NatEgress.regionalGateway() } });
      expect(nat.alarms).toHaveLength(2);
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'ErrorPortAllocation', Dimensions: [{ Name: 'NatGatewayId', Value: stack.resolve(nat.natGateways[0].ref) }],
      });
    });

    test('needs no public subnet in each zone, and no route table of its own for each', () => {
      const stack = shopStack();
      const vpc = networkWithTables(stack, ['rtb-0a', 'rtb-0a', 'rtb-0a'], []);
      new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.regionalGateway() });
      Template.fromStack(stack).resourceCountIs('AWS::EC2::Route', 1);
    });
  });

  describe('over IPv6', () => {
    const ways: [string, NatEgress][] = [
      ['gateways', NatEgress.gateways()], ['a regional gateway', NatEgress.regionalGateway()], ['instances', NatEgress.instances()],
    ];

    test.each(ways)('leaves a dual-stack VPC with %s to its own egress-only internet gateway', (_, egress) => {
      const stack = shopStack();
      networkOf(stack, 3, { ipProtocol: ec2.IpProtocol.DUAL_STACK, natGatewayProvider: HaNatPerAz.asNatProvider({ egress }) });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::EC2::EgressOnlyInternetGateway', 1);
      template.resourcePropertiesCountIs('AWS::EC2::Route', {
        DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: Match.anyValue(),
      }, 3);
    });

    test.each(ways)('makes one, beside %s, for a VPC that has none', (_, egress) => {
      const stack = shopStack();
      new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), egress, ipv6Egress: true });
      const template = Template.fromStack(stack);
      template.resourceCountIs('AWS::EC2::EgressOnlyInternetGateway', 1);
      template.resourcePropertiesCountIs('AWS::EC2::Route', {
        DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: Match.anyValue(),
      }, 3);
    });
  });

  describe('alarms', () => {
    test('go off on connections without a port and on dropped packets, for each gateway', () => {
      const { stack, nat, template } = newNetwork();
      expect(nat.alarms).toHaveLength(6);
      for (const gateway of nat.natGateways) {
        template.hasResourceProperties('AWS::CloudWatch::Alarm', {
          Namespace: 'AWS/NATGateway',
          MetricName: 'ErrorPortAllocation',
          Dimensions: [{ Name: 'NatGatewayId', Value: stack.resolve(gateway.ref) }],
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
          AlarmActions: Match.absent(),
        });
      }
    });

    test('tell the topic, also when all is well again', () => {
      const stack = shopStack();
      const topic = new sns.Topic(stack, 'Alarms');
      networkOf(stack, 2, { natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic: topic }) });
      const told = [stack.resolve(topic.topicArn)];
      Template.fromStack(stack).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: told, OKActions: told });
    });
  });

  describe('refuses', () => {
    test('fewer gateways than zones, and says how to mend it', () => {
      expect(() => newNetwork({ natGateways: 2 })).toThrow(
        'the private subnets span 3 zones, but no public subnet is selected in eu-west-1c; ' +
        "give each zone a public subnet, and leave 'natGateways' of the VPC out [HaNatPerAz at 'Shop/Vpc/HaNat']");
    });

    test('subnets whose route table is not known', () => {
      const stack = shopStack();
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['eu-west-1a', 'eu-west-1b'],
        publicSubnetIds: ['subnet-1', 'subnet-2'],
        privateSubnetIds: ['subnet-3', 'subnet-4'],
      });
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc })).toThrow(
        "'privateSubnets' selects 'Shop/Vpc/PrivateSubnet1', which was imported without its route table; " +
        "import the VPC with 'privateSubnetRouteTableIds', or the subnet with 'routeTableId' [HaNatPerAz at 'Shop/Nat']");
      expect(stack.node.findChild('Nat').node.children).toEqual([]);
    });

    test('one zone', () => {
      expect(() => newNetwork({ zones: 1 })).toThrow(/selects subnets of one availability zone only \(eu-west-1a\)/);
    });

    test('a zone that the VPC does not have', () => {
      const stack = shopStack();
      const vpc = networkWithoutNat(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, privateSubnets: { availabilityZones: ['eu-west-1a', 'eu-west-1z'] } })).toThrow(
        "'privateSubnets' names eu-west-1z, which the VPC does not have; name zones out of eu-west-1a, eu-west-1b, eu-west-1c");
    });

    test('subnets that have a way out already', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc })).toThrow(/'Shop\/Vpc\/PrivateSubnet1', which has a default route already; make HaNatPerAz.asNatProvider\(\)/);
    });

    test('a VPC without such subnets', () => {
      const stack = shopStack();
      const vpc = networkOf(stack, 3, { subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc })).toThrow(/'privateSubnets' selects no subnet of the VPC/);
    });

    test('a place for the gateways that is not public', () => {
      const stack = shopStack();
      const vpc = importedNetworkOf(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, publicSubnets: { subnets: vpc.privateSubnets } })).toThrow(
        "'publicSubnets' selects 'Shop/Vpc/PrivateSubnet1', a private subnet of the VPC; leave it out of the selection");
    });

    test('a public subnet that is to go out through NAT', () => {
      const stack = shopStack();
      const vpc = importedNetworkOf(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, privateSubnets: { subnetType: ec2.SubnetType.PUBLIC } })).toThrow(
        "'privateSubnets' selects 'Shop/Vpc/PublicSubnet1', a public subnet of the VPC; leave it out of the selection");
    });

    test('subnets of unknown zone', () => {
      const stack = shopStack();
      const vpc = networkWithoutNat(stack);
      const privateSubnets = { subnets: [ec2.Subnet.fromSubnetId(stack, 'Strange', 'subnet-1')] };
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, privateSubnets })).toThrow(/the zone of the subnet 'Shop\/Strange' is not known/);
    });

    test('subnets of several zones that share a route table', () => {
      const stack = shopStack();
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc: networkWithTables(stack, ['rtb-0a', 'rtb-0b', 'rtb-0a']) })).toThrow(
        "'privateSubnets' selects subnets of eu-west-1a, eu-west-1b that share the route table rtb-0a, which leads to one way out only; "
        + "give each zone a route table of its own [HaNatPerAz at 'Shop/Nat']");
    });

    test('another way out over IPv6 than the one that is there', () => {
      const stack = shopStack();
      const vpc = networkOf(stack, 2, {
        ipProtocol: ec2.IpProtocol.DUAL_STACK,
        natGateways: 0,
        subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }, { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
      });
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, ipv6Egress: true })).toThrow(
        "'ipv6Egress' is true, but 'Shop/Vpc/PrivateSubnet1' has a route to ::/0 already; "
        + "leave it out: a dual-stack ec2.Vpc has an egress-only internet gateway by itself [HaNatPerAz at 'Shop/Nat']");
    });

    test.each<[string, HaNatPerAzProps['egress'], string]>([
      ['fewer addresses than zones', NatEgress.gateways({ eipAllocationIds: ['eipalloc-0a'] }),
        "'egress.eipAllocationIds' has 1 entries for 3 zones; give one a zone, in the order of the zones"],
      ['an address that is given to two gateways', NatEgress.gateways({ eipAllocationIds: ['eipalloc-0a', 'eipalloc-0a', 'eipalloc-0b'] }),
        "'egress.eipAllocationIds' has 'eipalloc-0a' twice, and an address is in one place only; give each zone its own"],
      ['a zone for which a regional gateway has no address', NatEgress.regionalGateway({ eipAllocationIds: { 'eu-west-1a': ['eipalloc-0a'] } }),
        "'egress.eipAllocationIds' has none for eu-west-1b, eu-west-1c, and with a list the gateway serves no other zone; give each zone one or more, or leave it out"],
      ['an address in two zones of a regional gateway',
        NatEgress.regionalGateway({ eipAllocationIds: { 'eu-west-1a': ['eipalloc-0a'], 'eu-west-1b': ['eipalloc-0a'], 'eu-west-1c': ['eipalloc-0c'] } }),
        "'egress.eipAllocationIds' has 'eipalloc-0a' twice, and an address is in one place only; give each zone its own"],
      ['no address for a zone of a regional gateway', NatEgress.regionalGateway({ eipAllocationIds: { 'eu-west-1a': [] } }),
        "'egress.eipAllocationIds['eu-west-1a']' has 0 entries; give 1 or more"],
    ])('%s', (_, egress, message) => {
      const stack = shopStack();
      const vpc = networkWithoutNat(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, egress })).toThrow(`${message} [HaNatPerAz at 'Shop/Nat']`);
      expect(stack.node.findChild('Nat').node.children).toEqual([]);
    });

    test('figures of instances where there are none', () => {
      const { nat } = newNetwork();
      expect(() => nat.metricHealthyInstances()).toThrow("'metricHealthyInstances' is of instances, and the ways out are NAT gateways; "
        + "look at their metrics in AWS/NATGateway [HaNatPerAz at 'Shop/Vpc/HaNat']");
    });

    test('without leaving anything half-made', () => {
      const stack = shopStack();
      const vpc = networkWithoutNat(stack);
      expect(() => new HaNatPerAz(stack, 'Nat', { vpc, publicSubnets: { subnets: vpc.publicSubnets.slice(0, 2) } })).toThrow(/no public subnet is selected/);
      expect(stack.node.findChild('Nat').node.children).toEqual([]);
      Template.fromStack(stack).resourceCountIs('AWS::EC2::EIP', 0);
    });
  });
});
