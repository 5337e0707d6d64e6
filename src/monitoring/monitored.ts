import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';

/**
 * What a `FaultDashboard` shows: the constructs of this library that survive something, and any of yours that has alarms.
 *
 * The shelves import this type, and nothing in here imports them.
 */
export interface IMonitored extends IConstruct {
  /**
   * What goes off when something is wrong.
   */
  readonly alarms: cloudwatch.Alarm[];

  /**
   * What else to look at: metrics without an alarm, of any Region.
   *
   * @default - nothing but the metrics of the alarms
   */
  readonly keyMetrics?: cloudwatch.IMetric[];
}
