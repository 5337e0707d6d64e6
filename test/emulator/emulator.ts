import { ChildProcess, spawn } from 'child_process';
import * as fs from 'fs';
import { AddressInfo, createServer } from 'net';
import * as path from 'path';
import { setTimeout as sleep } from 'timers/promises';
import {
  CloudFormationClient, CreateStackCommand, DescribeStacksCommand, paginateListStackResources, Parameter,
} from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as cdk from 'aws-cdk-lib';
import { publishFileAssets } from './assets';

const ACCOUNT = '123456789012';
const PROJECT_ROOT = path.join(__dirname, '..', '..');
/** The interpreter of the Python environment that holds moto. */
export const PYTHON = path.join(PROJECT_ROOT, '.venv', 'bin', 'python');

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

/** A resource of a stack, as CloudFormation lists it. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What a deployment left behind. */
export interface Deployment {
  readonly stackName: string;
  readonly resources: DeployedResource[];
  readonly outputs: Record<string, string>;
  readonly milliseconds: number;
  /** The physical id of a resource; throws if the stack has no such resource. */
  physicalId(logicalId: string): string;
}

/** Configuration for the clients of the AWS SDK. */
export interface EmulatorClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: true;
}

/** moto behind the strict CloudFormation of `strict_moto`, on a port of its own. */
export class Emulator {
  /** Starts the emulator and waits until it answers. */
  static async start(): Promise<Emulator> {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'; // it is said once at npm ci
    if (!fs.existsSync(PYTHON)) {
      throw new Error(`The emulator needs ${PYTHON}: `
        + 'run `python3 -m venv .venv && .venv/bin/pip install -r test/python-requirements.txt`');
    }
    const port = await freePort();
    const child = spawn(PYTHON, ['-m', 'strict_moto', '--port', String(port)], {
      cwd: __dirname,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const emulator = new Emulator(child, `http://127.0.0.1:${port}`);
    await emulator.waitUntilReady();
    return emulator;
  }

  private log = '';
  private readonly deployed = new Set<string>();

  private constructor(private readonly child: ChildProcess, public readonly endpoint: string) {
    child.stderr?.on('data', (chunk: Buffer) => { this.log = (this.log + chunk.toString()).slice(-20_000); });
  }

  /** Client configuration for a Region of the emulator. */
  clientConfig(region: string): EmulatorClientConfig {
    // a twelve-digit access key id is the account id, by moto's rule
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'emulator' };
    return { endpoint: this.endpoint, region, credentials, forcePathStyle: true };
  }

  /**
   * Publishes the stack's assets and creates the stack, after those that it depends on.
   *
   * @throws with the emulator's reason if it refuses the stack, or has left out any of its resources
   */
  async deploy(stack: cdk.Stack): Promise<Deployment> {
    const artifact = (cdk.Stage.of(stack) as cdk.Stage).synth().getStackArtifact(stack.artifactId);
    for (const dependency of stack.dependencies) {
      if (!this.deployed.has(dependency.stackName)) { await this.deploy(dependency); }
    }
    this.deployed.add(stack.stackName);
    const started = Date.now();
    const region = cdk.Token.isUnresolved(stack.region) ? 'us-east-1' : stack.region;
    const config = this.clientConfig(region);
    await this.seedBootstrapVersion(config);
    await publishFileAssets(artifact, config, ACCOUNT, PYTHON);

    const template = artifact.template as Template;
    const client = new CloudFormationClient(config);
    try {
      await client.send(new CreateStackCommand({
        StackName: artifact.stackName,
        TemplateBody: JSON.stringify(template),
        Parameters: parametersOf(artifact),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }));
      const resources = await listResources(client, artifact.stackName);
      checkComplete(artifact.stackName, template, resources);
      return {
        stackName: artifact.stackName,
        resources,
        outputs: await outputsOf(client, artifact.stackName),
        milliseconds: Date.now() - started,
        physicalId: logicalId => physicalId(artifact.stackName, resources, logicalId),
      };
    } finally {
      client.destroy();
    }
  }

  /** Forgets all stacks and resources. */
  async reset(): Promise<void> {
    this.deployed.clear();
    const answer = await fetch(`${this.endpoint}/moto-api/reset`, { method: 'POST' });
    if (!answer.ok) {
      throw new Error(`The emulator did not reset: HTTP ${answer.status}`);
    }
  }

  /**
   * Takes a zone away: every instance in it dies, and EC2 refuses to launch there, as InsufficientInstanceCapacity.
   *
   * Auto Scaling launches elsewhere at its next health check (`checkHealth`), not before.
   */
  async loseZone(availabilityZone: string): Promise<void> {
    await this.tell('PUT', `lost-zones/${availabilityZone}`);
  }

  /** Gives a lost zone its capacity back. What died there stays dead until the next health check (`checkHealth`). */
  async restoreZone(availabilityZone: string): Promise<void> {
    await this.tell('DELETE', `lost-zones/${availabilityZone}`);
  }

  /** Lets an instance die by itself, whoever protects it. Its group replaces it at the next health check (`checkHealth`). */
  async killInstance(instanceId: string): Promise<void> {
    await this.tell('DELETE', `instances/${instanceId}`);
  }

  /** The health check that Auto Scaling does every so often: each group gets back to its desired capacity, if it can. */
  async checkHealth(): Promise<void> {
    await this.tell('POST', 'health-checks');
  }

  /** Ends the emulator's process and waits for its end. */
  async stop(): Promise<void> {
    if (this.hasEnded()) {
      return;
    }
    const ended = new Promise<void>(resolve => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }

  private async tell(method: string, what: string): Promise<void> {
    const answer = await fetch(`${this.endpoint}/moto-api/emulator/${what}`, { method });
    if (!answer.ok) {
      throw new Error(`The emulator refused ${method} ${what}: HTTP ${answer.status} ${await answer.text()}`);
    }
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async waitUntilReady(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (Date.now() < deadline && !this.hasEnded()) {
      const ready = await fetch(`${this.endpoint}/moto-api/data.json`).then(answer => answer.ok, () => false);
      if (ready) {
        return;
      }
      await sleep(50);
    }
    await this.stop();
    throw new Error(`The emulator did not start within ${START_TIMEOUT_MS / 1000} s:\n${this.log}`);
  }

  /** Templates of CDK ask for the version of the bootstrap stack, which is not deployed here. */
  private async seedBootstrapVersion(config: EmulatorClientConfig): Promise<void> {
    const ssm = new SSMClient(config);
    const name = `/cdk-bootstrap/${cdk.DefaultStackSynthesizer.DEFAULT_QUALIFIER}/version`;
    await ssm.send(new PutParameterCommand({ Name: name, Value: '99', Type: 'String', Overwrite: true }));
    ssm.destroy();
  }
}

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Condition?: string }>;
}

type StackArtifact = ReturnType<ReturnType<cdk.Stage['synth']>['getStackArtifact']>;

function parametersOf(artifact: StackArtifact): Parameter[] {
  return Object.entries(artifact.parameters).map(([key, value]) => ({ ParameterKey: key, ParameterValue: value }));
}

async function listResources(client: CloudFormationClient, stackName: string): Promise<DeployedResource[]> {
  const resources: DeployedResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const resource of page.StackResourceSummaries ?? []) {
      resources.push({
        logicalId: resource.LogicalResourceId ?? '',
        type: resource.ResourceType ?? '',
        physicalId: resource.PhysicalResourceId ?? '',
      });
    }
  }
  return resources;
}

/** Guards against an emulator that reports success and leaves resources out, as plain moto does. */
function checkComplete(stackName: string, template: Template, resources: DeployedResource[]): void {
  const made = new Set(resources.filter(resource => resource.physicalId).map(resource => resource.logicalId));
  const missing = Object.entries(template.Resources)
    .filter(([logicalId, resource]) => !made.has(logicalId) && resource.Type !== 'AWS::CDK::Metadata' && !resource.Condition)
    .map(([logicalId, resource]) => `${logicalId} (${resource.Type})`);
  if (missing.length > 0) {
    throw new Error(`Stack ${stackName} was created without ${missing.join(', ')}`);
  }
}

async function outputsOf(client: CloudFormationClient, stackName: string): Promise<Record<string, string>> {
  const answer = await client.send(new DescribeStacksCommand({ StackName: stackName }));
  const outputs = answer.Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(output => [output.OutputKey ?? '', output.OutputValue ?? '']));
}

function physicalId(stackName: string, resources: DeployedResource[], logicalId: string): string {
  const resource = resources.find(candidate => candidate.logicalId === logicalId);
  if (!resource) {
    throw new Error(`Stack ${stackName} has no resource ${logicalId}`);
  }
  return resource.physicalId;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}
