import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct, IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { nameInZone } from './hosted-zones';

/** What a user says of the name of an endpoint. */
export interface EndpointName {
  readonly hostedZone?: route53.IHostedZone;
  readonly domainName?: string;
}

/** Refuses a name without its zone, or one that is not in it. */
export function checkEndpointName(scope: IConstruct, prop: string, { hostedZone, domainName }: EndpointName): void {
  if (hostedZone) {
    nameInZone(scope, `${prop}.domainName`, hostedZone, domainName);
  } else if (domainName !== undefined) {
    throw new ConfigurationError(scope, `'${prop}.domainName' is given without '${prop}.hostedZone', in which its record would be`,
      'give the hosted zone too, or leave the name out and make the record where the zone is');
  }
}

/** Makes the record that leads to `target`, if there is a zone for it. */
export function createEndpointRecord(
  scope: Construct, prop: string, { hostedZone, domainName }: EndpointName, target: route53.IAliasRecordTarget,
): void {
  if (!hostedZone) { return; }
  new route53.ARecord(scope, 'Record', {
    zone: hostedZone,
    recordName: `${nameInZone(scope, `${prop}.domainName`, hostedZone, domainName)}.`,
    target: route53.RecordTarget.fromAlias(target),
  });
}
