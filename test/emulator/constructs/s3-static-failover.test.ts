import { CloudFrontClient, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  GetHealthCheckCommand, ListHostedZonesCommand, ListResourceRecordSetsCommand, ResourceRecordSet, Route53Client,
} from '@aws-sdk/client-route-53';
import {
  GetBucketPolicyCommand, GetBucketWebsiteCommand, GetPublicAccessBlockCommand, HeadObjectCommand, S3Client,
} from '@aws-sdk/client-s3';
import { emulatorOfTests, physicalId, SubjectDeployment } from './subject-deployment';
import { S3StaticFailover } from '../../../src';
import { env } from '../../helpers/network';

const { current, deployed } = emulatorOfTests();
const config = () => current().clientConfig(env.region);

const failoverOf = ({ stack }: SubjectDeployment) => stack.node.findChild('Failover') as S3StaticFailover;

async function failoverRecords(): Promise<ResourceRecordSet[]> {
  const route53 = new Route53Client(config());
  const { HostedZones: [zone] = [] } = await route53.send(new ListHostedZonesCommand({}));
  const { ResourceRecordSets: records = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.Id }));
  return records.filter(({ Failover }) => Failover).sort((a, b) => (a.Failover ?? '').localeCompare(b.Failover ?? ''));
}

describe('S3StaticFailover by CloudFront', () => {
  test('has both records at one name, and Route 53 is asked for the health of the primary only', async () => {
    const made = await deployed('S3StaticFailover by CloudFront');
    const { healthCheck } = failoverOf(made);
    expect(await failoverRecords()).toMatchObject([
      {
        Name: 'shop.example.com.',
        Type: 'A',
        Failover: 'PRIMARY',
        HealthCheckId: physicalId(made, healthCheck),
        AliasTarget: { EvaluateTargetHealth: true, DNSName: expect.stringContaining('.elb.amazonaws.com') },
      },
      {
        Name: 'shop.example.com.',
        Type: 'A',
        Failover: 'SECONDARY',
        AliasTarget: { EvaluateTargetHealth: false, DNSName: expect.stringContaining('.cloudfront.net'), HostedZoneId: 'Z2FDTNDATAQYW2' },
      },
    ]);
  });

  test('has a health check that asks the load balancer by its own name every ten seconds', async () => {
    const made = await deployed('S3StaticFailover by CloudFront');
    const { HealthCheck: check } = await new Route53Client(config()).send(new GetHealthCheckCommand({
      HealthCheckId: physicalId(made, failoverOf(made).healthCheck),
    }));
    expect(check?.HealthCheckConfig).toMatchObject({
      Type: 'HTTPS',
      Port: 443,
      ResourcePath: '/health',
      RequestInterval: 10,
      FailureThreshold: 3,
      EnableSNI: true,
      FullyQualifiedDomainName: expect.stringContaining('.elb.amazonaws.com'),
    });
  });

  test('keeps the uploaded page in a bucket that only the distribution may read', async () => {
    const made = await deployed('S3StaticFailover by CloudFront');
    const s3 = new S3Client(config());
    const Bucket = physicalId(made, failoverOf(made).bucket);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'index.html' }))).toMatchObject({ CacheControl: 'no-store' });
    const { PublicAccessBlockConfiguration: block } = await s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block).toEqual({ BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true });
    const { Policy: policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const readers = JSON.parse(policy).Statement.filter(({ Effect, Action }: { Effect: string; Action: string }) => Effect === 'Allow' && Action === 's3:GetObject');
    expect(readers).toMatchObject([{ Principal: { Service: 'cloudfront.amazonaws.com' } }]);
    expect(JSON.stringify(readers[0].Condition)).toContain(physicalId(made, failoverOf(made).distribution as never));
  });

  test('serves the name by HTTPS, and says 503 of what is not there', async () => {
    const made = await deployed('S3StaticFailover by CloudFront');
    const { Distribution: distribution } = await new CloudFrontClient(config()).send(new GetDistributionCommand({
      Id: physicalId(made, failoverOf(made).distribution as never),
    }));
    expect(distribution?.DistributionConfig).toMatchObject({
      Enabled: true,
      Aliases: { Items: ['shop.example.com'] },
      DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', ACMCertificateArn: expect.stringContaining('arn:aws:acm:us-east-1:') },
      CustomErrorResponses: { Items: [{ ErrorCode: 403, ResponseCode: '503', ResponsePagePath: '/index.html' }] },
    });
  });
});

describe('S3StaticFailover by a public website', () => {
  test('leads to a website of the name of the site', async () => {
    const made = await deployed('S3StaticFailover by a public website');
    const Bucket = physicalId(made, failoverOf(made).bucket);
    expect(Bucket).toBe('shop.example.com');
    const s3 = new S3Client(config());
    await s3.send(new HeadObjectCommand({ Bucket, Key: 'index.html' }));
    expect(await s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject({
      IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'index.html' },
    });
    const [, secondary] = await failoverRecords();
    expect(secondary.AliasTarget).toMatchObject({ DNSName: 's3-website-eu-west-1.amazonaws.com', EvaluateTargetHealth: true });
  });
});
