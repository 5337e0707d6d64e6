import { asBoolean, at, firstUnknown, Unknown, Value } from '../../fault-simulation/template/value';
import { highestOf, Range, rangeOf, undecidedBy } from '../range';
import { broken, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { tasksOf } from '../sizes';
import { worstOf } from '../worst';


export const deploymentOfFewTasks: Rule = {
  id: 'ECS2',
  title: 'A deployment takes tasks away, or goes on though they fail',
  severity: 'warning',
  reason: 'Of one or two tasks one is stopped before there is another; and without a circuit breaker a version that does not start is '
    + 'tried for hours, while every task that dies is replaced by one of it.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Utilize Immutable Environment Updates"',
    'Amazon ECS API Reference, "DeploymentConfiguration" (2026-11-20): minimumHealthyPercent is rounded up',
  ],
  fix: 'Let MinimumHealthyPercent be 100, and enable the deployment circuit breaker with rollback.',
  types: ['AWS::ECS::Service'],
  needsTopology: true,
  bad: `
Service:
  Type: AWS::ECS::Service
  Properties:
    DesiredCount: 2
    TaskDefinition: shop:1
    DeploymentConfiguration: {MinimumHealthyPercent: 50, DeploymentCircuitBreaker: {Enable: true, Rollback: true}}`,
  good: `
Service:
  Type: AWS::ECS::Service
  Properties:
    DesiredCount: 2
    TaskDefinition: shop:1
    DeploymentConfiguration: {MinimumHealthyPercent: 100, DeploymentCircuitBreaker: {Enable: true, Rollback: true}}`,
  judge: (service, topology) => {
    const { SchedulingStrategy: strategy, DeploymentController: controller, DeploymentConfiguration: configuration } = service.properties;
    const type = at(controller, 'Type') ?? 'ECS';
    // others deploy by their own rules: a task for each instance, CodeDeploy, or somebody outside
    if (strategy === 'DAEMON' || (type !== 'ECS' && !(type instanceof Unknown))) { return NOT_APPLICABLE; }
    const open = firstUnknown([controller, type, configuration]);
    return open ? undecided(open.reason, 'DeploymentConfiguration')
      : worstOf([judgeKept(configuration, tasksOf(service, topology)), judgeBreaker(configuration)]);
  },
};

function judgeKept(configuration: Value | undefined, tasks: Range): Judgement | undefined {
  const property = 'DeploymentConfiguration.MinimumHealthyPercent';
  const percent = rangeOf(at(configuration, 'MinimumHealthyPercent') ?? 100);
  const few = [1, 2].filter(count => count >= tasks.least && count <= tasks.most);
  const kept = (count: number, share: number) => Math.ceil(count * share / 100 - 1e-9);
  if (few.every(count => kept(count, percent.least) >= count)) { return undefined; }
  const [count] = few;
  const what = `of ${count === 1 ? 'one task' : 'two tasks'} ${kept(count, percent.most) || 'none'} is kept`;
  const always = tasks.most <= 2 && few.every(one => kept(one, percent.most) < one);
  return always ? broken(what, property) : undecidedBy(highestOf([percent, tasks]), property);
}

/** Alarms that stop a deployment do as well. */
function judgeBreaker(configuration: Value | undefined): Judgement | undefined {
  const property = 'DeploymentConfiguration.DeploymentCircuitBreaker';
  const [breaker, alarms] = [at(configuration, 'DeploymentCircuitBreaker'), at(configuration, 'Alarms')];
  const values = [at(breaker, 'Enable'), at(alarms, 'Enable')];
  if (values.some(value => asBoolean(value) === true)) { return undefined; }
  const open = firstUnknown([breaker, alarms, ...values]);
  return open ? undecided(open.reason, property) : broken('nothing stops a deployment of which the tasks fail', property);
}
