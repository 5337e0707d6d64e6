import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { HaNatPerAz } from '../survives-zone-loss/ha-nat-per-az';

/**
 * A network over three zones: load balancers in public subnets, instances in private ones, databases in isolated ones.
 *
 * Each zone has its own way out, and tables and buckets are reached past the NAT, which costs nothing and cannot fail with it.
 */
export function createSiteNetwork(scope: Construct, alarmTopic: ITopic): ec2.Vpc {
  return new ec2.Vpc(scope, 'Vpc', {
    maxAzs: 3,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic }),
    gatewayEndpoints: {
      Tables: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      Objects: { service: ec2.GatewayVpcEndpointAwsService.S3 },
    },
    restrictDefaultSecurityGroup: true,
    flowLogs: { All: {} },
  });
}
