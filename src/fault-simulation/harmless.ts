import { consumersOf } from './components/consumers';
import { keepsData } from './components/deletion';
import { TEMPLATES } from './components/machine';
import { ComponentFault, Fault, HAPPENS_TO, singleFaults } from './faults';
import { modelOf, STEERS } from './models';
import { isObject, Reference, referencesIn, Text, Unknown, Value } from './template/value';
import { Resource, UNNAMED_REGION } from './template/world';
import { Topology } from './topology';
import { nameOfZone } from './zones';

/** What has to be known of the stacks in order to tell whether a fault can hit anything. */
export interface Simulated {
  readonly topology: Topology;
  /** The keys of what is not unaffected. */
  affectedBy(fault: Fault): readonly string[];
}

type FaultOfOne = Extract<Fault, { readonly of: string }>;

/** What happens to anything, so that it has to be known who needs that. */
const BY_HAND: readonly ComponentFault[] = ['gone', 'operator-deletes', 'bad-data'];

/** Properties that say where something stands. */
const SAYS_WHERE = /subnet|availabilityzone|vpczone/i;

/** Why a fault would hit nothing that is there, so that all would seem to stand; undefined if it can. */
export function whyHarmless(fault: Fault, simulated: Simulated): string | undefined {
  return singleFaults(fault).map(one => {
    if (one.kind === 'zone') { return whyNothingStandsIn(one.zone, simulated); }
    return 'of' in one ? whyHarmlessTo(one, simulated) : undefined;
  }).find(why => why !== undefined);
}

/** Only where it is known of all in the Region where it stands, and of some that it is in a zone. */
function whyNothingStandsIn(zone: string, { topology, affectedBy }: Simulated): string | undefined {
  const region = regionOf(zone);
  const used = topology.zonesInUse().filter(one => regionOf(one) === region);
  if (used.length === 0 || used.includes(zone)) { return undefined; }
  const resources = [...topology.world.resources.values()]
    .filter(({ presence, region: own }) => presence !== 'absent' && [region, UNNAMED_REGION].includes(own));
  if (resources.some(resource => mayStandElsewhere(resource, topology)) || affectedBy({ kind: 'zone', zone }).length > 0) { return undefined; }
  return `nothing stands in zone ${nameOfZone(zone)}, so that all would seem to stand; give ${used.map(nameOfZone).join(' or ')}`;
}

function regionOf(zone: string): string {
  return zone.split('#')[0];
}

/** Whether something may stand in a zone that is not known. */
function mayStandElsewhere(resource: Resource, topology: Topology): boolean {
  const own = resource.type === 'AWS::EC2::Subnet' ? [topology.zoneOfSubnet(new Reference(resource.key, 'Ref'))] : [];
  return [...own, ...topology.placesOf(resource)].some(place => typeof place !== 'string') || isOpen(resource.properties, topology);
}

function isOpen(value: Value | undefined, topology: Topology): boolean {
  if (Array.isArray(value)) { return value.some(one => isOpen(one, topology)); }
  return isObject(value) && Object.entries(value).some(([name, inner]) => isOpen(inner, topology) || (SAYS_WHERE.test(name)
    && (holdsUnknown(inner) || referencesIn(inner).some(one => !isPlace(one, topology)))));
}

function holdsUnknown(value: Value | undefined): boolean {
  if (value instanceof Text) { return value.parts.some(part => part instanceof Unknown); }
  return value instanceof Unknown || (Array.isArray(value) && value.some(holdsUnknown));
}

function isPlace(reference: Reference, topology: Topology): boolean {
  return reference.attribute === 'AvailabilityZone' || /Subnet(Group)?$/.test(topology.resource(reference)?.type ?? '');
}

function whyHarmlessTo(fault: FaultOfOne, simulated: Simulated): string | undefined {
  const { kind, of } = fault;
  const { topology, affectedBy } = simulated;
  const resource = topology.world.resource(of);
  if (!resource) { return `${of} is not among the simulated resources`; }
  const model = modelOf(resource.type);
  const types = HAPPENS_TO[kind];
  if (types && !canHappenTo(resource, kind)) {
    return `${of} is ${resource.type}, to which it cannot happen; give ${partsOf(fault, topology) ?? types.join(' or ')}`;
  }
  if (model && !canHappenTo(resource, kind)) {
    return `${of} is ${resource.type}, which keeps no data; give ${partsOf(fault, topology) ?? 'what keeps some'}`;
  }
  if (kind === 'poison-message' && consumersOf(resource, topology).length === 0) { return `nobody is known who works on ${of}, so that nobody would fail`; }
  const isFollowed = (model && model !== STEERS) || isLaunchedFrom(resource, topology);
  if (!BY_HAND.includes(kind) || isFollowed || affectedBy(fault).some(key => key !== of)) { return undefined; }
  return `the simulation does not follow what needs ${of}, ${resource.type}, so that all would seem to stand`;
}

function canHappenTo(resource: Resource, kind: ComponentFault): boolean {
  return HAPPENS_TO[kind]?.includes(resource.type) ?? (kind !== 'bad-data' || keepsData(resource));
}

/** What the construct holds to which the fault can happen, by their paths; undefined if nothing is. */
function partsOf({ kind, below = [] }: FaultOfOne, { world }: Topology): string | undefined {
  const parts = below.filter(({ key }) => {
    const resource = world.resource(key);
    return resource !== undefined && canHappenTo(resource, kind);
  });
  return parts.slice(0, 3).map(({ path }) => `'${path}'`).join(' or ') || undefined;
}

/** Whether all that is launched from it is followed: what runs goes on without it. */
function isLaunchedFrom({ key, type }: Resource, topology: Topology): boolean {
  return TEMPLATES.includes(type) && topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance').length > 0;
}
