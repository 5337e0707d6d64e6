import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { InstanceFleet } from './instance-fleet';
import { checkIpTargets, createIpTargets } from './ip-target-group';
import { IpTargetsProps } from './ip-targets';
import { createShutdownHook } from './shutdown-hook';
import { WebEndpoint } from './web-endpoint';
import { WebHealthCheck } from './web-health-check';
import { WebRouting } from './web-routing';
import { WebScaling } from './web-scaling';
import { createClientAlarms, createInstanceAlarms } from './web-tier-alarms';
import { createWebTierGroups, recordForSimulation, shiftedArns } from './web-tier-groups';
import { WebTierMetrics } from './web-tier-metrics';
import { planWebTier, shareOf, WebTierPlan } from './web-tier-plan';
import { InstanceTemplate } from '../launch-templates/instance-template';
import { IMonitored } from '../monitoring/monitored';
import { ConfigurationError } from '../shared/configuration-error';

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
   * Port on which the instances answer, by HTTP; behind a network load balancer by TCP.
   *
   * @default 80
   */
  readonly instancePort?: number;

  /**
   * Where clients reach the tier.
   */
  readonly endpoint: WebEndpoint;

  /**
   * To which of the instances a request goes.
   *
   * @default WebRouting.roundRobin()
   */
  readonly routing?: WebRouting;

  /**
   * How the load balancer finds out that an instance can no longer answer.
   *
   * @default WebHealthCheck.http('/'), or WebHealthCheck.tcp() behind a network load balancer
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
   * How the instances are spread over the zones, and how they come and go.
   *
   * @default InstanceFleet.overAllZones()
   */
  readonly fleet?: InstanceFleet;

  /**
   * What the tier grows and shrinks on. Of several the one counts that wants the most instances.
   *
   * @default [WebScaling.onCpuUtilization(50)]
   */
  readonly scaling?: WebScaling[];

  /**
   * An alarm goes off when one request in a hundred takes the instances longer than this; 1 second to 4000. Behind an application load
   * balancer only.
   *
   * @default Duration.seconds(2)
   */
  readonly latencyLimit?: Duration;

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

  /** The instances: one group over all zones, or one for each zone in the order of the zones. */
  public readonly autoScalingGroups: autoscaling.AutoScalingGroup[];

  /** What the clients, or CloudFront, talk to: an application or a network load balancer, as the endpoint has it. */
  public readonly loadBalancer: elb.ILoadBalancerV2;

  /** Where rules may be added, for some of the requests; a network load balancer sees no requests, and has none. */
  public readonly listener?: elb.ApplicationListener;

  /** The instances as the load balancer sees them. */
  public readonly targetGroup: elb.ITargetGroup;

  /** Who may connect to the tier from within the network: `web.clients.allowDefaultPortFrom(…)`. */
  public readonly clients: ec2.Connections;

  /** Where the load balancer writes down each request, for 90 days; a network load balancer does it of TLS alone. */
  public readonly accessLogsBucket?: s3.Bucket;

  /** What of CloudFront stands in front, if the endpoint asks for it. */
  public readonly distribution?: Distribution;

  /** Fewer instances than needed; instances that fail; errors and delays for clients; no head-room; a failed rollout. */
  public readonly alarms: cloudwatch.Alarm[];

  /** The network connections of the instances. */
  public readonly connections: ec2.Connections;

  /** The role of the instances. */
  public readonly grantPrincipal: iam.IPrincipal;

  private readonly plan: WebTierPlan;
  private readonly metrics: WebTierMetrics;

  constructor(scope: Construct, id: string, props: MultiAzWebTierProps) {
    super(scope, id);

    this.plan = planWebTier(this, props);
    this.minCapacity = this.plan.sizes.min;
    this.launchTemplate = this.plan.instanceTemplate._createLaunchTemplate(this, this.plan.vpc);
    this.connections = this.launchTemplate.connections;
    this.grantPrincipal = this.launchTemplate.grantPrincipal;

    const front = this.plan.endpoint._front.create(this, { ...this.plan, zonalShift: this.plan.fleet._zonalShift.isEnabled });
    ({ loadBalancer: this.loadBalancer, listener: this.listener, targetGroup: this.targetGroup, clients: this.clients } = front);
    ({ accessLogsBucket: this.accessLogsBucket, distribution: this.distribution } = front);

    const clientAlarms = createClientAlarms(this, this.plan, new WebTierMetrics(front));
    this.autoScalingGroups = createWebTierGroups(this, this.plan, this.launchTemplate, clientAlarms);
    front.attach(this.autoScalingGroups, this.connections);
    recordForSimulation(front.targetGroup, this.plan);
    this.metrics = new WebTierMetrics(front, this.autoScalingGroups);
    this.alarms = [...clientAlarms, ...createInstanceAlarms(this, this.plan, this.metrics, this.autoScalingGroups)];
    this.scale();
    this.letGo();
    this.node.defaultChild = front.loadBalancer;
  }

  /**
   * Lets servers outside the network answer to some of the requests, behind the same load balancer.
   *
   * The tier promises nothing of them: give it those of two sites or more.
   *
   * @param id of the construct
   * @param props which servers, and which requests
   * @returns the servers as the load balancer sees them
   */
  public addIpTargets(id: string, props: IpTargetsProps): elb.ApplicationTargetGroup {
    checkIpTargets(this, this.plan, props);
    return createIpTargets(new Construct(this, id), this.plan, this.listenerOfRequests('addIpTargets'), props);
  }

  /**
   * Instances that are in service. By default the least within each minute.
   */
  public metricInServiceInstances(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    return this.metrics.inService(options);
  }

  /**
   * Requests that were answered by a server error, of the instances or of the load balancer, in percent of all. By
   * default over each minute. Behind an application load balancer only.
   */
  public metricServerErrorPercent(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    this.listenerOfRequests('metricServerErrorPercent');
    return this.metrics.serverErrorPercent(options);
  }

  /**
   * How long the instances take for a request, in seconds. By default what 99 of 100 stay below, each minute. Behind an application
   * load balancer only.
   */
  public metricLatency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    this.listenerOfRequests('metricLatency');
    return this.metrics.latency(options);
  }

  /**
   * Instances that fail the health check. By default the most within each minute.
   *
   * @param availabilityZone of this zone; of all, if it is not given
   */
  public metricUnhealthyInstances(availabilityZone?: string): cloudwatch.Metric {
    return this.metrics.unhealthy(availabilityZone);
  }

  private scale(): void {
    const { scaling, fleet, sizes } = this.plan;
    const groups = this.autoScalingGroups.length;
    const { min } = fleet.isPerZone ? shareOf(sizes, groups) : sizes;
    scaling.forEach((one, index) => {
      const before = scaling.slice(0, index).filter(({ _kind }) => _kind === one._kind).length;
      const id = before === 0 ? one._kind : `${one._kind}${before + 1}`;
      this.autoScalingGroups.forEach(group => one._addTo({ group, id, min, groups }));
    });
  }

  /** What goes on when instances are to go, or a zone. */
  private letGo(): void {
    const { fleet } = this.plan;
    const { shutdown } = fleet._options;
    if (shutdown) { createShutdownHook(this, this.autoScalingGroups, shutdown, this.launchTemplate.osType); }
    const arns = shiftedArns(this.plan, this.loadBalancer.loadBalancerRef.loadBalancerArn, this.autoScalingGroups);
    fleet._zonalShift._automate(this, arns, this.alarms.slice(0, 1));
  }

  private listenerOfRequests(what: string): elb.ApplicationListener {
    if (this.listener) { return this.listener; }
    throw new ConfigurationError(this, `'${what}' is about requests, but 'endpoint' is a network load balancer, which sees connections alone`,
      'take an endpoint by HTTP or HTTPS');
  }
}
