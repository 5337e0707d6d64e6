import { Duration } from 'aws-cdk-lib';

/** The longest that SQS keeps a message; in a standard dead-letter queue its age counts from when it was first sent. */
export const LONGEST_RETENTION = Duration.days(14);

/** The longest that SQS hides a message from other workers. */
export const LONGEST_VISIBILITY_TIMEOUT = Duration.hours(12);
