import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeSubnetsCommand, EC2Client, Subnet,
} from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { EmulatorClientConfig } from './emulator';

/** What stands in one zone, as the services describe it. */
export interface ZoneInventory {
  readonly zone: string;
  readonly publicAddress: string;
  /** The zone of the NAT gateway to which the default route of the zone's private subnet leads. */
  readonly wayOut: string;
  readonly instances: number;
  readonly loadBalancer: boolean;
}

/** Asks the services what they hold, zone by zone. */
export async function inventoryOf(config: EmulatorClientConfig, vpcId: string): Promise<ZoneInventory[]> {
  const ec2 = new EC2Client(config);
  const inVpc = { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] };
  const { Subnets: subnets = [] } = await ec2.send(new DescribeSubnetsCommand(inVpc));
  const { NatGateways: gateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: inVpc.Filters }));
  const { RouteTables: tables = [] } = await ec2.send(new DescribeRouteTablesCommand(inVpc));
  const { AutoScalingGroups: groups = [] } = await new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({}));
  const { LoadBalancers: balancers = [] } = await new ElasticLoadBalancingV2Client(config).send(new DescribeLoadBalancersCommand({}));

  const zoneOf = (subnetId?: string) => subnets.find(subnet => subnet.SubnetId === subnetId)?.AvailabilityZone;
  const gatewayOf = (subnet: Subnet) => tables
    .find(table => table.Associations?.some(association => association.SubnetId === subnet.SubnetId))?.Routes
    ?.find(route => route.DestinationCidrBlock === '0.0.0.0/0')?.NatGatewayId;

  const zones = [...new Set(subnets.map(subnet => subnet.AvailabilityZone ?? ''))].sort();
  return zones.map(zone => {
    const gatewayIds = subnets.filter(subnet => subnet.AvailabilityZone === zone).flatMap(subnet => gatewayOf(subnet) ?? []);
    const gateway = gateways.find(({ NatGatewayId }) => NatGatewayId === gatewayIds[0]);
    return {
      zone,
      publicAddress: gateway?.NatGatewayAddresses?.[0]?.PublicIp ?? 'none',
      wayOut: zoneOf(gateway?.SubnetId) ?? 'none',
      instances: groups.flatMap(group => group.Instances ?? []).filter(instance => instance.AvailabilityZone === zone).length,
      loadBalancer: balancers.some(balancer => balancer.AvailabilityZones?.some(({ ZoneName }) => ZoneName === zone)),
    };
  });
}
