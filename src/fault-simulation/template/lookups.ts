import { isObject, Value } from './value';

/** The zones of the subnets that CDK looked up, out of its context, by subnet id. */
export function zonesOfLookups(context: unknown): Readonly<Record<string, string>> {
  const lookups = Object.entries(isObject(context as Value) ? context as Record<string, Value> : {}).filter(([key]) => key.startsWith('vpc-provider:'));
  return Object.fromEntries(lookups.flatMap(([, vpc]) => subnetsOf(vpc)));
}

function subnetsOf(vpc: Value): [string, string][] {
  const groups = isObject(vpc) && Array.isArray(vpc.subnetGroups) ? vpc.subnetGroups : [];
  const subnets = groups.flatMap(group => isObject(group) && Array.isArray(group.subnets) ? group.subnets : []);
  return subnets.flatMap((subnet): [string, string][] => isObject(subnet) && typeof subnet.subnetId === 'string' && typeof subnet.availabilityZone === 'string'
    ? [[subnet.subnetId, subnet.availabilityZone]] : []);
}
