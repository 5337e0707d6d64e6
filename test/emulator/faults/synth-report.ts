import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import * as cxapi from 'aws-cdk-lib/cx-api';
import { Finding, isAdvice } from './finding';

/** An app that validates its templates as strictly as aws-cdk-lib can, and leaves the report instead of throwing it. */
export function validatingApp(outdir: string): App {
  process.env.CDK_VALIDATION = 'true'; // off by default in our tests, because it costs 1.5 s a file
  return new App({
    outdir,
    context: {
      [cxapi.VALIDATE_AGAINST_DEFAULT_RULES]: true,
      [cxapi.FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT]: false, // thrown, it would keep the stack from the other nets
    },
  });
}

/**
 * Synthesizes the app of a stack, and says what aws-cdk-lib's own validation holds against it.
 *
 * That includes warnings, as none is let pass in our own templates either: a value outside an enumeration is no more than that.
 */
export function synthReport(stack: Stack): Finding[] {
  const { directory } = (stack.node.root as App).synth();
  const report = JSON.parse(fs.readFileSync(path.join(directory, cxapi.VALIDATION_REPORT_FILE), 'utf8')) as Report;
  return report.pluginReports
    .flatMap(plugin => plugin.violations)
    .filter(violation => !isAdvice(violation.ruleName))
    .map(({ ruleName, description, violatingConstructs }) => ({
      text: `${ruleName} ${description} (${violatingConstructs.map(where).join('; ')})`,
    }));
}

interface Report {
  readonly pluginReports: ReadonlyArray<{
    readonly violations: ReadonlyArray<{
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly ViolatingConstruct[];
    }>;
  }>;
}

interface ViolatingConstruct {
  readonly cloudFormationResource?: { readonly logicalId: string; readonly propertyPaths: readonly string[] };
}

function where({ cloudFormationResource: resource }: ViolatingConstruct): string {
  return resource ? `${resource.logicalId} ${resource.propertyPaths.join(', ')}` : 'template';
}
