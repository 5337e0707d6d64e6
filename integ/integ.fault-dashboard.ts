import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EbsSnapshotPolicy, FaultDashboard, SessionTable } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegFaultDashboard');
const sessions = new SessionTable(stack, 'Sessions', { removalPolicy: RemovalPolicy.DESTROY });
const { dashboard } = new FaultDashboard(stack, 'Dashboard', { constructs: [sessions, new EbsSnapshotPolicy(stack, 'Snapshots')] });

const test = new IntegTest(app, 'FaultDashboard', { testCases: [stack] });
test.assertions.awsApiCall('CloudWatch', 'getDashboard', { DashboardName: dashboard.dashboardName })
  .assertAtPath('DashboardBody', ExpectedResult.stringLikeRegexp(sessions.alarms[0].alarmArn));
