import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { ScheduleOptions } from './web-scaling-options';
import { keepBusyWorkers, trackBacklog, trackLoad } from './worker-fleet-scaling';
import { checkLatency, warnOfLatency } from './worker-latency';
import { BacklogOptions, LatencyTarget } from './worker-scaling-options';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';
import { checkFixedNumber, checkWholeNumber } from '../shared/numbers';
import { addSchedule, checkSchedule, claimsOfSchedule } from '../shared/scaling';
import { FleetSizes } from '../shared/zone-loss-sizing';

/**
 * What a worker fleet grows and shrinks on: the messages, waiting and in work, that come to one instance.
 *
 * It shrinks to what the work at hand takes, with a fifth to spare, and not to what its backlog alone would have: where there are
 * enough workers nothing waits, and a fleet that is scaled on that alone swings.
 */
export class WorkerScaling {
  /**
   * Grows where more than `messagesPerInstance` messages, waiting or in work, come to an instance; 1 or more. It shrinks where fewer do
   * and four of five of those that are left would be busy.
   */
  public static onBacklog(messagesPerInstance: number, options: BacklogOptions = {}): WorkerScaling {
    return new WorkerScaling(messagesPerInstance, options.messagesAtOnce);
  }

  /**
   * Keeps as many messages for each instance as it does within the acceptable latency: latency ÷ time for one message, as
   * the EC2 Auto Scaling User Guide works it out ("Scaling policy based on Amazon SQS"), and as many instances as are busy for four
   * fifths of the time with the messages that come in.
   */
  public static onLatency(target: LatencyTarget): WorkerScaling {
    return new WorkerScaling(1, undefined, target);
  }

  private constructor(
    private readonly messagesPerInstance: number,
    private readonly givenAtOnce: number | undefined,
    private readonly latency?: LatencyTarget,
    private readonly schedules: readonly ScheduleOptions[] = [],
  ) {
  }

  /**
   * The same, and more workers at times that are known beforehand; may be called several times. It raises the minimum alone, so that
   * what the fleet has grown to is never thrown back. The end of one brings the minimum down whatever another one says, so schedules
   * may not overlap.
   */
  public withSchedule(options: ScheduleOptions): WorkerScaling {
    return new WorkerScaling(this.messagesPerInstance, this.givenAtOnce, this.latency, [...this.schedules, options]);
  }

  /**
   * @param concurrency what an instance works on at once, unless the options say it
   *
   * @internal
   */
  public _check(scope: IConstruct, sizes: FleetSizes, concurrency: number): void {
    const messagesAtOnce = this.givenAtOnce ?? concurrency;
    checkWholeNumber(scope, 'scaling.messagesPerInstance', this.messagesPerInstance, { from: 1 });
    checkFixedNumber(scope, 'scaling.messagesAtOnce', messagesAtOnce, { from: 1 });
    if (!this.latency && messagesAtOnce > this.messagesPerInstance) {
      const said = this.givenAtOnce === undefined ? 'runner.concurrency' : 'scaling.messagesAtOnce';
      throw new ConfigurationError(scope,
        `'scaling.messagesPerInstance' is ${this.messagesPerInstance}, fewer than an instance works on at once ('${said}', ${messagesAtOnce})`,
        'give at least as many, or a fleet grows whose workers have nothing waiting');
    }
    if (this.latency) { checkLatency(scope, this.latency); }
    this.schedules.forEach(schedule => checkSchedule(scope, schedule, sizes));
    const twice = firstRepeated(this.schedules.flatMap(claimsOfSchedule));
    if (twice) {
      throw new ConfigurationError(scope, `'scaling' has two schedules for ${twice}`, 'leave one of them out, as only one can say what holds from then on');
    }
    if (this.latency) { warnOfLatency(scope, this.latency, sizes.max); }
  }

  /** @internal */
  public _addTo(scope: Construct, queue: IQueue, group: AutoScalingGroup, { min }: FleetSizes, concurrency: number): void {
    this.schedules.forEach((schedule, index) => addSchedule(group, `Schedule${index || ''}`, schedule, schedule.minCapacity, min));
    if (!this.latency) {
      trackBacklog(scope, queue, group, this.messagesPerInstance);
      keepBusyWorkers(scope, queue, group, this.givenAtOnce ?? concurrency);
      return;
    }
    const { acceptableLatency, meanProcessingTime } = this.latency;
    trackBacklog(scope, queue, group, acceptableLatency.toMilliseconds() / meanProcessingTime.toMilliseconds());
    trackLoad(scope, queue, group, meanProcessingTime);
  }
}
