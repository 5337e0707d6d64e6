import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DEFAULT_ROUTE, ZonalNatGateway, ZonalNatGatewayProps } from './zonal-nat-gateway';
import { IMonitored } from '../monitoring/monitored';
import { ConfigurationError } from '../shared/configuration-error';
import { checkSeveralZones, idOfZone, inWords, selectSubnets, zoneOf } from '../shared/zones';

/**
 * Options of `HaNatPerAz`, wherever its VPC comes from.
 */
export interface HaNatPerAzOptions {
  /**
   * Who is told by the alarms of the gateways, when they go off and when all is well again.
   *
   * @default - the alarms are made, and tell nobody
   */
  readonly alarmTopic?: ITopic;
}

/**
 * Properties of `HaNatPerAz`.
 */
export interface HaNatPerAzProps extends HaNatPerAzOptions {
  /**
   * The network that gets the gateways.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets that the gateways stand in: in each zone of `privateSubnets`, the first one selected here.
   *
   * @default - the public subnets
   */
  readonly publicSubnets?: ec2.SubnetSelection;

  /**
   * The subnets whose instances reach the internet through the gateway of their own zone.
   *
   * None of them may have a default route yet.
   *
   * @default - the private subnets with egress
   */
  readonly privateSubnets?: ec2.SubnetSelection;
}

type SubnetsOfZone = Pick<ZonalNatGatewayProps, 'publicSubnet' | 'privateSubnets'>;

/**
 * A way out to the internet in every zone: when a zone is lost, the instances of the other zones still reach the
 * internet, from the addresses they always had, since no zone's traffic leaves through another zone.
 *
 * Each zone gets one NAT gateway with one Elastic IP, and each private subnet a default route to the gateway of its own
 * zone. In a VPC of the same app the gateways keep the ids that CDK's own provider gives them, so an app that changes
 * over from it keeps its addresses.
 *
 * **Survives**: the loss of a zone, for the instances of the other zones, at once.
 *
 * **Does not survive**: the loss of a zone's gateway alone. NAT gateways are redundant within their zone, but if one is
 * deleted, or AWS's NAT service fails in its zone, the instances of that zone are cut off from the internet until it is
 * back: no other zone takes over.
 *
 * @example
 * new ec2.Vpc(this, 'Vpc', { maxAzs: 3, natGatewayProvider: HaNatPerAz.asNatProvider() });
 */
export class HaNatPerAz extends Construct implements IMonitored {
  /**
   * Plugs NAT per zone into a new VPC, as its `natGatewayProvider`; one provider for one VPC.
   *
   * The construct is then the child `HaNat` of the VPC.
   */
  public static asNatProvider(options: HaNatPerAzOptions = {}): ec2.NatProvider {
    // Declared in here: at the top of the file it would load most of aws-ec2 as soon as this file is loaded.
    class PerAzNatProvider extends ec2.NatProvider {
      public configuredGateways: ec2.GatewayConfig[] = [];

      public configureNat({ vpc, natSubnets, privateSubnets }: ec2.ConfigureNatOptions): void {
        const nat = new HaNatPerAz(vpc, 'HaNat', {
          vpc,
          publicSubnets: { subnets: natSubnets },
          privateSubnets: { subnets: privateSubnets },
          ...options,
        });
        this.configuredGateways = [...nat.zones].map(([az, { natGateway }]) => ({ az, gatewayId: natGateway.ref }));
      }

      public configureSubnet(): void {
        // Nothing is left to do: the VPC hands all its private subnets to configureNat.
      }
    }
    return new PerAzNatProvider();
  }

  /** The NAT gateways, one a zone. */
  public readonly natGateways: ec2.CfnNatGateway[];

  /** The addresses of `natGateways`, in the same order: what the internet sees the instances come from. */
  public readonly elasticIps: ec2.CfnEIP[];

  /** For each gateway: connections that got no port, and packets dropped. */
  public readonly alarms: Alarm[];

  private readonly zones: Map<string, ZonalNatGateway>;

  constructor(scope: Construct, id: string, props: HaNatPerAzProps) {
    super(scope, id);

    const publicSubnets = selectSubnets(this, 'publicSubnets', props.vpc,
      props.publicSubnets ?? { subnetType: ec2.SubnetType.PUBLIC });
    const privateSubnets = selectSubnets(this, 'privateSubnets', props.vpc,
      props.privateSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
    this.checkSelectsNone('publicSubnets', publicSubnets, 'private', [...props.vpc.privateSubnets, ...props.vpc.isolatedSubnets]);
    this.checkSelectsNone('privateSubnets', privateSubnets, 'public', props.vpc.publicSubnets);
    checkSeveralZones(this, 'privateSubnets', privateSubnets);
    this.checkNoDefaultRoute(privateSubnets);
    const subnetsOfZone = this.matchZones(publicSubnets, privateSubnets);
    this.checkRouteTables(privateSubnets);

    this.zones = this.createZones(subnetsOfZone, props.alarmTopic);
    const zones = [...this.zones.values()];
    this.natGateways = zones.map(zone => zone.natGateway);
    this.elasticIps = zones.map(zone => zone.elasticIp);
    this.alarms = zones.flatMap(zone => zone.alarms);
  }

  private checkSelectsNone(prop: string, selected: ec2.ISubnet[], kind: string, subnetsOfKind: ec2.ISubnet[]): void {
    const wrong = selected.find(subnet => subnetsOfKind.includes(subnet));
    if (wrong) {
      throw new ConfigurationError(this, `'${prop}' selects '${wrong.node.path}', a ${kind} subnet of the VPC`, 'leave it out of the selection');
    }
  }

  private checkRouteTables(privateSubnets: ec2.ISubnet[]): void {
    const unknown = privateSubnets.find(subnet => !hasRouteTable(subnet));
    if (unknown) {
      throw new ConfigurationError(this, `'privateSubnets' selects '${unknown.node.path}', which was imported without its route table`,
        "import the VPC with 'privateSubnetRouteTableIds', or the subnet with 'routeTableId'");
    }
  }

  private checkNoDefaultRoute(privateSubnets: ec2.ISubnet[]): void {
    const routed = privateSubnets.find(subnet => subnet.node.tryFindChild(DEFAULT_ROUTE));
    if (routed) {
      throw new ConfigurationError(this, `'privateSubnets' selects '${routed.node.path}', which has a default route already`,
        "make HaNatPerAz.asNatProvider() the 'natGatewayProvider' of the VPC, or select subnets without one");
    }
  }

  private matchZones(publicSubnets: ec2.ISubnet[], privateSubnets: ec2.ISubnet[]): Map<string, SubnetsOfZone> {
    const zones = new Set(privateSubnets.map(subnet => this.knownZoneOf(subnet)));
    const matched = new Map<string, SubnetsOfZone>();
    for (const publicSubnet of publicSubnets) {
      const zone = this.knownZoneOf(publicSubnet);
      if (zones.has(zone) && !matched.has(zone)) {
        matched.set(zone, { publicSubnet, privateSubnets: privateSubnets.filter(subnet => zoneOf(subnet) === zone) });
      }
    }
    const missing = [...zones].filter(zone => !matched.has(zone));
    if (missing.length > 0) {
      throw new ConfigurationError(this,
        `the private subnets span ${zones.size} zones, but there is no place for a NAT gateway in ${inWords(missing)}`,
        "give each zone a public subnet, and leave 'natGateways' of the VPC out");
    }
    return matched;
  }

  private knownZoneOf(subnet: ec2.ISubnet): string {
    const zone = zoneOf(subnet);
    if (zone === undefined) {
      throw new ConfigurationError(this, `the zone of the subnet '${subnet.node.path}' is not known, so no gateway can be chosen for it`,
        "import it with its 'availabilityZone', as by Subnet.fromSubnetAttributes()");
    }
    return zone;
  }

  private createZones(subnetsOfZone: Map<string, SubnetsOfZone>, alarmTopic?: ITopic): Map<string, ZonalNatGateway> {
    return new Map([...subnetsOfZone].map(([zone, subnets], index) =>
      [zone, new ZonalNatGateway(this, idOfZone(zone, index), { ...subnets, alarmTopic })]));
  }
}

function hasRouteTable(subnet: ec2.ISubnet): boolean {
  try {
    return Boolean(subnet.routeTable.routeTableId);
  } catch {
    return false; // CDK's getter throws where the import did not say
  }
}
