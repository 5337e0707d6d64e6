import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { HaNatPerAz, InstanceTemplate, NatEgress, ThreeTierSite, ThreeTierSiteProps, WebHealthCheck } from '../../src';
import { alarmsLeftOut, dashboardOf } from '../helpers/dashboards';
import { env, zonesContext, zoneNames } from '../helpers/network';

function siteIn(props: Partial<ThreeTierSiteProps> = {}) {
  const stack = new Stack(new App({ context: zonesContext }), 'Shop', { env });
  const certificateOf = (region: string) => acm.Certificate.fromCertificateArn(stack, `Certificate-${region}`,
    `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`);
  const site = new ThreeTierSite(stack, 'Site', {
    hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'shop.example.com' }),
    certificate: certificateOf('eu-west-1'),
    failoverCertificate: certificateOf('us-east-1'),
    failoverContent: [s3deploy.Source.data('index.html', 'We are back soon')],
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('m7i.large'),
    }),
    databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    databaseInstanceType: new ec2.InstanceType('m7g.large'),
    ...props,
  });
  return { stack, site, template: () => Template.fromStack(stack) };
}

describe('ThreeTierSite', () => {
  test('has a copy of each tier in each of three zones', () => {
    const { stack, site, template } = siteIn();
    expect(site.vpc.availabilityZones).toEqual(zoneNames);
    const ids = (subnets: ec2.ISubnet[]) => stack.resolve(subnets.map(subnet => subnet.subnetId));
    template().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { VPCZoneIdentifier: ids(site.vpc.privateSubnets), MinSize: '3' });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Subnets: ids(site.vpc.publicSubnets) });
    template().hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: ids(site.vpc.isolatedSubnets) });
    template().hasResourceProperties('AWS::RDS::DBInstance', { MultiAZ: true });
  });

  test('leads each zone out by itself, and to tables and buckets past the NAT', () => {
    const { template } = siteIn();
    template().resourceCountIs('AWS::EC2::NatGateway', 3);
    for (const service of ['dynamodb', 's3']) {
      template().hasResourceProperties('AWS::EC2::VPCEndpoint', {
        VpcEndpointType: 'Gateway',
        ServiceName: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`\\.?${service}$`)])] },
        RouteTableIds: Match.anyValue(),
      });
    }
  });

  test('leads the zones out by instances where these are asked for, and shows their alarms too', () => {
    const { stack, site, template } = siteIn({ egress: NatEgress.instances() });
    template().resourceCountIs('AWS::EC2::NatGateway', 0);
    const { networkInterfaces } = site.vpc.node.findChild('HaNat') as HaNatPerAz;
    site.vpc.privateSubnets.forEach(({ routeTable }, index) => template().hasResourceProperties('AWS::EC2::Route', {
      RouteTableId: stack.resolve(routeTable.routeTableId),
      DestinationCidrBlock: '0.0.0.0/0',
      NetworkInterfaceId: stack.resolve(networkInterfaces[index].ref),
    }));
    expect(alarmsLeftOut(template())).toEqual([]);
  });

  test('shows each of its alarms, and the health check of the failover, on its dashboard', () => {
    const { stack, site, template } = siteIn();
    expect(alarmsLeftOut(template())).toEqual([]);
    expect(dashboardOf(template())).toContain(JSON.stringify(stack.resolve(site.failover.healthCheck.healthCheckId)));
  });

  test('keeps sessions outside the web servers, which may use them', () => {
    const { stack, site, template } = siteIn();
    template().hasResourceProperties('AWS::DynamoDB::GlobalTable', { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } });
    template().hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(site.web.launchTemplate.role?.roleName)],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['dynamodb:PutItem']), Resource: stack.resolve(site.sessions.table.tableArn) }),
          Match.objectLike({ Action: Match.arrayWith(['secretsmanager:GetSecretValue']), Resource: stack.resolve(site.database.secret.secretArn) }),
        ]),
      },
    });
  });

  test('lets nobody but the web servers connect to the database, and nobody but the load balancer to them', () => {
    const { stack, site, template } = siteIn();
    const idOf = ({ connections }: ec2.IConnectable) => stack.resolve(connections.securityGroups[0].securityGroupId);
    const openings = Object.values(template().findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties: rule }) =>
      [rule.GroupId, rule.SourceSecurityGroupId]);
    expect(openings).toEqual(expect.arrayContaining([
      [idOf(site.database), idOf(site.web)],
      [idOf(site.web), idOf(site.web.clients)],
    ]));
    expect(openings).toHaveLength(2);
  });

  test('fails over to the static pages, by the same health check as the load balancer', () => {
    const { site, template } = siteIn({ healthCheck: WebHealthCheck.http('/health') });
    expect(site.failover.expectedFailoverTime.toSeconds()).toBe(90);
    template().hasResourceProperties('AWS::Route53::RecordSet', { Name: 'shop.example.com.', Failover: 'PRIMARY' });
    template().hasResourceProperties('AWS::Route53::RecordSet', { Name: 'shop.example.com.', Failover: 'SECONDARY' });
    template().hasResourceProperties('AWS::Route53::HealthCheck', { HealthCheckConfig: { ResourcePath: '/health' } });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { HealthCheckPath: '/health' });
  });

  test('takes snapshots of the volumes of the web servers', () => {
    const { site, template } = siteIn();
    const [[Key, Value]] = Object.entries(site.snapshots.targetTags);
    template().hasResourceProperties('AWS::DLM::LifecyclePolicy', { PolicyDetails: { TargetTags: [{ Key, Value }] } });
    template().hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        TagSpecifications: Match.arrayWith([Match.objectLike({ ResourceType: 'volume', Tags: Match.arrayWith([{ Key, Value }]) })]),
      },
    });
  });

  test('tells one topic of all that goes wrong', () => {
    const { stack, site, template } = siteIn();
    const topic = stack.resolve(site.alarmTopic.topicArn);
    template().allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.arrayWith([topic]) });
    template().hasResourceProperties('AWS::RDS::EventSubscription', { SnsTopicArn: topic });
  });

  test('keeps its data when it is removed, and protects them', () => {
    const { template } = siteIn();
    template().hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain' });
    template().hasResource('AWS::RDS::DBInstance', { DeletionPolicy: 'Snapshot', Properties: { DeletionProtection: true } });
  });

  test('lets go of everything where it is asked for', () => {
    const { template } = siteIn({ removalPolicy: RemovalPolicy.DESTROY });
    template().hasResource('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Delete' });
    template().hasResource('AWS::RDS::DBInstance', { DeletionPolicy: 'Delete', Properties: { DeletionProtection: false } });
  });
});
