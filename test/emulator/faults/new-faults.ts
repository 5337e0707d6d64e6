import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Fault, resourceAt } from './fault';

/**
 * Faults that were written down and committed before any net had seen them, by somebody who had not read the emulator's hooks. They
 * tell what the nets are worth against a mistake that nobody thought of, so they stay as they are, caught or not; how many of them
 * the nets caught at first stands in new-faults-score.json.
 *
 * Each is refused by AWS itself, at deployment, with the answer that stands above it.
 */
export const newFaults: readonly Fault[] = [
  {
    // EC2 CreateRoute: RouteAlreadyExists, "The route identified by 0.0.0.0/0 already exists."
    id: 'second-default-route',
    what: "a second NAT gateway, meant as a spare, in a route table that has its own zone's already",
    evidence: /RouteAlreadyExists|route.*0\.0\.0\.0\/0/i,
    plant: stack => {
      new ec2.CfnRoute(stack, 'SpareRoute', {
        routeTableId: resourceAt(stack, 'Vpc/PrivateSubnet1/RouteTable').ref,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: resourceAt(stack, 'Vpc/PublicSubnet2/NATGateway').ref,
      });
    },
  },
  {
    // ELBv2 CreateLoadBalancer: InvalidConfigurationRequest, "A load balancer cannot be attached to multiple subnets in the same
    // Availability Zone"
    id: 'load-balancer-twice-in-a-zone',
    what: 'load balancer in the public and the private subnet of the same zone',
    evidence: /InvalidConfigurationRequest|same Availability Zone|multiple subnets/i,
    plant: stack => resourceAt(stack, 'LoadBalancer').addPropertyOverride('Subnets', [
      resourceAt(stack, 'Vpc/PublicSubnet1/Subnet').ref,
      resourceAt(stack, 'Vpc/PrivateSubnet1/Subnet').ref,
      resourceAt(stack, 'Vpc/PublicSubnet2/Subnet').ref,
    ]),
  },
  {
    // RDS CreateDBInstance: InvalidParameterCombination, "The DB instance and EC2 security group are in different VPCs. The DB
    // instance is in vpc-… and the EC2 security group is in vpc-…"
    id: 'security-group-of-another-vpc',
    what: 'database with a security group that belongs to another VPC',
    evidence: /different VPC|another VPC|security group.*\bvpc\b/i,
    plant: stack => {
      const otherVpc = new ec2.CfnVPC(stack, 'OtherVpc', { cidrBlock: '10.1.0.0/16' });
      const group = new ec2.CfnSecurityGroup(stack, 'OtherSecurityGroup', { groupDescription: 'Elsewhere', vpcId: otherVpc.ref });
      resourceAt(stack, 'Database').addPropertyOverride('VPCSecurityGroups', [group.attrGroupId]);
    },
  },
  {
    // Auto Scaling CreateAutoScalingGroup: "Invalid launch template: When a network interface is provided, the security groups must
    // be a part of it."
    id: 'security-groups-beside-network-interface',
    what: 'launch template with a network interface, and the security groups not on it but beside it',
    evidence: /network ?interfaces?\b.*security ?groups?|security ?groups?.*network ?interfaces?/is,
    plant: stack => resourceAt(stack, 'LaunchTemplate').addPropertyOverride('LaunchTemplateData.NetworkInterfaces', [
      { DeviceIndex: 0, AssociatePublicIpAddress: false },
    ]),
  },
  {
    // CloudWatch PutMetricAlarm: ValidationError; by its documentation of Period: "For alarms with a period of less than one hour
    // (3,600 seconds), the total evaluation period can't be longer than one day (86,400 seconds)."
    id: 'alarm-over-more-than-a-day',
    what: 'alarm that looks back over 300 periods of five minutes',
    evidence: /EvaluationPeriods|evaluation period|86,?400/i,
    plant: stack => {
      const alarm = resourceAt(stack, 'Alarm');
      alarm.addPropertyOverride('Period', 300);
      alarm.addPropertyOverride('EvaluationPeriods', 300);
    },
  },
  {
    // SNS Subscribe: InvalidParameter, "Invalid parameter: SQS endpoint ARN"
    id: 'queue-url-for-arn',
    what: 'subscription of a queue by its URL, where its ARN is asked for',
    evidence: /SQS endpoint|endpoint.*\barn\b|\barn\b.*endpoint/i,
    plant: stack => {
      new sns.CfnSubscription(stack, 'Subscription', {
        topicArn: resourceAt(stack, 'Topic').ref,
        protocol: 'sqs',
        endpoint: resourceAt(stack, 'Queue').ref,
      });
    },
  },
  {
    // Lambda CreateEventSourceMapping: InvalidParameterValueException, "Queue visibility timeout: 30 seconds is less than Function
    // timeout: 300 seconds"
    id: 'function-outlasts-visibility-timeout',
    what: 'function that may work longer on a message than the queue hides it',
    evidence: /visibility ?timeout/i,
    plant: stack => {
      const consumer = new lambda.Function(stack, 'Consumer', {
        runtime: lambda.Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = async () => {};'),
        timeout: Duration.minutes(5),
      });
      consumer.addEventSource(new SqsEventSource(stack.node.findChild('Queue') as Queue));
    },
  },
  {
    // DynamoDB CreateTable: ValidationException, "Number of attributes in KeySchema does not exactly match number of attributes
    // defined in AttributeDefinitions"
    id: 'attribute-of-no-key',
    what: 'table that defines an attribute which no key uses',
    evidence: /AttributeDefinitions|KeySchema/i,
    plant: stack => resourceAt(stack, 'Table').addPropertyOverride('AttributeDefinitions', [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'createdAt', AttributeType: 'N' },
    ]),
  },
  {
    // Route 53 ChangeResourceRecordSets: InvalidChangeBatch, "RRSet with DNS name app.example.org. is not permitted in zone
    // example.com."
    id: 'record-outside-its-zone',
    what: 'failover records for example.org in the hosted zone of example.com',
    evidence: /not permitted in zone|example\.org/i,
    plant: stack => {
      for (const record of ['Primary', 'Secondary']) {
        resourceAt(stack, record).addPropertyOverride('Name', 'app.example.org.');
      }
    },
  },
  {
    // DLM CreateLifecyclePolicy: InvalidRequestException; by its documentation of RetainRule: "The number of snapshots to retain for
    // each volume, up to a maximum of 1000."
    id: 'too-many-snapshots-retained',
    what: 'daily snapshots of three years, more than a schedule can retain',
    evidence: /RetainRule|1095/,
    plant: stack => resourceAt(stack, 'Snapshots').addPropertyOverride('PolicyDetails.Schedules.0.RetainRule.Count', 1095),
  },
];
