import { Template } from 'aws-cdk-lib/assertions';

/** What the one dashboard of a template shows. */
export function dashboardOf(template: Template): string {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return JSON.stringify(dashboard.Properties.DashboardBody);
}

/** The alarms that it does not show. */
export function alarmsLeftOut(template: Template): string[] {
  const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(0);
  return alarms.filter(alarm => !dashboardOf(template).includes(`"${alarm}"`));
}
