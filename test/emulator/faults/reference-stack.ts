import * as cdk from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as dlm from 'aws-cdk-lib/aws-dlm';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * What a user of CDK writes for a highly available application, without any construct of ours: a net that is tested on our own
 * templates only would be tested on templates that its authors had in mind.
 */
export class ReferenceStack extends cdk.Stack {
  constructor(app: cdk.App) {
    super(app, 'Reference', { env: { account: '123456789012', region: 'eu-west-1' } });
    const vpc = this.createNetwork();
    const workers = this.createWorkers(vpc);
    const loadBalancer = this.createLoadBalancer(vpc, workers);
    this.createAlarm(loadBalancer);
    this.createDatabase(vpc, workers);
    this.createQueue();
    this.createTable();
    this.createFailoverRecords(loadBalancer);
    this.createSnapshots();
  }

  private createNetwork(): ec2.Vpc {
    return new ec2.Vpc(this, 'Vpc', { availabilityZones: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'] });
  }

  private createWorkers(vpc: ec2.Vpc): autoscaling.AutoScalingGroup {
    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['cloudwatch:PutMetricData'], resources: ['*'] }));
    const launchTemplate = new ec2.LaunchTemplate(this, 'LaunchTemplate', {
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      instanceType: new ec2.InstanceType('t3.micro'),
      securityGroup: new ec2.SecurityGroup(this, 'WorkerSecurityGroup', { vpc }),
      role,
      userData: ec2.UserData.custom('#!/bin/sh\necho ready'),
      requireImdsv2: true,
    });
    const group = new autoscaling.AutoScalingGroup(this, 'Workers', {
      vpc,
      launchTemplate,
      minCapacity: 3,
      maxCapacity: 9,
      healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
        additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB],
        gracePeriod: cdk.Duration.minutes(2),
      }),
    });
    group.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50 });
    return group;
  }

  private createLoadBalancer(vpc: ec2.Vpc, workers: autoscaling.AutoScalingGroup): elb.ApplicationLoadBalancer {
    const loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    loadBalancer.addListener('Http', { port: 80 }).addTargets('Workers', {
      port: 8080,
      targets: [workers],
      healthCheck: { path: '/health', interval: cdk.Duration.seconds(10), timeout: cdk.Duration.seconds(5) },
    });
    return loadBalancer;
  }

  private createAlarm(loadBalancer: elb.ApplicationLoadBalancer) {
    new cloudwatch.Alarm(this, 'Alarm', {
      metric: loadBalancer.metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT),
      threshold: 1,
      evaluationPeriods: 2,
    }).addAlarmAction(new SnsAction(new sns.Topic(this, 'Topic')));
  }

  private createDatabase(vpc: ec2.Vpc, workers: autoscaling.AutoScalingGroup) {
    const database = new rds.DatabaseInstance(this, 'Database', {
      vpc,
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_9 }),
      instanceType: new ec2.InstanceType('m6g.large'),
      multiAz: true,
      backupRetention: cdk.Duration.days(7),
      storageEncrypted: true,
    });
    database.connections.allowDefaultPortFrom(workers);
  }

  private createQueue() {
    const deadLetters = new sqs.Queue(this, 'DeadLetters');
    new sqs.Queue(this, 'Queue', {
      visibilityTimeout: cdk.Duration.seconds(30),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
    });
  }

  private createTable() {
    new dynamodb.Table(this, 'Table', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires',
    });
  }

  private createFailoverRecords(loadBalancer: elb.ApplicationLoadBalancer) {
    const zone = new route53.PublicHostedZone(this, 'Zone', { zoneName: 'example.com' });
    const healthCheck = new route53.CfnHealthCheck(this, 'HealthCheck', {
      healthCheckConfig: {
        type: 'HTTP',
        resourcePath: '/health',
        fullyQualifiedDomainName: loadBalancer.loadBalancerDnsName,
        port: 80,
        requestInterval: 10,
        failureThreshold: 2,
      },
    });
    new route53.CfnRecordSet(this, 'Primary', {
      hostedZoneId: zone.hostedZoneId,
      name: 'app.example.com.',
      type: 'A',
      failover: 'PRIMARY',
      setIdentifier: 'primary',
      healthCheckId: healthCheck.ref,
      aliasTarget: {
        dnsName: loadBalancer.loadBalancerDnsName,
        hostedZoneId: loadBalancer.loadBalancerCanonicalHostedZoneId,
        evaluateTargetHealth: true,
      },
    });
    new route53.CfnRecordSet(this, 'Secondary', {
      hostedZoneId: zone.hostedZoneId,
      name: 'app.example.com.',
      type: 'A',
      failover: 'SECONDARY',
      setIdentifier: 'secondary',
      ttl: '60',
      resourceRecords: ['192.0.2.10'],
    });
  }

  private createSnapshots() {
    const role = new iam.Role(this, 'SnapshotsRole', {
      assumedBy: new iam.ServicePrincipal('dlm.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSDataLifecycleManagerServiceRole')],
    });
    new dlm.CfnLifecyclePolicy(this, 'Snapshots', {
      description: 'Daily snapshots',
      state: 'ENABLED',
      executionRoleArn: role.roleArn,
      policyDetails: {
        resourceTypes: ['VOLUME'],
        targetTags: [{ key: 'Backup', value: 'true' }],
        schedules: [{
          name: 'Daily',
          createRule: { interval: 24, intervalUnit: 'HOURS', times: ['03:00'] },
          retainRule: { count: 7 },
          copyTags: true,
        }],
      },
    });
  }
}
