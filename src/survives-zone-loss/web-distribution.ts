import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { CloudFrontEndpointProps } from './cloud-front-endpoint';
import { checkCloudFrontCertificate, checkLoadBalancerCertificates } from '../shared/certificates';
import { ConfigurationError } from '../shared/configuration-error';
import { checkHostName, isPrivate, nameInZone, normalizedName } from '../shared/hosted-zones';
import { firstRepeated } from '../shared/lists';
import { checkDuration } from '../shared/numbers';

/** Where CloudFront's requests to origins come from, as AWS keeps it in each Region. */
const ORIGIN_FACING = 'com.amazonaws.global.cloudfront.origin-facing';

/** A load balancer that cannot be reached fails over after 6 seconds: two attempts of 3 seconds each. CloudFront itself takes 30. */
const CONNECTION_ATTEMPTS = 2;
const CONNECTION_TIMEOUT = Duration.seconds(3);

/**
 * Shorter than the load balancer keeps a connection that nobody uses (60 seconds): else a request is sent into one that is closed, and
 * answered by 502. Short too so that few connections into a lost zone are left to try.
 */
const KEPT_ALIVE_FOR = Duration.seconds(5);

/** An error of one instance is not kept at an edge (10 seconds, else): there it would be everybody's, while the other instances answer. */
const ERRORS_KEPT_FOR = Duration.seconds(0);

/** What the load balancer says without an instance that answers; 500 is the application's own, and stays what it says. */
const NO_ANSWER = [502, 503, 504];

const FALLBACK_PAGE = '/unavailable.html';

/** Refuses what no distribution can be made of, before anything is made. */
export function checkWebDistribution(scope: IConstruct, props: CloudFrontEndpointProps): void {
  checkNames(scope, props);
  checkCloudFrontCertificate(scope, "'endpoint.certificate'", props.certificate);
  if (props.originCertificate) {
    checkLoadBalancerCertificates(scope, "'endpoint.originCertificate'", [props.originCertificate]);
  }
  checkPaths(scope, props);
  if (props.responseTimeout) { checkDuration(scope, 'endpoint.responseTimeout', props.responseTimeout, { from: 1, to: 60 }); }
  checkAccessLogsBucket(scope, props);
  checkPrefixList(scope, props);
}

/**
 * A distribution in front of an internal load balancer, whose `listener` lets in CloudFront alone: on port 443 with
 * `props.originCertificate`, on port 80 without.
 *
 * Nobody is turned away by country or by a firewall (cdk-nag's AwsSolutions-CFR1 and CFR2 ask for that): `attachWebAclId` adds one.
 */
export function createWebDistribution(
  scope: Construct, loadBalancer: elb.ApplicationLoadBalancer, listener: elb.ApplicationListener, props: CloudFrontEndpointProps,
): cloudfront.Distribution {
  listener.connections.allowDefaultPortFrom(originFacing(scope, props), 'CloudFront');
  const tier = createTierOrigin(scope, loadBalancer, listener, props);
  const distribution = new cloudfront.Distribution(scope, 'Distribution', {
    domainNames: props.domainNames.map(normalizedName),
    certificate: props.certificate,
    minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    sslSupportMethod: cloudfront.SSLMethod.SNI,
    httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
    enableIpv6: true,
    defaultBehavior: {
      ...forViewers(),
      origin: tier,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER, // with the host, by which an application knows its name
    },
    additionalBehaviors: behaviorsOf(tier, props),
    errorResponses: errorResponsesOf(props),
    logBucket: props.accessLogsBucket,
  });
  createRecords(scope, distribution, props);
  return distribution;
}

/** In a function, so that a tier without CloudFront does not load it. */
function forViewers() {
  return { viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS, compress: true };
}

/**
 * The list is there before any VPC origin is, and its id is known at synth; it counts as 55 of the 60 rules that a security group may
 * have, so there is one port. The other group that could be let in, CloudFront-VPCOrigins-Service-SG, is made by CloudFront with the
 * first VPC origin of a VPC, and CloudFormation does not tell its id: it would take a custom resource that waits for it. Neither lets
 * in strangers: the load balancer has no public address, so only VPC origins reach it, which this account makes, or shares.
 */
function originFacing(scope: Construct, { cloudFrontPrefixList }: CloudFrontEndpointProps): ec2.IPrefixList {
  return cloudFrontPrefixList ?? ec2.PrefixList.fromLookup(scope, 'OriginFacing', { prefixListName: ORIGIN_FACING });
}

/**
 * The name of an origin within a VPC leads nowhere: it is the host that CloudFront asks for where it does not pass on the viewer's, and
 * that the certificate of the load balancer has to be for.
 */
function createTierOrigin(
  scope: Construct, loadBalancer: elb.ApplicationLoadBalancer, listener: elb.ApplicationListener,
  { domainNames, originCertificate, responseTimeout }: CloudFrontEndpointProps,
): cloudfront.IOrigin {
  const vpcOrigin = new cloudfront.VpcOrigin(scope, 'VpcOrigin', {
    endpoint: cloudfront.VpcOriginEndpoint.applicationLoadBalancer(loadBalancer),
    protocolPolicy: originCertificate ? cloudfront.OriginProtocolPolicy.HTTPS_ONLY : cloudfront.OriginProtocolPolicy.HTTP_ONLY,
    originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
  });
  // CloudFront refuses a VPC to which no internet gateway is attached, as it is once public subnets have their route
  const attached = loadBalancer.vpc?.publicSubnets.map(({ internetConnectivityEstablished }) => internetConnectivityEstablished) ?? [];
  vpcOrigin.node.addDependency(listener, ...attached);
  return origins.VpcOrigin.withVpcOrigin(vpcOrigin, {
    domainName: originCertificate && normalizedName(domainNames[0]),
    connectionAttempts: CONNECTION_ATTEMPTS,
    connectionTimeout: CONNECTION_TIMEOUT,
    readTimeout: responseTimeout ?? Duration.seconds(30),
    keepaliveTimeout: KEPT_ALIVE_FOR,
  });
}

/** CloudFront refuses an origin group for a behavior that takes POST and the like, so only files have one. */
function behaviorsOf(
  tier: cloudfront.IOrigin, { staticPaths = [], fallback, fallbackPage = FALLBACK_PAGE }: CloudFrontEndpointProps,
): Record<string, cloudfront.BehaviorOptions> {
  const file = {
    ...forViewers(),
    allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
    cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
  };
  const files = {
    ...file,
    origin: fallback ? new origins.OriginGroup({ primaryOrigin: tier, fallbackOrigin: fallback, fallbackStatusCodes: [500, ...NO_ANSWER] }) : tier,
  };
  return {
    ...fallback ? { [fallbackPage]: { ...file, origin: fallback } } : {}, // the first that matches counts
    ...Object.fromEntries(staticPaths.map(path => [path, files])),
  };
}

function errorResponsesOf({ fallback, fallbackPage = FALLBACK_PAGE }: CloudFrontEndpointProps): cloudfront.ErrorResponse[] {
  const page = fallback ? { responseHttpStatus: 503, responsePagePath: fallbackPage } : {};
  return [
    { httpStatus: 500, ttl: ERRORS_KEPT_FOR },
    ...NO_ANSWER.map(httpStatus => ({ httpStatus, ttl: ERRORS_KEPT_FOR, ...page })),
  ];
}

function createRecords(scope: Construct, distribution: cloudfront.Distribution, { domainNames, hostedZone }: CloudFrontEndpointProps): void {
  if (!hostedZone) { return; }
  const records = new Construct(scope, 'Records');
  domainNames.map(normalizedName).forEach((name, index) => {
    const ofName = new Construct(records, Token.isUnresolved(name) ? `${index}` : name);
    const record = { zone: hostedZone, recordName: `${name}.`, target: route53.RecordTarget.fromAlias(new CloudFrontTarget(distribution)) };
    new route53.ARecord(ofName, 'A', record);
    new route53.AaaaRecord(ofName, 'AAAA', record);
  });
}

function checkNames(scope: IConstruct, { domainNames, hostedZone }: CloudFrontEndpointProps): void {
  checkKnownList(scope, 'endpoint.domainNames', domainNames);
  if (domainNames.length === 0) {
    throw new ConfigurationError(scope, "'endpoint.domainNames' is empty", "give the names that viewers ask for, which 'endpoint.certificate' is for");
  }
  if (hostedZone && isPrivate(hostedZone)) {
    throw new ConfigurationError(scope, "'endpoint.hostedZone' is private, and Route 53 takes no alias of CloudFront there", 'give a public zone');
  }
  const names = domainNames.map(normalizedName);
  domainNames.forEach(name => hostedZone ? nameInZone(scope, 'endpoint.domainNames', hostedZone, name) : checkHostName(scope, 'endpoint.domainNames', name));
  const short = names.find(name => !Token.isUnresolved(name) && !/\.[^.]{2,}$/.test(name));
  if (short !== undefined) {
    throw new ConfigurationError(scope, `'endpoint.domainNames' has '${short}', which is no name in full`, "give it with its domain, as 'shop.example.com'");
  }
  const twice = firstRepeated(names);
  if (twice !== undefined) {
    throw new ConfigurationError(scope, `'endpoint.domainNames' has ${twice} twice`, 'give each name once');
  }
}

function checkPaths(scope: IConstruct, { staticPaths = [], fallback, fallbackPage }: CloudFrontEndpointProps): void {
  checkKnownList(scope, 'endpoint.staticPaths', staticPaths);
  staticPaths.forEach(path => {
    if (Token.isUnresolved(path)) { return; }
    if (!/^[/*][\w.*$/~"'@:+&?-]{0,254}$/.test(path)) {
      throw new ConfigurationError(scope, `'endpoint.staticPaths' has '${path}', which is no path pattern of CloudFront`,
        "give up to 255 characters that start with a slash or a star, such as '/assets/*'");
    }
    if (/^\/?\*+$/.test(path)) {
      throw new ConfigurationError(scope, `'endpoint.staticPaths' has '${path}', which is every path: no form could be sent to the tier`,
        "give the paths of the files, such as '/assets/*'");
    }
  });
  if (fallback && staticPaths.includes(fallbackPage ?? FALLBACK_PAGE)) {
    throw new ConfigurationError(scope, `'endpoint.staticPaths' has '${fallbackPage ?? FALLBACK_PAGE}', the page of 'endpoint.fallback'`,
      "leave it out, or give another 'endpoint.fallbackPage'");
  }
  if (fallbackPage === undefined) { return; }
  if (!fallback) {
    throw new ConfigurationError(scope, "'endpoint.fallbackPage' is given without 'endpoint.fallback', from which it would come",
      'give both, or neither');
  }
  if (!Token.isUnresolved(fallbackPage) && !/^\/[\w.$/~"'@:+&-]{1,254}$/.test(fallbackPage)) {
    throw new ConfigurationError(scope, `'endpoint.fallbackPage' is '${fallbackPage}', which is not the path of a page`,
      `start it with a slash, without wildcards, as in '${FALLBACK_PAGE}'`);
  }
}

/** The members of a list that is known at deployment only cannot be taken one by one; each member may be a token. */
function checkKnownList(scope: IConstruct, prop: string, list: string[]): void {
  if (!Token.isUnresolved(list)) { return; }
  throw new ConfigurationError(scope, `'${prop}' is a list that is known at deployment only`, 'give its members one by one');
}

function checkAccessLogsBucket(scope: IConstruct, { accessLogsBucket }: CloudFrontEndpointProps): void {
  const bucket = accessLogsBucket?.node.defaultChild;
  if (!(bucket instanceof s3.CfnBucket)) { return; }
  const ownership = JSON.stringify(bucket.stack.resolve(bucket.ownershipControls)) ?? 'BucketOwnerEnforced'; // as S3 has it
  if (ownership.includes('BucketOwnerEnforced')) {
    throw new ConfigurationError(scope, "'endpoint.accessLogsBucket' takes no ACLs, by which CloudFront may write to it",
      "give the bucket 'objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED'");
  }
}

function checkPrefixList(scope: IConstruct, { cloudFrontPrefixList }: CloudFrontEndpointProps): void {
  const { account, region } = Stack.of(scope);
  if (cloudFrontPrefixList || !(Token.isUnresolved(account) || Token.isUnresolved(region))) { return; }
  throw new ConfigurationError(scope,
    "'endpoint.cloudFrontPrefixList' is not given, and the stack has no fixed account and Region in which it could be looked up",
    `give the stack an 'env', or the list ${ORIGIN_FACING} of its Region by ec2.PrefixList.fromPrefixListId`);
}
