import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { WebEndpoint } from './web-endpoint';
import { WebHealthCheck } from './web-health-check';
import { WebScaling } from './web-scaling';
import { createWebTierAlarms } from './web-tier-alarms';
import { planWebTier, WebTierPlan } from './web-tier-plan';
import { InstanceTemplate } from '../launch-templates/instance-template';
import { IMonitored } from '../monitoring/monitored';
import { createAccessLogsBucket, logAccess } from '../shared/access-logs';
import { createFleet, inServiceInstances } from '../shared/fleet';
import { isProtected } from '../shared/removal-policy';

/** Requests that are under way may finish for so long when an instance is taken out. */
const DRAIN_TIME = Duration.seconds(60);

/**
 * Properties of `MultiAzWebTier`.
 */
export interface MultiAzWebTierProps {
  /**
   * The network of the tier, over at least two availability zones.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the instances; the load balancer stands in the same zones.
   *
   * @default - the private subnets with egress
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How the instances are made.
   */
  readonly instanceTemplate: InstanceTemplate;

  /**
   * Port on which the instances answer, by HTTP.
   *
   * @default 80
   */
  readonly instancePort?: number;

  /**
   * Where clients reach the tier.
   */
  readonly endpoint: WebEndpoint;

  /**
   * How the load balancer finds out that an instance can no longer answer.
   *
   * @default WebHealthCheck.http('/')
   */
  readonly healthCheck?: WebHealthCheck;

  /**
   * The need: instances that must be in service at any time, also at the moment in which a zone is lost.
   *
   * Over z zones the tier keeps z · ⌈need / (z − 1)⌉ running, so that the need still stands without any new launch:
   * a need of 4 over three zones makes 6, and over two zones 8. Where the number of zones is not known at synth, it
   * counts as two.
   *
   * @default - one less than there are zones, which makes one instance in each zone
   */
  readonly neededCapacity?: number;

  /**
   * Most instances that run at any time.
   *
   * @default - twice what the need makes the tier keep running
   */
  readonly maxCapacity?: number;

  /**
   * What the tier grows and shrinks on.
   *
   * @default WebScaling.onCpuUtilization(50)
   */
  readonly scaling?: WebScaling;

  /**
   * Who is told by the alarms of the tier, when they go off and when all is well again.
   *
   * @default - the alarms are made, and tell nobody
   */
  readonly alarmTopic?: ITopic;

  /**
   * What becomes of the tier when it is removed from the stack.
   *
   * `RETAIN` keeps the access logs, and protects load balancer and group: turn it to `DESTROY` and deploy before you
   * remove the tier. `DESTROY` lets go of all of it, logs included.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Web servers in every zone behind a load balancer: when a zone is lost, the instances in the other zones answer, and
 * they are enough, as they run already.
 *
 * **Survives**: the loss of an instance (its share is unanswered until two health checks have failed, then it is
 * replaced) and the loss of a zone (the same for the zone's share; the need stands without any new launch).
 *
 * **Does not survive**: the loss of the Region; a bad image or version on all instances; a health check that asks for
 * more than the instance itself (see `WebHealthCheck`); what the application keeps on an instance is gone with it.
 *
 * @example
 * declare const vpc: ec2.Vpc;
 * declare const certificate: acm.Certificate;
 *
 * new MultiAzWebTier(this, 'Web', {
 *   vpc,
 *   instanceTemplate: InstanceTemplate.fromMachineImage({
 *     machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
 *     instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
 *   }),
 *   endpoint: WebEndpoint.publicHttps(certificate),
 *   neededCapacity: 4,
 * });
 */
export class MultiAzWebTier extends Construct implements ec2.IConnectable, iam.IGrantable, IMonitored {
  /** How many instances run at least: what the need takes over these zones. */
  public readonly minCapacity: number;

  /** What the instances are made from. */
  public readonly launchTemplate: ec2.LaunchTemplate;

  /** The instances. */
  public readonly autoScalingGroup: autoscaling.AutoScalingGroup;

  /** What the clients talk to. */
  public readonly loadBalancer: elb.ApplicationLoadBalancer;

  /** The port for the clients; for an internal endpoint its `connections` say who may connect. */
  public readonly listener: elb.ApplicationListener;

  /** The instances as the load balancer sees them. */
  public readonly targetGroup: elb.ApplicationTargetGroup;

  /** Where the load balancer writes down each request, for 90 days. */
  public readonly accessLogsBucket: s3.Bucket;

  /** Fewer instances than needed; instances that fail; errors sent to clients. */
  public readonly alarms: cloudwatch.Alarm[];

  /** The network connections of the instances. */
  public readonly connections: ec2.Connections;

  /** The role of the instances. */
  public readonly grantPrincipal: iam.IPrincipal;

  constructor(scope: Construct, id: string, props: MultiAzWebTierProps) {
    super(scope, id);

    const plan = planWebTier(this, props);
    this.minCapacity = plan.sizes.min;

    this.launchTemplate = plan.instanceTemplate._createLaunchTemplate(this, plan.vpc);
    this.autoScalingGroup = this.createGroup(plan);
    this.connections = this.autoScalingGroup.connections;
    this.grantPrincipal = this.autoScalingGroup.grantPrincipal;

    this.accessLogsBucket = createAccessLogsBucket(this, 'AccessLogs', plan.removalPolicy);
    this.loadBalancer = this.createLoadBalancer(plan);
    this.targetGroup = this.createTargetGroup(plan);
    this.listener = plan.endpoint._addListener(this.loadBalancer, this.targetGroup);

    plan.scaling._addTo(this.autoScalingGroup);
    this.alarms = createWebTierAlarms(this, plan);
    this.node.defaultChild = this.loadBalancer;
  }

  /**
   * Instances that are in service. By default the least within each minute.
   */
  public metricInServiceInstances(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return inServiceInstances(this.autoScalingGroup, options);
  }

  /**
   * Requests that were answered by a server error, of the instances or of the load balancer, in percent of all. By
   * default over each minute.
   */
  public metricServerErrorPercent(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    const period = options?.period ?? Duration.minutes(1);
    const { metrics } = this.loadBalancer;
    return new cloudwatch.MathExpression({
      label: 'Server errors (%)',
      // a code that did not occur has no data, and a request that no instance got is not counted as one
      expression: '100 * (FILL(target, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0))',
      usingMetrics: {
        target: metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, { period }),
        own: metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT, { period }),
        requests: metrics.requestCount({ period }),
      },
      ...options,
      period,
    });
  }

  private createGroup(plan: WebTierPlan): autoscaling.AutoScalingGroup {
    return createFleet(this, 'Instances', {
      vpc: plan.vpc,
      subnets: plan.instanceSubnets,
      launchTemplate: this.launchTemplate,
      sizes: plan.sizes,
      healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
        additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB, autoscaling.AdditionalHealthCheckType.EBS],
        gracePeriod: plan.healthCheck.gracePeriod,
      }),
      removalPolicy: plan.removalPolicy,
    });
  }

  private createLoadBalancer(plan: WebTierPlan): elb.ApplicationLoadBalancer {
    const loadBalancer = new elb.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: plan.vpc,
      vpcSubnets: { subnets: plan.loadBalancerSubnets },
      internetFacing: plan.endpoint.isPublic,
      deletionProtection: isProtected(plan.removalPolicy),
      dropInvalidHeaderFields: true,
    });
    logAccess(loadBalancer, this.accessLogsBucket);
    return loadBalancer;
  }

  private createTargetGroup({ vpc, instancePort, healthCheck }: WebTierPlan): elb.ApplicationTargetGroup {
    return new elb.ApplicationTargetGroup(this, 'TargetGroup', {
      vpc,
      targets: [this.autoScalingGroup],
      protocol: elb.ApplicationProtocol.HTTP,
      port: instancePort,
      deregistrationDelay: DRAIN_TIME,
      healthCheck: {
        path: healthCheck.path,
        interval: healthCheck.interval,
        timeout: healthCheck.timeout,
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
  }
}
