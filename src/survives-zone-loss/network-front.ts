import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct, IConstruct } from 'constructs';
import { TlsEndpointOptions } from './web-endpoint-options';
import { Front, FrontProps, WebFront } from './web-front';
import { createAccessLogsBucket, logAccessByTls } from '../shared/access-logs';
import { checkLoadBalancerCertificates } from '../shared/certificates';
import { checkEndpointName, createEndpointRecord } from '../shared/endpoint-records';
import { checkWholeNumber } from '../shared/numbers';
import { isProtected } from '../shared/removal-policy';

/** A network load balancer, which sees connections. */
export class NetworkFront implements WebFront {
  public readonly isForConnections = true;

  constructor(
    public readonly isPublic: boolean,
    private readonly port: number,
    private readonly options: TlsEndpointOptions,
    private readonly certificates?: ICertificate[],
  ) {
  }

  public check(scope: IConstruct, { routing }: Pick<FrontProps, 'routing'>): void {
    checkWholeNumber(scope, 'endpoint.port', this.port, { from: 1, to: 65535 });
    checkEndpointName(scope, 'endpoint', this.options);
    checkLoadBalancerCertificates(scope, "a certificate of 'endpoint'", this.certificates ?? []);
    routing._checkForConnections(scope);
  }

  public create(scope: Construct, props: FrontProps): Front {
    const securityGroup = new ec2.SecurityGroup(scope, 'LoadBalancerSecurityGroup', { vpc: props.vpc, allowAllOutbound: false });
    const loadBalancer = this.createLoadBalancer(scope, props, securityGroup);
    const targetGroup = createTargetGroup(scope, props);
    this.addListener(loadBalancer, targetGroup);
    const clients = new ec2.Connections({ securityGroups: [securityGroup], defaultPort: ec2.Port.tcp(this.port) });
    if (this.isPublic) { clients.allowDefaultPortFromAnyIpv4(); }
    createEndpointRecord(scope, 'endpoint', this.options, new LoadBalancerTarget(loadBalancer));
    return {
      loadBalancer,
      targetGroup,
      clients,
      accessLogsBucket: this.logAccess(scope, loadBalancer, props),
      attach: (groups, connections) => {
        targetGroup.addTarget(...groups);
        connections.allowFrom(securityGroup, ec2.Port.tcp(props.instancePort));
      },
    };
  }

  private createLoadBalancer(scope: Construct, props: FrontProps, securityGroup: ec2.SecurityGroup): elb.NetworkLoadBalancer {
    return new elb.NetworkLoadBalancer(scope, 'NetworkLoadBalancer', {
      vpc: props.vpc,
      vpcSubnets: { subnets: props.loadBalancerSubnets },
      internetFacing: this.isPublic,
      securityGroups: [securityGroup],
      crossZoneEnabled: props.routing._crossZone,
      zonalShift: props.zonalShift,
      deletionProtection: isProtected(props.removalPolicy),
    });
  }

  private addListener(loadBalancer: elb.NetworkLoadBalancer, targetGroup: elb.NetworkTargetGroup): void {
    loadBalancer.addListener('Listener', {
      port: this.port,
      defaultTargetGroups: [targetGroup],
      ...this.certificates ? {
        protocol: elb.Protocol.TLS,
        certificates: this.certificates,
        sslPolicy: this.options.tlsPolicy ?? elb.SslPolicy.RECOMMENDED_TLS,
      } : { protocol: elb.Protocol.TCP },
    });
  }

  /** A network load balancer has logs of TLS alone. */
  private logAccess(scope: Construct, loadBalancer: elb.NetworkLoadBalancer, { removalPolicy }: FrontProps): Bucket | undefined {
    if (!this.certificates) { return undefined; }
    const bucket = createAccessLogsBucket(scope, 'AccessLogs', removalPolicy);
    logAccessByTls(loadBalancer, bucket);
    return bucket;
  }
}

function createTargetGroup(scope: Construct, { vpc, instancePort, healthCheck, routing, zonalShift }: FrontProps): elb.NetworkTargetGroup {
  const targetGroup = new elb.NetworkTargetGroup(scope, 'NetworkTargetGroup', {
    vpc,
    protocol: elb.Protocol.TCP,
    port: instancePort,
    deregistrationDelay: routing._deregistrationDelay,
    crossZoneEnabled: routing._crossZone,
    targetGroupHealth: routing._options.targetGroupHealth,
    healthCheck: { ...healthCheck._forTargets(), protocol: healthCheck.path === undefined ? elb.Protocol.TCP : elb.Protocol.HTTP },
  });
  if (zonalShift && routing._crossZone) {
    // else the zone is not left (user guide of network load balancers, "Zonal shift"); the price: connections to what is ill stay until a side gives up
    targetGroup.setAttribute('target_health_state.unhealthy.connection_termination.enabled', 'false');
  }
  return targetGroup;
}
