import { Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** CDK's own id of a subnet's default route. */
export const DEFAULT_ROUTE = 'DefaultRoute';

/** The subnets of one zone, as far as they matter for its way out. */
export interface SubnetsOfZone {
  /** Where the way out stands; a regional gateway stands in no subnet. */
  readonly publicSubnet?: ec2.ISubnet;
  /** The subnets that go out there. */
  readonly privateSubnets: ec2.ISubnet[];
}

/** What is to get ways out. */
export interface NatNetwork {
  readonly vpc: ec2.IVpc;
  readonly zones: ReadonlyMap<string, SubnetsOfZone>;
  readonly alarmTopic?: ITopic;
}

/** What the ways out are made of. */
export interface NatEquipment {
  readonly natGateways: ec2.CfnNatGateway[];
  readonly elasticIps: ec2.CfnEIP[];
  readonly networkInterfaces: ec2.CfnNetworkInterface[];
  readonly autoScalingGroups: autoscaling.AutoScalingGroup[];
  readonly securityGroups: ec2.ISecurityGroup[];
  readonly alarms: Alarm[];
  /** What the default routes of each zone lead to. */
  readonly targets: ReadonlyMap<string, string>;
}

/** What a default route may lead to. */
export type RouteTarget = ec2.CfnNatGateway | ec2.CfnNetworkInterface;

/** The route tables of subnets, each once, as they stand in a template. */
export function routeTableIdsOf(subnets: ec2.ISubnet[]): string[] {
  return [...new Set(subnets.map(subnet => subnet.routeTable.routeTableId))];
}

/** Leads subnets out, of which several may share a route table; the routes that were made. */
export function createDefaultRoutes(scope: Construct, subnets: ec2.ISubnet[], target: RouteTarget): ec2.CfnRoute[] {
  const tables = subnets.map(subnet => subnet.routeTable.routeTableId);
  return subnets
    .filter((_, index) => tables.indexOf(tables[index]) === index)
    .map((subnet, index) => createDefaultRoute(scope, `Route${index + 1}`, subnet, target));
}

function createDefaultRoute(scope: Construct, id: string, subnet: ec2.ISubnet, target: RouteTarget): ec2.CfnRoute {
  const isGateway = target instanceof ec2.CfnNatGateway;
  // a stack that is referred to cannot refer back
  if (ec2.Subnet.isVpcSubnet(subnet) && Stack.of(subnet) === Stack.of(target)) {
    // through the subnet, so that whatever waits for its way out waits for this route
    subnet.addRoute(DEFAULT_ROUTE, {
      routerType: isGateway ? ec2.RouterType.NAT_GATEWAY : ec2.RouterType.NETWORK_INTERFACE,
      routerId: target.ref,
      enablesInternetConnectivity: true,
    });
    return subnet.node.findChild(DEFAULT_ROUTE) as ec2.CfnRoute;
  }
  return new ec2.CfnRoute(scope, id, {
    routeTableId: subnet.routeTable.routeTableId,
    destinationCidrBlock: '0.0.0.0/0',
    ...isGateway ? { natGatewayId: target.ref } : { networkInterfaceId: target.ref },
  });
}

/** The address range of a subnet; undefined for one that was imported without it. */
export function cidrOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return subnet.ipv4CidrBlock;
  } catch {
    return undefined; // CDK's getter throws where none was given
  }
}

/** The address range of a VPC; undefined for one that was imported without it. */
export function cidrOfVpc(vpc: ec2.IVpc): string | undefined {
  try {
    return vpc.vpcCidrBlock;
  } catch {
    return undefined; // as above
  }
}
