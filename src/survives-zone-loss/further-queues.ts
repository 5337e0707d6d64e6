import { Stack } from 'aws-cdk-lib';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { FurtherQueue } from './further-queue';
import { WorkQueue } from './work-queue';
import { FleetQueue } from './work-queue-options';
import { WorkerFleetPlan } from './worker-fleet-plan';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';
import { checkFixedNumber } from '../shared/numbers';
import { typeInWords, WorkTime } from '../shared/queues';

/** An alarm takes ten metrics, and what a fleet is scaled on up to two of each queue, the workers and how long a message takes. */
const MOST_QUEUES = 4;

/** A further queue, with all that is left out filled in. */
export interface PlannedQueue extends FurtherQueue {
  readonly queue: WorkQueue;
  /** What the user calls it in props. */
  readonly prop: string;
}

/** A further queue of a fleet, and where its alarms are. */
export interface NamedQueue extends FleetQueue {
  readonly name: string;
  readonly share: number;
  readonly scope: Construct;
}

/** All queues of a fleet. */
export interface FleetQueues {
  readonly first: IQueue;
  readonly further: readonly NamedQueue[];
}

/** Checks the further queues of a fleet; only a runner knows what to do with them. */
export function planFurtherQueues(
  scope: IConstruct, given: readonly FurtherQueue[] | undefined, first: WorkQueue, work: WorkTime, hasRunner: boolean,
): PlannedQueue[] {
  if (!given || given.length === 0) { return []; }
  if (!hasRunner) {
    throw new ConfigurationError(scope, "'furtherQueues' are given, but no 'runner', which is what takes messages from several queues",
      "give a 'runner', or a fleet of its own to each queue");
  }
  if (given.length >= MOST_QUEUES) {
    throw new ConfigurationError(scope, `'furtherQueues' has ${given.length} entries`,
      `give at most ${MOST_QUEUES - 1}, as CloudWatch computes what a fleet is scaled on from ten metrics`);
  }
  const planned = given.map((one): PlannedQueue => ({
    ...one,
    queue: one.queue ?? (first._fifo ? WorkQueue.fifo() : WorkQueue.standard()),
    prop: `furtherQueues.${one.name}`,
  }));
  planned.forEach(one => checkOne(scope, one, first, work));
  const twice = firstRepeated(given.map(({ name }) => name));
  if (twice !== undefined) { throw new ConfigurationError(scope, `'furtherQueues' has two of the name '${twice}'`, 'give each its own'); }
  const existing = [first, ...planned.map(({ queue }) => queue)].flatMap(({ _given }) => _given ?? []);
  const arns = existing.map(({ queueArn }) => JSON.stringify(Stack.of(scope).resolve(queueArn)));
  const taken = existing.find((_, index) => arns.indexOf(arns[index]) < index);
  if (taken) { throw new ConfigurationError(scope, `'furtherQueues' has ${taken.node.path}, which is taken already`, 'give each queue once'); }
  const together = given.reduce((sum, { share }) => sum + share, 0);
  if (together > 99) {
    throw new ConfigurationError(scope, `'furtherQueues' have shares of ${together} of 100, which leaves nothing to the queue of the fleet`, 'lower them to 99 or less');
  }
  return planned;
}

function checkOne(scope: IConstruct, { name, share, queue, prop }: PlannedQueue, first: WorkQueue, work: WorkTime): void {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
    throw new ConfigurationError(scope, `'furtherQueues' has one of the name '${name}'`, "give letters and digits, a letter first, such as 'Bulk'");
  }
  checkFixedNumber(scope, `${prop}.share`, share, { from: 1, to: 99 });
  if (queue._fifo !== first._fifo) {
    throw new ConfigurationError(scope, `'queue' is ${typeInWords(first._fifo)}, but '${prop}' is ${typeInWords(queue._fifo)}`,
      'give queues of one type, as what is done in order is received in another way');
  }
  if (queue._givenVisibilityTimeout) {
    throw new ConfigurationError(scope, `'${prop}.visibilityTimeout' is given, but the runner hides the messages of all queues for as long as those of 'queue'`,
      "give it to 'queue', or leave it out");
  }
  queue._check(scope, work, prop);
}

/** Makes the further queues, each in a scope of its name. */
export function createFurtherQueues(scope: Construct, { further, work, removalPolicy, visibilityTimeout }: WorkerFleetPlan): NamedQueue[] {
  if (further.length === 0) { return []; }
  const all = new Construct(scope, 'FurtherQueues');
  return further.map(({ name, share, queue, prop }) => {
    const own = new Construct(all, name);
    return { name, share, scope: own, ...queue._create(own, work, removalPolicy, prop, visibilityTimeout) };
  });
}
