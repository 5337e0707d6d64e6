import { Stack, Token } from 'aws-cdk-lib';
import { CfnCertificate, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** The Region from which CloudFront takes certificates. */
const CLOUDFRONT_REGION = 'us-east-1';

/** Refuses a certificate that is known to be in a Region from which CloudFront takes none. */
export function checkCloudFrontCertificate(scope: IConstruct, which: string, certificate: ICertificate): void {
  checkCertificateRegion(scope, which, certificate, CLOUDFRONT_REGION, 'CloudFront');
}

/** Refuses a certificate that is not there, and one that is known to be in another Region than the load balancer that is to have it. */
export function checkLoadBalancerCertificates(scope: IConstruct, which: string, certificates: (ICertificate | undefined)[]): void {
  for (const certificate of certificates) {
    // as from JavaScript: without one the load balancer would take what is not encrypted
    if (!certificate) { throw new ConfigurationError(scope, `${which} is missing`, 'give one, or ask for an endpoint that is not encrypted by its name'); }
    checkCertificateRegion(scope, which, certificate, Stack.of(scope).region, 'the load balancer');
  }
}

/** Refuses a certificate that is known to be in another Region than that from which `who` takes it. */
export function checkCertificateRegion(scope: IConstruct, which: string, certificate: ICertificate, wanted: string, who: string): void {
  const region = regionOf(certificate);
  if (!region || Token.isUnresolved(wanted) || region === wanted) { return; }
  throw new ConfigurationError(scope, `${which} is in ${region}, but ${who} takes it from ${wanted} only`,
    `make it in a stack of ${wanted}, with 'crossRegionReferences: true' on both stacks`);
}

/** The Region of a certificate, out of its ARN, or of its stack if it is made here; undefined where it is not known. */
function regionOf({ certificateArn, node, env }: ICertificate): string | undefined {
  if (!Token.isUnresolved(certificateArn)) { return certificateArn.split(':')[3]; }
  return node.defaultChild instanceof CfnCertificate && !Token.isUnresolved(env.region) ? env.region : undefined;
}
