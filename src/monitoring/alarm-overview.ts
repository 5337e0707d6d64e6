import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** The columns of a dashboard. */
export const FULL_WIDTH = 24;

/** One widget takes no more (CloudWatch API Reference, "Dashboard Body Structure and Syntax"). */
const ALARMS_IN_WIDGET = 100;

/** About so many stand side by side; a widget that is too low for its alarms can be scrolled. */
const ALARMS_IN_ROW = 6;

/** The number of widgets that it takes to show so many alarms. */
export function overviewWidgets(alarms: number): number {
  return Math.ceil(alarms / ALARMS_IN_WIDGET);
}

/** What is wrong now: the states of all alarms, those that are off first. */
export function overviewOf(alarms: cloudwatch.Alarm[]): cloudwatch.AlarmStatusWidget[] {
  return Array.from({ length: overviewWidgets(alarms.length) }, (_, index) => {
    const shown = alarms.slice(index * ALARMS_IN_WIDGET, (index + 1) * ALARMS_IN_WIDGET);
    return new cloudwatch.AlarmStatusWidget({
      title: 'What is wrong now',
      alarms: shown,
      sortBy: cloudwatch.AlarmStatusWidgetSortBy.STATE_UPDATED_TIMESTAMP,
      width: FULL_WIDTH,
      height: 2 + Math.ceil(shown.length / ALARMS_IN_ROW),
    });
  });
}
