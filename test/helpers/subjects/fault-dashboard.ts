import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { zoneIn } from './s3-static-failover';
import { instanceTemplate, Subject, subject, topicIn } from './subject';
import {
  EbsSnapshotPolicy, FaultDashboard, HaNatPerAz, MultiAzWebTier, PrimarySite, RdsMultiAz, S3StaticFailover, SessionTable, SqsWorkerFleet, StaticSite,
  WebEndpoint,
} from '../../../src';
import { networkWithoutNat } from '../network';

export const faultDashboard: readonly Subject[] = [
  subject('FaultDashboard of every construct', stack => {
    const [vpc, alarmTopic] = [networkWithoutNat(stack), topicIn(stack)];
    const nat = new HaNatPerAz(stack, 'Nat', { vpc, alarmTopic });
    const web = new MultiAzWebTier(stack, 'Web', { vpc, instanceTemplate: instanceTemplate(), endpoint: WebEndpoint.publicHttp(), alarmTopic });
    const snapshots = new EbsSnapshotPolicy(stack, 'Snapshots', { alarmTopic });
    snapshots.addLaunchTemplate(web.launchTemplate);
    new FaultDashboard(stack, 'Dashboard', {
      constructs: [
        new S3StaticFailover(stack, 'Failover', {
          hostedZone: zoneIn(stack),
          primary: PrimarySite.http(web.loadBalancer),
          secondary: StaticSite.publicWebsite(),
          content: [s3deploy.Source.data('index.html', '<h1>We are back soon</h1>')],
        }),
        web,
        new SqsWorkerFleet(stack, 'Workers', { vpc, instanceTemplate: instanceTemplate(), maxProcessingTime: Duration.minutes(2), alarmTopic }),
        new SessionTable(stack, 'Sessions', { alarmTopic }),
        new RdsMultiAz(stack, 'Database', {
          vpc,
          engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
          instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
          alarmTopic,
        }),
        snapshots,
      ],
    }).add(nat);
  }),
];
