import * as zonalshift from 'aws-cdk-lib/aws-arczonalshift';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct, IConstruct } from 'constructs';
import { checkEach } from '../shared/lists';

/** What the API of zonal shift takes (CreatePracticeRunConfiguration, in its reference). */
const MOST_ALARMS = 10;
const MOST_DATES = 15;
const MOST_WINDOWS = 15;

/**
 * When AWS may lead traffic away from a zone, and when it practises that.
 */
export interface AutomaticZonalShiftOptions {
  /**
   * Alarms that tell whether the service does without a zone: a practice run ends, and counts as failed, when one goes off.
   *
   * @default - the tier's own: server errors, or too few instances behind a network load balancer
   */
  readonly outcomeAlarms?: IAlarm[];

  /**
   * Alarms that keep practice runs from being started while one is on.
   *
   * @default - none
   */
  readonly blockingAlarms?: IAlarm[];

  /**
   * Days in UTC without a practice run, such as `2026-11-27`; 15 at most.
   *
   * @default - none
   */
  readonly blockedDates?: string[];

  /**
   * Hours of the week in UTC without a practice run, such as `Fri:08:00-Fri:18:00`; 15 at most.
   *
   * @default - none
   */
  readonly blockedWindows?: string[];
}

/**
 * Whether traffic can be led away from a zone that is ill without being lost, with Amazon Application Recovery Controller.
 */
export class ZonalShift {
  /**
   * By an operator, by one call, for as long as the call says; the load balancer leaves the zone, and the Auto Scaling group launches
   * nothing there.
   */
  public static onRequest(): ZonalShift {
    return new ZonalShift(true);
  }

  /**
   * Also by AWS, when it finds a zone impaired; and each week for half an hour, to practise. What is left has to be enough at any
   * time for that, which a fleet that is sized for the loss of a zone is.
   */
  public static automatic(options: AutomaticZonalShiftOptions = {}): ZonalShift {
    return new ZonalShift(true, options);
  }

  /**
   * Not at all.
   */
  public static disabled(): ZonalShift {
    return new ZonalShift(false);
  }

  /** Whether a zone can be shifted away from. */
  public readonly isEnabled: boolean;

  private readonly automatic?: AutomaticZonalShiftOptions;

  private constructor(isEnabled: boolean, automatic?: AutomaticZonalShiftOptions) {
    this.isEnabled = isEnabled;
    this.automatic = automatic;
  }

  /** @internal */
  public _check(scope: IConstruct): void {
    if (!this.automatic) { return; }
    const { outcomeAlarms, blockingAlarms, blockedDates, blockedWindows } = this.automatic;
    checkEach(scope, 'fleet.zonalShift.outcomeAlarms', outcomeAlarms, { from: 1, to: MOST_ALARMS });
    checkEach(scope, 'fleet.zonalShift.blockingAlarms', blockingAlarms, { from: 0, to: MOST_ALARMS });
    checkEach(scope, 'fleet.zonalShift.blockedDates', blockedDates, { from: 0, to: MOST_DATES }, /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, '2026-11-27');
    checkEach(scope, 'fleet.zonalShift.blockedWindows', blockedWindows, { from: 0, to: MOST_WINDOWS },
      /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d-(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):[0-5]\d$/, 'Fri:08:00-Fri:18:00');
  }

  /**
   * Lets AWS shift `resourceArns` by itself, and practise it.
   *
   * @internal
   */
  public _automate(scope: Construct, resourceArns: Record<string, string>, ownAlarms: IAlarm[]): void {
    if (!this.automatic) { return; }
    const { outcomeAlarms = ownAlarms, blockingAlarms, blockedDates, blockedWindows } = this.automatic;
    for (const [id, resourceIdentifier] of Object.entries(resourceArns)) {
      new zonalshift.CfnZonalAutoshiftConfiguration(scope, id, {
        resourceIdentifier,
        zonalAutoshiftStatus: 'ENABLED',
        practiceRunConfiguration: {
          outcomeAlarms: outcomeAlarms.map(asCondition),
          blockingAlarms: blockingAlarms?.map(asCondition),
          blockedDates,
          blockedWindows,
        },
      });
    }
  }
}

function asCondition({ alarmArn }: IAlarm): zonalshift.CfnZonalAutoshiftConfiguration.ControlConditionProperty {
  return { type: 'CLOUDWATCH', alarmIdentifier: alarmArn };
}
