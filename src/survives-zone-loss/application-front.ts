import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct, IConstruct } from 'constructs';
import { CloudFrontEndpointProps } from './cloud-front-endpoint';
import { checkWebDistribution, createWebDistribution } from './web-distribution';
import { TlsEndpointOptions } from './web-endpoint-options';
import { Front, FrontProps, WebFront } from './web-front';
import { createAccessLogsBucket, logAccess } from '../shared/access-logs';
import { checkLoadBalancerCertificates } from '../shared/certificates';
import { ConfigurationError } from '../shared/configuration-error';
import { checkEndpointName, createEndpointRecord } from '../shared/endpoint-records';
import { isProtected } from '../shared/removal-policy';

/** An application load balancer, which sees requests. */
export class ApplicationFront implements WebFront {
  public readonly isForConnections = false;

  constructor(
    public readonly isPublic: boolean,
    private readonly options: TlsEndpointOptions,
    private readonly certificates?: ICertificate[],
    private readonly cloudFront?: CloudFrontEndpointProps,
  ) {
  }

  public check(scope: IConstruct, { healthCheck }: Pick<FrontProps, 'healthCheck'>): void {
    checkEndpointName(scope, 'endpoint', this.options);
    if (this.cloudFront) { checkWebDistribution(scope, this.cloudFront); }
    checkLoadBalancerCertificates(scope, "a certificate of 'endpoint'", this.certificates ?? []);
    if (healthCheck.path === undefined) {
      throw new ConfigurationError(scope, "'healthCheck' is WebHealthCheck.tcp, but the application load balancer of 'endpoint' asks by HTTP only",
        "give a path: WebHealthCheck.http('/')");
    }
  }

  public create(scope: Construct, props: FrontProps): Front {
    const accessLogsBucket = createAccessLogsBucket(scope, 'AccessLogs', props.removalPolicy);
    const loadBalancer = this.createLoadBalancer(scope, props);
    logAccess(loadBalancer, accessLogsBucket);
    const targetGroup = createTargetGroup(scope, props);
    const listener = this.addListener(loadBalancer, targetGroup);
    createEndpointRecord(scope, 'endpoint', this.options, new LoadBalancerTarget(loadBalancer));
    return {
      loadBalancer,
      targetGroup,
      listener,
      clients: listener.connections,
      accessLogsBucket,
      distribution: this.cloudFront && createWebDistribution(scope, loadBalancer, listener, this.cloudFront),
      attach: groups => targetGroup.addTarget(...groups),
    };
  }

  private createLoadBalancer(scope: Construct, props: FrontProps): elb.ApplicationLoadBalancer {
    const loadBalancer = new elb.ApplicationLoadBalancer(scope, 'LoadBalancer', {
      vpc: props.vpc,
      vpcSubnets: { subnets: props.loadBalancerSubnets },
      internetFacing: this.isPublic,
      deletionProtection: isProtected(props.removalPolicy),
      dropInvalidHeaderFields: true,
    });
    loadBalancer.setAttribute('zonal_shift.config.enabled', String(props.zonalShift));
    return loadBalancer;
  }

  /** The ids go with the ports, so that a tier can turn from HTTP to HTTPS: two listeners never claim one port. */
  private addListener(loadBalancer: elb.ApplicationLoadBalancer, targetGroup: elb.ApplicationTargetGroup): elb.ApplicationListener {
    const forward = elb.ListenerAction.forward([targetGroup]);
    if (!this.certificates) {
      return loadBalancer.addListener('HttpListener', { protocol: elb.ApplicationProtocol.HTTP, open: this.isPublic, defaultAction: forward });
    }
    if (!this.cloudFront) {
      loadBalancer.addListener('HttpListener', {
        protocol: elb.ApplicationProtocol.HTTP,
        open: this.isPublic,
        defaultAction: elb.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
      });
    }
    return loadBalancer.addListener('HttpsListener', {
      protocol: elb.ApplicationProtocol.HTTPS,
      sslPolicy: this.options.tlsPolicy ?? elb.SslPolicy.RECOMMENDED_TLS,
      certificates: this.certificates,
      open: this.isPublic,
      defaultAction: forward,
    });
  }
}

function createTargetGroup(scope: Construct, { vpc, instancePort, healthCheck, routing }: FrontProps): elb.ApplicationTargetGroup {
  const { stickiness, slowStart, targetGroupHealth } = routing._options;
  return new elb.ApplicationTargetGroup(scope, 'TargetGroup', {
    vpc,
    protocol: elb.ApplicationProtocol.HTTP,
    port: instancePort,
    deregistrationDelay: routing._deregistrationDelay,
    crossZoneEnabled: routing._crossZone,
    loadBalancingAlgorithmType: routing._algorithm,
    enableAnomalyMitigation: routing._algorithm === elb.TargetGroupLoadBalancingAlgorithmType.WEIGHTED_RANDOM || undefined,
    stickinessCookieDuration: stickiness,
    slowStart,
    targetGroupHealth,
    healthCheck: healthCheck._forTargets(),
  });
}
