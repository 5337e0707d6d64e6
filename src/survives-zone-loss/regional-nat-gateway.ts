import { Token } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, IConstruct } from 'constructs';
import { checkAllocationIds } from './allocation-ids';
import { createNatGatewayAlarms } from './nat-gateway-alarms';
import { createDefaultRoutes, NatNetwork } from './nat-network';
import { ConfigurationError } from '../shared/configuration-error';
import { inWords, isStillToBeLookedUp } from '../shared/zones';

/** Elastic IPs by zone. */
export type AddressesOfZones = { readonly [availabilityZone: string]: readonly string[] };

/** Refuses addresses that are no Elastic IPs or are given twice, and a zone that gets none: the gateway would not serve it. */
export function checkRegionalAddresses(scope: IConstruct, { vpc, zones }: NatNetwork, addresses: AddressesOfZones): void {
  const prop = 'egress.eipAllocationIds';
  for (const [zone, ids] of Object.entries(addresses)) { checkAllocationIds(scope, `${prop}['${zone}']`, ids); }
  checkAllocationIds(scope, prop, Object.values(addresses).flat());
  const all = [...zones.keys(), ...Object.keys(addresses)];
  if (isStillToBeLookedUp(vpc) || all.some(zone => Token.isUnresolved(zone))) { return; }
  const missing = [...zones.keys()].filter(zone => !(zone in addresses));
  if (missing.length > 0) {
    throw new ConfigurationError(scope, `'${prop}' has none for ${inWords(missing)}, and with a list the gateway serves no other zone`,
      'give each zone one or more, or leave it out');
  }
}

/** One way out for all zones, which AWS spreads over them. Part of `HaNatPerAz`, not exported. */
export class RegionalNatGateway extends Construct {
  public readonly natGateway: ec2.CfnNatGateway;
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, network: NatNetwork, addresses?: AddressesOfZones) {
    super(scope, id);

    this.natGateway = this.createNatGateway(network.vpc, addresses);
    createDefaultRoutes(this, [...network.zones.values()].flatMap(({ privateSubnets }) => privateSubnets), this.natGateway);
    this.alarms = createNatGatewayAlarms(this, this.natGateway, network.alarmTopic);
  }

  private createNatGateway(vpc: ec2.IVpc, addresses?: AddressesOfZones): ec2.CfnNatGateway {
    const gateway = new ec2.CfnNatGateway(this, 'NATGateway', {
      vpcId: vpc.vpcId,
      availabilityMode: 'regional',
      connectivityType: 'public',
      availabilityZoneAddresses: addresses && Object.entries(addresses)
        .map(([availabilityZone, allocationIds]) => ({ availabilityZone, allocationIds: [...allocationIds] })),
    });
    // the VPC's own waits for its internet gateway, not until that is attached; the public routes wait for both
    gateway.node.addDependency(vpc.internetConnectivityEstablished, ...vpc.publicSubnets.map(subnet => subnet.internetConnectivityEstablished));
    return gateway;
  }
}
