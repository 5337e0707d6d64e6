import { Duration, Token } from 'aws-cdk-lib';
import { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { ScheduleOptions } from './web-scaling-options';
import { keepBusyWorkers, limitAge, Scaled, trackBacklog, trackLoad, trackWork } from './worker-fleet-scaling';
import { checkLatency, timeForBacklog, warnOfLatency } from './worker-latency';
import { BacklogOptions, LatencyTarget } from './worker-scaling-options';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';
import { checkFixedDuration, checkFixedNumber, checkWholeNumber } from '../shared/numbers';
import { addSchedule, checkSchedule, claimsOfSchedule } from '../shared/scaling';
import { LONGEST_RETENTION } from '../shared/sqs-limits';
import { FleetSizes } from '../shared/zone-loss-sizing';

/** What scaling goes by. */
interface Settings {
  readonly messagesPerInstance: number;
  /** None: what is known of the workers. */
  readonly messagesAtOnce?: number;
  readonly latency?: LatencyTarget;
  readonly schedules: readonly ScheduleOptions[];
  readonly maxAge?: Duration;
}

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
    return new WorkerScaling({ messagesPerInstance, messagesAtOnce: options.messagesAtOnce, schedules: [] });
  }

  /**
   * Keeps as many messages for each instance as it does in time: latency ÷ time for one message, as the EC2 Auto Scaling User Guide works
   * it out ("Scaling policy based on Amazon SQS"), of the latency without what passes until a missing instance works; and as many instances
   * as are busy for four fifths of the time with the messages that come in.
   *
   * With a `runner`, which measures the time for one message, what is measured counts, and what is stated only while nothing is. The fleet
   * grows on the work that waits alone then, and shrinks when fewer than 65 of 100 workers are busy.
   */
  public static onLatency(target: LatencyTarget): WorkerScaling {
    return new WorkerScaling({ messagesPerInstance: 1, latency: target, schedules: [] });
  }

  private constructor(private readonly settings: Settings) {
  }

  /**
   * The same, and more workers at times that are known beforehand; may be called several times. It raises the minimum alone, so that
   * what the fleet has grown to is never thrown back. The end of one brings the minimum down whatever another one says, so schedules
   * may not overlap.
   */
  public withSchedule(options: ScheduleOptions): WorkerScaling {
    return new WorkerScaling({ ...this.settings, schedules: [...this.settings.schedules, options] });
  }

  /**
   * The same, and further workers while a message waits that is older than `maxAge`, 1 minute to 14 days: a fifth, at least one, for each
   * minute that it is older, up to twice as many. It starts workers only; when they go, the other policies say.
   *
   * SQS leaves messages out of this age that were received three times or more, so bad ones do not start workers for ever.
   */
  public withMaxAge(maxAge: Duration): WorkerScaling {
    return new WorkerScaling({ ...this.settings, maxAge });
  }

  /**
   * @param concurrency what an instance works on at once, unless the options say it
   *
   * @internal
   */
  public _check(scope: IConstruct, sizes: FleetSizes, concurrency: number): void {
    const { messagesPerInstance, messagesAtOnce: given, latency, schedules, maxAge } = this.settings;
    const messagesAtOnce = given ?? concurrency;
    checkWholeNumber(scope, 'scaling.messagesPerInstance', messagesPerInstance, { from: 1 });
    checkFixedNumber(scope, 'scaling.messagesAtOnce', messagesAtOnce, { from: 1 });
    if (!latency && !Token.isUnresolved(messagesPerInstance) && messagesAtOnce > messagesPerInstance) {
      const said = given === undefined ? 'runner.concurrency' : 'scaling.messagesAtOnce';
      throw new ConfigurationError(scope,
        `'scaling.messagesPerInstance' is ${messagesPerInstance}, fewer than an instance works on at once ('${said}', ${messagesAtOnce})`,
        'give at least as many, or a fleet grows whose workers have nothing waiting');
    }
    if (latency) { checkLatency(scope, latency); }
    if (maxAge) { checkFixedDuration(scope, 'scaling.maxAge', maxAge, { from: 60, to: LONGEST_RETENTION.toSeconds() }); }
    schedules.forEach(schedule => checkSchedule(scope, schedule, sizes));
    const twice = firstRepeated(schedules.flatMap(claimsOfSchedule));
    if (twice) {
      throw new ConfigurationError(scope, `'scaling' has two schedules for ${twice}`, 'leave one of them out, as only one can say what holds from then on');
    }
    if (latency) { warnOfLatency(scope, latency, sizes.max); }
  }

  /**
   * @param processingTime how long a message takes of which an instance works on `concurrency` at once, if it is measured
   *
   * @internal
   */
  public _addTo(scope: Construct, scaled: Scaled, { min }: FleetSizes, concurrency: number, processingTime?: IMetric): void {
    const { messagesPerInstance, messagesAtOnce, latency, schedules, maxAge } = this.settings;
    schedules.forEach((schedule, index) => addSchedule(scaled.group, `Schedule${index || ''}`, schedule, schedule.minCapacity, min));
    if (maxAge) { limitAge(scope, scaled, maxAge); }
    if (!latency) {
      trackBacklog(scope, scaled, messagesPerInstance);
      keepBusyWorkers(scope, scaled, messagesAtOnce ?? concurrency);
      return;
    }
    const { meanProcessingTime } = latency;
    const time = timeForBacklog(latency);
    if (processingTime) {
      // what is measured in a minute is too much of a draw by chance to compute from it how busy they are; that they are can be seen
      trackWork(scope, scaled, { processingTime, messagesAtOnce: concurrency, meanProcessingTime }, time);
      keepBusyWorkers(scope, scaled, concurrency);
    } else {
      trackBacklog(scope, scaled, time.toMilliseconds() / meanProcessingTime.toMilliseconds());
      trackLoad(scope, scaled, meanProcessingTime);
    }
  }
}
