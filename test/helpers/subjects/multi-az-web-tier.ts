import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CapacityDistributionStrategy, Schedule } from 'aws-cdk-lib/aws-autoscaling';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { certificateInUsEast1, instanceTemplate, Subject, subject, topicIn } from './subject';
import {
  Bootstrap, BootstrapFile, BootstrapService, InstanceFleet, InstanceTemplate, MultiAzWebTier, MultiAzWebTierProps, Rollout, ShutdownCommand,
  WebEndpoint, WebHealthCheck, WebRouting, WebScaling, ZonalShift,
} from '../../../src';
import { networkOf } from '../network';
import { prefixListIn } from '../web-distribution';

export const multiAzWebTier: readonly Subject[] = [
  subject('MultiAzWebTier by public HTTPS', stack => {
    webTierIn(stack, { endpoint: WebEndpoint.publicHttps(certificateIn(stack)), neededCapacity: 4, alarmTopic: topicIn(stack) });
  }),
  subject('MultiAzWebTier by internal HTTP, with all options', stack => {
    const tier = webTierIn(stack, {
      endpoint: WebEndpoint.internalHttp({ hostedZone: zoneIn(stack), domainName: 'api.example.com' }),
      instancePort: 8080,
      healthCheck: WebHealthCheck.http('/health', {
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        gracePeriod: Duration.minutes(10),
      }),
      routing: WebRouting.roundRobin({
        slowStart: Duration.minutes(2),
        stickiness: Duration.hours(1),
        deregistrationDelay: Duration.minutes(2),
        targetGroupHealth: { dnsMinimumHealthyTargetPercentage: 50, routingMinimumHealthyTargetPercentage: 20 },
      }),
      maxCapacity: 30,
      fleet: InstanceFleet.overAllZones({
        minCapacity: 6,
        maxInstanceLifetime: Duration.days(7),
        instanceWarmup: Duration.minutes(3),
        distribution: CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
        rollout: Rollout.watched({
          checkpoints: [20], checkpointDelay: Duration.minutes(5), bakeTime: Duration.minutes(10), alarms: [alarmIn(stack, 'Orders')],
        }),
        zonalShift: ZonalShift.automatic({ blockedDates: ['2026-11-27'], blockingAlarms: [alarmIn(stack, 'Payments')] }),
        reservedCapacity: { perZone: 1 },
        warmPool: { minSize: 2 },
        shutdown: ShutdownCommand.run(Duration.minutes(5), 'systemctl stop shop', 'sleep 5'),
      }),
      scaling: [WebScaling.onRequestCount(600)],
      latencyLimit: Duration.seconds(1),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    tier.addIpTargets('Warehouse', {
      addresses: ['192.168.7.10', '192.168.8.10'],
      port: 8081,
      conditions: [elb.ListenerCondition.pathPatterns(['/stock/*'])],
      priority: 10,
    });
  }),
  subject('MultiAzWebTier with a group in each zone', stack => {
    webTierIn(stack, {
      endpoint: WebEndpoint.internalHttps(certificateIn(stack)),
      neededCapacity: 4,
      fleet: InstanceFleet.inEachZone({
        zonalShift: ZonalShift.automatic(),
        reservedCapacity: { perZone: 2 },
        shutdown: ShutdownCommand.run(Duration.minutes(1), 'sync'),
      }),
      routing: WebRouting.leastOutstandingRequests({ crossZone: false }),
      scaling: everyScaling(),
    });
  }),
  subject('MultiAzWebTier by public TLS', stack => {
    webTierIn(stack, {
      endpoint: WebEndpoint.publicTls(8883, certificateIn(stack), { hostedZone: zoneIn(stack), domainName: 'mqtt.example.com' }),
      neededCapacity: 4,
      instancePort: 1883,
    });
  }),
  subject('MultiAzWebTier by internal TCP', stack => {
    webTierIn(stack, {
      endpoint: WebEndpoint.internalTcp(6379),
      neededCapacity: 4,
      instancePort: 6379,
      healthCheck: WebHealthCheck.http('/health'),
      fleet: InstanceFleet.overAllZones({ zonalShift: ZonalShift.disabled(), rollout: Rollout.unwatched() }),
      routing: WebRouting.roundRobin({ crossZone: false }),
    });
  }),
  subject('MultiAzWebTier of bootstrapped instances of several types, Spot above the minimum', stack => {
    webTierIn(stack, {
      endpoint: WebEndpoint.internalHttp(),
      neededCapacity: 4,
      instanceTemplate: InstanceTemplate.fromAmazonLinux2023({
        instanceType: new ec2.InstanceType('m7g.large'),
        furtherInstanceTypes: [new ec2.InstanceType('m8g.large'), new ec2.InstanceType('c7g.xlarge')],
        spotPercentAboveMinimum: 50,
        bootstrap: new Bootstrap({
          packages: ['nginx'],
          // more than user data may hold
          files: [BootstrapFile.inline('/usr/share/nginx/html/index.html', '<h1>Shop</h1>\n'.repeat(2000))],
          services: [BootstrapService.installed('nginx')],
        }),
      }),
    });
  }),
  subject('MultiAzWebTier by CloudFront', stack => {
    const bucket = new s3.Bucket(stack, 'Fallback', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY,
    });
    webTierIn(stack, {
      endpoint: WebEndpoint.cloudFront({
        domainNames: ['shop.example.com'],
        certificate: certificateInUsEast1(stack),
        originCertificate: certificateIn(stack),
        hostedZone: zoneIn(stack),
        staticPaths: ['/assets/*'],
        fallback: S3BucketOrigin.withOriginAccessControl(bucket),
        cloudFrontPrefixList: prefixListIn(stack),
      }),
      neededCapacity: 4,
    });
  }),
  subject('MultiAzWebTier around anomalies, with every scaling', stack => {
    webTierIn(stack, {
      endpoint: WebEndpoint.publicHttp(), neededCapacity: 4, routing: WebRouting.aroundAnomalies(), scaling: everyScaling(),
    });
  }),
];

export function webTierIn(stack: Stack, props: Pick<MultiAzWebTierProps, 'endpoint'> & Partial<MultiAzWebTierProps>): MultiAzWebTier {
  return new MultiAzWebTier(stack, 'Web', { vpc: networkOf(stack), instanceTemplate: instanceTemplate(), ...props });
}

function everyScaling(): WebScaling[] {
  return [
    WebScaling.onCpuUtilization(50),
    WebScaling.onNetworkIn(600_000_000),
    WebScaling.onNetworkOut(600_000_000),
    WebScaling.onDiskOperations(60_000),
    WebScaling.onMetric(new cloudwatch.MathExpression({
      expression: 'sessions / instances',
      usingMetrics: {
        sessions: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Sessions' }),
        instances: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Instances' }),
      },
    }), 500),
    WebScaling.inCpuSteps(),
    WebScaling.onSchedule({
      start: Schedule.cron({ hour: '7', minute: '30' }), end: Schedule.cron({ hour: '19', minute: '0' }), minCapacity: 9, timeZone: 'Europe/Berlin',
    }),
    WebScaling.onForecast({ targetUtilizationPercent: 50 }),
  ];
}

function certificateIn(stack: Stack): acm.Certificate {
  return new acm.Certificate(stack, 'Certificate', { domainName: 'shop.example.com', validation: acm.CertificateValidation.fromDns() });
}

function zoneIn(stack: Stack): route53.IHostedZone {
  return new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
}

function alarmIn(stack: Stack, metricName: string): cloudwatch.Alarm {
  return new cloudwatch.Alarm(stack, metricName, {
    metric: new cloudwatch.Metric({ namespace: 'Shop', metricName }), threshold: 1, evaluationPeriods: 1,
  });
}
