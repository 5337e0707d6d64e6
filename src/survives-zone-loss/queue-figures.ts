import { Duration } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { inServiceInstances } from '../shared/fleet';

/** By the minute, as the policies are. */
export const PERIOD = Duration.minutes(1);

/** What SQS says of a queue, by the names that it has in expressions. */
const KINDS: Readonly<Record<Kind, (queue: IQueue, options: MetricOptions) => Metric>> = {
  visible: (queue, options) => queue.metricApproximateNumberOfMessagesVisible({ ...options, statistic: 'Maximum' }),
  inFlight: (queue, options) => queue.metricApproximateNumberOfMessagesNotVisible({ ...options, statistic: 'Maximum' }),
  sent: (queue, options) => queue.metricNumberOfMessagesSent({ ...options, statistic: 'Sum' }),
  oldest: (queue, options) => queue.metricApproximateAgeOfOldestMessage({ ...options, statistic: 'Maximum' }),
};

type Kind = 'visible' | 'inFlight' | 'sent' | 'oldest';

/** The figures of some kinds of all queues of a fleet, by the names that they have in expressions. */
export function figuresOf(queues: readonly IQueue[], ...kinds: readonly Kind[]): Record<string, Metric> {
  return Object.fromEntries(kinds.flatMap(kind => queues.map((queue, index) => [nameOf(kind, index), KINDS[kind](queue, { period: PERIOD })])));
}

/** The instances in service, by the name that they have in expressions. */
export function workersOf(group: AutoScalingGroup): { readonly workers: Metric } {
  return { workers: inServiceInstances(group, { period: PERIOD, statistic: 'Average' }) };
}

/** The figures of the queue itself by the bare name, those of further ones with a number. */
function nameOf(kind: Kind, index: number): string {
  return `${kind}${index || ''}`;
}

/**
 * The sum of some kinds over all queues.
 *
 * SQS reports messages in flight only while there are some, so that a missing figure means none ("Available CloudWatch metrics for Amazon
 * SQS"). Those that wait it reports for as long as a queue is active, as the first one is whose workers ask it: without that figure there
 * is no result. Further queues may be out of use.
 */
export function sumOf(queues: readonly IQueue[], ...kinds: readonly Kind[]): string {
  const terms = kinds.flatMap(kind => queues.map((_, index) => kind === 'visible' && index === 0 ? nameOf(kind, index) : `FILL(${nameOf(kind, index)}, 0)`));
  return terms.length > 1 ? `(${terms.join(' + ')})` : terms[0];
}

/** Messages that wait in any queue, where nothing shrinks on what is missing. */
export function visibleIn(queues: readonly IQueue[]): string {
  return queues.length > 1 ? `(${queues.map((_, index) => `FILL(${nameOf('visible', index)}, 0)`).join(' + ')})` : 'visible';
}

/**
 * The age of the oldest message, in seconds, of the queues in which one waits; 0 where none does. What is in flight is at work, and no
 * further instance makes it any younger.
 */
export function oldestWaiting(queues: readonly IQueue[]): string {
  const ages = queues.map((_, index) => `IF(FILL(${nameOf('visible', index)}, 0) > 0, FILL(${nameOf('oldest', index)}, 0), 0)`);
  return ages.length > 1 ? `MAX([${ages.join(', ')}])` : ages[0];
}
