import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** What a machine of a fleet would run, as CloudFormation writes it, and what it could fetch. */
export interface Machine {
  readonly script: string;
  /** Files in S3, by their keys. */
  readonly assets: Record<string, string>;
}

/** What came of a start. */
export interface Start {
  readonly status: number | null;
  /** Each call of a command that is not really there, with its arguments. */
  readonly calls: string[];
  readonly console: string;
  /** Reads a file that the start wrote. */
  readonly read: (file: string) => string;
  readonly modeOf: (file: string) => string;
}

/** The machine of the one launch template in the stack; `values` are what is known at deployment only, by the names that are referred to. */
export function machineIn(stack: Stack, values: Record<string, string> = {}): Machine {
  const [template] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate'));
  const script = deployed(template.Properties.LaunchTemplateData.UserData['Fn::Base64'], values);
  return { script, assets: assetsOf(stack) };
}

/** Starts it: bash is real, and what would change this machine is not. `stubs` are the bodies of those that do other than to succeed. */
export function start({ script, assets }: Machine, stubs: Record<string, string> = {}): Start {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'machine-'));
  try {
    const inFolder = (...names: string[]) => path.join(folder, ...names);
    fs.mkdirSync(inFolder('bin'));
    for (const [name, body] of Object.entries({ ...STUBS, ...stubs })) {
      fs.writeFileSync(inFolder('bin', name), `#!/bin/bash\necho "${name} $*" >> "$MACHINE/calls"\n${body}\n`, { mode: 0o755 });
    }
    fs.mkdirSync(inFolder('s3'));
    Object.entries(assets).forEach(([key, content]) => fs.writeFileSync(inFolder('s3', key), content));
    fs.writeFileSync(inFolder('calls'), '');
    fs.writeFileSync(inFolder('console'), '');
    fs.writeFileSync(inFolder('part-001'), script, { mode: 0o700 });
    const { status } = spawnSync(inFolder('part-001'), {
      encoding: 'utf8',
      timeout: 30_000,
      env: { PATH: `${inFolder('bin')}:${process.env.PATH}`, MACHINE: folder, TMPDIR: folder },
    });
    const written = Object.fromEntries(filesBelow(inFolder('disk'))
      .map(file => [file.slice(inFolder('disk').length), { text: fs.readFileSync(file, 'utf8'), mode: fs.statSync(file).mode }]));
    return {
      status,
      calls: fs.readFileSync(inFolder('calls'), 'utf8').trim().split('\n').map(line => line.replaceAll(folder, '')),
      console: fs.readFileSync(inFolder('console'), 'utf8'),
      read: file => written[file].text,
      modeOf: file => written[file].mode.toString(8).slice(-3),
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const STUBS: Record<string, string> = {
  aws: 'cp "$MACHINE/s3/${3##*/}" "$4"',
  dnf: '',
  // into a folder in place of the root
  install: 'exec /usr/bin/install "${@:1:$#-1}" "$MACHINE/disk${!#}"',
  logger: '',
  poweroff: '',
  shutdown: '',
  sleep: '',
  systemctl: '',
  tee: 'exec /usr/bin/tee -a "${1/#\\/dev/$MACHINE}"',
};

interface Intrinsic {
  readonly 'Ref'?: string;
  readonly 'Fn::Base64'?: unknown;
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  readonly 'Fn::Sub'?: string;
}

interface FileAsset {
  readonly source: { readonly path: string };
  readonly destinations: Record<string, { readonly objectKey: string }>;
}

/** What CloudFormation makes of a value. */
function deployed(value: unknown, values: Record<string, string>): string {
  if (typeof value === 'string') { return value; }
  const { Ref: reference, 'Fn::Base64': encoded, 'Fn::Join': joined, 'Fn::Sub': text } = value as Intrinsic;
  if (joined) { return joined[1].map(part => deployed(part, values)).join(joined[0]); }
  if (encoded) { return Buffer.from(deployed(encoded, values)).toString('base64'); }
  if (text) { return text.replace(/\$\{([\w:]+)\}/g, (_, name: string) => valueOf(name, values)); }
  return valueOf(reference ?? JSON.stringify(value), values);
}

function valueOf(name: string, values: Record<string, string>): string {
  if (!(name in values)) { throw new Error(`no value is given for ${name}`); }
  return values[name];
}

function assetsOf(stack: Stack): Record<string, string> {
  const assembly = (stack.node.root as App).synth();
  const { files }: { files: Record<string, FileAsset> } = JSON.parse(
    fs.readFileSync(path.join(assembly.directory, `${stack.artifactId}.assets.json`), 'utf8'));
  const fetched = Object.values(files).filter(({ source }) => !source.path.endsWith('.template.json'));
  return Object.fromEntries(fetched.map(({ source, destinations }): [string, string] => {
    const [destination] = Object.values(destinations);
    return [path.basename(destination.objectKey), fs.readFileSync(path.join(assembly.directory, source.path), 'utf8')];
  }));
}

function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) { return []; }
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
}
