import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { CloudFrontEndpointProps } from '../../src';
import { checkWebDistribution, createWebDistribution } from '../../src/survives-zone-loss/web-distribution';

/** A distribution in front of an internal load balancer, as a web tier has them. */
export function webDistributionIn(scope: Construct, vpc: ec2.IVpc, props: CloudFrontEndpointProps) {
  checkWebDistribution(scope, props);
  const loadBalancer = new elb.ApplicationLoadBalancer(scope, 'Balancer', { vpc, internetFacing: false });
  const listener = loadBalancer.addListener('Listener', {
    ...props.originCertificate ? { port: 443, certificates: [props.originCertificate], sslPolicy: elb.SslPolicy.RECOMMENDED_TLS } : { port: 80 },
    open: false,
    defaultAction: elb.ListenerAction.fixedResponse(200),
  });
  const distribution: Distribution = createWebDistribution(scope, loadBalancer, listener, props);
  return { loadBalancer, distribution };
}

export function certificateOf(scope: Construct, id: string, region: string): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(scope, id, `arn:aws:acm:${region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`);
}

/** What the CDK would look up in the account. */
export function prefixListIn(scope: Construct): ec2.IPrefixList {
  return ec2.PrefixList.fromPrefixListId(scope, 'CloudFront', 'pl-0123456789abcdef0');
}
