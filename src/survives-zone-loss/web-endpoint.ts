import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ApplicationFront } from './application-front';
import { CloudFrontEndpointProps } from './cloud-front-endpoint';
import { NetworkFront } from './network-front';
import { TlsEndpointOptions, WebEndpointOptions } from './web-endpoint-options';
import { WebFront } from './web-front';

/**
 * Where clients reach a web tier: from the internet or from within the network, encrypted or not, by requests or by connections.
 */
export class WebEndpoint {
  /**
   * Open to the internet by HTTPS on port 443; who asks on port 80 is redirected there.
   */
  public static publicHttps(certificate: ICertificate, options: TlsEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new ApplicationFront(true, options, allOf(certificate, options)));
  }

  /**
   * Open to the internet by plain HTTP on port 80: whoever is on the way can read and change what is sent.
   */
  public static publicHttp(options: WebEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new ApplicationFront(true, options));
  }

  /**
   * For clients within the network by HTTPS on port 443; who asks on port 80 is redirected there.
   *
   * Nobody may connect until the tier's `clients` allow it.
   */
  public static internalHttps(certificate: ICertificate, options: TlsEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new ApplicationFront(false, options, allOf(certificate, options)));
  }

  /**
   * For clients within the network by plain HTTP on port 80.
   *
   * Nobody may connect until the tier's `clients` allow it.
   */
  public static internalHttp(options: WebEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new ApplicationFront(false, options));
  }

  /**
   * Open to the internet by TLS, which a network load balancer ends: it passes on what is in the connections, whatever the protocol.
   *
   * @param port 1 to 65535
   */
  public static publicTls(port: number, certificate: ICertificate, options: TlsEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new NetworkFront(true, port, options, allOf(certificate, options)));
  }

  /**
   * Open to the internet by TCP: a network load balancer passes the connections on as they are. If they are to be encrypted, the
   * instances do it.
   *
   * @param port 1 to 65535
   */
  public static publicTcp(port: number, options: WebEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new NetworkFront(true, port, options));
  }

  /**
   * For clients within the network by TLS, which a network load balancer ends.
   *
   * Nobody may connect until the tier's `clients` allow it.
   *
   * @param port 1 to 65535
   */
  public static internalTls(port: number, certificate: ICertificate, options: TlsEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new NetworkFront(false, port, options, allOf(certificate, options)));
  }

  /**
   * For clients within the network by TCP: a network load balancer passes the connections on as they are.
   *
   * Nobody may connect until the tier's `clients` allow it.
   *
   * @param port 1 to 65535
   */
  public static internalTcp(port: number, options: WebEndpointOptions = {}): WebEndpoint {
    return new WebEndpoint(new NetworkFront(false, port, options));
  }

  /**
   * Open to the internet by CloudFront, which ends TLS near the viewers, keeps connections to the tier, and may keep files and a page for
   * when the tier does not answer. The load balancer has no public address, so that nobody gets past CloudFront.
   */
  public static cloudFront(props: CloudFrontEndpointProps): WebEndpoint {
    return new WebEndpoint(new ApplicationFront(false, {}, props.originCertificate && [props.originCertificate], props));
  }

  /** Whether the internet may connect to the load balancer. */
  public readonly isPublic: boolean;

  /** @internal */
  public readonly _front: WebFront;

  private constructor(front: WebFront) {
    this.isPublic = front.isPublic;
    this._front = front;
  }
}

function allOf(certificate: ICertificate, { furtherCertificates = [] }: TlsEndpointOptions): ICertificate[] {
  return [certificate, ...furtherCertificates];
}
