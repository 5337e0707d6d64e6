import { Reference, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { isSame } from '../routes';
import { COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { judgeWays } from '../ways';

export const vpnWithOneDevice: Rule = {
  id: 'NET9',
  title: 'A VPN ends at one customer gateway device',
  severity: 'warning',
  reason: 'Both tunnels of a connection end at the same device: with that, or its line, the networks are apart until somebody brings up another.',
  sources: [
    '"Architecting Highly Available Applications on AWS", course notes, "VPN and AWS Direct Connect" (2026-11-21)',
    'AWS Site-to-Site VPN User Guide, "AWS Site-to-Site VPN architectural scenarios": a second device against the loss of one (2026-11-21)',
  ],
  fix: 'Make a second connection from a second customer gateway device, or keep a Direct Connect line beside it.',
  types: ['AWS::EC2::VPNConnection'],
  needsTopology: true,
  bad: `
Gateway: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
Router: {Type: AWS::EC2::CustomerGateway, Properties: {Type: ipsec.1, BgpAsn: 65000, IpAddress: 203.0.113.1}}
Connection: {Type: AWS::EC2::VPNConnection, Properties: {Type: ipsec.1, CustomerGatewayId: !Ref Router, VpnGatewayId: !Ref Gateway}}`,
  good: `
Gateway: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
Router: {Type: AWS::EC2::CustomerGateway, Properties: {Type: ipsec.1, BgpAsn: 65000, IpAddress: 203.0.113.1}}
Connection: {Type: AWS::EC2::VPNConnection, Properties: {Type: ipsec.1, CustomerGatewayId: !Ref Router, VpnGatewayId: !Ref Gateway}}
OtherRouter: {Type: AWS::EC2::CustomerGateway, Properties: {Type: ipsec.1, BgpAsn: 65000, IpAddress: 198.51.100.1}}
OtherConnection: {Type: AWS::EC2::VPNConnection, Properties: {Type: ipsec.1, CustomerGatewayId: !Ref OtherRouter, VpnGatewayId: !Ref Gateway}}`,
  judge: judgeConnection,
};

function judgeConnection(connection: Resource, topology: Topology): Judgement {
  const { CustomerGatewayId: own } = connection.properties;
  const end = endOf(connection);
  if (end === undefined) { return undecided(`where ${connection.key} ends is not in the template`); }
  if (end instanceof Reference && topology.whoMentions(end.resource).some(({ type }) => type.startsWith('AWS::DirectConnect::'))) { return COMPLIANT; }
  const all = topology.ofType('AWS::EC2::VPNConnection');
  const beside = all.filter(other => isSame(endOf(other), end));
  // those may end there too
  const open = all.filter(other => !beside.includes(other) && [end, endOf(other)].some(one => one instanceof Unknown));
  const ways = [
    ...beside.map(other => ({ by: other, id: deviceOf(other.properties.CustomerGatewayId, topology) })),
    ...open.map(other => ({ by: other, id: new Unknown(`where ${other.key} or ${connection.key} ends is decided at deployment`) })),
  ];
  return judgeWays(ways, 'all that ends at its gateway comes from one device', own === undefined ? undefined : 'CustomerGatewayId');
}

function endOf({ properties: { VpnGatewayId: gateway, TransitGatewayId: transit } }: Resource): Value | undefined {
  return gateway ?? transit;
}

/** A device is known by its address, also if it is written down twice. */
function deviceOf(gateway: Value | undefined, topology: Topology): Value | undefined {
  return topology.resource(gateway)?.properties.IpAddress ?? gateway;
}
