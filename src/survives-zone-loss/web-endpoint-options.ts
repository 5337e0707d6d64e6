import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';

/**
 * By what name clients reach a tier.
 */
export interface WebEndpointOptions {
  /**
   * The zone in which a record for the tier is made: an alias, so that who asks for it gets the addresses that the load balancer has
   * at that time.
   *
   * @default - no record; the load balancer has a name of its own
   */
  readonly hostedZone?: IHostedZone;

  /**
   * The name of the tier, in full: `shop.example.com`. It takes a `hostedZone`.
   *
   * @default - the name of the hosted zone, where there is one
   */
  readonly domainName?: string;
}

/**
 * How a tier is reached by TLS.
 */
export interface TlsEndpointOptions extends WebEndpointOptions {
  /**
   * Certificates besides the first one, which clients get that name no host, or another one.
   *
   * @default - none
   */
  readonly furtherCertificates?: ICertificate[];

  /**
   * Which versions of TLS and which ciphers clients may use.
   *
   * @default SslPolicy.RECOMMENDED_TLS
   */
  readonly tlsPolicy?: SslPolicy;
}
