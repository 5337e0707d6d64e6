/**
 * By this metadata of a target group, `true`, a construct records that its health check answers for the target alone, and needs no store.
 * The fault simulation reads it.
 */
export const SHALLOW_HEALTH_CHECK_METADATA = 'cdk-fault-tolerance:shallowHealthCheck';
