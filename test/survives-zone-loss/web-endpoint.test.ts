import { CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { InstanceFleet, MultiAzWebTier, TlsEndpointOptions, WebEndpoint, WebEndpointOptions, WebHealthCheck, ZonalShift } from '../../src';
import { networkOf, shopStack, shopStackAnywhere } from '../helpers/network';
import { certificateOf, prefixListIn } from '../helpers/web-distribution';
import { certificate, refuses, Setting, tierIn } from '../helpers/web-tier';

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RECORD = 'AWS::Route53::RecordSet';
const INGRESS = 'AWS::EC2::SecurityGroupIngress';

/** Each kind of endpoint, with these options; of those by connections at port 8443. */
const byTls: [string, (options?: TlsEndpointOptions) => WebEndpoint][] = [
  ['publicHttps', options => WebEndpoint.publicHttps(certificate, options)],
  ['internalHttps', options => WebEndpoint.internalHttps(certificate, options)],
  ['publicTls', options => WebEndpoint.publicTls(8443, certificate, options)],
  ['internalTls', options => WebEndpoint.internalTls(8443, certificate, options)],
];
const all: [string, (options?: WebEndpointOptions) => WebEndpoint][] = [
  ...byTls,
  ['publicHttp', options => WebEndpoint.publicHttp(options)],
  ['internalHttp', options => WebEndpoint.internalHttp(options)],
  ['publicTcp', options => WebEndpoint.publicTcp(8443, options)],
  ['internalTcp', options => WebEndpoint.internalTcp(8443, options)],
];
const byConnections = all.filter(([name]) => /T(ls|cp)$/.test(name));

const zoneIn = (stack: Stack) => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });

/** The rules by which the load balancer of a tier lets somebody in, from where and at which port. */
function letIn(template: Template, { clients }: MultiAzWebTier, stack: Stack): unknown[] {
  const id: unknown = stack.resolve(clients.securityGroups[0].securityGroupId);
  const [group] = Object.entries(template.findResources('AWS::EC2::SecurityGroup')).filter(([logicalId]) => JSON.stringify(id).includes(`"${logicalId}"`));
  const inline: { CidrIp: string; FromPort: number; ToPort: number }[] = group[1].Properties.SecurityGroupIngress ?? [];
  const beside = Object.values(template.findResources(INGRESS, { Properties: { GroupId: id } }));
  const rules = [...inline, ...beside.map(({ Properties }) => Properties as typeof inline[0])];
  return rules.map(({ CidrIp, FromPort, ToPort }) => [CidrIp, FromPort, ToPort]);
}

describe('WebEndpoint', () => {
  test.each(all)('%s is public or internal, as its name says', (name, endpointOf) => {
    const isPublic = name.startsWith('public');
    const stack = shopStack();
    const vpc = networkOf(stack);
    const { template } = tierIn({ stack, vpc, endpoint: endpointOf() });
    expect(endpointOf().isPublic).toBe(isPublic);
    template().resourceCountIs(LOAD_BALANCER, 1);
    template().hasResourceProperties(LOAD_BALANCER, {
      Scheme: isPublic ? 'internet-facing' : 'internal',
      Subnets: (isPublic ? vpc.publicSubnets : vpc.privateSubnets).map(subnet => stack.resolve(subnet.subnetId)),
    });
  });

  test.each<[string, WebEndpoint, [string, number, number][]]>([
    ['publicHttps', WebEndpoint.publicHttps(certificate), [['0.0.0.0/0', 80, 80], ['0.0.0.0/0', 443, 443]]],
    ['publicHttp', WebEndpoint.publicHttp(), [['0.0.0.0/0', 80, 80]]],
    ['publicTls', WebEndpoint.publicTls(8443, certificate), [['0.0.0.0/0', 8443, 8443]]],
    ['publicTcp', WebEndpoint.publicTcp(8443), [['0.0.0.0/0', 8443, 8443]]],
    ['internalHttps', WebEndpoint.internalHttps(certificate), []],
    ['internalHttp', WebEndpoint.internalHttp(), []],
    ['internalTls', WebEndpoint.internalTls(8443, certificate), []],
    ['internalTcp', WebEndpoint.internalTcp(8443), []],
  ])('%s lets in the internet at its ports, or nobody by itself', (_, endpoint, rules) => {
    const { stack, tier, template } = tierIn({ endpoint });
    expect(letIn(template(), tier, stack)).toEqual(rules);
  });

  test.each<[string, WebEndpoint, number]>([
    ['internalHttps', WebEndpoint.internalHttps(certificate), 443],
    ['internalHttp', WebEndpoint.internalHttp(), 80],
    ['internalTls', WebEndpoint.internalTls(8443, certificate), 8443],
    ['internalTcp', WebEndpoint.internalTcp(8443), 8443],
  ])('%s lets in whom its clients allow, at its port', (_, endpoint, port) => {
    const stack = shopStack();
    const vpc = networkOf(stack);
    const { tier, template } = tierIn({ stack, vpc, endpoint });
    const partner = new ec2.SecurityGroup(stack, 'Partner', { vpc });
    tier.clients.allowDefaultPortFrom(partner);
    template().hasResourceProperties(INGRESS, {
      GroupId: stack.resolve(tier.clients.securityGroups[0].securityGroupId),
      SourceSecurityGroupId: stack.resolve(partner.securityGroupId),
      FromPort: port,
      ToPort: port,
    });
  });

  test.each(all)('%s has the instances take from the load balancer alone', (_, endpointOf) => {
    const { stack, tier, template } = tierIn({ endpoint: endpointOf(), instancePort: 8080, fleet: InstanceFleet.inEachZone() });
    const instances = stack.resolve(tier.connections.securityGroups[0].securityGroupId);
    const balancer = stack.resolve(tier.clients.securityGroups[0].securityGroupId);
    const rules = Object.values(template().findResources(INGRESS, { Properties: { GroupId: instances } }));
    expect(rules.map(({ Properties }) => Properties))
      .toEqual([expect.objectContaining({ SourceSecurityGroupId: balancer, FromPort: 8080, ToPort: 8080 })]);
    expect(Object.values(template().findResources('AWS::EC2::SecurityGroupEgress')).map(({ Properties }) => Properties))
      .toEqual([expect.objectContaining({ GroupId: balancer, DestinationSecurityGroupId: instances, FromPort: 8080, ToPort: 8080 })]);
    template().hasResourceProperties(LOAD_BALANCER, { SecurityGroups: [balancer] });
  });

  describe('by TLS', () => {
    test.each(byTls)('%s speaks what is recommended, with its certificate', (_, endpointOf) => {
      tierIn({ endpoint: endpointOf() }).template().hasResourceProperties(LISTENER, {
        SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', Certificates: [{ CertificateArn: certificate.certificateArn }],
      });
    });

    test.each(byTls)('%s speaks what it is told', (_, endpointOf) => {
      tierIn({ endpoint: endpointOf({ tlsPolicy: SslPolicy.TLS13_13 }) }).template().hasResourceProperties(LISTENER, { SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' });
    });

    test.each(byTls)('%s has further certificates besides the first one', (_, endpointOf) => {
      const stack = shopStack();
      const further = certificateOf(stack, 'Further', 'eu-west-1');
      const { template } = tierIn({ stack, endpoint: endpointOf({ furtherCertificates: [further] }) });
      template().hasResourceProperties(LISTENER, { Certificates: [{ CertificateArn: certificate.certificateArn }] });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerCertificate', { Certificates: [{ CertificateArn: further.certificateArn }] });
    });

    test.each<[string, (missing: acm.ICertificate) => WebEndpoint]>([
      ['publicHttps', missing => WebEndpoint.publicHttps(missing)],
      ['internalHttps', missing => WebEndpoint.internalHttps(certificate, { furtherCertificates: [missing] })],
      ['publicTls', missing => WebEndpoint.publicTls(8883, missing)],
    ])('refuses to do without a certificate, as JavaScript lets it: %s', (_, endpointOf) => {
      refuses({ endpoint: endpointOf(undefined as never) },
        "a certificate of 'endpoint' is missing; give one, or ask for an endpoint that is not encrypted by its name");
    });

    test.each(['Https', 'Tls'])('refuses certificates of another Region: %s', kind => {
      const message = "a certificate of 'endpoint' is in us-east-1, but the load balancer takes it from eu-west-1 only; "
        + "make it in a stack of eu-west-1, with 'crossRegionReferences: true' on both stacks";
      const elsewhere = certificateOf(new Stack(), 'Elsewhere', 'us-east-1');
      const options = { furtherCertificates: [elsewhere] };
      refuses({ endpoint: kind === 'Tls' ? WebEndpoint.publicTls(443, elsewhere) : WebEndpoint.internalHttps(elsewhere) }, message);
      refuses({ endpoint: kind === 'Tls' ? WebEndpoint.internalTls(443, certificate, options) : WebEndpoint.publicHttps(certificate, options) }, message);
    });

    test('takes a certificate whose Region is known at deployment only, and any where that of the stack is', () => {
      const stack = shopStack();
      const told = acm.Certificate.fromCertificateArn(stack, 'Told', new CfnParameter(stack, 'Arn').valueAsString);
      expect(() => tierIn({ stack, endpoint: WebEndpoint.publicHttps(told) })).not.toThrow();
      const anywhere = shopStackAnywhere();
      expect(() => tierIn({ stack: anywhere, vpc: new ec2.Vpc(anywhere, 'Vpc') })).not.toThrow();
    });
  });

  test.each(['publicHttps', 'internalHttps'])('%s leads who asks on port 80 to port 443', name => {
    const endpoint = name === 'publicHttps' ? WebEndpoint.publicHttps(certificate) : WebEndpoint.internalHttps(certificate);
    const { tier, stack, template } = tierIn({ endpoint });
    template().resourceCountIs(LISTENER, 2);
    template().hasResourceProperties(LISTENER, {
      Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
    template().hasResourceProperties(LISTENER, {
      Port: 443, Protocol: 'HTTPS', DefaultActions: [{ Type: 'forward', TargetGroupArn: stack.resolve(tier.targetGroup.targetGroupArn) }],
    });
    expect(stack.resolve(tier.listener?.listenerArn)).toEqual({ Ref: expect.stringContaining('HttpsListener') });
  });

  describe('with a name', () => {
    test.each(all)('%s has a record that leads to the load balancer', (_, endpointOf) => {
      const stack = shopStack();
      const hostedZone = zoneIn(stack);
      const { tier, template } = tierIn({ stack, endpoint: endpointOf({ hostedZone, domainName: 'Shop.example.com' }) });
      const { loadBalancerDnsName } = tier.loadBalancer as unknown as { loadBalancerDnsName: string };
      template().resourceCountIs(RECORD, 1);
      template().hasResourceProperties(RECORD, {
        Name: 'shop.example.com.',
        Type: 'A',
        HostedZoneId: stack.resolve(hostedZone.hostedZoneId),
        AliasTarget: { DNSName: { 'Fn::Join': ['', ['dualstack.', stack.resolve(loadBalancerDnsName)]] } },
      });
    });

    test('has that of its zone where no other is given', () => {
      const stack = shopStack();
      tierIn({ stack, endpoint: WebEndpoint.publicHttp({ hostedZone: zoneIn(stack) }) }).template().hasResourceProperties(RECORD, { Name: 'example.com.' });
    });

    test('has none where no zone is given', () => {
      tierIn().template().resourceCountIs(RECORD, 0);
    });

    test.each(all)('%s refuses a name without its zone', (_, endpointOf) => {
      refuses({ endpoint: endpointOf({ domainName: 'shop.example.com' }) },
        "'endpoint.domainName' is given without 'endpoint.hostedZone', in which its record would be; "
        + 'give the hosted zone too, or leave the name out and make the record where the zone is');
    });

    test.each(all)('%s refuses a name of another zone', (_, endpointOf) => {
      refuses({ endpoint: endpointOf({ hostedZone: zoneIn(new Stack()), domainName: 'shop.example.org' }) },
        "'endpoint.domainName' is shop.example.org, which is not in the hosted zone example.com; give a name in full that ends with .example.com");
    });
  });

  describe('by connections', () => {
    test.each(byConnections)('%s listens at its port, and passes on by TCP', (name, endpointOf) => {
      const { stack, tier, template } = tierIn({ endpoint: endpointOf(), instancePort: 8080 });
      template().resourceCountIs(LISTENER, 1);
      template().hasResourceProperties(LISTENER, {
        Port: 8443,
        Protocol: name.endsWith('Tls') ? 'TLS' : 'TCP',
        Certificates: name.endsWith('Tls') ? Match.anyValue() : Match.absent(),
        DefaultActions: [{ Type: 'forward', TargetGroupArn: stack.resolve(tier.targetGroup.targetGroupArn) }],
      });
      template().hasResourceProperties(LOAD_BALANCER, { Type: 'network' });
      template().hasResourceProperties(TARGET_GROUP, { Protocol: 'TCP', Port: 8080, TargetType: 'instance' });
      template().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { TargetGroupARNs: [stack.resolve(tier.targetGroup.targetGroupArn)] });
      expect([tier.listener, tier.distribution]).toEqual([undefined, undefined]);
    });

    const endpoint = WebEndpoint.publicTcp(8443);

    test('sends across the zones, leaves one on request, and stays when it is removed', () => {
      tierIn({ endpoint }).template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'load_balancing.cross_zone.enabled', Value: 'true' },
          { Key: 'zonal_shift.config.enabled', Value: 'true' },
        ]),
      });
    });

    test('keeps to its zones, and goes, when told so', () => {
      const fleet = InstanceFleet.overAllZones({ zonalShift: ZonalShift.disabled() });
      tierIn({ endpoint, fleet, removalPolicy: RemovalPolicy.DESTROY }).template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }, { Key: 'zonal_shift.config.enabled', Value: 'false' }]),
      });
    });

    test('asks by TCP, by default', () => {
      tierIn({ endpoint }).template().hasResourceProperties(TARGET_GROUP, {
        HealthCheckProtocol: 'TCP', HealthCheckPath: Match.absent(), HealthCheckIntervalSeconds: 10, HealthyThresholdCount: 2, UnhealthyThresholdCount: 2,
      });
    });

    test('asks by HTTP for a path', () => {
      tierIn({ endpoint, healthCheck: WebHealthCheck.http('/health') }).template()
        .hasResourceProperties(TARGET_GROUP, { HealthCheckProtocol: 'HTTP', HealthCheckPath: '/health', Protocol: 'TCP' });
    });

    test('asks by TCP as often, and for as long, as it is told', () => {
      const healthCheck = WebHealthCheck.tcp({ interval: Duration.seconds(30), timeout: Duration.seconds(20) });
      tierIn({ endpoint, healthCheck }).template()
        .hasResourceProperties(TARGET_GROUP, { HealthCheckProtocol: 'TCP', HealthCheckIntervalSeconds: 30, HealthCheckTimeoutSeconds: 20 });
    });

    test('refuses a limit to delays, which nothing measures', () => {
      refuses({ endpoint: WebEndpoint.publicTcp(443), latencyLimit: Duration.seconds(1) },
        "'latencyLimit' is given, but 'endpoint' is a network load balancer, which sees connections and no requests; leave it out, or take an endpoint by HTTP or HTTPS");
    });

    test.each([0, 65536])('refuses port %d', port => {
      refuses({ endpoint: WebEndpoint.publicTcp(port) }, `'endpoint.port' is ${port}; give a whole number from 1 to 65535`);
    });

    test.each(['addIpTargets', 'metricServerErrorPercent', 'metricLatency'] as const)('has no %s', what => {
      const { tier } = tierIn({ endpoint });
      const ask = () => what === 'addIpTargets' ? tier.addIpTargets('Targets', { addresses: ['10.0.0.1'], conditions: [], priority: 1 }) : tier[what]();
      expect(ask).toThrow("'endpoint' is a network load balancer, which sees");
    });

    test('says which figure it lacks', () => {
      const { tier } = tierIn({ endpoint });
      expect(() => tier.metricLatency()).toThrow("'metricLatency' is about requests, but 'endpoint' is a network load balancer, which sees connections alone; "
        + "take an endpoint by HTTP or HTTPS [MultiAzWebTier at 'Shop/Web']");
    });
  });

  test.each(all.filter(([name]) => /Https?$/.test(name)))('%s refuses a check by TCP', (_, endpointOf) => {
    refuses({ endpoint: endpointOf(), healthCheck: WebHealthCheck.tcp() },
      "'healthCheck' is WebHealthCheck.tcp, but the application load balancer of 'endpoint' asks by HTTP only; give a path: WebHealthCheck.http('/')");
  });

  describe('keeps access logs', () => {
    const buckets = (setting: Setting) => {
      const { tier, template } = tierIn(setting);
      return { tier, count: Object.keys(template().findResources('AWS::S3::Bucket')).length };
    };

    test.each(['publicTls', 'internalTls'])('of TLS at a network load balancer: %s', name => {
      const endpoint = byTls.find(([one]) => one === name)?.[1]();
      const { stack, tier, template } = tierIn({ endpoint });
      const bucket = stack.resolve(tier.accessLogsBucket?.bucketName);
      template().hasResourceProperties(LOAD_BALANCER, {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'access_logs.s3.enabled', Value: 'true' }, { Key: 'access_logs.s3.bucket', Value: bucket }]),
      });
      const ofThisAccount = {
        StringEquals: { 'aws:SourceAccount': '123456789012' },
        ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:123456789012:*']] } },
      };
      const delivery = { Service: 'delivery.logs.amazonaws.com' };
      template().hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: bucket,
        PolicyDocument: {
          Statement: Match.arrayWith([
            { Effect: 'Allow', Principal: delivery, Action: 's3:GetBucketAcl', Resource: stack.resolve(tier.accessLogsBucket?.bucketArn), Condition: ofThisAccount },
            {
              Effect: 'Allow',
              Principal: delivery,
              Action: 's3:PutObject',
              Resource: stack.resolve(tier.accessLogsBucket?.arnForObjects('AWSLogs/123456789012/*')),
              Condition: { ...ofThisAccount, StringEquals: { ...ofThisAccount.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
            },
          ]),
        },
      });
      template().hasResource(LOAD_BALANCER, { DependsOn: Match.arrayWith([Match.stringLikeRegexp('AccessLogsPolicy')]) });
    });

    test('for 90 days, encrypted, in a bucket of which nothing is public and that takes nothing but TLS', () => {
      const { template } = tierIn();
      template().hasResourceProperties('AWS::S3::Bucket', {
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }] },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      });
      template().hasResourceProperties('AWS::S3::BucketPolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
      });
      template().resourceCountIs('Custom::S3AutoDeleteObjects', 0);
    });

    test.each(all)('%s: of everything that a load balancer can log', (name, endpointOf) => {
      const logs = name.endsWith('Tcp') ? 0 : 1;
      const { tier, count } = buckets({ endpoint: endpointOf() });
      expect([count, tier.accessLogsBucket === undefined]).toEqual([logs, logs === 0]);
    });
  });

  describe('cloudFront', () => {
    function endpointIn(stack: Stack, encrypted: boolean): WebEndpoint {
      return WebEndpoint.cloudFront({
        domainNames: ['shop.example.com'],
        certificate: certificateOf(stack, 'Edge', 'us-east-1'),
        originCertificate: encrypted ? certificate : undefined,
        cloudFrontPrefixList: prefixListIn(stack),
      });
    }

    test.each([[true, 443, 'HTTPS'], [false, 80, 'HTTP']])('has a single listener, for itself alone (encrypted: %p)', (encrypted, port, protocol) => {
      const stack = shopStack();
      const endpoint = endpointIn(stack, encrypted);
      const { tier, template } = tierIn({ stack, endpoint });
      expect(endpoint.isPublic).toBe(false);
      template().resourceCountIs(LISTENER, 1);
      template().hasResourceProperties(LISTENER, { Port: port, Protocol: protocol, DefaultActions: [Match.objectLike({ Type: 'forward' })] });
      template().hasResourceProperties(LOAD_BALANCER, { Scheme: 'internal' });
      const GroupId = stack.resolve(tier.clients.securityGroups[0].securityGroupId);
      expect(Object.values(template().findResources(INGRESS, { Properties: { GroupId } })).map(({ Properties }) => Properties))
        .toEqual([expect.objectContaining({ SourcePrefixListId: 'pl-0123456789abcdef0', FromPort: port, ToPort: port })]);
      expect(letIn(template(), tier, stack)).toHaveLength(1);
      expect(stack.resolve(tier.distribution?.distributionId)).toEqual({ Ref: Object.keys(template().findResources('AWS::CloudFront::Distribution'))[0] });
    });

    test('has no distribution where it is not asked for', () => {
      const { tier, template } = tierIn();
      expect(tier.distribution).toBeUndefined();
      template().resourceCountIs('AWS::CloudFront::Distribution', 0);
    });

    test('refuses what no distribution can be made of, before anything is made', () => {
      refuses({ endpoint: WebEndpoint.cloudFront({ domainNames: ['shop.example.com'], certificate }) },
        "'endpoint.certificate' is in eu-west-1, but CloudFront takes it from us-east-1 only");
      refuses({
        endpoint: WebEndpoint.cloudFront({
          domainNames: ['shop.example.com'], certificate: certificateOf(new Stack(), 'Edge', 'us-east-1'), originCertificate: certificateOf(new Stack(), 'Origin', 'us-east-1'),
        }),
      }, "'endpoint.originCertificate' is in us-east-1, but the load balancer takes it from eu-west-1 only");
    });
  });
});
