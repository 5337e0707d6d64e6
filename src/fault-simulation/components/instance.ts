import { machineOf, needsOfMachine } from './machine';
import { stateOfNeeds, wayFrom } from './reach';
import { isGone } from './spread';
import { Context } from '../model';
import { secondsOf } from '../recovery-times';
import { allOf, interrupted, lost, State, undecided, WELL, withData } from '../state';
import { at, listOf, Properties, Reference, Value } from '../template/value';
import { Resource } from '../template/world';
import { Place } from '../zones';

/** Families whose instances have a disk of their own, which is gone with the hardware. */
const INSTANCE_STORE = /^(i\d|d\d|h1|x1|z1d|is4gen|im4gn)|^[a-z]+\d+[a-z]*d[a-z]*\./;

/** A server in no group: nothing starts it anew but EC2, on other hardware of the same zone. */
export function stateOfInstance(instance: Resource, context: Context): State {
  const { topology, damage } = context;
  const machine = machineOf(instance, topology);
  const needs = needsOfMachine(instance, machine, topology);
  const own = stateOfServer(instance, machine, context);
  const attached = attachedTo(instance, machine, context).map(key => context.state(key));
  const state = allOf([own, ...attached, ...needs.attached.map(({ resource }) => context.state(resource)), stateOfNeeds(needs, instance, context),
    wayFrom(subnetOf(machine, context), needs, context)]);
  const data = attached.map(one => one.data).find(one => one !== undefined && one !== 'none');
  return damage.hits('host', instance.key) && state.later === 1 ? withData(state, 'none') : data ? withData(state, data) : state;
}

function stateOfServer(instance: Resource, machine: Properties, context: Context): State {
  const { damage } = context;
  if (damage.hits('instance', instance.key)) { return lost(`${instance.key} is in no group that would start another one`); }
  const gone = isGone(placeOfInstance(machine, context), damage);
  if (gone === undefined) { return undecided(`the template does not say in which zone ${instance.key} is`); }
  if (gone) { return lost(`${instance.key} stands in the lost zone, and in no group`); }
  if (damage.hits('host', instance.key)) {
    const type = typeof machine.InstanceType === 'string' ? machine.InstanceType : '';
    const disabled = at(machine, 'MaintenanceOptions', 'AutoRecovery') === 'disabled';
    if (disabled || INSTANCE_STORE.test(type) || type.includes('metal')) { return lost(`EC2 does not recover ${instance.key} by itself`); }
    return interrupted(secondsOf('instanceRecovery'), `EC2 recovers ${instance.key} on other hardware of its zone`);
  }
  return damage.hits('stop-start', instance.key) ? interrupted(secondsOf('stopStart'), `${instance.key} is stopped and started`) : WELL;
}

/** The place of a server: its subnet, that of its first interface, or a zone. */
export function placeOfInstance(machine: Properties, context: Context): Place {
  const subnet = subnetOf(machine, context);
  const byZone = subnet === undefined && machine.AvailabilityZone !== undefined;
  return byZone ? context.topology.place(machine.AvailabilityZone) : context.topology.zoneOfSubnet(subnet);
}

function subnetOf(machine: Properties, { topology }: Context): Value | undefined {
  const [first] = listOf(machine.NetworkInterfaces);
  return machine.SubnetId ?? at(first, 'SubnetId') ?? topology.resource(at(first, 'NetworkInterfaceId'))?.properties.SubnetId;
}

/** Volumes and interfaces without which the server is not what it is. */
function attachedTo(instance: Resource, machine: Properties, { topology }: Context): string[] {
  const volumes = topology.whoMentions(instance.key, 'AWS::EC2::VolumeAttachment')
    .flatMap(({ properties }) => properties.VolumeId instanceof Reference ? [properties.VolumeId.resource] : []);
  const mounted = listOf(machine.Volumes).flatMap(volume => volumeOf(volume));
  return [...new Set([...volumes, ...mounted])];
}

function volumeOf(volume: Value): string[] {
  const id = at(volume, 'VolumeId');
  return id instanceof Reference ? [id.resource] : [];
}
