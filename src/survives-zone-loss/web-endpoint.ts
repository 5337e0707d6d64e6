import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';

/**
 * Where clients reach a web tier: from the internet or from within the network, encrypted or not.
 */
export class WebEndpoint {
  /**
   * Open to the internet by HTTPS on port 443; who asks on port 80 is redirected there.
   *
   * @param certificates at least one; clients that name no host get the first
   */
  public static publicHttps(...certificates: ICertificate[]): WebEndpoint {
    return new WebEndpoint(true, certificates);
  }

  /**
   * Open to the internet by plain HTTP on port 80: whoever is on the way can read and change what is sent.
   */
  public static publicHttp(): WebEndpoint {
    return new WebEndpoint(true);
  }

  /**
   * For clients within the network by HTTPS on port 443; who asks on port 80 is redirected there.
   *
   * Nobody may connect until the tier's `listener.connections` allow it.
   *
   * @param certificates at least one; clients that name no host get the first
   */
  public static internalHttps(...certificates: ICertificate[]): WebEndpoint {
    return new WebEndpoint(false, certificates);
  }

  /**
   * For clients within the network by plain HTTP on port 80.
   *
   * Nobody may connect until the tier's `listener.connections` allow it.
   */
  public static internalHttp(): WebEndpoint {
    return new WebEndpoint(false);
  }

  /** Whether the internet may connect. */
  public readonly isPublic: boolean;

  private readonly certificates?: ICertificate[];

  private constructor(isPublic: boolean, certificates?: ICertificate[]) {
    this.isPublic = isPublic;
    this.certificates = certificates;
  }

  /** @internal */
  public _check(scope: IConstruct): void {
    if (this.certificates?.length === 0) {
      throw new ConfigurationError(scope, "'endpoint' is HTTPS without a certificate",
        `give one, or ask for plain HTTP by name: WebEndpoint.${this.isPublic ? 'publicHttp' : 'internalHttp'}()`);
    }
  }

  /**
   * Makes the listener that forwards to `targetGroup`.
   *
   * The ids go with the ports, so that a tier can turn from HTTP to HTTPS: two listeners never claim one port.
   *
   * @internal
   */
  public _addListener(loadBalancer: elb.ApplicationLoadBalancer, targetGroup: elb.ApplicationTargetGroup): elb.ApplicationListener {
    const forward = elb.ListenerAction.forward([targetGroup]);
    if (!this.certificates) {
      return loadBalancer.addListener('HttpListener', {
        protocol: elb.ApplicationProtocol.HTTP,
        open: this.isPublic,
        defaultAction: forward,
      });
    }
    loadBalancer.addListener('HttpListener', {
      protocol: elb.ApplicationProtocol.HTTP,
      open: this.isPublic,
      defaultAction: elb.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
    });
    return loadBalancer.addListener('HttpsListener', {
      protocol: elb.ApplicationProtocol.HTTPS,
      sslPolicy: elb.SslPolicy.RECOMMENDED_TLS,
      certificates: this.certificates,
      open: this.isPublic,
      defaultAction: forward,
    });
  }
}
