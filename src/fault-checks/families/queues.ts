import { Rule } from '../rule';
import { batchRepeatedForOneMessage } from '../rules/batch-repeated-for-one-message';
import { deadLetterQueueThatForgets } from '../rules/dead-letter-queue-that-forgets';
import { eventLostInAFunction } from '../rules/event-lost-in-a-function';
import { eventLostOnItsWay } from '../rules/event-lost-on-its-way';
import { messageGivenUpEarly } from '../rules/message-given-up-early';
import { notificationLostOnItsWay } from '../rules/notification-lost-on-its-way';
import { queueThatForgetsWithinADay } from '../rules/queue-that-forgets-within-a-day';
import { queueWithoutDeadLetterQueue } from '../rules/queue-without-dead-letter-queue';
import { streamStoppedByOneRecord } from '../rules/stream-stopped-by-one-record';
import { visibilityTimeoutShorterThanWork } from '../rules/visibility-timeout-shorter-than-work';
import { workersCutOffAtTheirWork } from '../rules/workers-cut-off-at-their-work';
import { workersThatDoNotFollowTheBacklog } from '../rules/workers-that-do-not-follow-the-backlog';
import { workflowEndedByOneError } from '../rules/workflow-ended-by-one-error';

/** Work that waits, or is on its way, while something is down: it must neither get lost nor hold up the rest. */
export const QUEUES: readonly Rule[] = [
  queueWithoutDeadLetterQueue,
  queueThatForgetsWithinADay,
  deadLetterQueueThatForgets,
  messageGivenUpEarly,
  visibilityTimeoutShorterThanWork,
  workersThatDoNotFollowTheBacklog,
  workersCutOffAtTheirWork,
  batchRepeatedForOneMessage,
  notificationLostOnItsWay,
  eventLostInAFunction,
  eventLostOnItsWay,
  streamStoppedByOneRecord,
  workflowEndedByOneError,
];
