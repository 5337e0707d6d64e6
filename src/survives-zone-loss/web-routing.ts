import { Duration } from 'aws-cdk-lib';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkFixedDuration, checkFixedNumber } from '../shared/numbers';

/**
 * How requests are spread over the instances.
 */
export interface WebRoutingOptions {
  /**
   * Whether the load balancer's node in each zone sends to the instances of all zones.
   *
   * Off, a zone keeps its trouble and its traffic to itself, and has to have enough instances for its share: a third of the clients
   * stay with the zone that has lost half of its instances.
   *
   * @default true
   */
  readonly crossZone?: boolean;

  /**
   * For so long requests that are under way may finish when an instance is taken out; up to 1 hour.
   *
   * @default Duration.minutes(1)
   */
  readonly deregistrationDelay?: Duration;

  /**
   * With how few healthy instances in a zone the load balancer leads away from that zone (`dns…`), or sends to the unhealthy ones too
   * (`routing…`).
   *
   * @default - with none
   */
  readonly targetGroupHealth?: elb.TargetGroupHealth;

  /**
   * For so long a client gets the same instance, by a cookie; 1 second to 7 days.
   *
   * What an instance remembers of a client is lost with it, and a zone that comes back gets no old clients: keep sessions outside
   * (`SessionTable`) instead.
   *
   * @default - any instance gets any request
   */
  readonly stickiness?: Duration;

  /**
   * For so long after it got well an instance gets more requests bit by bit, 30 to 900 seconds. Only `roundRobin` knows that.
   *
   * @default - an instance gets its whole share at once
   */
  readonly slowStart?: Duration;
}

/**
 * To which of the healthy instances a request goes.
 */
export class WebRouting {
  /**
   * To one after the other.
   */
  public static roundRobin(options: WebRoutingOptions = {}): WebRouting {
    return new WebRouting(elb.TargetGroupLoadBalancingAlgorithmType.ROUND_ROBIN, options);
  }

  /**
   * To the one that has the fewest requests under way: for requests of very different weight.
   */
  public static leastOutstandingRequests(options: WebRoutingOptions = {}): WebRouting {
    return new WebRouting(elb.TargetGroupLoadBalancingAlgorithmType.LEAST_OUTSTANDING_REQUESTS, options);
  }

  /**
   * To any, but fewer to one that answers with more errors than the others, though its health check is well: anomaly mitigation. It
   * takes three instances or more to tell.
   */
  public static aroundAnomalies(options: WebRoutingOptions = {}): WebRouting {
    return new WebRouting(elb.TargetGroupLoadBalancingAlgorithmType.WEIGHTED_RANDOM, options);
  }

  /** @internal */
  public readonly _options: WebRoutingOptions;

  /** @internal */
  public readonly _algorithm: elb.TargetGroupLoadBalancingAlgorithmType;

  private constructor(algorithm: elb.TargetGroupLoadBalancingAlgorithmType, options: WebRoutingOptions) {
    this._algorithm = algorithm;
    this._options = options;
  }

  /** @internal */
  public get _crossZone(): boolean {
    return this._options.crossZone ?? true;
  }

  /** @internal */
  public get _deregistrationDelay(): Duration {
    return this._options.deregistrationDelay ?? Duration.minutes(1);
  }

  /**
   * The ranges are those of ELB (attributes of target groups, in the user guides of the load balancers).
   *
   * @internal
   */
  public _check(scope: IConstruct): void {
    const { stickiness, slowStart, targetGroupHealth } = this._options;
    checkFixedDuration(scope, 'routing.deregistrationDelay', this._deregistrationDelay, { from: 0, to: 3600 });
    if (stickiness) { checkFixedDuration(scope, 'routing.stickiness', stickiness, { from: 1, to: Duration.days(7).toSeconds() }); }
    if (slowStart) { checkFixedDuration(scope, 'routing.slowStart', slowStart, { from: 30, to: 900 }); }
    if (slowStart && this._algorithm !== elb.TargetGroupLoadBalancingAlgorithmType.ROUND_ROBIN) {
      throw new ConfigurationError(scope,
        `'routing.slowStart' is given, and 'routing' is ${this.name}: both say how much a new instance gets, so that ELB takes only one of them`,
        'leave the slow start out, or take WebRouting.roundRobin');
    }
    if (stickiness && !this._crossZone) {
      throw new ConfigurationError(scope, "'routing.stickiness' is given, and 'routing.crossZone' is false: ELB keeps no client at an instance of another zone",
        'leave one of them out');
    }
    if (targetGroupHealth) { checkTargetGroupHealth(scope, targetGroupHealth); }
  }

  /**
   * What a network load balancer, which sees connections and no requests, cannot do.
   *
   * @internal
   */
  public _checkForConnections(scope: IConstruct): void {
    const given = [
      this._algorithm !== elb.TargetGroupLoadBalancingAlgorithmType.ROUND_ROBIN && `'routing' is ${this.name}`,
      this._options.slowStart && "'routing.slowStart' is given",
      this._options.stickiness && "'routing.stickiness' is given",
    ].find(Boolean);
    if (given) {
      throw new ConfigurationError(scope, `${given}, but 'endpoint' is a network load balancer, which sees connections and no requests`,
        'leave it out, or take an endpoint by HTTP or HTTPS');
    }
  }

  private get name(): string {
    return this._algorithm === elb.TargetGroupLoadBalancingAlgorithmType.WEIGHTED_RANDOM ? 'WebRouting.aroundAnomalies' : 'WebRouting.leastOutstandingRequests';
  }
}

function checkTargetGroupHealth(scope: IConstruct, health: elb.TargetGroupHealth): void {
  const prop = 'routing.targetGroupHealth';
  const within = (name: keyof elb.TargetGroupHealth, to?: number) => {
    const value = health[name];
    if (value !== undefined) { checkFixedNumber(scope, `${prop}.${name}`, value, { from: 1, to }); }
  };
  within('dnsMinimumHealthyTargetCount');
  within('dnsMinimumHealthyTargetPercentage', 100);
  within('routingMinimumHealthyTargetCount');
  within('routingMinimumHealthyTargetPercentage', 100);
  checkDnsFirst(scope, health.dnsMinimumHealthyTargetCount, health.routingMinimumHealthyTargetCount, `${prop}.routingMinimumHealthyTargetCount`);
  checkDnsFirst(scope, health.dnsMinimumHealthyTargetPercentage, health.routingMinimumHealthyTargetPercentage, `${prop}.routingMinimumHealthyTargetPercentage`);
}

/** ELB leads away from a zone before it sends to unhealthy targets, not after. */
function checkDnsFirst(scope: IConstruct, dns: number | undefined, routing: number | undefined, prop: string): void {
  if (dns === undefined || routing === undefined || routing <= dns) { return; }
  throw new ConfigurationError(scope, `'${prop}' is ${routing}, more than the ${dns} below which the zone is left`, `give ${dns} or less`);
}
