import { Machine, machineOf, needsOfMachine } from './machine';
import { withoutProgram } from './programs';
import { stateOfNeed, stateOfNeeds, wayFrom } from './reach';
import { isGone } from './spread';
import { Context } from '../model';
import { Need } from '../needs';
import { secondsOf } from '../recovery-times';
import { allOf, decidedBy, Decision, interrupted, lost, State, undecided, WELL, withData } from '../state';
import { at, listOf, Properties, Reference, Value } from '../template/value';
import { Resource } from '../template/world';
import { chosenByAws, Place } from '../zones';

/** Families whose instances have a disk of their own, which is gone with the hardware. */
const INSTANCE_STORE = /^(i\d|d\d|h1|x1|z1d|is4gen|im4gn)|^[a-z]+\d+[a-z]*d[a-z]*\./;

/** A server in no group: nothing starts it anew but EC2, on other hardware of the same zone. */
export function stateOfInstance(instance: Resource, context: Context): State {
  const { topology, damage } = context;
  const machine = machineOf(instance, topology);
  const needs = needsOfMachine(instance, machine, topology);
  const attached = attachedTo(instance, machine, context);
  const own = stateOfServer(instance, machine, context);
  const state = allOf([
    own,
    ...damage.hits('program', instance.key) ? [withoutProgram(instance, 1, context)] : [],
    ...[...attached, ...needs.attached].map(need => stateOfNeed(need, instance, context)),
    stateOfNeeds(needs, instance, context),
    wayFrom(instance.key, subnetOf(machine, context), needs, context),
  ]);
  const data = attached.map(({ reference }) => context.state(reference.resource).data).find(one => one !== undefined && one !== 'none');
  return damage.hits('host', instance.key) && state.later === 1 ? withData(state, 'none') : data ? withData(state, data) : state;
}

function stateOfServer(instance: Resource, machine: Machine, context: Context): State {
  const { damage } = context;
  const { properties } = machine;
  const alone = decidedBy(instance, 'Type', 'an Auto Scaling group over two zones');
  if (damage.hits('instance', instance.key)) { return lost(`${instance.key} is in no group that would start another one`, alone); }
  const gone = isGone(placeOfInstance(instance, machine, context), damage);
  const place = decidedBy(instance, properties.SubnetId === undefined ? 'AvailabilityZone' : 'SubnetId', 'an Auto Scaling group over two zones');
  if (gone === undefined) { return undecided(`the template does not say in which zone ${instance.key} is`, place); }
  if (gone) { return lost(`${instance.key} stands in the lost zone, and in no group`, place); }
  if (damage.hits('host', instance.key)) {
    const obstacle = recoveryObstacle(properties);
    if (obstacle) { return lost(`EC2 does not recover ${instance.key} by itself`, decidedBy(instance, obstacle.property, obstacle.remedy)); }
    return interrupted(secondsOf('instanceRecovery'), `EC2 recovers ${instance.key} on other hardware of its zone`, alone);
  }
  return damage.hits('stop-start', instance.key) ? interrupted(secondsOf('stopStart'), `${instance.key} is stopped and started`, alone) : WELL;
}

/** Why EC2 does not put a server on other hardware by itself; undefined if it does. */
export function recoveryObstacle({ InstanceType: type, MaintenanceOptions: options }: Properties): Required<Decision> | undefined {
  if (at(options, 'AutoRecovery') === 'disabled') { return { property: 'MaintenanceOptions.AutoRecovery', remedy: 'leave it out' }; }
  const bound = typeof type === 'string' && (INSTANCE_STORE.test(type) || type.includes('metal'));
  return bound ? { property: 'InstanceType', remedy: 'a type without instance store' } : undefined;
}

/** The place of a server: its subnet, that of its first interface, or a zone. */
function placeOfInstance({ region }: Resource, machine: Machine, context: Context): Place {
  const subnet = subnetOf(machine, context);
  const { AvailabilityZone: zone } = machine.properties;
  if (subnet !== undefined) { return context.topology.zoneOfSubnet(subnet); }
  return zone === undefined ? chosenByAws('AWS chooses the zone of a server without a subnet', region) : context.topology.place(zone);
}

function subnetOf({ properties }: Machine, { topology }: Context): Value | undefined {
  const [first] = listOf(properties.NetworkInterfaces);
  return properties.SubnetId ?? at(first, 'SubnetId') ?? topology.resource(at(first, 'NetworkInterfaceId'))?.properties.SubnetId;
}

/** Volumes without which the server is not what it is. */
function attachedTo(instance: Resource, machine: Machine, { topology }: Context): Need[] {
  const beside = topology.whoMentions(instance.key, 'AWS::EC2::VolumeAttachment').map(({ key, properties }) => [properties.VolumeId, `${key}.VolumeId`] as const);
  const own = listOf(machine.properties.Volumes).map(volume => [at(volume, 'VolumeId'), `${instance.key}.Volumes`] as const);
  return [...beside, ...own].flatMap(([reference, property]) => reference instanceof Reference ? [{ reference, property, certain: true }] : []);
}
