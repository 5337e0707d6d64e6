import { Token } from 'aws-cdk-lib';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct, IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { FAILOVER_THRESHOLD, HEALTH_CHECK_INTERVAL } from '../shared/dns-failover';
import { checkHostName, normalizedName } from '../shared/hosted-zones';

/**
 * How Route 53 finds out whether the primary site answers.
 */
export interface PrimarySiteOptions {
  /**
   * What the health checkers ask for; it starts with a slash.
   *
   * @default '/'
   */
  readonly healthCheckPath?: string;

  /**
   * The name under which the health checkers ask, and which they send as the host: one that leads to the primary site always,
   * whether it is failed over or not.
   *
   * @default - the load balancer's own DNS name; its default action has to answer to that
   */
  readonly healthCheckDomainName?: string;
}

/**
 * The site that answers as long as it can.
 */
export class PrimarySite {
  /**
   * A load balancer that the internet reaches by HTTPS on port 443.
   */
  public static https(loadBalancer: elb.ILoadBalancerV2, options: PrimarySiteOptions = {}): PrimarySite {
    return new PrimarySite(loadBalancer, true, options);
  }

  /**
   * A load balancer that the internet reaches by plain HTTP on port 80.
   */
  public static http(loadBalancer: elb.ILoadBalancerV2, options: PrimarySiteOptions = {}): PrimarySite {
    return new PrimarySite(loadBalancer, false, options);
  }

  /** What answers. */
  public readonly loadBalancer: elb.ILoadBalancerV2;

  /** Whether it answers by HTTPS. */
  public readonly isHttps: boolean;

  private readonly path: string;
  private readonly domainName?: string;

  private constructor(loadBalancer: elb.ILoadBalancerV2, isHttps: boolean, options: PrimarySiteOptions) {
    this.loadBalancer = loadBalancer;
    this.isHttps = isHttps;
    this.path = options.healthCheckPath ?? '/';
    this.domainName = options.healthCheckDomainName;
  }

  /** @internal */
  public _check(scope: IConstruct, siteName: string): void {
    if (!Token.isUnresolved(this.path) && !/^\/.{0,254}$/.test(this.path)) {
      throw new ConfigurationError(scope, `'primary.healthCheckPath' is '${this.path}'`, 'give up to 255 characters that start with a slash');
    }
    this.checkDomainName(scope, siteName);
    this.checkIsReached(scope);
  }

  /**
   * What is wrong with the listeners of the load balancer, which are all there only at the end of synthesis; those of an imported one
   * are not known.
   *
   * @internal
   */
  public _checkListeners(): string[] {
    const port = this.isHttps ? 443 : 80;
    const listeners = listenersOf(this.loadBalancer);
    if (listeners.length === 0) { return []; }
    const listener = listeners.find(candidate => candidate.port === undefined || Token.isUnresolved(candidate.port) || candidate.port === port);
    if (!listener) {
      return [`'primary' is reached by ${this.isHttps ? 'HTTPS' : 'HTTP'}, but '${this.loadBalancer.node.path}' has no listener on port ${port}; `
        + `give it one, or PrimarySite.${this.isHttps ? 'http' : 'https'}`];
    }
    return this.isHttps || !redirects(listener) ? [] : [`'primary' is reached by HTTP, but '${listener.node.path}' redirects, which Route 53 takes for well `
      + 'without asking the site; give PrimarySite.https'];
  }

  /** @internal */
  public _isDualStack(): boolean {
    return ipAddressTypeOf(this.loadBalancer) === elb.IpAddressType.DUAL_STACK;
  }

  /** @internal */
  public _createHealthCheck(scope: Construct): route53.HealthCheck {
    return new route53.HealthCheck(scope, 'HealthCheck', {
      type: this.isHttps ? route53.HealthCheckType.HTTPS : route53.HealthCheckType.HTTP,
      fqdn: this.domainName ?? this.loadBalancer.loadBalancerDnsName,
      port: this.isHttps ? 443 : 80,
      resourcePath: this.path,
      enableSNI: this.isHttps || undefined,
      requestInterval: HEALTH_CHECK_INTERVAL,
      failureThreshold: FAILOVER_THRESHOLD,
    });
  }

  private checkDomainName(scope: IConstruct, siteName: string): void {
    if (this.domainName === undefined) { return; }
    checkHostName(scope, 'primary.healthCheckDomainName', this.domainName);
    if (normalizedName(this.domainName) === siteName) {
      throw new ConfigurationError(scope,
        `'primary.healthCheckDomainName' is ${this.domainName}, the name that fails over: once it has, the check would ask the static site, `
        + 'and find it well',
        "leave it out, and the load balancer's own name is asked");
    }
  }

  private checkIsReached(scope: IConstruct): void {
    if (!hasDnsName(this.loadBalancer)) {
      throw new ConfigurationError(scope, "'primary' is a load balancer that was imported without its DNS name or its hosted zone",
        "import it with 'loadBalancerDnsName' and 'loadBalancerCanonicalHostedZoneId'");
    }
    const { scheme } = (this.loadBalancer.node.defaultChild ?? {}) as Partial<elb.CfnLoadBalancer>;
    if (scheme === 'internal') {
      throw new ConfigurationError(scope, "'primary' is an internal load balancer, which the health checkers of Route 53 cannot reach",
        'give one that faces the internet');
    }
    if (ipAddressTypeOf(this.loadBalancer) === elb.IpAddressType.DUAL_STACK_WITHOUT_PUBLIC_IPV4) {
      throw new ConfigurationError(scope,
        "'primary' is a load balancer without public IPv4 addresses, and the health checkers of Route 53 reach a name by IPv4 only",
        'give one whose IP address type is dual-stack or IPv4');
    }
  }
}

function hasDnsName(loadBalancer: elb.ILoadBalancerV2): boolean {
  try {
    return [loadBalancer.loadBalancerDnsName, loadBalancer.loadBalancerCanonicalHostedZoneId].every(Boolean);
  } catch {
    return false; // CDK's getters throw where the import did not say
  }
}

/** Both kinds of load balancers have it, and their common interface has not. */
function ipAddressTypeOf(loadBalancer: elb.ILoadBalancerV2): elb.IpAddressType | undefined {
  return (loadBalancer as Partial<elb.IApplicationLoadBalancer>).ipAddressType;
}

function listenersOf(loadBalancer: elb.ILoadBalancerV2): elb.CfnListener[] {
  const listeners = loadBalancer instanceof elb.ApplicationLoadBalancer ? loadBalancer.listeners : [];
  return listeners.flatMap(({ node }) => node.defaultChild instanceof elb.CfnListener ? [node.defaultChild] : []);
}

function redirects(listener: elb.CfnListener): boolean {
  const [action] = listener.stack.resolve(listener.defaultActions) ?? [];
  return action?.type === 'redirect';
}
