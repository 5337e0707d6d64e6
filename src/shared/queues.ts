import { Annotations, Duration, Resource, Stack, Token } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { checkDuration } from './numbers';
import { LONGEST_VISIBILITY_TIMEOUT } from './sqs-limits';

/** What SQS does where a template is silent. */
const DEFAULTS = { visibilityTimeout: 30, messageRetentionPeriod: Duration.days(4).toSeconds() };

/** A visibility that is extended while the work goes on, in seconds. */
const EXTENDED = { from: 30, to: 60 };

/** It is extended at a third of it, and a call that takes three seconds may not be too late. */
const SHORTEST_EXTENDED = 10;

/** The type of a queue, and for how long it keeps a message; none of it where it is not known. */
export interface Kept {
  readonly fifo?: boolean;
  readonly retention?: Duration;
}

/** For how long a queue of the app keeps a message; none where it is not known. */
export function retentionOf(queue: sqs.IQueue): Duration | undefined {
  return secondsOf(queue, 'messageRetentionPeriod');
}

/** For how long a queue of the app hides a message that was received; none where it is not known. */
export function visibilityTimeoutOf(queue: sqs.IQueue): Duration | undefined {
  return secondsOf(queue, 'visibilityTimeout');
}

function secondsOf({ node: { defaultChild } }: sqs.IQueue, property: keyof typeof DEFAULTS): Duration | undefined {
  if (!(defaultChild instanceof sqs.CfnQueue)) { return undefined; }
  const seconds = defaultChild[property] ?? DEFAULTS[property];
  return Token.isUnresolved(seconds) ? undefined : Duration.seconds(seconds);
}

/** What the visibility of a message has to go by. */
export interface WorkTime {
  /** So long a worker may take for it. */
  readonly maxProcessingTime: Duration;
  /** Whether the workers extend the visibility while they work, as a runner does. */
  readonly isExtended: boolean;
}

/**
 * Twice as long as a message takes, at most what SQS knows: shorter is worked on twice, longer waits longer for a dead worker. Where it is
 * extended, as short as a dead worker's messages should wait, and no call a second.
 */
export function visibilityFor({ maxProcessingTime, isExtended }: WorkTime): Duration {
  if (maxProcessingTime.isUnresolved()) { return LONGEST_VISIBILITY_TIMEOUT; }
  if (isExtended) { return Duration.seconds(Math.min(Math.max(maxProcessingTime.toSeconds(), EXTENDED.from), EXTENDED.to)); }
  return Duration.seconds(Math.min(2 * maxProcessingTime.toSeconds(), LONGEST_VISIBILITY_TIMEOUT.toSeconds()));
}

/** Refuses a visibility timeout that SQS does not take, or within which a message may not be done; `remedy` is the way out of the latter. */
export function checkVisibility(
  scope: IConstruct, prop: string, visibilityTimeout: Duration, { maxProcessingTime, isExtended }: WorkTime, remedy: string,
): void {
  checkDuration(scope, prop, visibilityTimeout, { from: isExtended ? SHORTEST_EXTENDED : 1, to: LONGEST_VISIBILITY_TIMEOUT.toSeconds() });
  if (isExtended || visibilityTimeout.isUnresolved() || maxProcessingTime.isUnresolved()) { return; }
  if (visibilityTimeout.toSeconds() < maxProcessingTime.toSeconds()) {
    throw new ConfigurationError(scope,
      `'${prop}' (${visibilityTimeout.toSeconds()} seconds) is below 'maxProcessingTime' `
      + `(${maxProcessingTime.toSeconds()} seconds), so a message would be given to a second worker while the first is at it`, remedy);
  }
}

/** Refuses a queue for the dead letters of another one that is of the other type, or in which they may be gone at once. */
export function checkDeadLetterQueue(scope: IConstruct, prop: string, { fifo, retention }: Kept, deadLetterQueue: sqs.IQueue): void {
  if (fifo !== undefined && isTypeKnown(deadLetterQueue) && deadLetterQueue.fifo !== fifo) {
    throw new ConfigurationError(scope,
      `'${prop}' is ${typeInWords(fifo)}, but '${prop}.deadLetterQueue' is ${typeInWords(deadLetterQueue.fifo)}`,
      'give one of the same type, which is the only kind that SQS takes');
  }
  checkHome(scope, `${prop}.deadLetterQueue`, deadLetterQueue, 'a dead-letter queue is of the account and the Region of its queue');
  const short = retention && shorter(retention, deadLetterQueue);
  if (retention && short && fifo === false) {
    throw new ConfigurationError(scope,
      `'${prop}.deadLetterQueue' keeps messages for ${inWords(short)}, less than the ${inWords(retention)} of '${prop}', and their age counts from when `
      + 'they were first sent, so that one may be gone as soon as it gets there',
      `give it a 'retentionPeriod' of ${inWords(retention)}`);
  }
}

/** Says of a FIFO queue what `checkDeadLetterQueue` refuses of a standard one: there the age counts from when a message became a dead letter. */
export function warnOfDeadLetters(scope: IConstruct, prop: string, { fifo, retention }: Kept, deadLetterQueue: sqs.IQueue): void {
  const short = fifo && retention ? shorter(retention, deadLetterQueue) : undefined;
  if (!retention || !short) { return; }
  Annotations.of(scope).addWarningV2('cdk-fault-tolerance:deadLettersKeptShorter',
    `'${prop}.deadLetterQueue' keeps messages for ${inWords(short)}, less than the ${inWords(retention)} of '${prop}': what fails has to be looked into `
    + `within that time. Give it a 'retentionPeriod' of ${inWords(retention)}`);
}

/** Refuses a queue of another account or Region than the construct, as far as these are known; `why` it has to be of the same. */
export function checkHome(scope: IConstruct, prop: string, { env }: sqs.IQueue, why: string): void {
  const { account, region } = Stack.of(scope);
  const elsewhere = [[env.account, account], [env.region, region]]
    .find(([of, here]) => of !== here && !Token.isUnresolved(of) && !Token.isUnresolved(here));
  if (elsewhere) { throw new ConfigurationError(scope, `'${prop}' is a queue of ${elsewhere[0]}, and ${why}`, 'give a queue of the stack itself'); }
}

/** A queue that is imported by an ARN known at deployment only says that it is standard, whatever it is. */
export function isTypeKnown(queue: sqs.IQueue): boolean {
  return queue.fifo || Resource.isOwnedResource(queue) || !Token.isUnresolved(queue.queueArn);
}

export function typeInWords(fifo: boolean): string {
  return fifo ? 'FIFO' : 'standard';
}

/** The retention of a queue, if it is known to be shorter than another one. */
function shorter(than: Duration, queue: sqs.IQueue): Duration | undefined {
  const retention = retentionOf(queue);
  return retention && retention.toSeconds() < than.toSeconds() ? retention : undefined;
}

function inWords(time: Duration): string {
  return time.toHumanString();
}
