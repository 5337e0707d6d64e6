import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { FULL_WIDTH, overviewOf, overviewWidgets } from './alarm-overview';
import { LateWidgets } from './late-widgets';
import { IMonitored } from './monitored';
import { ConfigurationError } from '../shared/configuration-error';

/** What CloudWatch takes (CloudWatch User Guide, "CloudWatch service quotas"). */
const MOST_WIDGETS = 500;

/** Three graphs stand side by side. */
const GRAPH = { width: FULL_WIDTH / 3, height: 6 };

/** What the graphs show when the dashboard is opened. */
const RANGE = Duration.hours(3);

/**
 * Properties of `FaultDashboard`.
 */
export interface FaultDashboardProps {
  /**
   * What is shown, from top to bottom; more can be added by `add`.
   *
   * @default - what is added
   */
  readonly constructs?: IMonitored[];
}

/**
 * A dashboard of what survives: on top the states of all alarms, those that are off first; below, construct by construct, what
 * each alarm looks at, with its threshold. Alarms that a construct gets later, as by another subscription, are shown, too.
 *
 * It survives nothing itself, and nobody is woken by it: alarms tell the topics of their constructs, whether it is there or not.
 *
 * @example
 * declare const web: MultiAzWebTier;
 * declare const sessions: SessionTable;
 * declare const failover: S3StaticFailover;
 *
 * new FaultDashboard(this, 'Dashboard', { constructs: [web, sessions, failover] });
 */
export class FaultDashboard extends Construct {
  /** The dashboard; widgets of yours are added to it. */
  public readonly dashboard: cloudwatch.Dashboard;

  private readonly shown: IMonitored[] = [];

  constructor(scope: Construct, id: string, props: FaultDashboardProps = {}) {
    super(scope, id);

    const constructs = props.constructs ?? [];
    this.check(constructs);

    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      defaultInterval: RANGE,
      periodOverride: cloudwatch.PeriodOverride.INHERIT, // each graph has the period that its alarm has
      widgets: [[new LateWidgets(() => overviewOf(this.shown.flatMap(({ alarms }) => alarms)))]],
    });
    this.node.defaultChild = this.dashboard;
    constructs.forEach(construct => this.show(construct));
    this.node.addValidation({ validate: () => this.errorsAtTheEnd().map(({ message }) => message) });
  }

  /**
   * Shows a construct below those that are there.
   */
  public add(construct: IMonitored): void {
    this.check([construct]);
    this.show(construct);
  }

  private show(construct: IMonitored): void {
    this.shown.push(construct);
    this.dashboard.addWidgets(new LateWidgets(() => [
      new cloudwatch.TextWidget({ markdown: `## ${construct.node.path}`, width: FULL_WIDTH, height: 1 }),
      new cloudwatch.Row(...graphsOf(construct)),
    ]));
  }

  private check(constructs: IMonitored[]): void {
    constructs.forEach((construct, index) => {
      const { path } = construct.node;
      if ([...this.shown, ...constructs.slice(0, index)].includes(construct)) {
        throw new ConfigurationError(this, `'${path}' is on the dashboard already`, 'add it once');
      }
      if (graphCount(construct) === 0) {
        throw new ConfigurationError(this, `'${path}' has no alarms and no key metrics, so there is nothing to show of it`, 'leave it out');
      }
    });
    const [first] = this.errorsIn([...this.shown, ...constructs]);
    if (first) { throw first; }
  }

  /** Constructs may have got more alarms since they were added. */
  private errorsAtTheEnd(): ConfigurationError[] {
    return this.shown.length > 0 ? this.errorsIn(this.shown)
      : [new ConfigurationError(this, 'nothing is on the dashboard', "give 'constructs', or add() one")];
  }

  private errorsIn(constructs: IMonitored[]): ConfigurationError[] {
    return [...constructs.flatMap(({ alarms }) => alarms.flatMap(alarm => this.errorsOfHome(alarm))), ...this.errorsOfSize(constructs)];
  }

  /** An alarm is shown by its ARN, and what shows the states of several has no setting for another Region. */
  private errorsOfHome(alarm: cloudwatch.Alarm): ConfigurationError[] {
    const [here, there] = [Stack.of(this), Stack.of(alarm)];
    return isOther(here.region, there.region) || isOther(here.account, there.account) ? [new ConfigurationError(this,
      `the alarm '${alarm.node.path}' is in ${there.account}/${there.region}, and the dashboard is to be in ${here.account}/${here.region}`,
      'make a FaultDashboard in a stack of that account and Region for it')] : [];
  }

  private errorsOfSize(constructs: IMonitored[]): ConfigurationError[] {
    const alarms = constructs.reduce((count, construct) => count + construct.alarms.length, 0);
    const graphs = constructs.reduce((count, construct) => count + graphCount(construct), 0);
    const widgets = overviewWidgets(alarms) + constructs.length + graphs;
    return widgets > MOST_WIDGETS ? [new ConfigurationError(this, `the dashboard would have ${widgets} widgets, and CloudWatch takes ${MOST_WIDGETS}`,
      'divide the constructs among several dashboards')] : [];
  }
}

function graphCount({ alarms, keyMetrics = [] }: IMonitored): number {
  return alarms.length + keyMetrics.length;
}

function graphsOf(construct: IMonitored): cloudwatch.IWidget[] {
  return [
    ...construct.alarms.map(alarm => new cloudwatch.AlarmWidget({ ...GRAPH, title: nameWithin(construct, alarm), alarm })),
    ...(construct.keyMetrics ?? []).map(metric => new cloudwatch.GraphWidget({ ...GRAPH, title: `${metric}`, left: [metric] })),
  ];
}

/** What an alarm is called below its construct: its id, or the way to it. */
function nameWithin({ node }: IMonitored, alarm: cloudwatch.Alarm): string {
  const above = `${node.path}/`;
  return alarm.node.path.startsWith(above) ? alarm.node.path.slice(above.length) : alarm.node.path;
}

function isOther(here: string, there: string): boolean {
  return !Token.isUnresolved(here) && !Token.isUnresolved(there) && here !== there;
}
