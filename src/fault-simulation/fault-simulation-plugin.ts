import * as path from 'path';
import { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolation, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Standing } from './fault-outcome';
import { Simulation, Verdict } from './simulation';
import { NamedFault } from './single-faults';
import { zonesOfLookups } from './template/lookups';
import { readStack } from './template/read';
import { Resource, StackInput, World } from './template/world';

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
    const stacks = stacksOf(context);
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

interface Handed {
  readonly input: StackInput;
  readonly templatePath: string;
}

/** The stacks of the templates, with the names and Regions that their constructs have. */
function stacksOf({ stackTemplates, appConstruct }: IPolicyValidationContext): Handed[] {
  const stacks = appConstruct.node.findAll().filter((node: IConstruct): node is Stack => Stack.isStack(node));
  return stackTemplates.map(({ stackConstructPath, templatePath }) => {
    const stack = stacks.find(({ node }) => node.path === stackConstructPath);
    const region = stack && !Token.isUnresolved(stack.region) ? stack.region : undefined;
    return { input: readStack(templatePath, stack?.stackName ?? path.basename(templatePath), region), templatePath };
  });
}

function violationOf(service: Resource, fault: NamedFault, { atOnce, chain }: Verdict, stacks: readonly Handed[]): PolicyViolation {
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
