import { Places } from './cover';
import { placesOfGroup } from './spread';
import { machineOf, needsOfMachine } from '../fault-simulation/components/machine';
import { at, listOf, referencesIn, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** What calls others, and by which of its properties it is in subnets. */
const SUBNETS: Readonly<Record<string, readonly string[]>> = {
  'AWS::AutoScaling::AutoScalingGroup': ['VPCZoneIdentifier'],
  'AWS::EC2::Instance': ['SubnetId'],
  'AWS::ECS::Service': ['NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets'],
  'AWS::EKS::FargateProfile': ['Subnets'],
  'AWS::EKS::Nodegroup': ['Subnets'],
  'AWS::Lambda::Function': ['VpcConfig', 'SubnetIds'],
};

/** Groups, instances, services and functions. */
export function clientsIn(topology: Topology): readonly Resource[] {
  return topology.ofType(...Object.keys(SUBNETS));
}

export function subnetsOf({ type, properties }: Resource): Value | undefined {
  return at(properties, ...SUBNETS[type] ?? []) ?? at(listOf(properties.NetworkInterfaces)[0], 'SubnetId');
}

/** Where a client may be; nowhere in particular if its properties do not say. */
export function placesOfClient(client: Resource, topology: Topology): Places {
  return client.type === 'AWS::AutoScaling::AutoScalingGroup' ? placesOfGroup(client, topology) : topology.zonesOfSubnets(subnetsOf(client));
}

/** Who uses a file system: by a mount in a script, the volume of a task, or an access point of a function. */
export function clientsOf(fileSystem: Resource, topology: Topology): readonly Resource[] {
  const points = topology.whoMentions(fileSystem.key, 'AWS::EFS::AccessPoint').map(({ key }) => key);
  const ways = new Set([fileSystem.key, ...points]);
  return clientsIn(topology).filter(client => {
    const { TaskDefinition: task, FileSystemConfigs: ofFunction } = client.properties;
    const mounted = referencesIn([topology.resource(task)?.properties.Volumes ?? null, ofFunction ?? null]).map(({ resource }) => resource);
    return [...mounted, ...mountedBy(client, topology)].some(key => ways.has(key));
  });
}

function mountedBy(client: Resource, topology: Topology): readonly string[] {
  const { attached, booting, running } = needsOfMachine(client, machineOf(client, topology), topology);
  return [...attached, ...booting, ...running].map(({ reference }) => reference.resource);
}
