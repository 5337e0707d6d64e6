import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { PrimarySite, PrimarySiteOptions, S3StaticFailover, S3StaticFailoverProps, StaticSite } from '../../src';
import { env, networkOf, shopStack, shopStackAnywhere } from '../helpers/network';

type Setting = Partial<Omit<S3StaticFailoverProps, 'primary'>> & {
  readonly stack?: Stack;
  readonly primary?: (loadBalancer: elb.IApplicationLoadBalancer, options?: PrimarySiteOptions) => PrimarySite;
  readonly balancer?: Partial<elb.ApplicationLoadBalancerProps>;
};

/** An HTTPS site that fails over to CloudFront. */
function failoverIn({ stack = shopStack(), primary = PrimarySite.https, balancer = {}, ...props }: Setting = {}) {
  const loadBalancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc: networkOf(stack), internetFacing: true, ...balancer });
  const failover = new S3StaticFailover(stack, 'Failover', {
    hostedZone: props.hostedZone ?? new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
    domainName: 'shop.example.com',
    secondary: StaticSite.cloudFront(certificateIn('us-east-1')),
    content: [s3deploy.Source.data('index.html', 'We are back soon')],
    ...props,
    primary: primary(loadBalancer),
  });
  return { stack, loadBalancer, failover, template: () => Template.fromStack(stack) };
}

function certificateIn(region: string): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(new Stack(), 'Certificate',
    `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`);
}

const website: Setting = { primary: PrimarySite.http, secondary: StaticSite.publicWebsite() };

const RECORD = 'AWS::Route53::RecordSet';
const HEALTH_CHECK = 'AWS::Route53::HealthCheck';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const BUCKET = 'AWS::S3::Bucket';
const DEPLOYMENT = 'Custom::CDKBucketDeployment';

describe('S3StaticFailover', () => {
  describe('by default', () => {
    test('leads the name to the load balancer while the health check and its targets are well', () => {
      const { stack, failover, loadBalancer, template } = failoverIn();
      template().hasResourceProperties(RECORD, {
        Name: 'shop.example.com.',
        Type: 'A',
        Failover: 'PRIMARY',
        SetIdentifier: Match.anyValue(),
        HealthCheckId: stack.resolve(failover.healthCheck.healthCheckId),
        AliasTarget: {
          EvaluateTargetHealth: true,
          HostedZoneId: stack.resolve(loadBalancer.loadBalancerCanonicalHostedZoneId),
        },
      });
    });

    test('leads it to CloudFront else, whose health Route 53 cannot evaluate and must not be asked to', () => {
      const { stack, failover, template } = failoverIn();
      template().hasResourceProperties(RECORD, {
        Name: 'shop.example.com.',
        Type: 'A',
        Failover: 'SECONDARY',
        HealthCheckId: Match.absent(),
        AliasTarget: {
          EvaluateTargetHealth: false,
          DNSName: stack.resolve(failover.distribution?.distributionDomainName),
        },
      });
    });

    test('has records of IPv4 only, as the load balancer', () => {
      const { failover, template } = failoverIn();
      template().resourceCountIs(RECORD, 2);
      expect([failover.primaryRecords.length, failover.secondaryRecords.length]).toEqual([1, 1]);
    });

    test('asks the load balancer by its own name, which never fails over, every ten seconds', () => {
      const { stack, loadBalancer, template } = failoverIn();
      template().hasResourceProperties(HEALTH_CHECK, {
        HealthCheckConfig: {
          Type: 'HTTPS',
          FullyQualifiedDomainName: stack.resolve(loadBalancer.loadBalancerDnsName),
          Port: 443,
          ResourcePath: '/',
          EnableSNI: true,
          RequestInterval: 10,
          FailureThreshold: 3,
        },
      });
    });

    test('expects to be over after three checks and the time for which clients keep an address', () => {
      expect(failoverIn().failover.expectedFailoverTime.toSeconds()).toBe(3 * 10 + 60);
    });

    test('serves the pages by HTTPS only, out of a private bucket that only its distribution reads', () => {
      const { stack, failover, template } = failoverIn();
      template().hasResourceProperties(DISTRIBUTION, {
        DistributionConfig: {
          Enabled: true,
          Aliases: ['shop.example.com'],
          ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
          DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https' },
          HttpVersion: 'http2and3',
          IPV6Enabled: true,
          Origins: [Match.objectLike({ OriginAccessControlId: Match.anyValue() })],
        },
      });
      template().hasResource(BUCKET, {
        Properties: {
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true,
          },
          BucketEncryption: Match.anyValue(),
          WebsiteConfiguration: Match.absent(),
        },
        DeletionPolicy: 'Delete',
      });
      template().hasResourceProperties('Custom::S3AutoDeleteObjects', { BucketName: stack.resolve(failover.bucket.bucketName) });
      template().hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: stack.resolve(failover.bucket.bucketName),
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
            Match.objectLike({ Effect: 'Allow', Action: 's3:GetObject', Principal: { Service: 'cloudfront.amazonaws.com' }, Condition: Match.anyValue() }),
          ]),
        },
      });
    });

    test('answers whatever is not there, the root among it, by the index page and 503', () => {
      failoverIn().template().hasResourceProperties(DISTRIBUTION, {
        DistributionConfig: {
          DefaultRootObject: Match.absent(),
          CustomErrorResponses: [{ ErrorCode: 403, ResponseCode: 503, ResponsePagePath: '/index.html', ErrorCachingMinTTL: 10 }],
        },
      });
    });

    test('uploads the pages, which nobody may keep, since they are at the paths of the site', () => {
      const { stack, failover, template } = failoverIn();
      template().hasResourceProperties(DEPLOYMENT, {
        DestinationBucketName: stack.resolve(failover.bucket.bucketName),
        SystemMetadata: { 'cache-control': 'no-store' },
      });
    });

    test('leads nobody to the pages before they are there', () => {
      const { template } = failoverIn();
      const [deployment = ''] = Object.keys(template().findResources(DEPLOYMENT));
      template().hasResource(RECORD, { Properties: { Failover: 'SECONDARY' }, DependsOn: Match.arrayWith([deployment]) });
    });

    test('gives the handler that uploads them no right on distributions', () => {
      expect(JSON.stringify(failoverIn().template().findResources('AWS::IAM::Policy'))).not.toContain('cloudfront:');
    });

    test('takes a name in whatever case, as DNS does', () => {
      failoverIn({ domainName: 'Shop.EXAMPLE.com.' }).template().allResourcesProperties(RECORD, { Name: 'shop.example.com.' });
    });

    test('takes the name of the zone where none is given', () => {
      failoverIn({ domainName: undefined }).template().allResourcesProperties(RECORD, { Name: 'example.com.' });
    });

    test('offers what Route 53 measures, which is in us-east-1 only', () => {
      const { failover } = failoverIn();
      expect(failover.metricHealthCheckStatus()).toMatchObject({
        namespace: 'AWS/Route53', metricName: 'HealthCheckStatus', region: 'us-east-1', statistic: 'Minimum',
      });
    });
  });

  describe('when the load balancer has IPv6 too', () => {
    test('has AAAA records for both sites', () => {
      const { failover, template } = failoverIn({ balancer: { ipAddressType: elb.IpAddressType.DUAL_STACK } });
      for (const Failover of ['PRIMARY', 'SECONDARY']) {
        template().hasResourceProperties(RECORD, { Type: 'AAAA', Failover });
      }
      expect([failover.primaryRecords.length, failover.secondaryRecords.length]).toEqual([2, 2]);
    });

    test('has them for neither if the secondary is a website of S3, which has none', () => {
      const { template } = failoverIn({ ...website, balancer: { ipAddressType: elb.IpAddressType.DUAL_STACK } });
      template().allResourcesProperties(RECORD, { Type: 'A' });
    });
  });

  describe('when told how to ask the primary site', () => {
    test('asks so', () => {
      const primary = (loadBalancer: elb.IApplicationLoadBalancer) =>
        PrimarySite.https(loadBalancer, { healthCheckPath: '/health', healthCheckDomainName: 'origin.example.com' });
      failoverIn({ primary }).template().hasResourceProperties(HEALTH_CHECK, {
        HealthCheckConfig: { FullyQualifiedDomainName: 'origin.example.com', ResourcePath: '/health' },
      });
    });
  });

  test('does not redirect the clients of an HTTP site to HTTPS, where they would stay after the failback', () => {
    failoverIn({ primary: PrimarySite.http }).template().hasResourceProperties(DISTRIBUTION, {
      DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: 'allow-all' } },
    });
  });

  describe('with a public website', () => {
    test('leads to a bucket of the name of the site, which everybody can read', () => {
      const { failover, template } = failoverIn(website);
      expect(failover.distribution).toBeUndefined();
      template().hasResourceProperties(BUCKET, {
        BucketName: 'shop.example.com',
        WebsiteConfiguration: { IndexDocument: 'index.html', ErrorDocument: 'index.html' },
      });
      template().hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Allow', Action: 's3:GetObject', Principal: { AWS: '*' } }),
            Match.objectLike({ Effect: 'Deny', NotAction: 's3:GetObject', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          ]),
        },
      });
      template().hasResourceProperties(RECORD, {
        Failover: 'SECONDARY',
        AliasTarget: { EvaluateTargetHealth: true, DNSName: 's3-website-eu-west-1.amazonaws.com' },
      });
    });

    test('asks the primary site by HTTP', () => {
      failoverIn(website).template().hasResourceProperties(HEALTH_CHECK, {
        HealthCheckConfig: { Type: 'HTTP', Port: 80, EnableSNI: Match.absent() },
      });
    });

    test('stands in a private zone', () => {
      const stack = shopStack();
      const hostedZone = privateZoneIn(stack);
      failoverIn({ stack, hostedZone, ...website }).template().resourceCountIs(RECORD, 2);
    });
  });

  describe('passes over what is not known at synth:', () => {
    test('a name', () => {
      const stack = shopStack();
      const domainName = new CfnParameter(stack, 'Name').valueAsString;
      failoverIn({ stack, domainName }).template().resourceCountIs(RECORD, 2);
    });

    test('the Region of a certificate whose ARN is known at deployment', () => {
      const stack = shopStack();
      const certificate = acm.Certificate.fromCertificateArn(stack, 'Imported', new CfnParameter(stack, 'Arn').valueAsString);
      failoverIn({ stack, secondary: StaticSite.cloudFront(certificate) }).template().resourceCountIs(RECORD, 2);
    });

    test('the Region of a certificate whose stack can go anywhere', () => {
      const stack = shopStackAnywhere();
      const certificate = new acm.Certificate(stack, 'Certificate', { domainName: 'shop.example.com' });
      failoverIn({ stack, secondary: StaticSite.cloudFront(certificate) }).template().resourceCountIs(RECORD, 2);
    });
  });

  test('takes a certificate of a stack in us-east-1', () => {
    const app = new App();
    const edge = new Stack(app, 'Edge', { env: { ...env, region: 'us-east-1' }, crossRegionReferences: true });
    const stack = new Stack(app, 'Shop', { env, crossRegionReferences: true });
    const certificate = new acm.Certificate(edge, 'Certificate', { domainName: 'shop.example.com' });
    failoverIn({ stack, secondary: StaticSite.cloudFront(certificate) }).template().resourceCountIs(RECORD, 2);
  });

  describe('refuses', () => {
    test.each<[string, Setting, string]>([
      ['a name outside the zone', { domainName: 'shop.example.org' },
        "'domainName' is shop.example.org, which is not in the hosted zone example.com; give a name in full that ends with .example.com"],
      ['a name that only ends like the zone', { domainName: 'myexample.com' }, "'domainName' is myexample.com, which is not in the hosted zone"],
      ['a name that is none', { domainName: 'my shop.example.com' },
        "'domainName' is 'my shop.example.com', which is not the name of a host; " +
        "give a name in full of letters, digits, hyphens and dots, such as 'shop.example.com'"],
      ['a zone without a name where none is given', { domainName: undefined, hostedZone: route53.HostedZone.fromHostedZoneId(new Stack(), 'Zone', 'Z1') },
        "'domainName' is not given, and 'hostedZone' was imported without its name; " +
        "give 'domainName', or import the zone by HostedZone.fromHostedZoneAttributes"],
      ['a certificate of another Region', { secondary: StaticSite.cloudFront(certificateIn('eu-west-1')) },
        "the certificate of 'secondary' is in eu-west-1, but CloudFront takes it from us-east-1 only; " +
        "make it in a stack of us-east-1, with 'crossRegionReferences: true' on both stacks"],
      ['a certificate made in another Region', {
        secondary: StaticSite.cloudFront(new acm.Certificate(shopStack(), 'Certificate', { domainName: 'shop.example.com' })),
      }, "the certificate of 'secondary' is in eu-west-1"],
      ['a website of S3 for an HTTPS site', { secondary: StaticSite.publicWebsite() },
        "'secondary' is a website of S3, which has no HTTPS, but 'primary' is reached by HTTPS: its clients could not connect; " +
        'give StaticSite.cloudFront(certificate)'],
      ['no content', { content: [] }, "'content' is empty, so there would be nothing to answer with; " +
        "give a source with an index.html, for example s3deploy.Source.asset('./maintenance')"],
      ['an internal load balancer', { balancer: { internetFacing: false } },
        "'primary' is an internal load balancer, which the health checkers of Route 53 cannot reach; give one that faces the internet"],
      ['a path without a slash', { primary: balancer => PrimarySite.https(balancer, { healthCheckPath: 'health' }) },
        "'primary.healthCheckPath' is 'health'; give up to 255 characters that start with a slash"],
      ['a load balancer without public IPv4 addresses', { balancer: { ipAddressType: elb.IpAddressType.DUAL_STACK_WITHOUT_PUBLIC_IPV4 } },
        "'primary' is a load balancer without public IPv4 addresses, and the health checkers of Route 53 reach a name by IPv4 only; " +
        'give one whose IP address type is dual-stack or IPv4'],
      ['a load balancer imported without its name', { primary: () => PrimarySite.https(importedBalancer()) },
        "'primary' is a load balancer that was imported without its DNS name or its hosted zone; " +
        "import it with 'loadBalancerDnsName' and 'loadBalancerCanonicalHostedZoneId'"],
      ['a website whose name is too long for a bucket', { ...website, domainName: `${'a'.repeat(52)}.example.com` },
        `and S3 takes no bucket '${'a'.repeat(52)}.example.com'; ` +
        "give a name of up to 63 characters that does not start with 'xn--', or StaticSite.cloudFront(certificate)"],
      ['a website with an international name', { ...website, domainName: 'xn--bcher-kva.example.com' },
        "and S3 takes no bucket 'xn--bcher-kva.example.com'"],
      ['to ask by what is no name', { primary: balancer => PrimarySite.https(balancer, { healthCheckDomainName: 'https://a' }) },
        "'primary.healthCheckDomainName' is 'https://a', which is not the name of a host"],
      ['to ask by the name that fails over', { primary: balancer => PrimarySite.https(balancer, { healthCheckDomainName: 'SHOP.example.com.' }) },
        "'primary.healthCheckDomainName' is SHOP.example.com., the name that fails over: once it has, the check would ask the static site, " +
        "and find it well; leave it out, and the load balancer's own name is asked"],
    ])('%s', (_, setting, message) => {
      const stack = shopStack();
      expect(() => failoverIn({ stack, ...setting })).toThrow(message);
      expect(() => failoverIn({ ...setting })).toThrow("[S3StaticFailover at 'Shop/Failover']");
      expect(stack.node.findChild('Failover').node.children).toEqual([]);
    });

    test('a website in a Region whose endpoint is not known', () => {
      const stack = new Stack(new App(), 'Shop', { env: { ...env, region: 'xx-nowhere-1' } });
      expect(() => failoverIn({ stack, ...website })).toThrow("'secondary' is a website of S3, whose endpoint in xx-nowhere-1 is not known to aws-cdk-lib; " +
        'give the stack another Region, or update aws-cdk-lib');
      expect(stack.node.findChild('Failover').node.children).toEqual([]);
    });

    describe('at the end of synthesis', () => {
      const listeners: Record<string, (loadBalancer: elb.ApplicationLoadBalancer) => void> = {
        http: loadBalancer => { loadBalancer.addListener('Http', { port: 80, defaultAction: elb.ListenerAction.fixedResponse(200) }); },
        https: loadBalancer => { loadBalancer.addListener('Https', { port: 443, certificates: [certificateIn('eu-west-1')], defaultAction: elb.ListenerAction.fixedResponse(200) }); },
        redirect: loadBalancer => { loadBalancer.addRedirect(); },
      };

      test.each<[string, 'http' | 'https', string[], string | undefined]>([
        ['an HTTPS site whose load balancer has HTTP only', 'https', ['http'],
          "'primary' is reached by HTTPS, but 'Shop/Balancer' has no listener on port 443; give it one, or PrimarySite.http [S3StaticFailover at 'Shop/Failover']"],
        ['an HTTP site that redirects to HTTPS', 'http', ['https', 'redirect'],
          "'primary' is reached by HTTP, but 'Shop/Balancer/Redirect80To443/Resource' redirects, which Route 53 takes for well without asking the site"],
        ['nothing of an HTTPS site that redirects', 'https', ['https', 'redirect'], undefined],
        ['nothing of an HTTP site', 'http', ['http'], undefined],
        ['nothing of a load balancer without listeners', 'https', [], undefined],
      ])('%s', (_, kind, given, problem) => {
        const { loadBalancer, template } = failoverIn({ primary: PrimarySite[kind] });
        given.forEach(name => listeners[name](loadBalancer));
        if (problem) { expect(template).toThrow(problem); } else { expect(template).not.toThrow(); }
      });
    });

    test('a private zone with CloudFront', () => {
      const stack = shopStack();
      expect(() => failoverIn({ stack, hostedZone: privateZoneIn(stack) })).toThrow(
        "'hostedZone' is private, and Route 53 takes no alias of CloudFront there; " +
        'give a public zone, or StaticSite.publicWebsite() as secondary');
    });

    test('a website of S3 in a stack without a fixed Region', () => {
      const stack = shopStackAnywhere();
      expect(() => failoverIn({ stack, balancer: { vpc: networkOf(shopStack()) }, ...website })).toThrow(
        "'secondary' is a website of S3, whose alias depends on the Region, but the stack has no fixed one; give the stack an 'env' with a Region");
    });
  });
});

function importedBalancer(): elb.IApplicationLoadBalancer {
  return elb.ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(new Stack(), 'Imported', {
    loadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/0123456789abcdef',
    securityGroupId: 'sg-12345678',
  });
}

function privateZoneIn(stack: Stack): route53.PrivateHostedZone {
  return new route53.PrivateHostedZone(stack, 'Inside', { zoneName: 'example.com', vpc: networkOf(new Stack(stack, 'Network', { env })) });
}
