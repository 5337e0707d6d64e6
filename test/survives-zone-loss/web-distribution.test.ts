import { App, Duration, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CloudFrontEndpointProps } from '../../src';
import { checkWebDistribution } from '../../src/survives-zone-loss/web-distribution';
import { env, importedNetworkOf, networkOf, shopStack, shopStackAnywhere } from '../helpers/network';
import { certificateOf, prefixListIn, webDistributionIn } from '../helpers/web-distribution';

type Setting = Partial<CloudFrontEndpointProps> & { readonly stack?: Stack; readonly vpc?: ec2.IVpc };

/** A distribution for shop.example.com in front of an internal load balancer. */
function distributionIn({ stack = shopStack(), vpc = networkOf(stack), ...given }: Setting = {}) {
  return { stack, ...webDistributionIn(stack, vpc, endpointIn(stack, given)), template: () => Template.fromStack(stack) };
}

function endpointIn(stack: Stack, props: Partial<CloudFrontEndpointProps> = {}): CloudFrontEndpointProps {
  return {
    domainNames: ['shop.example.com'],
    certificate: certificateIn('us-east-1'),
    cloudFrontPrefixList: prefixListIn(stack),
    ...props,
  };
}

function certificateIn(region: string): acm.ICertificate {
  return certificateOf(new Stack(), 'Certificate', region);
}

function pagesIn(stack: Stack) {
  const bucket = new s3.Bucket(stack, 'Pages', { enforceSSL: true, versioned: true });
  return { bucket, origin: S3BucketOrigin.withOriginAccessControl(bucket) };
}

interface Origin { readonly Id: string; readonly VpcOriginConfig?: unknown }
interface Behavior { readonly PathPattern?: string; readonly TargetOriginId: string; readonly AllowedMethods: string[] }

/** What is in the template of a distribution, and what its behaviors lead to in words. */
function configOf(template: Template) {
  const [{ Properties: { DistributionConfig: config } }] = Object.values(template.findResources(DISTRIBUTION));
  const [group] = config.OriginGroups?.Items ?? [];
  const all: Behavior[] = [config.DefaultCacheBehavior, ...config.CacheBehaviors ?? []];
  const tiers = config.Origins.filter((origin: Origin) => origin.VpcOriginConfig).map((origin: Origin) => origin.Id);
  const nameOf = (id: string) => id === group?.Id ? 'tier, else pages' : tiers.includes(id) ? 'tier' : 'pages';
  return { config, group, all, nameOf, behaviors: all.map(({ PathPattern: path, TargetOriginId: id }) => [path ?? 'default', nameOf(id)]) };
}

const DISTRIBUTION = 'AWS::CloudFront::Distribution';
const VPC_ORIGIN = 'AWS::CloudFront::VpcOrigin';
const RECORD = 'AWS::Route53::RecordSet';
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';

describe('a distribution in front of a web tier', () => {
  describe('reaches the load balancer', () => {
    test('by a VPC origin, within the network, by HTTP', () => {
      const { stack, loadBalancer, template } = distributionIn();
      template().hasResourceProperties(VPC_ORIGIN, {
        VpcOriginEndpointConfig: Match.objectLike({ Arn: stack.resolve(loadBalancer.loadBalancerArn), OriginProtocolPolicy: 'http-only' }),
      });
      expect(configOf(template()).config.Origins).toEqual([{
        Id: expect.any(String),
        DomainName: stack.resolve(loadBalancer.loadBalancerDnsName),
        ConnectionAttempts: 2,
        ConnectionTimeout: 3,
        VpcOriginConfig: { VpcOriginId: expect.anything(), OriginReadTimeout: 30, OriginKeepaliveTimeout: 5 },
      }]);
    });

    test('by HTTPS with a certificate, for the name that the certificate is for', () => {
      const { template } = distributionIn({ originCertificate: certificateIn('eu-west-1') });
      template().hasResourceProperties(VPC_ORIGIN, {
        VpcOriginEndpointConfig: Match.objectLike({ OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] }),
      });
      expect(configOf(template()).config.Origins[0].DomainName).toBe('shop.example.com');
    });

    test.each([['http', undefined, 80], ['https', certificateIn('eu-west-1'), 443]] as const)('alone, by %s', (_, originCertificate, port) => {
      const { template } = distributionIn({ originCertificate });
      const rules = Object.values(template().findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties: { GroupId, ...rule } }) => rule);
      expect(rules).toEqual([{ Description: 'CloudFront', FromPort: port, ToPort: port, IpProtocol: 'tcp', SourcePrefixListId: 'pl-0123456789abcdef0' }]);
      template().allResourcesProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    });

    test('by the prefix list that the CDK looks up', () => {
      const app = new App();
      distributionIn({ stack: new Stack(app, 'Shop', { env }), cloudFrontPrefixList: undefined });
      expect(app.synth().manifest.missing?.map(({ props }) => props)).toContainEqual(expect.objectContaining({
        typeName: 'AWS::EC2::PrefixList', propertyMatch: { PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing' }, region: 'eu-west-1',
      }));
    });

    test('once it listens, and the network has an internet gateway', () => {
      const [{ DependsOn }] = Object.values(distributionIn().template().findResources(VPC_ORIGIN));
      expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^BalancerListener/), expect.stringMatching(/^VpcPublicSubnet1DefaultRoute/)]));
    });

    test('in a network that was made elsewhere', () => {
      const stack = shopStack();
      distributionIn({ stack, vpc: importedNetworkOf(stack) }).template().resourceCountIs(VPC_ORIGIN, 1);
    });

    test('waiting for its answers as long as it is told', () => {
      const { template } = distributionIn({ responseTimeout: Duration.seconds(60) });
      expect(configOf(template()).config.Origins[0].VpcOriginConfig.OriginReadTimeout).toBe(60);
    });
  });

  describe('lets viewers', () => {
    test('send whatever they like to the tier, which answers each request itself and knows the name that they asked for', () => {
      const { config } = configOf(distributionIn().template());
      expect(config.DefaultCacheBehavior).toMatchObject({
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER,
        ViewerProtocolPolicy: 'redirect-to-https',
        Compress: true,
      });
      expect(config.CacheBehaviors).toBeUndefined();
    });

    test('read files out of the caches', () => {
      const { config, behaviors } = configOf(distributionIn({ staticPaths: ['/assets/*', '*.ico'] }).template());
      expect(behaviors).toEqual([['default', 'tier'], ['/assets/*', 'tier'], ['*.ico', 'tier']]);
      expect(config.CacheBehaviors[0]).toMatchObject({
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS'], CachePolicyId: CACHING_OPTIMIZED, ViewerProtocolPolicy: 'redirect-to-https', Compress: true,
      });
      // S3 refuses a request for another host than its own
      expect(config.CacheBehaviors[0].OriginRequestPolicyId).toBeUndefined();
    });

    test('connect by TLS 1.2 and later, HTTP/2 and 3, IPv6', () => {
      distributionIn().template().hasResourceProperties(DISTRIBUTION, {
        DistributionConfig: {
          Aliases: ['shop.example.com'],
          HttpVersion: 'http2and3',
          IPV6Enabled: true,
          ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
        },
      });
    });

    test('see an error no longer than it lasts', () => {
      expect(configOf(distributionIn().template()).config.CustomErrorResponses).toEqual(
        [500, 502, 503, 504].map(code => ({ ErrorCode: code, ErrorCachingMinTTL: 0 })));
    });
  });

  describe('with a fallback', () => {
    function withFallback(props: Setting = {}) {
      const stack = props.stack ?? shopStack();
      const { bucket, origin } = pagesIn(stack);
      return { bucket, ...distributionIn({ stack, staticPaths: ['/assets/*'], fallback: origin, ...props }) };
    }

    test('asks that for files which the tier does not give', () => {
      const { template } = withFallback();
      const { group, nameOf, behaviors } = configOf(template());
      expect(behaviors).toEqual([['default', 'tier'], ['/unavailable.html', 'pages'], ['/assets/*', 'tier, else pages']]);
      expect(group.FailoverCriteria.StatusCodes.Items).toEqual([500, 502, 503, 504]);
      expect(group.Members.Items.map(({ OriginId }: { OriginId: string }) => nameOf(OriginId))).toEqual(['tier', 'pages']);
    });

    test('has one VPC origin, by whichever behavior it is asked', () => {
      withFallback().template().resourceCountIs(VPC_ORIGIN, 1);
    });

    test('never puts it in the place of a tier that is written to, which CloudFront refuses', () => {
      const { all, group } = configOf(withFallback().template());
      const grouped = all.filter(({ TargetOriginId }) => TargetOriginId === group.Id);
      expect(grouped.map(({ AllowedMethods }) => AllowedMethods)).toEqual([['GET', 'HEAD', 'OPTIONS']]);
    });

    test('answers else with its page, and status 503', () => {
      const { config } = configOf(withFallback().template());
      expect(config.CustomErrorResponses).toEqual([
        { ErrorCode: 500, ErrorCachingMinTTL: 0 },
        ...[502, 503, 504].map(code => ({ ErrorCode: code, ErrorCachingMinTTL: 0, ResponseCode: 503, ResponsePagePath: '/unavailable.html' })),
      ]);
    });

    test('takes the page that it is told, before the files that it is among', () => {
      const { config, behaviors } = configOf(withFallback({ staticPaths: ['*.html'], fallbackPage: '/sorry.html' }).template());
      expect(behaviors).toEqual([['default', 'tier'], ['/sorry.html', 'pages'], ['*.html', 'tier, else pages']]);
      expect(config.CustomErrorResponses[1].ResponsePagePath).toBe('/sorry.html');
    });
  });

  describe('is found', () => {
    test('by all its names, by IPv4 and IPv6', () => {
      const stack = shopStack();
      const hostedZone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
      const { distribution, template } = distributionIn({ stack, hostedZone, domainNames: ['example.com', 'Shop.example.com.'] });
      const records = Object.values(template().findResources(RECORD)).map(({ Properties }) => Properties);
      expect(records.map(({ Name, Type }) => `${Name} ${Type}`).sort()).toEqual(
        ['example.com. A', 'example.com. AAAA', 'shop.example.com. A', 'shop.example.com. AAAA']);
      expect(configOf(template()).config.Aliases).toEqual(['example.com', 'shop.example.com']);
      records.forEach(({ AliasTarget }) => expect(AliasTarget.DNSName).toEqual(stack.resolve(distribution.distributionDomainName)));
    });

    test('by a name that is known at deployment', () => {
      const stack = shopStack();
      const hostedZone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
      distributionIn({ stack, hostedZone, domainNames: [Lazy.string({ produce: () => 'shop.example.com' })] }).template()
        .hasResourceProperties(RECORD, { Name: 'shop.example.com.', Type: 'AAAA' });
    });

    test('by nobody before you lead the names there, without a zone', () => {
      distributionIn().template().resourceCountIs(RECORD, 0);
    });
  });

  test('writes its access logs to a bucket that takes ACLs', () => {
    const stack = shopStack();
    const accessLogsBucket = new s3.Bucket(stack, 'Logs', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED });
    distributionIn({ stack, accessLogsBucket }).template().hasResourceProperties(DISTRIBUTION, {
      DistributionConfig: { Logging: { Bucket: stack.resolve(accessLogsBucket.bucketRegionalDomainName) } },
    });
  });

  test('takes buckets, certificates and names that are not known, in a stack of any Region', () => {
    const stack = shopStackAnywhere();
    distributionIn({
      stack,
      certificate: acm.Certificate.fromCertificateArn(stack, 'Edge', Fn.importValue('Edge')),
      originCertificate: certificateIn('eu-west-1'),
      accessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'logs'),
    }).template().resourceCountIs(DISTRIBUTION, 1);
  });

  describe('refuses', () => {
    const refusals: [string, (stack: Stack) => Partial<CloudFrontEndpointProps>, string][] = [
      ['no name', () => ({ domainNames: [] }),
        "'endpoint.domainNames' is empty; give the names that viewers ask for, which 'endpoint.certificate' is for"],
      ['what is no name', () => ({ domainNames: ['*.example.com'] }),
        "'endpoint.domainNames' is '*.example.com', which is not the name of a host; "
        + "give a name in full of letters, digits, hyphens and dots, such as 'shop.example.com'"],
      ['half a name', () => ({ domainNames: ['shop.example.com', 'shop'] }),
        "'endpoint.domainNames' has 'shop', which is no name in full; give it with its domain, as 'shop.example.com'"],
      ['a name twice', () => ({ domainNames: ['shop.example.com', 'SHOP.example.com.'] }),
        "'endpoint.domainNames' has shop.example.com twice; give each name once"],
      ['names of which the number is not known', () => ({ domainNames: Fn.split(',', Fn.importValue('Names')) }),
        "'endpoint.domainNames' is a list that is known at deployment only; give its members one by one"],
      ['a name in another zone', stack => ({ hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.org' }) }),
        "'endpoint.domainNames' is shop.example.com, which is not in the hosted zone example.org; give a name in full that ends with .example.org"],
      ['a private zone', stack => ({ hostedZone: new route53.PrivateHostedZone(stack, 'Zone', { zoneName: 'example.com', vpc: networkOf(stack) }) }),
        "'endpoint.hostedZone' is private, and Route 53 takes no alias of CloudFront there; give a public zone"],
      ['a certificate of another Region for viewers', () => ({ certificate: certificateIn('eu-west-1') }),
        "'endpoint.certificate' is in eu-west-1, but CloudFront takes it from us-east-1 only; "
        + "make it in a stack of us-east-1, with 'crossRegionReferences: true' on both stacks"],
      ['a certificate of another Region for the load balancer', () => ({ originCertificate: certificateIn('us-east-1') }),
        "'endpoint.originCertificate' is in us-east-1, but the load balancer takes it from eu-west-1 only; "
        + "make it in a stack of eu-west-1, with 'crossRegionReferences: true' on both stacks"],
      ['what is no path', () => ({ staticPaths: ['assets/*'] }),
        "'endpoint.staticPaths' has 'assets/*', which is no path pattern of CloudFront; "
        + "give up to 255 characters that start with a slash or a star, such as '/assets/*'"],
      ['to take everything for a file', () => ({ staticPaths: ['/*'] }),
        "'endpoint.staticPaths' has '/*', which is every path: no form could be sent to the tier; give the paths of the files, such as '/assets/*'"],
      ['paths of which the number is not known', () => ({ staticPaths: Fn.split(',', Fn.importValue('Paths')) }),
        "'endpoint.staticPaths' is a list that is known at deployment only; give its members one by one"],
      ['a page that comes from nowhere', () => ({ fallbackPage: '/sorry.html' }),
        "'endpoint.fallbackPage' is given without 'endpoint.fallback', from which it would come; give both, or neither"],
      ['the page of the fallback as a file of the tier', stack => ({ fallback: pagesIn(stack).origin, staticPaths: ['/unavailable.html'] }),
        "'endpoint.staticPaths' has '/unavailable.html', the page of 'endpoint.fallback'; leave it out, or give another 'endpoint.fallbackPage'"],
      ['a page that is many', stack => ({ fallback: pagesIn(stack).origin, fallbackPage: '/errors/*' }),
        "'endpoint.fallbackPage' is '/errors/*', which is not the path of a page; start it with a slash, without wildcards, as in '/unavailable.html'"],
      ['to wait longer than the load balancer', () => ({ responseTimeout: Duration.seconds(61) }),
        "'endpoint.responseTimeout' is 61 seconds; give whole seconds from 1 to 60"],
      ['logs where CloudFront cannot write', stack => ({ accessLogsBucket: new s3.Bucket(stack, 'Logs') }),
        "'endpoint.accessLogsBucket' takes no ACLs, by which CloudFront may write to it; "
        + "give the bucket 'objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED'"],
      ['logs where CloudFront may not write',
        stack => ({ accessLogsBucket: new s3.Bucket(stack, 'Logs', { objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED }) }),
        "'endpoint.accessLogsBucket' takes no ACLs, by which CloudFront may write to it; "
        + "give the bucket 'objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED'"],
    ];
    test.each(refusals)('%s', (_, given, message) => {
      const stack = shopStack();
      expect(() => checkWebDistribution(new Construct(stack, 'Web'), endpointIn(stack, given(stack)))).toThrow(`${message} [Construct at 'Shop/Web']`);
    });

    test('to look the prefix list up where nobody knows in which Region', () => {
      const stack = shopStackAnywhere();
      expect(() => checkWebDistribution(new Construct(stack, 'Web'), endpointIn(stack, { cloudFrontPrefixList: undefined }))).toThrow(
        "'endpoint.cloudFrontPrefixList' is not given, and the stack has no fixed account and Region in which it could be looked up; give the stack an 'env', "
        + "or the list com.amazonaws.global.cloudfront.origin-facing of its Region by ec2.PrefixList.fromPrefixListId [Construct at 'Shop/Web']");
    });
  });
});
