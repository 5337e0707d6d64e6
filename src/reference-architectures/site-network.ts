import { Annotations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { HaNatPerAz } from '../survives-zone-loss/ha-nat-per-az';
import { NatEgress } from '../survives-zone-loss/nat-egress';

const ZONES = 3;

/**
 * A network over three zones: load balancers in public subnets, instances in private ones, databases in isolated ones.
 *
 * Each zone has its own way out, and tables and buckets are reached past the NAT, which costs nothing and cannot fail with it.
 */
export function createSiteNetwork(scope: Construct, alarmTopic: ITopic, egress?: NatEgress): ec2.Vpc {
  const vpc = new ec2.Vpc(scope, 'Vpc', {
    maxAzs: ZONES,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC, mapPublicIpOnLaunch: false },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
    natGatewayProvider: HaNatPerAz.asNatProvider({ egress, alarmTopic }),
    gatewayEndpoints: {
      Tables: { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB },
      Objects: { service: ec2.GatewayVpcEndpointAwsService.S3 },
    },
    restrictDefaultSecurityGroup: true,
    flowLogs: { All: {} },
  });
  if (vpc.availabilityZones.length < ZONES) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:fewerZones',
      `it stands in ${vpc.availabilityZones.length} zones: CDK gives a stack without a fixed account and Region two; give the stack an 'env' for ${ZONES}`);
  }
  return vpc;
}

/** The way out of a network that `createSiteNetwork` made. */
export function wayOutOf(vpc: ec2.Vpc): HaNatPerAz {
  return vpc.node.findChild('HaNat') as HaNatPerAz;
}
