import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { checkNoIpv6Egress, createIpv6Egress } from './ipv6-egress';
import { NatEgress } from './nat-egress';
import { conntrackUsedPercent, healthyNatInstances, zonesTakenOver } from './nat-instance-metrics';
import { DEFAULT_ROUTE, NatNetwork, SubnetsOfZone } from './nat-network';
import { IMonitored } from '../monitoring/monitored';
import { ConfigurationError } from '../shared/configuration-error';
import { deployedPath } from '../shared/deployed-path';
import { checkSeveralZones, inWords, selectSubnets, zoneOf } from '../shared/zones';

/**
 * Options of `HaNatPerAz`, wherever its VPC comes from.
 */
export interface HaNatPerAzOptions {
  /**
   * What the ways out are made of.
   *
   * @default NatEgress.gateways()
   */
  readonly egress?: NatEgress;

  /**
   * Who is told by the alarms, when they go off and when all is well again.
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
   * The network that gets the ways out.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets that gateways or instances stand in: in each zone of `privateSubnets`, the first one selected here.
   *
   * @default - the public subnets; none for a regional gateway
   */
  readonly publicSubnets?: ec2.SubnetSelection;

  /**
   * The subnets whose instances reach the internet by the way out of their own zone.
   *
   * None of them may have a default route yet.
   *
   * @default - the private subnets with egress
   */
  readonly privateSubnets?: ec2.SubnetSelection;

  /**
   * Whether to lead the private subnets out over IPv6 as well, by an egress-only internet gateway, which is in no zone.
   *
   * For a VPC that has IPv6 and no such gateway; a dual-stack `ec2.Vpc` has one by itself.
   *
   * @default false
   */
  readonly ipv6Egress?: boolean;
}

/**
 * A way out to the internet in every zone: when a zone is lost, the instances of the other zones still reach the
 * internet, from the addresses they always had, since no zone's traffic leaves through another zone.
 *
 * Each zone gets one NAT gateway with one Elastic IP, and each private subnet a default route to the gateway of its own
 * zone. In a VPC of the same app the gateways keep the ids that CDK's own provider gives them, so an app that changes
 * over from it keeps its addresses. Other ways out are for the choice of `egress`: one gateway that AWS spreads over the zones, or
 * instances that stand in for each other. Over IPv6 there is no NAT: the egress-only internet gateway of the VPC is in no zone.
 *
 * **Survives**: the loss of a zone, for the instances of the other zones, at once.
 *
 * **Does not survive**: the loss of a zone's gateway alone. NAT gateways are redundant within their zone, but if one is
 * deleted, or AWS's NAT service fails in its zone, the instances of that zone are cut off from the internet until it is
 * back: no other zone takes over. With `NatEgress.instances()` another zone does.
 *
 * @example
 * new ec2.Vpc(this, 'Vpc', { maxAzs: 3, natGatewayProvider: HaNatPerAz.asNatProvider() });
 */
export class HaNatPerAz extends Construct implements IMonitored, ec2.IConnectable {
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
        this.configuredGateways = [...nat.targets].map(([az, gatewayId]) => ({ az, gatewayId }));
      }

      public configureSubnet(): void {
        // Nothing is left to do: the VPC hands all its private subnets to configureNat.
      }
    }
    return new PerAzNatProvider();
  }

  /** The NAT gateways: one a zone, or the regional one; none where the ways out are instances. */
  public readonly natGateways: ec2.CfnNatGateway[];

  /** The addresses that were made here, one a zone in the order of the zones: what the internet sees the instances come from. */
  public readonly elasticIps: ec2.CfnEIP[];

  /** What the routes lead to where the ways out are instances, one a zone: it stays while the instances come and go. */
  public readonly networkInterfaces: ec2.CfnNetworkInterface[];

  /** The groups, each of one instance, one a zone; none where the ways out are gateways. */
  public readonly autoScalingGroups: autoscaling.AutoScalingGroup[];

  /** The security group of the instances; gateways have none, so that what is allowed here changes nothing for them. */
  public readonly connections: ec2.Connections;

  /** For each gateway: connections that got no port, and packets dropped. For instances: takeovers, health, and limits that are near. */
  public readonly alarms: cloudwatch.Alarm[];

  /** For instances: how many of them let traffic through, and for how many zones another one stands in. */
  public readonly keyMetrics?: cloudwatch.IMetric[];

  private readonly targets: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: HaNatPerAzProps) {
    super(scope, id);

    const egress = props.egress ?? NatEgress.gateways();
    const privateSubnets = this.selectPrivateSubnets(props);
    const network = { vpc: props.vpc, zones: this.zonesOf(props, privateSubnets, egress), alarmTopic: props.alarmTopic };
    this.checkRouteTables(network, egress);
    if (props.ipv6Egress) { checkNoIpv6Egress(this, privateSubnets); }
    egress._check(this, network);

    const made = egress._create(this, network);
    this.natGateways = made.natGateways;
    this.elasticIps = made.elasticIps;
    this.networkInterfaces = made.networkInterfaces;
    this.autoScalingGroups = made.autoScalingGroups;
    this.connections = new ec2.Connections({ securityGroups: made.securityGroups });
    this.alarms = made.alarms;
    this.targets = made.targets;
    this.keyMetrics = made.autoScalingGroups.length === 0 ? [] : [this.metricHealthyInstances(), this.metricZonesTakenOver()];
    if (props.ipv6Egress) { createIpv6Egress(this, props.vpc, privateSubnets); }
  }

  /**
   * NAT instances that let traffic through, over all zones; by default the least within each minute. Of `NatEgress.instances()` only.
   */
  public metricHealthyInstances(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return healthyNatInstances(deployedPath(this), this.zonesOfInstances('metricHealthyInstances'), options);
  }

  /**
   * Zones whose traffic goes out through another zone; by default the most within each minute. Of `NatEgress.instances()` only.
   */
  public metricZonesTakenOver(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return zonesTakenOver(deployedPath(this), this.zonesOfInstances('metricZonesTakenOver'), options);
  }

  /**
   * How full the table of connections is, in percent, of the NAT instance that has the most; by default the most within each minute.
   * Of `NatEgress.instances()` only.
   */
  public metricConntrackUsedPercent(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return conntrackUsedPercent(deployedPath(this), this.zonesOfInstances('metricConntrackUsedPercent'), options);
  }

  private zonesOfInstances(method: string): string[] {
    if (this.autoScalingGroups.length === 0) {
      throw new ConfigurationError(this, `'${method}' is of instances, and the ways out are NAT gateways`, 'look at their metrics in AWS/NATGateway');
    }
    return [...this.targets.keys()];
  }

  private selectPrivateSubnets(props: HaNatPerAzProps): ec2.ISubnet[] {
    const subnets = selectSubnets(this, 'privateSubnets', props.vpc, props.privateSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
    this.checkSelectsNone('privateSubnets', subnets, 'public', props.vpc.publicSubnets);
    checkSeveralZones(this, 'privateSubnets', subnets);
    this.checkNoDefaultRoute(subnets);
    return subnets;
  }

  private zonesOf(props: HaNatPerAzProps, privateSubnets: ec2.ISubnet[], { _isZonal }: NatEgress): Map<string, SubnetsOfZone> {
    if (!_isZonal) {
      const zones = new Set(privateSubnets.map(subnet => this.knownZoneOf(subnet)));
      return new Map([...zones].map(zone => [zone, { privateSubnets: privateSubnets.filter(subnet => zoneOf(subnet) === zone) }]));
    }
    const publicSubnets = selectSubnets(this, 'publicSubnets', props.vpc, props.publicSubnets ?? { subnetType: ec2.SubnetType.PUBLIC });
    this.checkSelectsNone('publicSubnets', publicSubnets, 'private', [...props.vpc.privateSubnets, ...props.vpc.isolatedSubnets]);
    return this.matchZones(publicSubnets, privateSubnets);
  }

  private checkSelectsNone(prop: string, selected: ec2.ISubnet[], kind: string, subnetsOfKind: ec2.ISubnet[]): void {
    const wrong = selected.find(subnet => subnetsOfKind.includes(subnet));
    if (wrong) {
      throw new ConfigurationError(this, `'${prop}' selects '${wrong.node.path}', a ${kind} subnet of the VPC`, 'leave it out of the selection');
    }
  }

  private checkRouteTables({ zones }: NatNetwork, { _isZonal }: NatEgress): void {
    const zoneOfTable = new Map<string, string>();
    for (const [zone, { privateSubnets }] of zones) {
      for (const subnet of privateSubnets) {
        const table = routeTableOf(subnet);
        if (!table) {
          throw new ConfigurationError(this, `'privateSubnets' selects '${subnet.node.path}', which was imported without its route table`,
            "import the VPC with 'privateSubnetRouteTableIds', or the subnet with 'routeTableId'");
        }
        const other = zoneOfTable.get(table) ?? zone;
        if (_isZonal && other !== zone) {
          throw new ConfigurationError(this, `'privateSubnets' selects subnets of ${inWords([other, zone])} that share the route table ${table}, `
            + 'which leads to one way out only', 'give each zone a route table of its own');
        }
        zoneOfTable.set(table, zone);
      }
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
        `the private subnets span ${zones.size} zones, but no public subnet is selected in ${inWords(missing)}`,
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
}

function routeTableOf(subnet: ec2.ISubnet): string | undefined {
  try {
    return subnet.routeTable.routeTableId || undefined;
  } catch {
    return undefined; // CDK's getter throws where the import did not say
  }
}
