import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { NatAddresses, NatInstancesOptions } from './nat-instances-options';
import { architectureOf } from '../launch-templates/instance-types';
import { ConfigurationError } from '../shared/configuration-error';

/** How the names of images say what they run on. */
const ARCHITECTURES: [RegExp, ec2.InstanceArchitecture][] = [
  [/arm64|aarch64/, ec2.InstanceArchitecture.ARM_64],
  [/x86_64|amd64/, ec2.InstanceArchitecture.X86_64],
];

/** The types with few IPv4 addresses for each network interface (DescribeInstanceTypes, Ipv4AddressesPerInterface). */
const ROOM: [RegExp, number][] = [
  [/\.(nano|micro)$/, 2],
  [/^d3(en)?\.xlarge$/, 3],
  [/\.small$/, 4],
  [/^([^t]\w*[4-8]\w*|a1|x2gd)\.medium$/, 4],
  [/^d3(en)?\.2xlarge$/, 5],
  [/^(t|[cm][13]).*\.medium$/, 6],
];

/** The instance type of NAT instances over so many zones. */
export function natInstanceTypeOf({ instanceType, addresses }: NatInstancesOptions, zones: number): ec2.InstanceType {
  if (instanceType) { return instanceType; }
  const sizes = [ec2.InstanceSize.MICRO, ec2.InstanceSize.SMALL, ec2.InstanceSize.MEDIUM, ec2.InstanceSize.LARGE];
  const types = sizes.map(size => ec2.InstanceType.of(ec2.InstanceClass.T4G, size));
  return types.find(type => roomOf(type) >= neededRoom(addresses, zones)) ?? types[types.length - 1];
}

/** The image of NAT instances. */
export function natImageOf({ machineImage }: NatInstancesOptions, instanceType: ec2.InstanceType): ec2.IMachineImage {
  const isArm = architectureOf(instanceType) === ec2.InstanceArchitecture.ARM_64;
  return machineImage ?? ec2.MachineImage.latestAmazonLinux2023({ cpuType: isArm ? ec2.AmazonLinuxCpuType.ARM_64 : ec2.AmazonLinuxCpuType.X86_64 });
}

/** Refuses an instance type without an image, one that cannot run the image, and one without room for the addresses. */
export function checkNatInstanceType(scope: IConstruct, options: NatInstancesOptions, zones: number): void {
  const type = natInstanceTypeOf(options, zones);
  const architecture = architectureOf(type);
  if (!options.machineImage && !architecture) {
    throw new ConfigurationError(scope, `the processor architecture of 'egress.instanceType' ${type} is not known at synth, so no image can be chosen`,
      "give 'egress.machineImage' too");
  }
  if (options.machineImage) { checkImage(scope, options.machineImage, type, architecture); }
  const needed = neededRoom(options.addresses, zones);
  if (!Token.isUnresolved(type.toString()) && roomOf(type) < needed) {
    throw new ConfigurationError(scope,
      `'egress.instanceType' ${type} has room for ${roomOf(type)} addresses on a network interface, of which NatAddresses.FOLLOW takes ${needed} over ${zones} zones`,
      `give ${natInstanceTypeOf({ ...options, instanceType: undefined }, zones)}, a larger one, or leave it out`);
  }
}

function checkImage(scope: IConstruct, image: ec2.IMachineImage, type: ec2.InstanceType, architecture?: ec2.InstanceArchitecture): void {
  const found = trialOf(scope, image);
  if (found?.osType === ec2.OperatingSystemType.WINDOWS) {
    throw new ConfigurationError(scope, "'egress.machineImage' is an image of Windows", 'give one of the family of Amazon Linux, or leave it out');
  }
  const [, built] = ARCHITECTURES.find(([name]) => name.test(found?.names ?? '')) ?? [];
  if (architecture && built && built !== architecture) {
    throw new ConfigurationError(scope, `'egress.machineImage' is for ${built}, but 'egress.instanceType' ${type} is of ${architecture}`,
      'give an image and a type of one processor architecture');
  }
}

/** What an image turns out to be, tried out beside the app, in which it would leave a parameter; undefined where that takes the app. */
function trialOf(scope: IConstruct, image: ec2.IMachineImage): { osType: ec2.OperatingSystemType; names: string } | undefined {
  const { account, region } = Stack.of(scope);
  const trial = new Stack(new App({ autoSynth: false }), 'Trial', { env: { account, region } });
  try {
    const { osType, imageId } = image.getImage(trial);
    const parameters = trial.node.findAll().filter(CfnParameter.isCfnElement).map(parameter => String((parameter as CfnParameter).default));
    return { osType, names: [imageId, ...parameters].join(' ') };
  } catch {
    return undefined;
  }
}

/** On the interface of a zone: one address of its own, and where addresses follow, one for each zone. */
function neededRoom(addresses: NatAddresses | undefined, zones: number): number {
  return addresses === NatAddresses.FOLLOW ? 1 + zones : 1;
}

/** So many IPv4 addresses an interface may have; infinite for a type that has room for more zones than there are. */
export function roomOf(type: ec2.InstanceType): number {
  return ROOM.find(([name]) => name.test(type.toString()))?.[1] ?? Infinity;
}
