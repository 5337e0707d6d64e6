import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { findingsIn } from '../../src/fault-checks/checks';
import { stacksIn } from '../../src/fault-simulation/template/read';
import { World } from '../../src/fault-simulation/template/world';
import { zonesContext } from '../helpers/network';
import { Subject } from '../helpers/subjects/subject';

/** What a validator has against a synthesized stack. */
export interface Finding {
  readonly validator: 'aws-cdk-lib' | 'cfn-lint' | 'cdk-nag' | 'our rules';
  readonly rule: string;
  /** Path of the construct; for cfn-lint and our rules, which know templates only, the logical id. */
  readonly where: string;
  readonly what: string;
}

const CFN_LINT = path.join(__dirname, '..', '..', '.venv', 'bin', 'cfn-lint');

/** All that the validators have against the stack. */
export function findingsOn(subject: Subject): Finding[] {
  return synthesized(subject.build, { nag: true }, (assembly, stackName) => [
    ...synthFindings(assembly),
    ...cfnLintFindings(path.join(assembly, `${stackName}.template.json`)),
    ...ruleFindings(assembly),
  ]);
}

/** What aws-cdk-lib's own validation, which is the fastest, has against the stack. */
export function synthFindingsOn(build: Subject['build']): Finding[] {
  return synthesized(build, { nag: false }, synthFindings);
}

function synthesized<T>(build: Subject['build'], { nag }: { nag: boolean }, read: (assembly: string, stackName: string) => T): T {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'validation-'));
  try {
    const app = new App({ outdir, postCliContext: { ...zonesContext, '@aws-cdk/core:validateAgainstDefaultRules': true } });
    if (nag) { Validations.of(app).addPlugins(new AwsSolutionsChecks(app)); }
    const stack = build(app);
    synthInSilence(app);
    return read(outdir, stack.stackName);
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

/** Of all stacks of the assembly, as they rest on each other; what is not decided is no finding. */
function ruleFindings(assembly: string): Finding[] {
  return findingsIn(new World(stacksIn(assembly))).filter(({ compliance }) => compliance === 'non-compliant')
    .map(({ rule, resource, what }) => ({ validator: 'our rules', rule: rule.id, where: resource.logicalId, what }));
}

/** Findings make the synth fail, but only after the report is written. Whatever else fails is thrown. */
function synthInSilence(app: App): void {
  const { error } = console;
  console.error = () => {};
  try {
    app.synth();
  } catch (failure) {
    if (!String(failure).includes('validation-report.json')) { throw failure; }
  } finally {
    console.error = error;
    process.exitCode = undefined; // a failed validation sets it, for the CDK CLI
  }
}

interface ValidationReport {
  readonly pluginReports: {
    readonly pluginName: string;
    readonly violations: {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: { readonly constructPath: string }[];
    }[];
  }[];
}

function synthFindings(assembly: string): Finding[] {
  const report: ValidationReport = JSON.parse(fs.readFileSync(path.join(assembly, 'validation-report.json'), 'utf8'));
  return report.pluginReports.flatMap(({ pluginName, violations }) => violations.flatMap(violation =>
    violation.violatingConstructs.map(({ constructPath }): Finding => ({
      validator: pluginName === 'AwsSolutions' ? 'cdk-nag' : 'aws-cdk-lib',
      rule: violation.ruleName,
      where: constructPath,
      what: violation.description,
    }))));
}

function cfnLintFindings(template: string): Finding[] {
  const { stdout, stderr, status } = spawnSync(CFN_LINT, ['--format', 'json', '--', template], { encoding: 'utf8' });
  // cfn-lint's exit code is a sum of 2 (errors), 4 (warnings) and 8 (information); 1 and 32 are its own failures
  if (status === null || ![0, 2, 4, 6, 8, 10, 12, 14].includes(status)) { throw new Error(`cfn-lint failed (${status}): ${stderr}`); }
  const matches: { Rule: { Id: string }; Message: string; Location: { Path: string[] } }[] = JSON.parse(stdout || '[]');
  return matches.map(({ Rule, Message, Location }) => ({
    validator: 'cfn-lint',
    rule: Rule.Id,
    where: Location.Path[1],
    what: Message,
  }));
}
