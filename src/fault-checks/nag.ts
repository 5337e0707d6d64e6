import type { CfnResource, IPolicyValidationContext, PolicyValidationPluginReport } from 'aws-cdk-lib';
import { CfnElement, Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { Finding, findingsIn } from './checks';
import { RULES } from './pack';
import { handedStacks } from '../fault-simulation/handed-stacks';
import { keyOfElement } from '../fault-simulation/keys';
import { zonesOfLookups } from '../fault-simulation/template/lookups';
import { RawTemplate, StackInput, World } from '../fault-simulation/template/world';

const { NagMessageLevel, NagPack, NagRuleCompliance } = cdkNag();

/** cdk-nag is the user's own: the library works without it. */
function cdkNag(): typeof import('cdk-nag') {
  const wanted = 'cdk-fault-tolerance/nag takes cdk-nag 3; run: npm install cdk-nag@3';
  let found: typeof import('cdk-nag');
  try {
    found = require('cdk-nag') as typeof import('cdk-nag'); // eslint-disable-line @typescript-eslint/no-require-imports, import/no-extraneous-dependencies
  } catch (error) {
    throw new Error(`${wanted} (${(error as Error).message.split('\n')[0]})`);
  }
  // version 2 had packs that were aspects
  if (!('validateScope' in found.NagPack.prototype)) { throw new Error(`${wanted}; what is installed is older`); }
  return found;
}

/**
 * The rules against single points of failure as a pack of cdk-nag 3.
 *
 * What a template does not decide is not applicable here; the plugin of CDK's own validation can report it.
 */
export class FaultToleranceChecks extends NagPack {
  /** By which reports call it; a rule is `FaultTolerance-ASG1`. */
  public readonly name = 'FaultTolerance';

  private findings: ReadonlyMap<string, readonly Finding[]> = new Map();

  constructor(scope?: IConstruct, props?: import('cdk-nag').NagPackProps) {
    super(scope, props);
    this.packName = this.name;
  }

  /** Reads the templates that it is handed. */
  public override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    return this.validated(handedStacks(context).map(({ input }) => input), context.appConstruct);
  }

  /** Of a tree that is not synthesized, as in a test; it is judged beside all stacks of its app. */
  public override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    const stacks = scope.node.root.node.findAll().filter((node): node is Stack => Stack.isStack(node) && !node.nestedStackParent);
    return this.validated(stacks.map(stack => inputOf(stack)), scope);
  }

  private validated(stacks: readonly StackInput[], scope: IConstruct): PolicyValidationPluginReport {
    const facts = { subnetZones: zonesOfLookups(scope.node.getAllContext()) };
    const byKey = new Map<string, Finding[]>();
    for (const finding of findingsIn(new World(stacks), facts)) {
      if (finding.compliance === 'non-compliant') { byKey.set(finding.resource.key, [...byKey.get(finding.resource.key) ?? [], finding]); }
    }
    this.findings = byKey;
    const report = super.validateScope(scope);
    // cdk-nag itself fails on warnings too
    return { ...report, success: !report.violations.some(({ severity }) => severity === 'error') };
  }

  protected override checkResource(node: CfnResource): void {
    const found = this.findings.get(keyOfElement(node)) ?? [];
    for (const rule of RULES) {
      if (!rule.types.includes(node.cfnResourceType)) { continue; }
      const broken = found.some(finding => finding.rule === rule);
      this.applyRule({
        ruleSuffixOverride: rule.id,
        info: `${rule.title}.`,
        explanation: `${rule.reason} ${rule.fix}`,
        level: rule.severity === 'error' ? NagMessageLevel.ERROR : NagMessageLevel.WARN,
        node,
        rule: () => broken ? NagRuleCompliance.NON_COMPLIANT : NagRuleCompliance.COMPLIANT,
      });
    }
  }
}

/** A stack as it would be synthesized now. */
function inputOf(stack: Stack): StackInput {
  const region = Token.isUnresolved(stack.region) ? undefined : stack.region;
  return { name: stack.stackName, region, template: templateOf(stack), nested: nestedIn(stack) };
}

/** As the assertions of aws-cdk-lib get it where they do not synthesize. */
function templateOf(stack: Stack): RawTemplate {
  return stack.resolve((stack as unknown as { _toCloudFormation(): unknown })._toCloudFormation()) as RawTemplate;
}

function nestedIn(parent: Stack): StackInput['nested'] {
  const children = parent.node.findAll().filter((node): node is Stack => Stack.isStack(node) && node.nestedStackParent === parent);
  return Object.fromEntries(children.flatMap(child => {
    const resource = child.nestedStackResource as unknown as CfnElement | undefined;
    return resource ? [[parent.resolve(resource.logicalId) as string, { template: templateOf(child), nested: nestedIn(child) }]] : [];
  }));
}
