import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation } from 'aws-cdk-lib';
import { Standing } from './fault-outcome';
import { HandedStack, handedStacks } from './handed-stacks';
import { Simulation, Verdict } from './simulation';
import { NamedFault } from './single-faults';
import { zonesOfLookups } from './template/lookups';
import { Resource, World } from './template/world';

/**
 * Properties of `FaultSimulationPlugin`.
 */
export interface FaultSimulationPluginProps {
  /**
   * What a service may not be under any single fault.
   *
   * @default [Standing.LOST]
   */
  readonly failOn?: Standing[];

  /**
   * Values of the templates' parameters, by name.
   *
   * @default - their defaults; what has none is unknown
   */
  readonly parameters?: Record<string, string>;

  /**
   * The availability zones of subnets that are not in the templates, by subnet id.
   *
   * @default - those that CDK has looked up
   */
  readonly subnetZones?: Record<string, string>;
}

/**
 * Simulates each single fault when the app is synthesized, and reports what users see that does not stand: each zone, a member of each
 * fleet, the host of each primary, each NAT gateway.
 *
 * A violation is about one service under one fault, and its description has the steps that lead there. It is acknowledged, with a
 * reason, by the name that the report gives it.
 *
 * @example
 * declare const app: App;
 *
 * Validations.of(app).addPlugins(new FaultSimulationPlugin());
 */
export class FaultSimulationPlugin implements IPolicyValidationPlugin {
  /** By which reports and acknowledgements call it. */
  public readonly name = 'FaultSimulation';

  private readonly props: FaultSimulationPluginProps;

  constructor(props: FaultSimulationPluginProps = {}) {
    this.props = props;
  }

  /**
   * Reads the templates that it is handed, and those nested in them; it writes nothing.
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { parameters, subnetZones } = this.props;
    const failOn = this.props.failOn ?? [Standing.LOST];
    const stacks = handedStacks(context);
    const simulation = new Simulation(new World(stacks.map(({ input }) => ({ ...input, parameters }))), {
      subnetZones: { ...zonesOfLookups(context.appConstruct.node.getAllContext()), ...subnetZones },
    });
    const violations = simulation.singleFaults.flatMap(fault => {
      const verdicts = simulation.under(fault.fault);
      return simulation.services.flatMap(service => {
        const verdict = verdicts.get(service.key);
        return verdict && failOn.includes(verdict.atOnce as Standing) ? [violationOf(service, fault, verdict, stacks)] : [];
      });
    });
    return { success: violations.length === 0, violations };
  }
}

function violationOf(service: Resource, fault: NamedFault, { atOnce, chain }: Verdict, stacks: readonly HandedStack[]): PolicyViolation {
  const remedy = chain.find(link => link.remedy !== undefined);
  return {
    ruleName: [atOnce, fault.id, service.key].join('-').replace(/[^\w]+/g, '-'),
    description: `${service.key} is ${atOnce} under ${fault.id}: ${chain.map(({ what }) => what).join('; ')}`,
    fix: remedy && `${remedy.property}: ${remedy.remedy}`,
    severity: 'error', // anything less would no longer fail once one of them is acknowledged
    violatingResources: [{
      resourceLogicalId: service.logicalId,
      templatePath: stacks.find(({ input }) => input.name === service.stack)?.templatePath ?? stacks[0].templatePath,
      locations: chain.flatMap(({ property }) => property ?? []),
    }],
  };
}
