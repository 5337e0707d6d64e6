import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import {
  EbsSnapshotPolicy, FaultDashboard, FragileSite, HaNatPerAz, InstanceTemplate, MultiAzWebTier, NatEgress, PrimarySite, QueueBackedService,
  RdsMultiAz, S3StaticFailover, SessionTable, SqsWorkerFleet, StaticSite, ThreeTierSite, WebEndpoint, WorkerRunner,
} from '../../src';

/** Logical id → resource type. */
export type LogicalIds = Record<string, string>;

/** Each construct as its smallest example has it, in a stack whose logical ids are kept for good. */
export const canonicalStacks: Record<string, (stack: Stack) => void> = {
  'HaNatPerAz': stack => new ec2.Vpc(stack, 'Vpc', { availabilityZones: zones, natGatewayProvider: HaNatPerAz.asNatProvider() }),
  'HaNatPerAz of instances': stack => new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: zones, natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances() }),
  }),
  'HaNatPerAz of a regional gateway': stack => new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: zones, natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.regionalGateway() }),
  }),
  'MultiAzWebTier': stack => webTierIn(stack),
  'SqsWorkerFleet': stack => new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkBeside(stack),
    instanceTemplate: instanceTemplate(),
    maxProcessingTime: Duration.minutes(2),
  }),
  'SqsWorkerFleet with a runner': stack => new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkBeside(stack),
    instanceTemplate: instanceTemplate(),
    maxProcessingTime: Duration.minutes(2),
    runner: WorkerRunner.command(['/opt/resize']),
  }),
  'SessionTable': stack => new SessionTable(stack, 'Sessions'),
  'RdsMultiAz': stack => new RdsMultiAz(stack, 'Database', { vpc: networkBeside(stack), ...database() }),
  'S3StaticFailover': stack => new S3StaticFailover(stack, 'Failover', {
    hostedZone: zoneFor(stack),
    primary: PrimarySite.https(webTierIn(stack).loadBalancer),
    secondary: StaticSite.cloudFront(certificateOf(stack, 'us-east-1')),
    content: content(),
  }),
  'EbsSnapshotPolicy': stack => new EbsSnapshotPolicy(stack, 'Snapshots'),
  'FaultDashboard': stack => new FaultDashboard(stack, 'Dashboard', { constructs: [new SessionTable(stack, 'Sessions')] }),
  'ThreeTierSite': stack => new ThreeTierSite(stack, 'Site', {
    hostedZone: zoneFor(stack),
    certificate: certificateOf(stack, 'eu-west-1'),
    failoverCertificate: certificateOf(stack, 'us-east-1'),
    failoverContent: content(),
    instanceTemplate: instanceTemplate(),
    databaseEngine: database().engine,
    databaseInstanceType: database().instanceType,
  }),
  'FragileSite': stack => new FragileSite(stack, 'Site', {
    hostedZone: zoneFor(stack),
    instanceTemplate: instanceTemplate(),
    databaseEngine: database().engine,
    databaseInstanceType: database().instanceType,
  }),
  'QueueBackedService': stack => new QueueBackedService(stack, 'Service', {
    certificate: certificateOf(stack, 'eu-west-1'),
    webTemplate: instanceTemplate(),
    workerTemplate: instanceTemplate(),
    maxProcessingTime: Duration.minutes(2),
  }),
};

const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];
const env = { account: '111122223333', region: 'eu-west-1' };

export function logicalIdsOf(name: string): LogicalIds {
  const stack = new Stack(new App(), 'Canonical', { env });
  canonicalStacks[name](stack);
  const resources = Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>);
  return Object.fromEntries(resources.map(([id, { Type }]) => [id, Type]).sort());
}

/** A network in a stack of its own: its logical ids are not ours to keep. */
function networkBeside(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(new Stack(stack.node.root, 'Network', { env }), 'Vpc', { availabilityZones: zones });
}

function webTierIn(stack: Stack): MultiAzWebTier {
  return new MultiAzWebTier(stack, 'Web', {
    vpc: networkBeside(stack),
    instanceTemplate: instanceTemplate(),
    endpoint: WebEndpoint.publicHttps(certificateOf(stack, 'eu-west-1')),
  });
}

function instanceTemplate(): InstanceTemplate {
  return InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
    instanceType: new ec2.InstanceType('m7i.large'),
  });
}

function database() {
  return {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    instanceType: new ec2.InstanceType('m7g.large'),
  };
}

function certificateOf(stack: Stack, region: string): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, `Certificate-${region}`,
    `arn:aws:acm:${region}:111122223333:certificate/00000000-0000-0000-0000-000000000000`);
}

function zoneFor(stack: Stack): route53.IHostedZone {
  return route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' });
}

function content(): s3deploy.ISource[] {
  return [s3deploy.Source.data('index.html', 'We are back soon')];
}
