import { CfnElement, IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation } from 'aws-cdk-lib';
import { Finding, findingsIn } from './checks';
import { handedStacks } from '../fault-simulation/handed-stacks';
import { keyOfElement } from '../fault-simulation/keys';
import { zonesOfLookups } from '../fault-simulation/template/lookups';
import { World } from '../fault-simulation/template/world';

/**
 * Properties of `FaultChecksPlugin`.
 */
export interface FaultChecksPluginProps {
  /**
   * Whether findings that are warnings end the synthesis too.
   *
   * @default false
   */
  readonly failOnWarnings?: boolean;

  /**
   * Whether what a template does not decide is a warning of its own, by the id of the rule with `-unknown` after it.
   *
   * @default false
   */
  readonly reportUnknown?: boolean;

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
 * Rules against single points of failure, at each synthesis, over all stacks of the app together (docs/fault-checks.md).
 *
 * Errors end the synthesis. A finding is acknowledged, with a reason, at its construct or at anything above it, by the id of its rule.
 *
 * @example
 * declare const app: App;
 * declare const bastion: ec2.BastionHostLinux;
 *
 * Validations.of(app).addPlugins(new FaultChecksPlugin());
 * Validations.of(bastion).acknowledge({ id: 'FaultTolerance::EC2-1', reason: 'nobody needs the bastion during an outage' });
 */
export class FaultChecksPlugin implements IPolicyValidationPlugin {
  /** By which reports and acknowledgements call it. */
  public readonly name = 'FaultTolerance';

  private readonly props: FaultChecksPluginProps;

  constructor(props: FaultChecksPluginProps = {}) {
    this.props = props;
  }

  /**
   * Reads the templates that it is handed, and those nested in them; it writes nothing.
   */
  public validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const { parameters, subnetZones, failOnWarnings = false, reportUnknown = false } = this.props;
    const stacks = handedStacks(context);
    const world = new World(stacks.map(({ input }) => ({ ...input, parameters })));
    const facts = { subnetZones: { ...zonesOfLookups(context.appConstruct.node.getAllContext()), ...subnetZones } };
    const findings = findingsIn(world, facts).filter(({ compliance }) => reportUnknown || compliance === 'non-compliant');
    const elements = context.appConstruct.node.findAll().filter(CfnElement.isCfnElement);
    const paths = new Map(elements.map(element => [keyOfElement(element), element.node.path]));
    const resourceOf = ({ resource, property, what }: Finding): PolicyViolatingResource => ({
      constructPath: paths.get(resource.key),
      resourceLogicalId: resource.logicalId,
      templatePath: world.stacks.get(resource.stack)?.file ?? stacks[0].templatePath,
      locations: [`${property}: ${what}`],
    });
    const violations = [...groupedByRule(findings)].map(([ruleName, all]) => violationOf(ruleName, all, resourceOf));
    return { success: !violations.some(({ severity }) => severity === 'error' || failOnWarnings), violations };
  }
}

/** CDK puts findings of one name together, and shows what the first one says. */
function groupedByRule(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = finding.compliance === 'unknown' ? `${finding.rule.id}-unknown` : finding.rule.id;
    groups.set(name, [...groups.get(name) ?? [], finding]);
  }
  return groups;
}

function violationOf(ruleName: string, findings: readonly Finding[], resourceOf: (finding: Finding) => PolicyViolatingResource): PolicyViolation {
  const [{ rule, compliance }] = findings;
  const isUnknown = compliance === 'unknown';
  return {
    ruleName,
    description: isUnknown ? `The template does not decide whether: ${rule.title}` : `${rule.title}. ${rule.reason}`,
    fix: isUnknown ? 'Give the values of parameters, and the zones of subnets.' : rule.fix,
    severity: isUnknown ? 'warning' : rule.severity,
    ruleMetadata: { sources: rule.sources.join('; ') },
    violatingResources: findings.map(resourceOf),
  };
}
