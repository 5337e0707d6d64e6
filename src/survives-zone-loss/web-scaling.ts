import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { IConstruct } from 'constructs';
import { checkWholeNumber } from '../shared/numbers';

/**
 * What a web tier grows and shrinks on. It never shrinks below what the loss of a zone calls for.
 */
export abstract class WebScaling {
  /**
   * Keeps the mean CPU utilization of the instances at about `targetUtilizationPercent`, 1 to 100.
   *
   * The loss of one of three zones raises it by half at once, so leave room: 60 becomes 90.
   */
  public static onCpuUtilization(targetUtilizationPercent: number): WebScaling {
    return new CpuScaling(targetUtilizationPercent);
  }

  /**
   * Keeps the requests of each instance at about `requestsPerInstancePerMinute`, 1 or more.
   */
  public static onRequestCount(requestsPerInstancePerMinute: number): WebScaling {
    return new RequestScaling(requestsPerInstancePerMinute);
  }

  /** @internal */
  public abstract _check(scope: IConstruct): void;

  /** @internal */
  public abstract _addTo(group: AutoScalingGroup): void;
}

class CpuScaling extends WebScaling {
  constructor(private readonly targetUtilizationPercent: number) {
    super();
  }

  public _check(scope: IConstruct): void {
    checkWholeNumber(scope, 'scaling.targetUtilizationPercent', this.targetUtilizationPercent, { from: 1, to: 100 });
  }

  public _addTo(group: AutoScalingGroup): void {
    group.scaleOnCpuUtilization('CpuScaling', { targetUtilizationPercent: this.targetUtilizationPercent });
  }
}

class RequestScaling extends WebScaling {
  constructor(private readonly requestsPerInstancePerMinute: number) {
    super();
  }

  public _check(scope: IConstruct): void {
    checkWholeNumber(scope, 'scaling.requestsPerInstancePerMinute', this.requestsPerInstancePerMinute, { from: 1 });
  }

  public _addTo(group: AutoScalingGroup): void {
    group.scaleOnRequestCount('RequestScaling', { targetRequestsPerMinute: this.requestsPerInstancePerMinute });
  }
}
