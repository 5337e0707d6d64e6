import { Duration } from 'aws-cdk-lib';

/** Each health checker of Route 53 asks so often: the faster of the two that there are. */
export const HEALTH_CHECK_INTERVAL = Duration.seconds(10);

/** So many answers in a row have to fail: one or two get lost without an outage. */
export const FAILOVER_THRESHOLD = 3;

/** For so long clients keep the address of a load balancer: the TTL of its name, which an alias record takes over. */
export const LOAD_BALANCER_TTL = Duration.seconds(60);
