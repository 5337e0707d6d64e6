import * as path from 'path';
import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-autoscaling';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import {
  Bootstrap, BootstrapFile, BootstrapService, EbsSnapshotPolicy, FaultDashboard, HaNatPerAz, InstanceFleet, InstanceTemplate, MultiAzWebTier,
  NatEgress, PrimarySite, RdsMultiAz, Rollout, S3StaticFailover, SessionTable, ShutdownCommand, SnapshotRetention, SnapshotSchedule,
  SqsWorkerFleet, StaticSite, TakeoverProfile, WebEndpoint, WebHealthCheck, WebRouting, WebScaling, WorkerRunner, WorkerScaling, WorkQueue,
  ZonalShift,
} from '../../src';

const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

/** The app that the other languages say over again, line by line. */
export function shopStack(): Stack {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: zones,
    natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances({ profile: TakeoverProfile.FAST }) }),
  });
  const instanceTemplate = InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
    instanceType: new ec2.InstanceType('m7i.large'),
  });
  const web = new MultiAzWebTier(stack, 'Web', {
    vpc,
    instanceTemplate,
    endpoint: WebEndpoint.publicHttps(certificate(stack, 'eu-west-1')),
    healthCheck: WebHealthCheck.http('/healthy'),
    neededCapacity: 4,
  });
  web.metricServerErrorPercent().createAlarm(stack, 'ManyErrors', { threshold: 5, evaluationPeriods: 3 });

  const api = new MultiAzWebTier(stack, 'Api', {
    vpc,
    instanceTemplate: InstanceTemplate.fromAmazonLinux2023({
      instanceType: new ec2.InstanceType('m7g.large'),
      furtherInstanceTypes: [new ec2.InstanceType('m8g.large')],
      spotPercentAboveMinimum: 50,
      bootstrap: new Bootstrap({
        packages: ['nginx'],
        files: [BootstrapFile.inline('/usr/share/nginx/html/index.html', 'well', { mode: '0644' })],
        services: [BootstrapService.installed('nginx')],
      }),
    }),
    endpoint: WebEndpoint.internalHttp(),
    routing: WebRouting.roundRobin({ slowStart: Duration.minutes(1) }),
    fleet: InstanceFleet.inEachZone({
      rollout: Rollout.watched({ bakeTime: Duration.minutes(10) }),
      zonalShift: ZonalShift.automatic({ blockedDates: ['2026-11-27'] }),
      shutdown: ShutdownCommand.run(Duration.minutes(1), 'nginx -s quit'),
    }),
    scaling: [
      WebScaling.onRequestCount(600),
      WebScaling.onSchedule({ start: Schedule.cron({ hour: '7', minute: '30' }), end: Schedule.cron({ hour: '19', minute: '0' }), minCapacity: 6 }),
    ],
  });
  api.clients.allowDefaultPortFrom(web);

  const workers = new SqsWorkerFleet(stack, 'Workers', {
    vpc,
    instanceTemplate,
    maxProcessingTime: Duration.minutes(2),
    queue: WorkQueue.fifo({ maxReceiveCount: 5 }),
    neededCapacity: 0,
    runner: WorkerRunner.command(['/opt/work', '--fast'], { concurrency: 4, environment: { TENANT: 'shop' }, user: 'ec2-user' }),
    scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(10), meanProcessingTime: Duration.seconds(30) }),
  });
  workers.grantSendMessages(web);

  const sessions = new SessionTable(stack, 'Sessions', { timeToLiveAttribute: 'ends' });
  sessions.grantReadWriteData(web);

  const database = new RdsMultiAz(stack, 'Database', {
    vpc,
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    instanceType: new ec2.InstanceType('m7g.large'),
    allocatedStorage: Size.gibibytes(50),
  });
  database.connections.allowDefaultPortFrom(web);
  database.secret.grantRead(web);

  const snapshots = new EbsSnapshotPolicy(stack, 'Snapshots', {
    schedule: SnapshotSchedule.every(Duration.hours(12)),
    retention: SnapshotRetention.count(7),
    copies: [{ region: 'eu-central-1', keptFor: Duration.days(30) }],
    targetTags: { Backup: 'daily' },
  });
  snapshots.addLaunchTemplate(web.launchTemplate);

  const failover = new S3StaticFailover(stack, 'Failover', {
    hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
    domainName: 'shop.example.com',
    primary: PrimarySite.https(web.loadBalancer, { healthCheckPath: '/healthy' }),
    secondary: StaticSite.cloudFront(certificate(stack, 'us-east-1')),
    content: [s3deploy.Source.asset(path.join(__dirname, 'pages'))],
  });

  new FaultDashboard(stack, 'Dashboard', { constructs: [failover, web, workers, sessions, database] }).add(snapshots);
  return stack;
}

function certificate(stack: Stack, region: string): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, `Certificate-${region}`,
    `arn:aws:acm:${region}:111122223333:certificate/00000000-0000-0000-0000-000000000000`);
}
