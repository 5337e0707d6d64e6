import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FragileSite, InstanceTemplate } from '../../src';
import { env, zonesContext } from '../helpers/network';

function siteIn() {
  const stack = new Stack(new App({ context: zonesContext }), 'Shop', { env });
  const site = new FragileSite(stack, 'Site', {
    hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
    domainName: 'shop.example.com',
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('m7i.large'),
    }),
    databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    databaseInstanceType: new ec2.InstanceType('m7g.large'),
  });
  return { stack, site, template: Template.fromStack(stack) };
}

describe('FragileSite', () => {
  test('has one of each, and nothing that replaces it', () => {
    const { template } = siteIn();
    template.resourceCountIs('AWS::EC2::Instance', 1);
    template.resourceCountIs('AWS::RDS::DBInstance', 1);
    template.hasResourceProperties('AWS::RDS::DBInstance', { MultiAZ: false });
    for (const type of ['AWS::AutoScaling::AutoScalingGroup', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::Route53::HealthCheck']) {
      template.resourceCountIs(type, 0);
    }
  });

  test('is reached by a name that leads to the fixed address of the instance', () => {
    const { stack, site, template } = siteIn();
    template.hasResourceProperties('AWS::EC2::EIP', { InstanceId: stack.resolve(site.instance.ref) });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: 'shop.example.com.', Type: 'A', TTL: '60', ResourceRecords: [stack.resolve(site.address.ref)],
    });
  });

  test('is fragile, but not careless: encrypted, IMDSv2, the database open to the web server only', () => {
    const { template } = siteIn();
    template.hasResourceProperties('AWS::RDS::DBInstance', { StorageEncrypted: true, PubliclyAccessible: false, BackupRetentionPeriod: 7 });
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { SourceSecurityGroupId: Match.anyValue() });
  });
});
