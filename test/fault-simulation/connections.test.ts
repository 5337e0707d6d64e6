import { found, get, gone, LESS, LOST, open, region, standing, UNDECIDED, WELL } from './standing';
import { both, instanceOf, REGION, Resources, simulationOf, stackOf, subnets, verdict, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';

describe('a way out', () => {
  const network = (route: object, more: Resources): Resources => ({
    A: ['EC2::Subnet', { AvailabilityZone: `${REGION}a`, VpcId: 'vpc-1' }],
    Table: ['EC2::RouteTable'],
    Association: ['EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: 'A' }, RouteTableId: { Ref: 'Table' } }],
    Route: ['EC2::Route', { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', ...route }],
    It: ['EC2::Instance', { SubnetId: { Ref: 'A' }, UserData: { 'Fn::Base64': 'echo https://pay.example.com > /etc/pay' } }],
    ...more,
  });
  const transit: Resources = {
    Hub: ['EC2::TransitGateway'],
    Attachment: ['EC2::TransitGatewayVpcAttachment', { TransitGatewayId: { Ref: 'Hub' }, VpcId: 'vpc-1', SubnetIds: [{ Ref: 'A' }] }],
  };

  test('through a transit gateway needs the attachment, and goes on where nobody sees', () => {
    const resources = network({ TransitGatewayId: { Ref: 'Hub' } }, transit);
    expect([zone(1), zone(0), gone('Attachment'), gone('Hub')].map(fault => standing(resources, fault))).toEqual([UNDECIDED, LOST, LOST, LOST]);
    expect(found(resources, zone(1))?.chain[0]?.what).toContain('Stack/Attachment');
    expect([zone(0), zone(1), region].map(fault => standing(resources, fault, 'Attachment'))).toEqual([LOST, WELL, LOST]);
    expect([zone(0), region].map(fault => standing(resources, fault, 'Hub'))).toEqual([WELL, LOST]);
  });

  test('through a virtual private gateway needs that, and goes on where nobody sees', () => {
    const resources = network({ GatewayId: { Ref: 'Vpn' } }, { Vpn: ['EC2::VPNGateway'] });
    expect([zone(1), gone('Vpn'), instanceOf('It')].map(fault => standing(resources, fault))).toEqual([UNDECIDED, LOST, LOST]);
    expect([zone(1), region].map(fault => standing(resources, fault, 'Vpn'))).toEqual([WELL, LOST]);
  });
});

describe('a connection to elsewhere', () => {
  test('by VPN uses its other tunnel, and needs both ends', () => {
    const resources: Resources = {
      Office: ['EC2::CustomerGateway'],
      Vpn: ['EC2::VPNGateway'],
      It: ['EC2::VPNConnection', { CustomerGatewayId: { Ref: 'Office' }, VpnGatewayId: { Ref: 'Vpn' } }],
    };
    expect(standing(resources, zone(0))).toEqual(WELL);
    expect([gone('Office'), gone('Vpn'), region, { kind: 'pair', faults: [zone(0), zone(1)] } as Fault].map(fault => standing(resources, fault)))
      .toEqual([LOST, LOST, LOST, LOST]);
    expect(standing(resources, { kind: 'zone', zone: 'us-east-1#0' })).toEqual(WELL);
  });

  test('of clients goes by the subnets that are left', () => {
    const clients = (...associated: unknown[]): Resources => ({
      ...subnets,
      It: ['EC2::ClientVpnEndpoint'],
      ...Object.fromEntries(associated.map((SubnetId, index) =>
        [`Association${index}`, ['EC2::ClientVpnTargetNetworkAssociation', { ClientVpnEndpointId: { Ref: 'It' }, SubnetId }] as const])),
    });
    expect([clients(...both), clients({ Ref: 'A' }), clients(open), clients()].map(one => standing(one, zone(0)))).toEqual([WELL, LOST, UNDECIDED, WELL]);
  });

  test('by Direct Connect is in no zone, and needs its line', () => {
    const resources: Resources = {
      Lag: ['DirectConnect::Lag'],
      Line: ['DirectConnect::Connection', { LagId: { Ref: 'Lag' } }],
      It: ['DirectConnect::PrivateVirtualInterface', { ConnectionId: { Ref: 'Line' } }],
    };
    expect([zone(0), gone('Line'), gone('Lag'), region].map(fault => standing(resources, fault))).toEqual([WELL, LOST, LOST, LOST]);
  });
});

describe('an accelerator', () => {
  const accelerated = (...groups: readonly { readonly region?: string; readonly to: readonly unknown[]; readonly weight?: number }[]): Resources => ({
    ...subnets,
    One: ['EC2::Instance', { SubnetId: { Ref: 'A' } }],
    Two: ['EC2::Instance', { SubnetId: { Ref: 'B' } }],
    It: ['GlobalAccelerator::Accelerator'],
    Listener: ['GlobalAccelerator::Listener', { AcceleratorArn: { Ref: 'It' } }],
    ...Object.fromEntries(groups.map(({ region: EndpointGroupRegion = REGION, to, weight: Weight }, index) => [`Group${index}`, ['GlobalAccelerator::EndpointGroup', {
      ListenerArn: { Ref: 'Listener' }, EndpointGroupRegion, EndpointConfigurations: to.map(EndpointId => ({ EndpointId, ...Weight === undefined ? {} : { Weight } })),
    }] as const])),
  });

  test('goes on with the endpoints that are healthy', () => {
    expect(verdict(stackOf(accelerated({ to: [{ Ref: 'One' }, { Ref: 'Two' }] })), zone(0), 'It')).toEqual(['degraded', 'degraded', 0.5]);
    expect(standing(accelerated({ to: [{ Ref: 'One' }] }), zone(0))).toEqual(LOST);
    expect(standing(accelerated({ to: [{ Ref: 'One' }] }), zone(1))).toEqual(WELL);
    expect(standing(accelerated({ to: [{ Ref: 'One' }] }, { to: [{ Ref: 'Two' }], weight: 0 }), zone(1))).toEqual(WELL);
  });

  test('is in no Region, and goes on in those that are left', () => {
    const elsewhere = { region: 'us-east-1', to: ['arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/web/1'] };
    expect(standing(accelerated({ to: [{ Ref: 'One' }] }, elsewhere), region)).toEqual(LESS);
    expect(standing(accelerated({ to: [{ Ref: 'One' }] }), region)).toEqual(LOST);
    expect(standing(accelerated(elsewhere), zone(0))).toEqual(WELL);
    expect(standing(accelerated(elsewhere), { kind: 'zone', zone: 'us-east-1#0' })).toEqual(UNDECIDED);
  });

  test('is undecided where its endpoints are, and is what users see', () => {
    expect(standing(accelerated({ to: [open] }), zone(0))).toEqual(UNDECIDED);
    expect(simulationOf(stackOf(accelerated({ to: [{ Ref: 'One' }] }))).services.map(({ logicalId }) => logicalId)).toEqual(['It']);
  });
});

test.each<[type: string, properties: Record<string, unknown>, needed: string]>([
  ['EC2::TransitGatewayAttachment', { TransitGatewayId: { Ref: 'Needed' }, SubnetIds: both }, 'EC2::TransitGateway'],
  ['DirectConnect::PublicVirtualInterface', { ConnectionId: { Ref: 'Needed' } }, 'DirectConnect::Connection'],
  ['DirectConnect::TransitVirtualInterface', { ConnectionId: { Ref: 'Needed' } }, 'DirectConnect::Lag'],
  ['Kinesis::StreamConsumer', { StreamARN: get('Needed') }, 'Kinesis::Stream'],
  ['StepFunctions::StateMachineAlias', { RoutingConfiguration: [{ StateMachineVersionArn: { Ref: 'Needed' } }] }, 'StepFunctions::StateMachineVersion'],
  ['StepFunctions::StateMachineVersion', { StateMachineArn: { Ref: 'Needed' } }, 'StepFunctions::StateMachine'],
])('%s is of no use without what it names', (type, properties, needed) => {
  const resources: Resources = { ...subnets, It: [type, properties], Needed: [needed] };
  expect([zone(0), gone('Needed'), region].map(fault => standing(resources, fault))).toEqual([WELL, LOST, LOST]);
});

test.each([
  'AmazonMQ::Configuration', 'Batch::JobDefinition', 'DirectConnect::DirectConnectGateway', 'DocDB::DBSubnetGroup', 'EC2::CustomerGateway', 'EC2::TransitGatewayRoute',
  'EC2::VPNGatewayRoutePropagation', 'EKS::Addon', 'FSx::Snapshot', 'GlobalAccelerator::CrossAccountAttachment', 'Kinesis::ResourcePolicy', 'MSK::Configuration',
  'MemoryDB::ACL', 'Neptune::DBClusterParameterGroup', 'Redshift::ClusterSubnetGroup', 'Scheduler::Schedule', 'StepFunctions::Activity',
])('%s steers others, and is missed by nobody', type => {
  expect(simulationOf(stackOf({ It: [type] })).unread).toEqual([]);
  expect(standing({ It: [type] }, zone(0))).toEqual(WELL);
});
