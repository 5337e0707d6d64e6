import { execFile } from 'child_process';
import * as path from 'path';
import { promisify } from 'util';
import { Finding, isAdvice } from './finding';

const CFN_LINT = path.join(__dirname, '..', '..', '..', '.venv', 'bin', 'cfn-lint');

/** What cfn-lint holds against each template; one process for all, because its start costs as much as a template. */
export async function lint(templateFiles: readonly string[]): Promise<Finding[][]> {
  const matches = (await matchesIn(templateFiles)).filter(match => !isAdvice(match.Rule.Id));
  return templateFiles.map(file => matches.filter(match => match.Filename === file).map(match => ({
    text: `${match.Rule.Id} ${match.Message} (${match.Location.Path?.join('.') ?? 'template'})`,
    crash: match.Rule.Id === 'E0002', // a rule that raised an exception
  })));
}

interface Match {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: ReadonlyArray<string | number> | null };
}

async function matchesIn(templateFiles: readonly string[]): Promise<Match[]> {
  const args = ['--format', 'json', '--regions', 'eu-west-1', '--', ...templateFiles];
  const { stdout } = await promisify(execFile)(CFN_LINT, args, { maxBuffer: 64 * 1024 * 1024 })
    .catch((error: Error & { stdout?: string }) => {
      if (!error.stdout) throw error;
      return { stdout: error.stdout }; // a non-zero exit code only says that there are findings
    });
  return JSON.parse(stdout) as Match[];
}
