/** By this metadata of a fleet its construct records how many members have to be in service; the fault simulation reads it. */
export const NEEDED_CAPACITY_METADATA = 'cdk-fault-tolerance:neededCapacity';
