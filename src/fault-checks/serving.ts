import { anyNumber, exactly, judgeLeast, ONE, Range, sumOf } from './range';
import { COMPLIANT, Judgement, NOT_APPLICABLE, undecided } from './rule';
import { guaranteedSizeOf, tasksOf } from './sizes';
import { worstOf } from './worst';
import { consumersOf } from '../fault-simulation/components/consumers';
import { machineOf } from '../fault-simulation/components/machine';
import { isRouter } from '../fault-simulation/components/routers';
import { at, firstUnknown, listOf, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** What a fleet is there for. */
export interface Duty {
  readonly kind: 'balancer' | 'name' | 'queue' | 'way-out';
  /** In words: `behind Stack/Targets`. */
  readonly what: string;
  /** How many members all fleets with this duty have together. */
  readonly together: Range;
}

/** What a fleet is there for, as far as the templates show it. */
export interface Duties {
  readonly known: readonly Duty[];
  /** Why it is not known whether there are more. */
  readonly open?: string;
}

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const SERVICE = 'AWS::ECS::Service';

/** What an Auto Scaling group or an ECS service is there for; nothing if it serves nobody that is shown, as a bastion does. */
export function dutiesOf(fleet: Resource, topology: Topology): Duties {
  return topology.once(`duties of ${fleet.key}`, () => {
    const { targets, open } = balancersOf(fleet);
    const known = [
      ...targets.map((target): Duty => behind(target, fleet, topology)),
      ...namesOf(fleet).map((what): Duty => ({ kind: 'name', what, together: membersOf(fleet, topology) })),
      ...queuesOf(fleet, topology),
      ...isWayOut(fleet, topology) ? [wayOut(topology)] : [],
    ];
    return { known, open: open?.reason };
  });
}

/** A judgement that is about fleets that serve, not about bastions, development boxes or batch jobs. */
export function ifServing({ known, open }: Duties, judge: () => Judgement): Judgement {
  if (known.length === 0 && open === undefined) { return NOT_APPLICABLE; }
  const judged = judge();
  return known.length === 0 && open !== undefined && judged.compliance === 'non-compliant' ? undecided(open) : judged;
}

/** What is against fleets that have fewer than two members together for what they serve. */
export function judgeTwo({ known, open }: Duties, own: Range, brokenBy: (most: number, what: string) => Judgement, property: string): Judgement {
  // what is in a queue waits for workers that are started when there is some
  const counted = known.filter(({ kind }) => kind !== 'queue' || own.most > 0);
  const possible = known.length > 0 ? counted : [{ what: 'for what it may serve', together: own }];
  const judge = ({ what, together }: Pick<Duty, 'what' | 'together'>) => judgeLeast(together, 2, most => brokenBy(most, what), property);
  return ifServing({ known, open }, () => possible.length === 0 ? COMPLIANT : worstOf(possible.map(judge)));
}

/** What a fleet is a target of: target groups, Classic Load Balancers, services of VPC Lattice. */
export function balancersOf({ properties }: Resource): { readonly targets: readonly Value[]; readonly open?: Unknown } {
  const { TargetGroupARNs, LoadBalancerNames, TrafficSources, LoadBalancers, VpcLatticeConfigurations } = properties;
  const all = [TargetGroupARNs, LoadBalancerNames, TrafficSources, LoadBalancers, VpcLatticeConfigurations];
  const open = firstUnknown(all);
  const named = (one: Value) => at(one, 'TargetGroupArn') ?? at(one, 'LoadBalancerName') ?? at(one, 'Identifier') ?? one;
  return { targets: all.filter(one => !(one instanceof Unknown)).flatMap(one => listOf(one)).map(named), open };
}

function behind(target: Value, fleet: Resource, topology: Topology): Duty {
  const balancer = topology.resource(target);
  if (!balancer) { return { kind: 'balancer', what: 'behind a balancer', together: membersOf(fleet, topology) }; }
  const fixed = balancer.properties.Targets ?? balancer.properties.Instances;
  const together = sumOf([
    ...topology.whoMentions(balancer.key, GROUP, SERVICE).map(one => one.key === fleet.key ? membersOf(one, topology) : maybe(one, topology)),
    fixed instanceof Unknown ? anyNumber(fixed.reason) : exactly(listOf(fixed).length),
  ]);
  return { kind: 'balancer', what: `behind ${balancer.key}`, together };
}

/** Names in the network by which others find a service. */
function namesOf({ properties: { ServiceRegistries, ServiceConnectConfiguration } }: Resource): string[] {
  return [
    ...listOf(ServiceRegistries).length > 0 ? ['under a name in the network'] : [],
    ...listOf(at(ServiceConnectConfiguration, 'Services')).length > 0 ? ['for those who are connected to it'] : [],
  ];
}

function queuesOf(fleet: Resource, topology: Topology): Duty[] {
  return topology.ofType('AWS::SQS::Queue').flatMap((queue): Duty[] => {
    const workers = consumersOf(queue, topology).flatMap(({ key }) => topology.world.resource(key) ?? []);
    const together = sumOf(workers.map(one => one.key === fleet.key ? membersOf(one, topology) : maybe(one, topology)));
    return workers.some(({ key }) => key === fleet.key) ? [{ kind: 'queue', what: `for the work in ${queue.key}`, together }] : [];
  });
}

/** Whether the machines of a group make themselves the way out of subnets. */
function isWayOut(fleet: Resource, topology: Topology): boolean {
  if (fleet.type !== GROUP) { return false; }
  const { properties, init } = machineOf(fleet, topology);
  return /(replace|create)-route\b/.test(JSON.stringify([properties.UserData ?? null, init ?? null])) || isRouter(fleet, topology);
}

/** A group in each zone, each with the way out of its own, is what AWS recommends. */
function wayOut(topology: Topology): Duty {
  const groups = topology.once('ways out', () => topology.ofType(GROUP).filter(group => isWayOut(group, topology)));
  return { kind: 'way-out', what: 'as the way out of a network', together: sumOf(groups.map(group => membersOf(group, topology))) };
}

/** How many members a fleet keeps; a function is never one alone. */
function membersOf(fleet: Resource, topology: Topology): Range {
  switch (fleet.type) {
    case GROUP: return guaranteedSizeOf(fleet, topology);
    case SERVICE: return tasksOf(fleet, topology);
    case 'AWS::EC2::Instance': return ONE;
    default: return { least: 2, most: Infinity };
  }
}

/** The same of another fleet, which may not be there. */
function maybe(fleet: Resource, topology: Topology): Range {
  const members = membersOf(fleet, topology);
  return fleet.presence === 'present' ? members : { ...members, least: 0, why: `a condition decides whether there is ${fleet.key}` };
}
