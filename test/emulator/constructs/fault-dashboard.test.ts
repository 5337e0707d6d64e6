import { CloudWatchClient, GetDashboardCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { emulatorOfTests, physicalId, SubjectDeployment } from './subject-deployment';
import { FaultDashboard } from '../../../src';
import { env } from '../../helpers/network';

const { current, deployed } = emulatorOfTests();
const client = () => new CloudWatchClient(current().clientConfig(env.region));

interface Widget {
  readonly type: string;
  readonly properties: { readonly alarms?: string[]; readonly annotations?: { readonly alarms: string[] }; readonly metrics?: unknown[][] };
}

async function widgetsOf(made: SubjectDeployment): Promise<Widget[]> {
  const { dashboard } = made.stack.node.findChild('Dashboard') as FaultDashboard;
  const { DashboardBody: body = '' } = await client().send(new GetDashboardCommand({ DashboardName: physicalId(made, dashboard) }));
  return JSON.parse(body).widgets;
}

async function alarmsThatAre(): Promise<string[]> {
  const arns: (string | undefined)[] = [];
  for await (const { MetricAlarms: alarms = [] } of paginateDescribeAlarms({ client: client() }, {})) {
    arns.push(...alarms.map(({ AlarmArn }) => AlarmArn));
  }
  return arns.sort() as string[];
}

describe('FaultDashboard', () => {
  test('shows each alarm that is there, and none that is not, on top and in a graph', async () => {
    const widgets = await widgetsOf(await deployed('FaultDashboard of every construct'));
    const alarms = await alarmsThatAre();
    expect(alarms.length).toBeGreaterThan(0);
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? []).sort()).toEqual(alarms);
    expect(widgets.flatMap(({ properties }) => properties.annotations?.alarms ?? []).sort()).toEqual(alarms);
  });

  test('shows the health check that there is, from the Region in which Route 53 has its metrics', async () => {
    const made = await deployed('FaultDashboard of every construct');
    const [healthCheck] = made.deployment.resources.filter(({ type }) => type === 'AWS::Route53::HealthCheck');
    expect((await widgetsOf(made)).flatMap(({ properties }) => properties.metrics ?? [])).toEqual([
      ['AWS/Route53', 'HealthCheckStatus', 'HealthCheckId', healthCheck.physicalId, { region: 'us-east-1', stat: 'Minimum', period: 60 }],
    ]);
  });
});
