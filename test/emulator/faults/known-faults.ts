import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Fault, resourceAt } from './fault';

/**
 * The faults from which the hooks of the emulator were learnt. The nets together must catch them all, and doing so proves no more
 * than that nothing was forgotten: what the nets are worth is told by the new faults.
 */
export const knownFaults: readonly Fault[] = [
  {
    id: 'subnet-of-no-resource',
    what: 'load balancer in a subnet that the template does not define',
    evidence: /NoSuchSubnet/,
    plant: stack => resourceAt(stack, 'LoadBalancer').addPropertyOverride('Subnets.0', { Ref: 'NoSuchSubnet' }),
  },
  {
    id: 'subnet-unknown',
    what: 'load balancer in a subnet that does not exist',
    evidence: /subnet-0bad0bad0bad0bad0|InvalidSubnetID\.NotFound/,
    plant: stack => resourceAt(stack, 'LoadBalancer').addPropertyOverride('Subnets.0', 'subnet-0bad0bad0bad0bad0'),
  },
  {
    id: 'instance-profile-unknown',
    what: 'launch template with an instance profile that does not exist',
    evidence: /no-such-profile/,
    plant: stack => {
      const template = resourceAt(stack, 'LaunchTemplate');
      template.addPropertyDeletionOverride('LaunchTemplateData.IamInstanceProfile.Arn'); // overrides merge: Arn would win over Name
      template.addPropertyOverride('LaunchTemplateData.IamInstanceProfile.Name', 'no-such-profile');
    },
  },
  {
    id: 'circular-dependency',
    what: 'two security groups that name each other in their own rules',
    evidence: /circular/i,
    plant: stack => {
      const groups = ['WorkerSecurityGroup', 'Database/SecurityGroup'].map(path => resourceAt(stack, path));
      for (const [i, group] of groups.entries()) {
        group.addPropertyOverride('SecurityGroupIngress', [
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourceSecurityGroupId: groups[1 - i].getAtt('GroupId') },
        ]);
      }
    },
  },
  {
    id: 'property-unknown',
    what: 'database with MultiAZs for MultiAZ',
    evidence: /MultiAZs/,
    plant: stack => {
      const database = resourceAt(stack, 'Database');
      database.addPropertyDeletionOverride('MultiAZ');
      database.addPropertyOverride('MultiAZs', true);
    },
  },
  {
    id: 'billing-mode-unknown',
    what: 'table with a billing mode that does not exist',
    evidence: /BillingMode|ON_DEMAND/i,
    plant: stack => resourceAt(stack, 'Table').addPropertyOverride('BillingMode', 'ON_DEMAND'),
  },
  {
    id: 'health-check-path-without-slash',
    what: 'target group with a health check path that is no path',
    evidence: /HealthCheckPath|health check path/i,
    plant: stack => resourceAt(stack, 'LoadBalancer/Http/WorkersGroup').addPropertyOverride('HealthCheckPath', 'health'),
  },
  {
    id: 'failover-without-set-identifier',
    what: 'failover record without SetIdentifier',
    evidence: /SetIdentifier/i,
    plant: stack => resourceAt(stack, 'Primary').addPropertyDeletionOverride('SetIdentifier'),
  },
  {
    id: 'alias-in-wrong-zone',
    what: "alias record with the hosted zone of another Region's load balancers",
    evidence: /alias|Z35SXDOTRQ7X7K/i,
    plant: stack => resourceAt(stack, 'Primary').addPropertyOverride('AliasTarget.HostedZoneId', 'Z35SXDOTRQ7X7K'),
  },
  {
    id: 'database-subnets-in-one-zone',
    what: 'DB subnet group over a single zone',
    evidence: /DBSubnetGroupDoesNotCoverEnoughAZs|subnet group.*(Availability Zone|\bAZ)/i,
    plant: stack => resourceAt(stack, 'Database/SubnetGroup/Default')
      .addPropertyOverride('SubnetIds', [resourceAt(stack, 'Vpc/PrivateSubnet1/Subnet').ref]),
  },
  {
    id: 'time-to-live-on-alias',
    what: 'alias record with a TTL',
    evidence: /TTL/,
    plant: stack => resourceAt(stack, 'Primary').addPropertyOverride('TTL', '60'),
  },
  {
    id: 'user-data-too-long',
    what: 'user data of 20,000 bytes, of which EC2 takes 16,384',
    evidence: /user ?data/i,
    plant: stack => resourceAt(stack, 'LaunchTemplate')
      .addPropertyOverride('LaunchTemplateData.UserData', Buffer.alloc(20_000, '#').toString('base64')),
  },
  {
    id: 'too-many-addresses',
    what: 'eleven Elastic IP addresses, of which an account may have five',
    evidence: /AddressLimitExceeded|number of addresses/i,
    plant: stack => {
      for (let i = 0; i < 8; i++) {
        new ec2.CfnEIP(stack, `Address${i}`, { domain: 'vpc' });
      }
    },
  },
  {
    id: 'attribute-unknown',
    what: 'reference to an attribute that the resource does not have',
    evidence: /NoSuchAttribute/,
    plant: stack => resourceAt(stack, 'Primary')
      .addPropertyOverride('AliasTarget.DNSName', resourceAt(stack, 'LoadBalancer').getAtt('NoSuchAttribute')),
  },
  {
    id: 'minimum-over-maximum',
    what: 'Auto Scaling group with a minimum size above its maximum size',
    evidence: /MinSize|MaxSize|min.*max/i,
    plant: stack => resourceAt(stack, 'Workers/ASG').addPropertyOverride('MinSize', '12'),
  },
  {
    id: 'policy-effect-unknown',
    what: 'IAM policy with the effect Permit',
    evidence: /Permit|Effect/,
    plant: stack => resourceAt(stack, 'Role/DefaultPolicy').addPropertyOverride('PolicyDocument.Statement.0.Effect', 'Permit'),
  },
  {
    id: 'dead-letter-queue-unknown',
    what: 'queue with a dead-letter queue that does not exist',
    evidence: /no-such-queue|dead.?letter|NonExistentQueue/i,
    plant: stack => resourceAt(stack, 'Queue')
      .addPropertyOverride('RedrivePolicy.deadLetterTargetArn', 'arn:aws:sqs:eu-west-1:123456789012:no-such-queue'),
  },
  {
    id: 'security-group-unknown',
    what: 'load balancer with a security group that does not exist',
    evidence: /sg-0bad0bad0bad0bad0/,
    plant: stack => resourceAt(stack, 'LoadBalancer').addPropertyOverride('SecurityGroups', ['sg-0bad0bad0bad0bad0']),
  },
  {
    id: 'subnet-ranges-overlap',
    what: 'two subnets with the same range of addresses',
    evidence: /InvalidSubnet|conflict|overlap/i,
    plant: stack => resourceAt(stack, 'Vpc/PublicSubnet2/Subnet').addPropertyOverride('CidrBlock', '10.0.0.0/19'),
  },
  {
    id: 'target-group-unknown',
    what: 'listener that forwards to a target group that does not exist',
    evidence: /no-such-group|TargetGroupNotFound/,
    plant: stack => resourceAt(stack, 'LoadBalancer/Http').addPropertyOverride(
      'DefaultActions.0.TargetGroupArn',
      'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/no-such-group/0bad0bad0bad0bad',
    ),
  },
  {
    id: 'health-check-timeout-over-interval',
    what: 'health check that waits longer for its answer than until the next check',
    evidence: /timeout.*interval|interval.*timeout/i,
    plant: stack => resourceAt(stack, 'LoadBalancer/Http/WorkersGroup').addPropertyOverride('HealthCheckTimeoutSeconds', 20),
  },
  {
    id: 'instance-class-unknown',
    what: 'database of an instance class that does not exist',
    evidence: /db\.m6g\.enormous/,
    plant: stack => resourceAt(stack, 'Database').addPropertyOverride('DBInstanceClass', 'db.m6g.enormous'),
  },
  {
    id: 'scaling-metric-unknown',
    what: 'scaling policy on a metric that does not exist',
    evidence: /ASGAverageCPU\b/,
    plant: stack => resourceAt(stack, 'Workers/ScalingPolicyCpu').addPropertyOverride(
      'TargetTrackingConfiguration.PredefinedMetricSpecification.PredefinedMetricType', 'ASGAverageCPU',
    ),
  },
];
