import { distinct } from '../../fault-simulation/components/spread';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { mayMention } from '../hidden';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const clientVpnInOneZone: Rule = {
  id: 'NET12',
  title: 'A Client VPN endpoint is associated with one zone',
  severity: 'warning',
  reason: 'With the zone of its only association nobody connects any more, until somebody adds another one.',
  sources: [
    'AWS CloudFormation Template Reference, "AWS::EC2::ClientVpnTargetNetworkAssociation": two subnets at least, one in each zone (2026-11-21)',
  ],
  fix: 'Associate it with a subnet of a second zone.',
  types: ['AWS::EC2::ClientVpnEndpoint'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Endpoint:
  Type: AWS::EC2::ClientVpnEndpoint
  Properties:
    ClientCidrBlock: 10.100.0.0/22
    ServerCertificateArn: certificate-1
    ConnectionLogOptions: {Enabled: false}
    AuthenticationOptions: [{Type: certificate-authentication, MutualAuthentication: {ClientRootCertificateChainArn: certificate-2}}]
AssociationA: {Type: AWS::EC2::ClientVpnTargetNetworkAssociation, Properties: {ClientVpnEndpointId: !Ref Endpoint, SubnetId: !Ref A}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Endpoint:
  Type: AWS::EC2::ClientVpnEndpoint
  Properties:
    ClientCidrBlock: 10.100.0.0/22
    ServerCertificateArn: certificate-1
    ConnectionLogOptions: {Enabled: false}
    AuthenticationOptions: [{Type: certificate-authentication, MutualAuthentication: {ClientRootCertificateChainArn: certificate-2}}]
AssociationA: {Type: AWS::EC2::ClientVpnTargetNetworkAssociation, Properties: {ClientVpnEndpointId: !Ref Endpoint, SubnetId: !Ref A}}
AssociationB: {Type: AWS::EC2::ClientVpnTargetNetworkAssociation, Properties: {ClientVpnEndpointId: !Ref Endpoint, SubnetId: !Ref B}}`,
  judge: judgeEndpoint,
};

const ASSOCIATION = 'AWS::EC2::ClientVpnTargetNetworkAssociation';

function judgeEndpoint(endpoint: Resource, topology: Topology): Judgement {
  const all = topology.whoMentions(endpoint.key, ASSOCIATION);
  if (all.length === 0) { return NOT_APPLICABLE; }
  const placesOf = (associations: readonly Resource[]) => distinct(associations.map(({ properties: { SubnetId: subnet, AvailabilityZone: zone } }) =>
    subnet === undefined ? topology.place(zone) : topology.zoneOfSubnet(subnet)));
  // AWS refuses a second association in the same zone
  if (placesOf(all.filter(({ presence }) => presence === 'present')).length > 1) { return COMPLIANT; }
  const isOpen = placesOf(all).length > 1 || topology.ofType(ASSOCIATION).some(one => mayMention(one, endpoint));
  return isOpen ? undecided(`conditions decide how many associations ${endpoint.key} has`) : broken('it has one association');
}
