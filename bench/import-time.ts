import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';
import { against } from './goal';
import { interleaved, timed } from './statistics';

const ROUNDS = 25;

/** In a package.json of their own, so that nobody has to install them for the tests. */
const peers = path.join(__dirname, 'peers');

const imports = {
  'empty': '',
  'cdk-fault-tolerance': "require('../../lib')",
  'constructs': "require('constructs')",
  'aws-cdk-lib': "require('aws-cdk-lib')",
  'cdk-fck-nat': "require('cdk-fck-nat')",
  'cdk-monitoring-constructs': "require('cdk-monitoring-constructs')",
};

const first = (kind: string) => `const { App } = require('aws-cdk-lib'); require('../stacks').stackWith.${kind}(new App(), 'Shop')`;

/** Milliseconds of a fresh node process that runs `code` in the folder of the peers. */
function freshProcess(code: string): number {
  return timed(() => {
    const { status } = spawnSync(process.execPath, ['-e', code], { cwd: peers, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) { throw new Error(`failed: ${code}`); }
  });
}

/** A fresh process imports the library, and makes its first tier, beside others. */
export function benchImport(): void {
  installPeers();
  const times = interleaved(Object.keys(imports) as (keyof typeof imports)[], ROUNDS, name => freshProcess(imports[name]));
  console.log(`import in a fresh process, median of ${ROUNDS}, over node's own start (${times.empty.toFixed(1)} ms)`);
  const over = (name: keyof typeof imports) => times[name] - times.empty;
  (Object.keys(imports) as (keyof typeof imports)[]).slice(1).forEach(name => console.log(`  ${name}: ${over(name).toFixed(1)} ms`));
  against(15, 'cdk-fault-tolerance', over('cdk-fault-tolerance'), ' ms');

  const firstTier = withoutTypeScript(() => interleaved(['ours', 'bare'] as const, ROUNDS, kind => freshProcess(first(kind))));
  console.log(`import and first web tier with its network, not synthesized, median of ${ROUNDS}`);
  console.log(`  ours ${firstTier.ours.toFixed(0)} ms, bare L2 ${firstTier.bare.toFixed(0)} ms, ratio ${(firstTier.ours / firstTier.bare).toFixed(2)}`);
}

function installPeers(): void {
  if (!fs.existsSync(path.join(peers, 'node_modules', 'cdk-fck-nat'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: peers, stdio: 'inherit' });
  }
}

/** Runs `work` while stacks.js stands beside stacks.ts: what compiles TypeScript must not be timed. */
function withoutTypeScript<T>(work: () => T): T {
  const source = fs.readFileSync(path.join(__dirname, 'stacks.ts'), 'utf8');
  const compiled = path.join(__dirname, 'stacks.js');
  fs.writeFileSync(compiled, ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  }).outputText);
  try {
    return work();
  } finally {
    fs.rmSync(compiled);
  }
}
