import { documentOf } from '../../fault-simulation/template/json-text';
import { at, isObject, listOf, Properties, Unknown, Value } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** States within states; nobody writes more. */
const DEEPEST = 20;

interface Task {
  readonly name: string;
  /** Whether an error in it, or in what it is part of, is met with another attempt or with other work. */
  readonly met: boolean;
}

/** What a machine calls, also in what it does side by side or for each item. */
function tasksIn(machine: Value | undefined, met = false, depth = 0): readonly Task[] {
  const states = at(machine, 'States');
  if (!isObject(states) || depth > DEEPEST) { return []; }
  return Object.entries(states).filter((entry): entry is [string, Properties] => isObject(entry[1])).flatMap(([name, state]) => {
    const meets = met || listOf(state.Retry).length > 0 || listOf(state.Catch).length > 0;
    const within = [...listOf(state.Branches), state.Iterator, state.ItemProcessor].flatMap(one => tasksIn(one, meets, depth + 1));
    return state.Type === 'Task' ? [{ name, met: meets }, ...within] : within;
  });
}

export const workflowEndedByOneError: Rule = {
  id: 'SFN1',
  title: 'A state machine calls something and meets its errors with nothing',
  severity: 'warning',
  reason: 'One call that fails, as each does now and then while a zone or an instance is lost, ends the whole execution. What it has done so far stays done by half until somebody starts it again.',
  sources: ['AWS Step Functions Developer Guide, "Handling errors in Step Functions workflows" (2026-11-21)'],
  fix: 'Give each task a Retry with back-off, and a Catch that undoes what is left by half.',
  types: ['AWS::StepFunctions::StateMachine'],
  needsTopology: false,
  bad: `
Orders:
  Type: AWS::StepFunctions::StateMachine
  Properties:
    RoleArn: arn:aws:iam::111122223333:role/orders
    Definition: {StartAt: Charge, States: {Charge: {Type: Task, Resource: 'arn:aws:states:::lambda:invoke', End: true}}}`,
  good: `
Orders:
  Type: AWS::StepFunctions::StateMachine
  Properties:
    RoleArn: arn:aws:iam::111122223333:role/orders
    Definition:
      StartAt: Charge
      States:
        Charge:
          Type: Task
          Resource: arn:aws:states:::lambda:invoke
          Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 4, BackoffRate: 2}]
          End: true`,
  judge: ({ properties }) => {
    const { Definition: object, DefinitionString: text } = properties;
    const property = text === undefined ? 'Definition' : 'DefinitionString';
    const definition = documentOf(text ?? object);
    if (definition instanceof Unknown) { return undecided(definition.reason, property); }
    if (definition === undefined || definition === null) { return undecided('its definition is not in the template', property); }
    const tasks = tasksIn(definition);
    const bare = tasks.filter(({ met }) => !met);
    if (tasks.length === 0) { return NOT_APPLICABLE; }
    return bare.length === 0 ? COMPLIANT
      : broken(`${bare.length === 1 ? bare[0].name : `${bare.length} of its ${tasks.length} tasks, as ${bare[0].name},`} ${bare.length === 1 ? 'has' : 'have'} neither Retry nor Catch`, property);
  },
};
