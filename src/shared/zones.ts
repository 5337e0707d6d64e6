import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** Fewer zones than this cannot survive the loss of one. */
export const FEWEST_ZONES = 2;

/** The subnets that `selection` picks, each once; zones that the VPC does not have, and a selection of nothing, are refused. */
export function selectSubnets(scope: IConstruct, prop: string, vpc: ec2.IVpc, selection: ec2.SubnetSelection): ec2.ISubnet[] {
  if (isStillToBeLookedUp(vpc)) { return standIns(vpc, selection); }
  checkZonesOfVpc(scope, prop, vpc, selection.availabilityZones ?? []);
  const subnets = subnetsOf(vpc, selection);
  if (subnets.length === 0) {
    throw new ConfigurationError(scope, `'${prop}' selects no subnet of the VPC`,
      `give the VPC such subnets, or select others by '${prop}'`);
  }
  return subnets;
}

/** Refuses subnets that are known to lie in a single zone. */
export function checkSeveralZones(scope: IConstruct, prop: string, subnets: ec2.ISubnet[]): void {
  const zones = zonesOf(subnets);
  if (zones && zones.length < FEWEST_ZONES) {
    throw new ConfigurationError(scope,
      `'${prop}' selects subnets of one availability zone only (${inWords(zones)}), so the loss of it stops everything`,
      `select subnets in at least ${FEWEST_ZONES} zones, for example of a VPC with 'maxAzs: 3'`);
  }
}

/**
 * The zones of `subnets`, each once; undefined where some zone is not known.
 *
 * In a stack without a fixed Region the zones of a VPC are tokens, but one token is one zone, so they can be counted.
 */
export function zonesOf(subnets: ec2.ISubnet[]): string[] | undefined {
  const zones = subnets.map(zoneOf);
  return zones.every(zone => zone !== undefined) ? [...new Set(zones)] : undefined;
}

/** The zone of a subnet; undefined for a subnet that was imported without one, or out of a list known at deployment only. */
export function zoneOf(subnet: ec2.ISubnet): string | undefined {
  try {
    const zone = subnet.availabilityZone;
    return Token.isUnresolved([zone]) ? undefined : zone;
  } catch {
    return undefined; // CDK's getter throws where no zone was given
  }
}

/** The id of what belongs to a zone: its name where it is known. */
export function idOfZone(zone: string, index: number): string {
  return Token.isUnresolved(zone) ? `Zone${index + 1}` : zone;
}

/** Zones for a message, as a token says nothing to a reader. */
export function inWords(zones: string[]): string {
  return zones.map(zone => Token.isUnresolved(zone) ? 'a zone known at deployment' : zone).join(', ');
}

function checkZonesOfVpc(scope: IConstruct, prop: string, vpc: ec2.IVpc, named: string[]): void {
  if ([...vpc.availabilityZones, ...named].some(zone => Token.isUnresolved(zone) || Token.isUnresolved([zone]))) { return; }
  const strange = named.filter(zone => !vpc.availabilityZones.includes(zone));
  if (strange.length > 0) {
    throw new ConfigurationError(scope, `'${prop}' names ${strange.join(', ')}, which the VPC does not have`,
      `name zones out of ${vpc.availabilityZones.join(', ')}`);
  }
}

/** Whether the CDK CLI has yet to look the VPC up: what is synthesized until then it throws away. */
export function isStillToBeLookedUp(vpc: ec2.IVpc): boolean {
  return vpc.selectSubnets({ subnets: [] }).isPendingLookup ?? false;
}

/** Subnets of a VPC that is still to be looked up, which has neither the zones nor the groups of the real one. */
function standIns(vpc: ec2.IVpc, { subnetType }: ec2.SubnetSelection): ec2.ISubnet[] {
  return subnetType === ec2.SubnetType.PUBLIC ? vpc.publicSubnets : vpc.privateSubnets;
}

function subnetsOf(vpc: ec2.IVpc, selection: ec2.SubnetSelection): ec2.ISubnet[] {
  try {
    return [...new Set(vpc.selectSubnets(selection).subnets)];
  } catch {
    return []; // CDK throws where the VPC has no subnet of that type or group
  }
}
