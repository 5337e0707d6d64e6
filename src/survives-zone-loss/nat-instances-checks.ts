import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { checkAllocationIds } from './allocation-ids';
import { vpcCidrsOf } from './nat-agent-configuration';
import { checkNatInstanceType } from './nat-instance-type';
import { NatAddresses, NatFailback, NatInstancesOptions, TakeoverProfile } from './nat-instances-options';
import { cidrOf, NatNetwork } from './nat-network';
import { checkDeviceName } from '../launch-templates/data-volumes';
import { ConfigurationError } from '../shared/configuration-error';
import { contains, ipv4RangeOf } from '../shared/ipv4-range';
import { checkEach, checkListIsKnown } from '../shared/lists';
import { isStillToBeLookedUp } from '../shared/zones';

/** conntrackd tells one peer of what it sees. */
const ZONES_THAT_COPY = 2;

/** The sizes of the address ranges of a VPC (Amazon VPC user guide, "VPC CIDR blocks"). */
const PREFIX_LENGTHS = { from: 16, to: 28 };

/** Refuses what NAT instances cannot be made from, or could not keep their promise with. */
export function checkNatInstances(scope: IConstruct, network: NatNetwork, options: NatInstancesOptions): void {
  checkMember(scope, 'addresses', options.addresses, 'NatAddresses', NatAddresses);
  checkMember(scope, 'profile', options.profile, 'TakeoverProfile', TakeoverProfile);
  checkMember(scope, 'failback', options.failback, 'NatFailback', NatFailback);
  const follow = options.addresses === NatAddresses.FOLLOW;
  if (options.preserveConnections && !follow) {
    throw new ConfigurationError(scope, "'egress.preserveConnections' is given, but a connection ends with the public address that it came from, and without "
      + 'NatAddresses.FOLLOW a takeover changes that', "give 'egress.addresses: NatAddresses.FOLLOW' too, or leave it out");
  }
  if (options.rootDeviceName !== undefined) { checkDeviceName(scope, 'egress.rootDeviceName', options.rootDeviceName); }
  checkVpcCidrs(scope, options.vpcCidrs);
  // of a VPC that is still to be looked up neither the zones nor the ranges are those of the real one
  const isKnown = !isStillToBeLookedUp(network.vpc);
  checkAllocationIds(scope, 'egress.eipAllocationIds', options.eipAllocationIds, isKnown ? network.zones.size : undefined);
  checkNatInstanceType(scope, options, network.zones.size);
  if (isKnown && options.preserveConnections && network.zones.size !== ZONES_THAT_COPY) {
    throw new ConfigurationError(scope, `'egress.preserveConnections' has the instances of ${ZONES_THAT_COPY} zones copy their connections to each other, and there are `
      + `${network.zones.size}`, "leave it out, or give the VPC 'maxAzs: 2'");
  }
  if (isKnown) { checkRanges(scope, network, options, follow); }
}

function checkMember(scope: IConstruct, option: string, value: string | undefined, name: string, members: Record<string, string>): void {
  if (value === undefined || Object.values(members).includes(value)) { return; }
  throw new ConfigurationError(scope, `'egress.${option}' is '${value}'`, `give ${Object.keys(members).map(member => `${name}.${member}`).join(' or ')}`);
}

function checkVpcCidrs(scope: IConstruct, cidrs: readonly string[] | undefined): void {
  if (cidrs === undefined) { return; }
  checkListIsKnown(scope, 'egress.vpcCidrs', cidrs);
  checkEach(scope, 'egress.vpcCidrs', cidrs, { from: 1 });
  const { from, to } = PREFIX_LENGTHS;
  const strange = cidrs.filter(cidr => !Token.isUnresolved(cidr)).map(String).find(cidr => {
    const range = ipv4RangeOf(cidr);
    return range === undefined || range.prefixLength < from || range.prefixLength > to;
  });
  if (strange !== undefined) {
    throw new ConfigurationError(scope, `'egress.vpcCidrs' has '${strange}', which is no address range of a VPC`,
      `give its blocks as they are, such as '10.0.0.0/16', of /${from} to /${to}`);
  }
}

function checkRanges(scope: IConstruct, network: NatNetwork, options: NatInstancesOptions, follow: boolean): void {
  const ranges = vpcCidrsOf(network, options);
  if (ranges.length === 0) {
    throw new ConfigurationError(scope, 'the address range of the VPC is not known, which is all that the instances let in',
      "give 'egress.vpcCidrs', or import the VPC with its 'vpcCidrBlock'");
  }
  const privateSubnets = [...network.zones.values()].flatMap(zone => zone.privateSubnets);
  const unknown = privateSubnets.find(subnet => cidrOf(subnet) === undefined);
  if (follow && unknown) {
    throw new ConfigurationError(scope, `'privateSubnets' selects '${unknown.node.path}', which was imported without its address range, and by that the instances `
      + "tell which zone's address to use", "import the VPC with 'privateSubnetIpv4CidrBlocks', or the subnet with 'ipv4CidrBlock'");
  }
  const outside = privateSubnets.find(subnet => isOutside(cidrOf(subnet), ranges));
  if (outside) {
    throw new ConfigurationError(scope, `'privateSubnets' selects '${outside.node.path}' with ${cidrOf(outside)}, which is not in ${ranges.join(', ')}: all that the `
      + 'instances let in', "give all ranges of the VPC as 'egress.vpcCidrs'");
  }
}

/** Whether a range is known to be in none of the others. */
function isOutside(cidr: string | undefined, ranges: readonly string[]): boolean {
  if (cidr === undefined || [cidr, ...ranges].some(text => Token.isUnresolved(text))) { return false; }
  const range = ipv4RangeOf(cidr);
  return range !== undefined && !ranges.map(ipv4RangeOf).some(outer => outer && contains(outer, range));
}
