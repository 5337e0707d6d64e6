import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct, IConstruct } from 'constructs';
import { checkAllocationIds } from './allocation-ids';
import { createNatInstances } from './nat-instances';
import { checkNatInstances } from './nat-instances-checks';
import { NatInstancesOptions } from './nat-instances-options';
import { NatEquipment, NatNetwork } from './nat-network';
import { checkRegionalAddresses, RegionalNatGateway } from './regional-nat-gateway';
import { ZonalNatGateway } from './zonal-nat-gateway';
import { idOfZone, isStillToBeLookedUp } from '../shared/zones';

/**
 * How NAT gateways are made.
 */
export interface NatGatewaysOptions {
  /**
   * Elastic IPs of yours, one a zone, in the order of the zones.
   *
   * @default - new ones
   */
  readonly eipAllocationIds?: string[];
}

/**
 * How a regional NAT gateway is made.
 */
export interface RegionalNatGatewayOptions {
  /**
   * Elastic IPs of yours, one or more for each zone, by the name of the zone.
   *
   * With such a list AWS no longer expands the gateway by itself: a zone that is not in it has no way out, and one that is added to
   * the VPC has to be added here, too.
   *
   * @default - AWS takes new ones, and expands the gateway to each zone in which something runs
   */
  readonly eipAllocationIds?: { [availabilityZone: string]: string[] };
}

/**
 * What the ways out to the internet are made of.
 *
 * @example
 * new ec2.Vpc(this, 'Vpc', {
 *   maxAzs: 3,
 *   natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances() }),
 * });
 */
export abstract class NatEgress {
  /**
   * A NAT gateway in each zone.
   *
   * **Survives** the loss of a zone, for the instances of the other zones, at once. **Does not survive** the loss of a gateway alone:
   * no other zone takes over.
   */
  public static gateways(options: NatGatewaysOptions = {}): NatEgress {
    return new ZonalGatewaysEgress(options);
  }

  /**
   * One NAT gateway for all zones, which stands in no subnet and which AWS spreads over the zones.
   *
   * **Survives** the loss of a zone, for the instances of the other zones, as far as AWS keeps the gateway up in these. **Does not
   * survive** what takes down the one gateway, such as its deletion. Where AWS expands it by itself, a zone in which nothing ran
   * before is served by another zone until that is done.
   */
  public static regionalGateway(options: RegionalNatGatewayOptions = {}): NatEgress {
    return new RegionalGatewayEgress(options);
  }

  /**
   * An instance in each zone, which stands in for that of another zone when this one fails.
   *
   * Each watches the one before it. When that does not answer, or says that it lets nothing through, it leads the routes of that zone
   * to itself, and the zone gets them back when its own instance, which its Auto Scaling group replaces, has been well for a while.
   * An instance that is stopped or replaced hands over before it goes.
   *
   * **Survives** the failure of an instance, of its forwarding or of its zone: new connections go on through another zone, within
   * seconds (in the network lab, not run on AWS). **Does not survive** the loss of all instances at once. Connections that are open
   * end at a takeover, unless they are preserved (`preserveConnections`), and what a zone sends while another stands in for it is
   * charged as traffic between zones.
   *
   * Other than a NAT gateway an instance has the bandwidth of its type, is replaced every two weeks, and at a deployment when there is
   * a new image.
   */
  public static instances(options: NatInstancesOptions = {}): NatEgress {
    return new InstancesEgress(options);
  }

  /**
   * Whether there has to be a public subnet in each zone.
   *
   * @internal
   */
  public abstract readonly _isZonal: boolean;

  /** @internal */
  public abstract _check(scope: IConstruct, network: NatNetwork): void;

  /** @internal */
  public abstract _create(scope: Construct, network: NatNetwork): NatEquipment;
}

class ZonalGatewaysEgress extends NatEgress {
  public readonly _isZonal = true;

  constructor(private readonly options: NatGatewaysOptions) {
    super();
  }

  public _check(scope: IConstruct, { vpc, zones }: NatNetwork): void {
    checkAllocationIds(scope, 'egress.eipAllocationIds', this.options.eipAllocationIds, isStillToBeLookedUp(vpc) ? undefined : zones.size);
  }

  public _create(scope: Construct, { zones, alarmTopic }: NatNetwork): NatEquipment {
    const made = [...zones].map(([zone, { publicSubnet, privateSubnets }], index) => new ZonalNatGateway(scope, idOfZone(zone, index), {
      publicSubnet: publicSubnet as ec2.ISubnet,
      privateSubnets,
      eipAllocationId: this.options.eipAllocationIds?.[index],
      alarmTopic,
    }));
    return {
      ...NOTHING,
      natGateways: made.map(({ natGateway }) => natGateway),
      elasticIps: made.flatMap(({ elasticIp }) => elasticIp ?? []),
      alarms: made.flatMap(({ alarms }) => alarms),
      targets: new Map([...zones.keys()].map((zone, index) => [zone, made[index].natGateway.ref])),
    };
  }
}

class RegionalGatewayEgress extends NatEgress {
  public readonly _isZonal = false;

  constructor(private readonly options: RegionalNatGatewayOptions) {
    super();
  }

  public _check(scope: IConstruct, network: NatNetwork): void {
    if (this.options.eipAllocationIds) { checkRegionalAddresses(scope, network, this.options.eipAllocationIds); }
  }

  public _create(scope: Construct, network: NatNetwork): NatEquipment {
    const { natGateway, alarms } = new RegionalNatGateway(scope, 'Regional', network, this.options.eipAllocationIds);
    return { ...NOTHING, natGateways: [natGateway], alarms, targets: new Map([...network.zones.keys()].map(zone => [zone, natGateway.ref])) };
  }
}

class InstancesEgress extends NatEgress {
  public readonly _isZonal = true;

  constructor(private readonly options: NatInstancesOptions) {
    super();
  }

  public _check(scope: IConstruct, network: NatNetwork): void {
    checkNatInstances(scope, network, this.options);
  }

  public _create(scope: Construct, network: NatNetwork): NatEquipment {
    return createNatInstances(scope, network, this.options);
  }
}

const NOTHING: Omit<NatEquipment, 'targets'> = {
  natGateways: [], elasticIps: [], networkInterfaces: [], autoScalingGroups: [], securityGroups: [], alarms: [],
};
