import { CfnElement, CfnParameter, Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { InstanceFleet, InstanceTemplate, MachineImageTemplateProps, WebEndpoint, WebHealthCheck, WebScaling } from '../../src';
import { importedNetworkOf, networkOf, shopStack, shopStackAnywhere, zoneNames } from '../helpers/network';
import { certificate, Setting, tierIn } from '../helpers/web-tier';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const ALARM = 'AWS::CloudWatch::Alarm';

describe('MultiAzWebTier', () => {
  describe('sizes the group so that the need stands without a zone', () => {
    test.each([
      { zones: 2, need: 1, min: 2 },
      { zones: 2, need: 4, min: 8 },
      { zones: 3, need: 1, min: 3 },
      { zones: 3, need: 4, min: 6 },
      { zones: 3, need: 5, min: 9 },
    ])('$need over $zones zones makes $min', ({ zones, need, min }) => {
      const { tier, template } = tierIn({ zones, neededCapacity: need });
      expect(tier.minCapacity).toBe(min);
      template().hasResourceProperties(GROUP, { MinSize: `${min}`, MaxSize: `${2 * min}`, DesiredCapacity: Match.absent() });
    });

    test('by default with one instance in each zone', () => {
      tierIn().template().hasResourceProperties(GROUP, { MinSize: '3', MaxSize: '6' });
    });

    test('counting an unknown number of zones as two, which is enough for any', () => {
      const stack = shopStack();
      const subnets = ['subnet-1', 'subnet-2', 'subnet-3'].map(id => ec2.Subnet.fromSubnetId(stack, id, id));
      const { tier } = tierIn({ stack, vpcSubnets: { subnets }, neededCapacity: 4 });
      expect(tier.minCapacity).toBe(8);
    });

    test('up to what it is told', () => {
      tierIn({ neededCapacity: 4, maxCapacity: 20 }).template().hasResourceProperties(GROUP, { MinSize: '6', MaxSize: '20' });
    });

    test('up to what is told at deployment', () => {
      const stack = shopStack();
      const most = new CfnParameter(stack, 'Most', { type: 'Number' });
      tierIn({ stack, maxCapacity: most.valueAsNumber }).template().hasResourceProperties(GROUP, { MaxSize: { Ref: 'Most' } });
    });
  });

  describe('by default', () => {
    test('spreads the instances over the private subnets of all zones', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      tierIn({ stack, vpc }).template().hasResourceProperties(GROUP, {
        VPCZoneIdentifier: vpc.privateSubnets.map(subnet => stack.resolve(subnet.subnetId)),
      });
    });

    test('puts the load balancer into the public subnets of the same zones', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      tierIn({ stack, vpc, vpcSubnets: { availabilityZones: zoneNames.slice(0, 2) } }).template().hasResourceProperties(LOAD_BALANCER, {
        Scheme: 'internet-facing',
        Subnets: vpc.publicSubnets.slice(0, 2).map(subnet => stack.resolve(subnet.subnetId)),
      });
    });

    test('replaces what the load balancer calls unhealthy, after the start', () => {
      tierIn().template().hasResourceProperties(GROUP, { HealthCheckType: 'ELB,EBS', HealthCheckGracePeriod: 300 });
    });

    test('launches what is new before it ends what is old', () => {
      const { template } = tierIn();
      template().hasResourceProperties(GROUP, { InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 } });
      template().hasResource(GROUP, { UpdatePolicy: { AutoScalingInstanceRefresh: { Strategy: 'Rolling' } } });
    });

    test('launches nothing before there is a way out', () => {
      tierIn().template().hasResource(GROUP, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('PrivateSubnet1DefaultRoute')]) });
    });

    test('says of a health check that it asks for the instance alone, when told so', () => {
      tierIn().template().hasResource(TARGET_GROUP, { Metadata: Match.absent() });
      tierIn({ healthCheck: WebHealthCheck.http('/health', { isShallow: true }) }).template()
        .hasResource(TARGET_GROUP, { Metadata: { 'cdk-fault-tolerance:shallowHealthCheck': true } });
    });

    test('measures its groups, on which its alarms go', () => {
      tierIn().template().hasResourceProperties(GROUP, { MetricsCollection: [{ Granularity: '1Minute' }] });
    });

    test('passes on no headers that are none', () => {
      tierIn().template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' }]),
      });
    });

    test('is its load balancer to whoever asks for the resource', () => {
      const { tier } = tierIn();
      expect(tier.node.defaultChild).toBe(tier.loadBalancer);
    });

    test('says what is needed, of the group or of all of them together', () => {
      const needed = { Metadata: Match.objectLike({ 'cdk-fault-tolerance:neededCapacity': 4 }) };
      const together = tierIn({ neededCapacity: 4 }).template();
      together.hasResource(GROUP, needed);
      expect(together.findResources(TARGET_GROUP, needed)).toEqual({});
      const each = tierIn({ neededCapacity: 4, fleet: InstanceFleet.inEachZone() }).template();
      each.hasResource(TARGET_GROUP, needed);
      expect(each.findResources(GROUP, { Metadata: { 'cdk-fault-tolerance:neededCapacity': Match.anyValue() } })).toEqual({});
    });

    test('checks the health every ten seconds', () => {
      tierIn().template().hasResourceProperties(TARGET_GROUP, {
        HealthCheckPath: '/',
        HealthCheckIntervalSeconds: 10,
        HealthCheckTimeoutSeconds: 5,
        UnhealthyThresholdCount: 2,
        Port: 80,
      });
    });

    test('protects load balancer, group and logs from deletion', () => {
      const { template } = tierIn();
      template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'true' }]),
      });
      template().hasResourceProperties(GROUP, { DeletionProtection: 'prevent-force-deletion' });
      template().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
    });

    test('keeps its CPU at 50 %', () => {
      tierIn().template().hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
        TargetTrackingConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' }, TargetValue: 50 },
      });
    });
  });

  describe('keeps access logs', () => {
    test('in a private, encrypted bucket that only the load balancers of this account write to', () => {
      const { stack, tier, template } = tierIn();
      const bucket = stack.resolve(tier.accessLogsBucket?.bucketName);
      template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([
          { Key: 'access_logs.s3.enabled', Value: 'true' },
          { Key: 'access_logs.s3.bucket', Value: bucket },
        ]),
      });
      template().hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: bucket,
        PolicyDocument: {
          Statement: Match.arrayWith([{
            Effect: 'Allow',
            Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: stack.resolve(tier.accessLogsBucket?.arnForObjects('AWSLogs/123456789012/*')),
          }]),
        },
      });
    });

    test('also where the Region is not known at synth', () => {
      const stack = shopStackAnywhere();
      tierIn({ stack, vpc: new ec2.Vpc(stack, 'Vpc') }).template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'access_logs.s3.enabled', Value: 'true' }]),
      });
    });

    test('in a bucket that is there before the load balancer writes to it', () => {
      tierIn().template().hasResource(LOAD_BALANCER, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('AccessLogsPolicy')]) });
    });
  });

  describe('reached by', () => {
    /** From where, and at which ports, the load balancer lets clients in. */
    function openPorts(template: Template): [string, number][] {
      const group = Object.values(template.findResources('AWS::EC2::SecurityGroup', {
        Properties: { GroupDescription: Match.stringLikeRegexp('for ELB') },
      }))[0];
      return (group.Properties.SecurityGroupIngress ?? []).map((rule: { CidrIp: string; FromPort: number }) => [rule.CidrIp, rule.FromPort]);
    }

    test('public HTTPS redirects from HTTP', () => {
      const { template } = tierIn();
      template().hasResourceProperties(LISTENER, { Port: 443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' });
      template().hasResourceProperties(LISTENER, {
        Port: 80,
        DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
      });
      expect(openPorts(template())).toEqual([['0.0.0.0/0', 80], ['0.0.0.0/0', 443]]);
    });

    test('public HTTP has no other listener', () => {
      const { template } = tierIn({ endpoint: WebEndpoint.publicHttp() });
      template().resourceCountIs(LISTENER, 1);
      template().hasResourceProperties(LISTENER, { Port: 80, Protocol: 'HTTP', DefaultActions: [Match.objectLike({ Type: 'forward' })] });
    });

    test('an internal endpoint stands beside the instances, and lets nobody in by itself', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      const { template } = tierIn({ stack, vpc, endpoint: WebEndpoint.internalHttps(certificate) });
      template().hasResourceProperties(LOAD_BALANCER, {
        Scheme: 'internal',
        Subnets: vpc.privateSubnets.map(subnet => stack.resolve(subnet.subnetId)),
      });
      expect(openPorts(template())).toEqual([]);
    });

    test('an internal endpoint, by the tier that it is opened for', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      const { tier: api } = tierIn({ stack, vpc, endpoint: WebEndpoint.internalHttp() });
      const web = new ec2.SecurityGroup(stack, 'WebInstances', { vpc });
      api.clients.allowDefaultPortFrom(web);
      Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        GroupId: stack.resolve(api.clients.securityGroups[0].securityGroupId),
        SourceSecurityGroupId: stack.resolve(web.securityGroupId),
        FromPort: 80,
      });
    });
  });

  test('lets only the load balancer talk to the instances, and only at their port', () => {
    const { stack, tier, template } = tierIn({ instancePort: 8080 });
    template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: stack.resolve(tier.connections.securityGroups[0].securityGroupId),
      SourceSecurityGroupId: stack.resolve(tier.clients.securityGroups[0].securityGroupId),
      FromPort: 8080,
      ToPort: 8080,
    });
    template().hasResourceProperties('AWS::EC2::SecurityGroupEgress', {
      DestinationSecurityGroupId: stack.resolve(tier.connections.securityGroups[0].securityGroupId),
      FromPort: 8080,
    });
  });

  describe('rolls a new version out without making its group anew:', () => {
    const made = (props: Partial<MachineImageTemplateProps>) => {
      const { stack, tier, template } = tierIn({
        instanceTemplate: InstanceTemplate.fromMachineImage({
          machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('m7i.large'), ...props,
        }),
      });
      const idOf = (construct: IConstruct) => stack.getLogicalId(construct.node.defaultChild as CfnElement);
      const [groupId, templateId] = [idOf(tier.autoScalingGroups[0]), idOf(tier.launchTemplate)];
      const { [groupId]: group, [templateId]: launch } = template().toJSON().Resources;
      return { groupId, group, templateId, launch };
    };
    const before = made({});

    test.each<[string, Partial<MachineImageTemplateProps>]>([
      ['an image', { machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0fedcba9876543210' }) }],
      ['user data', { userData: ec2.UserData.custom('#!/bin/bash\nnginx') }],
      ['an instance type', { instanceType: new ec2.InstanceType('m8i.large') }],
    ])('%s is a new version of the same launch template', (_, props) => {
      const after = made(props);
      expect({ ...after, launch: undefined }).toEqual({ ...before, launch: undefined });
      expect(after.launch).not.toEqual(before.launch);
      expect(before.group.Properties.LaunchTemplate.Version).toEqual({ 'Fn::GetAtt': [before.templateId, 'LatestVersionNumber'] });
    });

    test('further instance types change the group in its place', () => {
      const after = made({ furtherInstanceTypes: [new ec2.InstanceType('m6i.large')] });
      expect([after.groupId, after.templateId]).toEqual([before.groupId, before.templateId]);
      expect(after.group.Properties.MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification).toEqual(before.group.Properties.LaunchTemplate);
    });
  });

  test('grants to the role of the instances', () => {
    const { stack, tier, template } = tierIn();
    new s3.Bucket(stack, 'Pictures').grantRead(tier);
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) })] },
      Roles: [{ Ref: Match.stringLikeRegexp('WebInstanceRole') }],
    });
  });

  test('scales on the requests of each instance when told so', () => {
    tierIn({ scaling: [WebScaling.onRequestCount(600)] }).template().hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: Match.objectLike({ PredefinedMetricType: 'ALBRequestCountPerTarget' }),
        TargetValue: 600,
      },
    });
  });

  test('lets go of everything when told so', () => {
    const { template } = tierIn({ removalPolicy: RemovalPolicy.DESTROY });
    template().hasResourceProperties(LOAD_BALANCER, {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]),
    });
    template().hasResourceProperties(GROUP, { DeletionProtection: 'none' });
    template().hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
    template().resourceCountIs('Custom::S3AutoDeleteObjects', 1);
  });

  describe('alarms', () => {
    test('go off when fewer instances are in service than needed', () => {
      tierIn({ neededCapacity: 4 }).template().hasResourceProperties(ALARM, {
        MetricName: 'GroupInServiceInstances',
        Statistic: 'Minimum',
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 4,
        TreatMissingData: 'breaching',
      });
    });

    test('go off on instances that stay unhealthy and on server errors', () => {
      const { tier, template } = tierIn();
      expect(tier.alarms).toHaveLength(9);
      template().hasResourceProperties(ALARM, { MetricName: 'UnHealthyHostCount', Threshold: 0, EvaluationPeriods: 10 });
      template().hasResourceProperties(ALARM, {
        Metrics: Match.arrayWith([Match.objectLike({ MetricStat: { Metric: Match.objectLike({ MetricName: 'HTTPCode_Target_5XX_Count' }) } })]),
        Threshold: 5,
      });
    });

    test('tell the topic', () => {
      const stack = shopStack();
      const topic = new sns.Topic(stack, 'Alarms');
      const told = [stack.resolve(topic.topicArn)];
      tierIn({ stack, alarmTopic: topic }).template().allResourcesProperties(ALARM, { AlarmActions: told, OKActions: told });
    });

    test('of metrics that take options', () => {
      const { tier } = tierIn();
      expect(tier.metricInServiceInstances({ statistic: 'Average' }).toMetricConfig().metricStat?.statistic).toBe('Average');
      expect(tier.metricServerErrorPercent({ period: Duration.minutes(5) }).period).toEqual(Duration.minutes(5));
    });
  });

  describe('refuses', () => {
    test.each<[string, Setting, string]>([
      ['one zone', { zones: 1 },
        "'vpcSubnets' selects subnets of one availability zone only (eu-west-1a), so the loss of it stops everything; " +
        "select subnets in at least 2 zones, for example of a VPC with 'maxAzs: 3'"],
      ['subnets of one zone', { vpcSubnets: { availabilityZones: ['eu-west-1b'] } }, 'one availability zone only (eu-west-1b)'],
      ['a zone that the VPC does not have', { vpcSubnets: { availabilityZones: ['eu-west-1a', 'us-east-1a'] } },
        "'vpcSubnets' names us-east-1a, which the VPC does not have; name zones out of eu-west-1a, eu-west-1b, eu-west-1c"],
      ['a VPC without such subnets', { vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } },
        "'vpcSubnets' selects no subnet of the VPC; give the VPC such subnets, or select others by 'vpcSubnets'"],
      ['half the name of a root device', {
        instanceTemplate: InstanceTemplate.fromMachineImage({
          machineImage: ec2.MachineImage.latestAmazonLinux2023(), instanceType: new ec2.InstanceType('t3.small'), rootDeviceName: 'sda1',
        }),
      },
      "'instanceTemplate.rootDeviceName' is 'sda1'; give the whole name, such as /dev/sda1"],
      ['a need of nothing', { neededCapacity: 0 }, "'neededCapacity' is 0; give a whole number of 1 or more"],
      ['half an instance', { neededCapacity: 1.5 }, "'neededCapacity' is 1.5; give a whole number of 1 or more"],
      ['less than the need takes', { neededCapacity: 4, maxCapacity: 5 },
        "'maxCapacity' is 5, but a need of 4 that outlives the loss of one of 3 zones takes 6 instances; " +
        "raise 'maxCapacity' to 6 or more, or lower 'neededCapacity'"],
      ['fewer than the zones', { maxCapacity: 2 }, "'maxCapacity' is 2, but a need of 2 that outlives the loss of one of 3 zones takes 3 instances"],
      ['a health check path without a slash', { healthCheck: WebHealthCheck.http('health') },
        "the path of 'healthCheck' is 'health'; start it with a slash: '/health'"],
      ['a health check more often than ELB does', { healthCheck: WebHealthCheck.http('/', { interval: Duration.seconds(4) }) },
        "'healthCheck.interval' is 4 seconds; give whole seconds from 5 to 300"],
      ['an interval of broken seconds', { healthCheck: WebHealthCheck.http('/', { interval: Duration.millis(7500) }) },
        "'healthCheck.interval' is 7.5 seconds; give whole seconds from 5 to 300"],
      ['a timeout that is not below the interval', { healthCheck: WebHealthCheck.http('/', { timeout: Duration.seconds(10) }) },
        "'healthCheck.timeout' (10 seconds) is not below 'healthCheck.interval' (10 seconds); shorten the timeout or lengthen the interval"],
      ['an interval known at deployment only', { healthCheck: WebHealthCheck.http('/', { interval: Duration.seconds(Lazy.number({ produce: () => 30 })) }) },
        "'healthCheck.interval' is not known at synth; give a duration in seconds or minutes"],
      ['a timeout known at deployment only', { healthCheck: WebHealthCheck.http('/', { timeout: Duration.seconds(Lazy.number({ produce: () => 5 })) }) },
        "'healthCheck.timeout' is not known at synth; give a duration in seconds or minutes"],
      ['a grace period beyond two hours', { healthCheck: WebHealthCheck.http('/', { gracePeriod: Duration.hours(3) }) },
        "'healthCheck.gracePeriod' is 10800 seconds; give whole seconds from 0 to 7200"],
      ['a port that there is not', { instancePort: 70000 }, "'instancePort' is 70000; give a whole number from 1 to 65535"],
      ['a CPU beyond 100 %', { scaling: [WebScaling.onCpuUtilization(120)] },
        "'scaling.targetUtilizationPercent' is 120; give a whole number from 1 to 100"],
      ['scaling on no requests', { scaling: [WebScaling.onRequestCount(0)] },
        "'scaling.requestsPerInstancePerMinute' is 0; give a whole number of 1 or more"],
      ['a snapshot at removal', { removalPolicy: RemovalPolicy.SNAPSHOT }, "'removalPolicy' is SNAPSHOT"],
    ])('%s', (_, setting, message) => {
      const stack = shopStack();
      expect(() => tierIn({ stack, ...setting })).toThrow(message);
      expect(() => tierIn(setting)).toThrow("[MultiAzWebTier at 'Shop/Web']");
      expect(stack.node.findChild('Web').node.children).toEqual([]);
    });

    test('a need that is known at deployment only', () => {
      const stack = shopStack();
      const need = new CfnParameter(stack, 'Need', { type: 'Number' }).valueAsNumber;
      expect(() => tierIn({ stack, neededCapacity: need })).toThrow("'neededCapacity' is not known at synth");
    });

    test('a public endpoint where a zone of the instances has no public subnet', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      Object.defineProperty(vpc, 'publicSubnets', { value: vpc.publicSubnets.slice(0, 2) });
      expect(() => tierIn({ stack, vpc })).toThrow(
        "'endpoint' is public, but the VPC has no public subnet for the load balancer in eu-west-1c, where instances are; " +
        'give each zone a public subnet, or choose an internal endpoint');
    });
  });

  test.each<[string, Setting]>([
    ['a maximum', { neededCapacity: 4, maxCapacity: 6 }],
    ['the loss of two zones', { fleet: InstanceFleet.overAllZones({ zoneFailureTolerance: 2, minCapacity: 4 }), maxCapacity: 4 }],
    ['a schedule', { scaling: [WebScaling.onSchedule({ start: Schedule.cron({ hour: '7', minute: '0' }), end: Schedule.cron({ hour: '20', minute: '0' }), minCapacity: 7 })], neededCapacity: 4 }],
    ['a group in each zone', { fleet: InstanceFleet.inEachZone({ reservedCapacity: { perZone: 1 } }), neededCapacity: 4, maxCapacity: 6 }],
  ])('refuses no %s for the zones of a VPC that is still to be looked up', (_, setting) => {
    const stack = shopStack();
    expect(tierIn({ ...setting, stack, vpc: ec2.Vpc.fromLookup(stack, 'Vpc', { vpcName: 'shop' }) }).warnings()).toEqual([]);
  });

  test('stands in a VPC made elsewhere', () => {
    const stack = shopStack();
    tierIn({ stack, vpc: importedNetworkOf(stack) }).template().hasResourceProperties(GROUP, {
      VPCZoneIdentifier: ['subnet-0123456789abcdeb0', 'subnet-0123456789abcdeb1', 'subnet-0123456789abcdeb2'],
    });
  });
});
