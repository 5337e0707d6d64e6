/**
 * By this metadata a construct records how many have to be in service: of a fleet, or of all that serve a target group or a queue. The
 * fault simulation reads it.
 */
export const NEEDED_CAPACITY_METADATA = 'cdk-fault-tolerance:neededCapacity';
