import { Stack, Token } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** Whether a hosted zone is known to be private: made here, with a VPC. */
export function isPrivate(hostedZone: route53.IHostedZone): boolean {
  const resource = hostedZone.node.defaultChild;
  if (!(resource instanceof route53.CfnHostedZone)) { return false; }
  const vpcs: unknown = Stack.of(resource).resolve(resource.vpcs);
  return Array.isArray(vpcs) && vpcs.length > 0;
}

/** A name as DNS compares it; a token stays as it is. */
export function normalizedName(name: string): string {
  return Token.isUnresolved(name) ? name : name.replace(/\.$/, '').toLowerCase();
}

/** Refuses what is not the name of a host; a token passes. */
export function checkHostName(scope: IConstruct, prop: string, name: string): void {
  if (Token.isUnresolved(name)) { return; }
  const labels = normalizedName(name).split('.');
  if (labels.join('.').length <= 253 && labels.every(label => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label))) { return; }
  throw new ConfigurationError(scope, `'${prop}' is '${name}', which is not the name of a host`,
    "give a name in full of letters, digits, hyphens and dots, such as 'shop.example.com'");
}

/** The name of a site, in full, as DNS compares it; one that is no name or not in the zone is refused, a token passes. */
export function nameInZone(scope: IConstruct, prop: string, hostedZone: route53.IHostedZone, name?: string): string {
  if (name !== undefined) { checkHostName(scope, prop, name); }
  const zoneName = zoneNameOf(hostedZone);
  const full = name ?? zoneName;
  if (full === undefined) {
    throw new ConfigurationError(scope, `'${prop}' is not given, and 'hostedZone' was imported without its name`,
      `give '${prop}', or import the zone by HostedZone.fromHostedZoneAttributes`);
  }
  if (zoneName === undefined || isIn(normalizedName(zoneName), normalizedName(full))) { return normalizedName(full); }
  throw new ConfigurationError(scope, `'${prop}' is ${name}, which is not in the hosted zone ${normalizedName(zoneName)}`,
    `give a name in full that ends with .${normalizedName(zoneName)}`);
}

function isIn(zoneName: string, name: string): boolean {
  return Token.isUnresolved(name) || Token.isUnresolved(zoneName) || name === zoneName || name.endsWith(`.${zoneName}`);
}

function zoneNameOf(hostedZone: route53.IHostedZone): string | undefined {
  try {
    return hostedZone.zoneName;
  } catch {
    return undefined; // CDK's getter throws where the zone was imported by its id alone
  }
}
