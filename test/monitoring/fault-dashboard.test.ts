import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { FaultDashboard, HaNatPerAz, IMonitored, PrimarySite, S3StaticFailover, SessionTable, StaticSite } from '../../src';
import { env, networkOf, networkWithoutNat, shopStack, shopStackAnywhere } from '../helpers/network';

const DASHBOARD = 'AWS::CloudWatch::Dashboard';

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: string[];
    readonly sortBy?: string;
    readonly region?: string;
    readonly metrics?: unknown[];
    readonly annotations?: { readonly alarms: string[] };
  };
}

/** A construct of the user's own, with so many alarms. */
class Watched extends Construct implements IMonitored {
  public readonly alarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, alarms = 1) {
    super(scope, id);
    const metric = new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Late' });
    this.alarms = Array.from({ length: alarms }, (_, index) => new cloudwatch.Alarm(this, `Alarm${index + 1}`, { metric, threshold: 1, evaluationPeriods: 1 }));
  }
}

function dashboardIn(stack: Stack, ...constructs: IMonitored[]): FaultDashboard {
  return new FaultDashboard(stack, 'Dashboard', { constructs });
}

/** What CloudWatch gets, with the logical id of an alarm instead of its ARN. */
function bodyIn(stack: Stack): { readonly start: string; readonly periodOverride: string; readonly widgets: Widget[] } {
  const [{ Properties: { DashboardBody: body } }] = Object.values(Template.fromStack(stack).findResources(DASHBOARD));
  const parts: (string | Record<string, unknown>)[] = typeof body === 'string' ? [body] : body['Fn::Join'][1];
  return JSON.parse(parts.map(part => typeof part === 'string' ? part : [Object.values(part)[0]].flat()[0]).join(''));
}

function widgetsIn(stack: Stack): Widget[] {
  return bodyIn(stack).widgets;
}

function graphsIn(stack: Stack): Widget[] {
  return widgetsIn(stack).filter(({ type }) => type === 'metric');
}

const headings = (widgets: Widget[]) => widgets.flatMap(({ properties }) => properties.markdown ?? []);
const titles = (widgets: Widget[]) => widgets.map(({ properties }) => properties.title);
const overview = (widgets: Widget[]) => widgets.filter(({ type }) => type === 'alarm');
const idsOf = (stack: Stack, { alarms }: IMonitored) => alarms.map(alarm => stack.getLogicalId(alarm.node.defaultChild as cloudwatch.CfnAlarm));

/** The cells of the grid that a widget is on. */
const cells = ({ x, y, width, height }: Widget) => Array.from({ length: width * height }, (_, cell) => `${x + cell % width},${y + Math.floor(cell / width)}`);

function failoverIn(stack: Stack): S3StaticFailover {
  return new S3StaticFailover(stack, 'Failover', {
    hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
    primary: PrimarySite.http(new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc: networkOf(stack), internetFacing: true })),
    secondary: StaticSite.publicWebsite(),
    content: [s3deploy.Source.data('index.html', 'We are back soon')],
  });
}

describe('FaultDashboard', () => {
  describe('by default', () => {
    test('shows the last three hours, each graph with the period of its alarm', () => {
      const stack = shopStack();
      dashboardIn(stack, new Watched(stack, 'Queue'));
      expect(bodyIn(stack)).toMatchObject({ start: '-PT3H', periodOverride: 'inherit' });
    });

    test('has the states of all alarms on top, those that are off first', () => {
      const stack = shopStack();
      const [sessions, queue] = [new SessionTable(stack, 'Sessions'), new Watched(stack, 'Queue')];
      dashboardIn(stack, sessions, queue);
      const [first, ...others] = widgetsIn(stack);
      expect(first).toMatchObject({
        type: 'alarm',
        x: 0,
        y: 0,
        width: 24,
        properties: { alarms: [...idsOf(stack, sessions), ...idsOf(stack, queue)], sortBy: 'stateUpdatedTimestamp' },
      });
      expect(overview(others)).toEqual([]);
    });

    test('has a graph for each alarm below the path of its construct, which CloudWatch draws as the alarm says', () => {
      const stack = shopStack();
      const [sessions, queue] = [new SessionTable(stack, 'Sessions'), new Watched(stack, 'Queue')];
      dashboardIn(stack, sessions, queue);
      const shown = widgetsIn(stack).slice(1).map(({ properties: { markdown, annotations } }) => markdown ?? annotations?.alarms);
      expect(shown).toEqual([
        '## Shop/Sessions', ...idsOf(stack, sessions).map(id => [id]),
        '## Shop/Queue', ...idsOf(stack, queue).map(id => [id]),
      ]);
      expect(titles(graphsIn(stack))).toEqual(['Throttles', 'SystemErrors', 'Alarm1']);
    });

    test('says of which part of a construct an alarm is', () => {
      const stack = shopStack();
      dashboardIn(stack, new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack) }));
      expect(titles(graphsIn(stack)).slice(0, 2)).toEqual(['eu-west-1a/PortAllocationErrors', 'eu-west-1a/PacketsDropped']);
    });

    test('names an alarm in full that stands elsewhere', () => {
      const stack = shopStack();
      const { alarms } = new Watched(stack, 'Queue');
      dashboardIn(stack, Object.assign(new Construct(stack, 'Que'), { alarms }));
      expect(titles(graphsIn(stack))).toEqual(['Shop/Queue/Alarm1']);
    });

    test('has metrics that are in another Region only, and no states where there is no alarm', () => {
      const stack = shopStack();
      const failover = failoverIn(stack);
      dashboardIn(stack, failover);
      expect(overview(widgetsIn(stack))).toEqual([]);
      expect(graphsIn(stack).map(({ properties }) => properties)).toEqual([expect.objectContaining({
        title: 'HealthCheckStatus',
        metrics: [[
          'AWS/Route53', 'HealthCheckStatus', 'HealthCheckId', stack.getLogicalId(failover.healthCheck.node.defaultChild as route53.CfnHealthCheck),
          { region: 'us-east-1', stat: 'Minimum', period: 60 },
        ]],
      })]);
    });

    test('has three graphs side by side, and what has no room left below', () => {
      const stack = shopStack();
      dashboardIn(stack, new Watched(stack, 'Queue', 4));
      const [first, ...others] = graphsIn(stack);
      expect(others.map(({ x, y }) => [x, y - first.y])).toEqual([[8, 0], [16, 0], [0, 6]]);
    });

    test('gives the states more room, the more there are', () => {
      const heightOf = (alarms: number) => {
        const stack = shopStack();
        dashboardIn(stack, new Watched(stack, 'Queue', alarms));
        return overview(widgetsIn(stack))[0].height;
      };
      expect([1, 6, 7, 100].map(heightOf)).toEqual([3, 3, 4, 19]);
    });

    test('lays nothing over anything else, and nothing outside the grid, however many alarms there are', () => {
      const stack = shopStack();
      dashboardIn(stack, ...[1, 3, 4, 7, 120].map(alarms => new Watched(stack, `With${alarms}`, alarms)));
      const widgets = widgetsIn(stack);
      const taken = widgets.flatMap(cells);
      expect(new Set(taken).size).toBe(taken.length);
      expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
    });

    test('divides more alarms than one widget takes', () => {
      const stack = shopStack();
      const [many, more] = [new Watched(stack, 'Many', 150), new Watched(stack, 'More', 51)];
      dashboardIn(stack, many, more);
      const states = overview(widgetsIn(stack)).map(({ properties }) => properties.alarms ?? []);
      expect(states.map(({ length }) => length)).toEqual([100, 100, 1]);
      expect(states.flat()).toEqual([...idsOf(stack, many), ...idsOf(stack, more)]);
    });
  });

  describe('when more is added', () => {
    test('has it below, and its alarms on top with the others', () => {
      const stack = shopStack();
      const [sessions, queue] = [new SessionTable(stack, 'Sessions'), new Watched(stack, 'Queue')];
      dashboardIn(stack, sessions).add(queue);
      expect(headings(widgetsIn(stack))).toEqual(['## Shop/Sessions', '## Shop/Queue']);
      expect(overview(widgetsIn(stack))).toMatchObject([{ properties: { alarms: [...idsOf(stack, sessions), ...idsOf(stack, queue)] } }]);
    });

    test('has widgets of the user where they were added', () => {
      const stack = shopStack();
      const dashboard = dashboardIn(stack, new Watched(stack, 'Queue'));
      dashboard.dashboard.addWidgets(new cloudwatch.TextWidget({ markdown: 'Call Ann.' }));
      dashboard.add(new Watched(stack, 'Other'));
      expect(headings(widgetsIn(stack))).toEqual(['## Shop/Queue', 'Call Ann.', '## Shop/Other']);
    });
  });

  describe('of a construct that gets more alarms', () => {
    const oneMore = (queue: Watched, count = 1) => {
      queue.alarms.push(...new Watched(queue, 'More', count).alarms);
    };

    test('shows them all, with nothing over anything else', () => {
      const stack = shopStack();
      const [queue, other] = [new Watched(stack, 'Queue', 3), new Watched(stack, 'Other')];
      dashboardIn(stack, queue, other);
      oneMore(queue);
      expect(overview(widgetsIn(stack))).toMatchObject([{ properties: { alarms: [...idsOf(stack, queue), ...idsOf(stack, other)] } }]);
      expect(titles(graphsIn(stack))).toEqual(['Alarm1', 'Alarm2', 'Alarm3', 'More/Alarm1', 'Alarm1']);
      const taken = widgetsIn(stack).flatMap(cells);
      expect(new Set(taken).size).toBe(taken.length);
    });

    test('says at the end what it cannot show', () => {
      const stack = shopStack();
      const queue = new Watched(stack, 'Queue');
      dashboardIn(stack, queue);
      oneMore(queue, 495);
      expect(() => Template.fromStack(stack)).toThrow(
        "the dashboard would have 502 widgets, and CloudWatch takes 500; divide the constructs among several dashboards [FaultDashboard at 'Shop/Dashboard']",
      );
    });
  });

  test('shows constructs of another stack of its Region', () => {
    const app = new App();
    const [home, stack] = ['Home', 'Shop'].map(id => new Stack(app, id, { env }));
    dashboardIn(stack, new Watched(home, 'Queue'));
    expect(overview(widgetsIn(stack))).toMatchObject([{ properties: { alarms: [expect.stringMatching(/^Home:ExportsOutputFnGetAttQueueAlarm1/)] } }]);
  });

  test('takes it that stacks without a Region are in the same', () => {
    const stack = shopStackAnywhere();
    dashboardIn(stack, new Watched(stack, 'Queue')).add(new Watched(new Stack(stack.node.root, 'Home'), 'Queue'));
    expect(headings(widgetsIn(stack))).toEqual(['## Shop/Queue', '## Home/Queue']);
  });

  test('says nothing of a Region that is not known', () => {
    const stack = shopStackAnywhere();
    const queue = new Watched(new Stack(stack.node.root, 'Home', { env }), 'Queue');
    expect(() => dashboardIn(stack, queue)).not.toThrow();
  });

  describe('refuses', () => {
    const elsewhere = (stack: Stack, other: Partial<typeof env>) => new Watched(new Stack(stack.node.root, 'Elsewhere', { env: { ...env, ...other } }), 'Queue');

    test.each<[string, (stack: Stack) => IMonitored[], string]>([
      ['a construct twice', stack => { const queue = new Watched(stack, 'Queue'); return [queue, queue]; },
        "'Shop/Queue' is on the dashboard already; add it once"],
      ['a construct without anything to show', stack => [new Watched(stack, 'Queue', 0)],
        "'Shop/Queue' has no alarms and no key metrics, so there is nothing to show of it; leave it out"],
      ['alarms of another Region', stack => [elsewhere(stack, { region: 'us-east-1' })],
        "the alarm 'Elsewhere/Queue/Alarm1' is in 123456789012/us-east-1, and the dashboard is to be in 123456789012/eu-west-1; "
        + 'make a FaultDashboard in a stack of that account and Region for it'],
      ['alarms of another account', stack => [elsewhere(stack, { account: '111122223333' })],
        "the alarm 'Elsewhere/Queue/Alarm1' is in 111122223333/eu-west-1, and the dashboard is to be in 123456789012/eu-west-1; "
        + 'make a FaultDashboard in a stack of that account and Region for it'],
      ['more than CloudWatch takes', stack => [new Watched(stack, 'Queue', 495)],
        'the dashboard would have 501 widgets, and CloudWatch takes 500; divide the constructs among several dashboards'],
    ])('%s', (_, made, message) => {
      const stack = shopStack();
      const constructs = made(stack);
      expect(() => dashboardIn(stack, ...constructs)).toThrow(`${message} [FaultDashboard at 'Shop/Dashboard']`);
      expect(stack.node.findChild('Dashboard').node.children).toEqual([]);
    });

    test('them also when they are added, and stays as it was', () => {
      const stack = shopStack();
      const queue = new Watched(stack, 'Queue');
      const dashboard = dashboardIn(stack, queue);
      expect(() => dashboard.add(queue)).toThrow("'Shop/Queue' is on the dashboard already; add it once [FaultDashboard at 'Shop/Dashboard']");
      expect(() => dashboard.add(new Watched(stack, 'Empty', 0))).toThrow("'Shop/Empty' has no alarms and no key metrics");
      expect(() => dashboard.add(new Watched(stack, 'Large', 493))).toThrow('the dashboard would have 501 widgets');
      expect(headings(widgetsIn(stack))).toEqual(['## Shop/Queue']);
    });

    test('to be empty, once all is said', () => {
      const stack = shopStack();
      new FaultDashboard(stack, 'Dashboard');
      expect(() => Template.fromStack(stack)).toThrow("nothing is on the dashboard; give 'constructs', or add() one [FaultDashboard at 'Shop/Dashboard']");
    });
  });

  test('may be as large as CloudWatch takes', () => {
    const stack = shopStack();
    dashboardIn(stack, new Watched(stack, 'Queue', 494));
    expect(widgetsIn(stack)).toHaveLength(500);
  });
});
