import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, IConstruct } from 'constructs';
import { routeTableIdsOf } from './nat-network';
import { ConfigurationError } from '../shared/configuration-error';

const EVERYWHERE = '::/0';

/** Refuses subnets that this app gives a way out over IPv6 already. */
export function checkNoIpv6Egress(scope: IConstruct, subnets: ec2.ISubnet[]): void {
  const routes = scope.node.root.node.findAll().filter((child): child is ec2.CfnRoute => child instanceof ec2.CfnRoute);
  const routed = subnets.find(subnet => routes.some(({ routeTableId, destinationIpv6CidrBlock }) =>
    destinationIpv6CidrBlock === EVERYWHERE && routeTableId === subnet.routeTable.routeTableId));
  if (routed) {
    throw new ConfigurationError(scope, `'ipv6Egress' is true, but '${routed.node.path}' has a route to ${EVERYWHERE} already`,
      'leave it out: a dual-stack ec2.Vpc has an egress-only internet gateway by itself');
  }
}

/** Leads subnets out over IPv6, where there is no NAT: by a gateway that lets nobody in, and that is in no zone. */
export function createIpv6Egress(scope: Construct, vpc: ec2.IVpc, subnets: ec2.ISubnet[]): ec2.CfnEgressOnlyInternetGateway {
  const gateway = new ec2.CfnEgressOnlyInternetGateway(scope, 'EgressOnlyInternetGateway', { vpcId: vpc.vpcId });
  routeTableIdsOf(subnets).forEach((routeTableId, index) => new ec2.CfnRoute(scope, `Ipv6Route${index + 1}`, {
    routeTableId, destinationIpv6CidrBlock: EVERYWHERE, egressOnlyInternetGatewayId: gateway.ref,
  }));
  return gateway;
}
