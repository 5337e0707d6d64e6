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

/** The name of a site, in full and without a dot at the end; one that is not in the zone is refused, a token passes. */
export function nameInZone(scope: IConstruct, prop: string, hostedZone: route53.IHostedZone, name?: string): string {
  const zoneName = withoutDot(hostedZone.zoneName);
  if (name === undefined) { return zoneName; }
  const full = withoutDot(name);
  if (Token.isUnresolved(full) || Token.isUnresolved(zoneName) || full === zoneName || full.endsWith(`.${zoneName}`)) { return full; }
  throw new ConfigurationError(scope, `'${prop}' is ${name}, which is not in the hosted zone ${zoneName}`,
    `give a name in full that ends with .${zoneName}`);
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
