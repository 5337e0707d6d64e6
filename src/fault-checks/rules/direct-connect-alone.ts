import { Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { isSame } from '../routes';
import { COMPLIANT, Judgement, NOT_APPLICABLE, Rule } from '../rule';
import { judgeWays } from '../ways';

export const directConnectAlone: Rule = {
  id: 'NET11',
  title: 'One Direct Connect line joins the networks, and nothing is beside it',
  severity: 'warning',
  reason: 'A line ends at one device in one location: with either the networks are apart until the provider has mended it. The lines of one link aggregation group end at the same device.',
  sources: [
    '"Architecting Highly Available Applications on AWS", course notes, "VPN and AWS Direct Connect" (2026-11-21)',
    'AWS Direct Connect User Guide, "Direct Connect link aggregation groups (LAGs)": all connections of one end at the same device (2026-11-21)',
    'AWS Direct Connect User Guide, "AWS Direct Connect Resiliency Toolkit" (2026-11-20)',
  ],
  fix: 'Order a second line, at another location at best, or keep a VPN beside it.',
  types: ['AWS::DirectConnect::Connection', 'AWS::DirectConnect::PrivateVirtualInterface', 'AWS::DirectConnect::TransitVirtualInterface'],
  needsTopology: true,
  bad: `
Gateway: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
Line: {Type: AWS::DirectConnect::Connection, Properties: {Bandwidth: 1Gbps, ConnectionName: line, Location: EqDC2}}
Interface:
  Type: AWS::DirectConnect::PrivateVirtualInterface
  Properties: {ConnectionId: !Ref Line, VirtualGatewayId: !Ref Gateway, VirtualInterfaceName: private, Vlan: 101, BgpPeers: []}`,
  good: `
Gateway: {Type: AWS::EC2::VPNGateway, Properties: {Type: ipsec.1}}
Line: {Type: AWS::DirectConnect::Connection, Properties: {Bandwidth: 1Gbps, ConnectionName: line, Location: EqDC2}}
Interface:
  Type: AWS::DirectConnect::PrivateVirtualInterface
  Properties: {ConnectionId: !Ref Line, VirtualGatewayId: !Ref Gateway, VirtualInterfaceName: private, Vlan: 101, BgpPeers: []}
Spare: {Type: AWS::EC2::VPNConnection, Properties: {Type: ipsec.1, CustomerGatewayId: cgw-1, VpnGatewayId: !Ref Gateway}}`,
  judge: judgeCircuit,
};

const INTERFACES = ['AWS::DirectConnect::PrivateVirtualInterface', 'AWS::DirectConnect::TransitVirtualInterface'];

function judgeCircuit(circuit: Resource, topology: Topology): Judgement {
  const { VirtualGatewayId: gateway, LagId: bundle } = circuit.properties;
  const spare = topology.ofType('AWS::EC2::VPNConnection').some(({ properties }) => gateway === undefined || isSame(properties.VpnGatewayId, gateway));
  if (spare) { return COMPLIANT; }
  if (INTERFACES.includes(circuit.type)) {
    const beside = topology.ofType(...INTERFACES).filter(({ properties }) => isSame(endOf(properties), endOf(circuit.properties)));
    const ways = beside.map(other => ({ by: other, id: lineOf(other.properties.ConnectionId, topology) }));
    return judgeWays(ways, 'all that ends at its gateway comes by one line', 'ConnectionId');
  }
  // of a line in use, the interfaces on it are judged
  const used = [circuit.key, topology.resource(bundle)?.key].some(key => key !== undefined && topology.whoMentions(key, ...INTERFACES).length > 0);
  const lines = topology.ofType('AWS::DirectConnect::Connection').map(other => ({ by: other, id: other.properties.LagId ?? other.key }));
  return used ? NOT_APPLICABLE : judgeWays(lines, 'there is one line', bundle === undefined ? undefined : 'LagId');
}

function endOf({ VirtualGatewayId: gateway, DirectConnectGatewayId: global }: Resource['properties']): Value | undefined {
  return gateway ?? global;
}

/** Lines that are bundled are one, as they end at the same device. */
function lineOf(connection: Value | undefined, topology: Topology): Value | undefined {
  return topology.resource(connection)?.properties.LagId ?? connection;
}
