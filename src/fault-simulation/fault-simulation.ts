import * as fs from 'fs';
import * as path from 'path';
import { CfnElement, Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Fault } from './fault';
import { FaultOutcome } from './fault-outcome';
import { Simulation } from './simulation';
import { readStack } from './template/read';
import { nestedName, StackInput, Unread, World } from './template/world';

/**
 * What the templates do not say.
 */
export interface FaultSimulationOptions {
  /**
   * Values of the templates' parameters, by name.
   *
   * @default - their defaults; what has none is unknown
   */
  readonly parameters?: Record<string, string>;

  /**
   * The availability zones of subnets that are not in the templates, by subnet id.
   *
   * @default - their zones are unknown
   */
  readonly subnetZones?: Record<string, string>;
}

/**
 * Takes things away from synthesized stacks, whoever wrote them, and says what still stands.
 *
 * It reads CloudFormation alone: nothing is deployed, and no account is asked. One fault at a time, from a steady state in which all
 * else is healthy. What AWS chooses at run time is taken at its worst; what the templates do not decide is `UNKNOWN`. Grey failures,
 * slow or lossy, are not modelled.
 *
 * @example
 * declare const stack: Stack;
 * declare const web: MultiAzWebTier;
 * declare const database: RdsMultiAz;
 *
 * const simulation = FaultSimulation.fromStack(stack);
 * const outcome = simulation.under(Fault.availabilityZone(0));
 * outcome.keeps(web.autoScalingGroup, 2 / 3);
 * outcome.recoversWithin(database.instance, Duration.minutes(5));
 */
export class FaultSimulation {
  /**
   * Of a stack, with those that it depends on. The app is synthesized.
   */
  public static fromStack(stack: Stack, options: FaultSimulationOptions = {}): FaultSimulation {
    const stage = Stage.of(stack);
    if (!stage) { throw new Error(`${stack.node.path} is in no app`); }
    const assembly = stage.synth();
    const inputs = [stack, ...stack.dependencies].map(one => {
      const { templateFullPath } = assembly.getStackArtifact(one.artifactId);
      return readStack(templateFullPath, one.stackName, Token.isUnresolved(one.region) ? undefined : one.region);
    });
    return new FaultSimulation(inputs, options);
  }

  /**
   * Of all stacks in a cloud assembly, the folder that `cdk synth` writes.
   */
  public static fromAssembly(directory: string, options: FaultSimulationOptions = {}): FaultSimulation {
    const manifest: Manifest = JSON.parse(fs.readFileSync(path.join(directory, 'manifest.json'), 'utf8'));
    const inputs = Object.entries(manifest.artifacts ?? {}).flatMap(([id, { type, environment, properties }]) => {
      if (type !== 'aws:cloudformation:stack' || !properties?.templateFile) { return []; }
      const region = /^aws:\/\/[^/]+\/(.+)$/.exec(environment ?? '')?.[1];
      return [readStack(path.join(directory, properties.templateFile), properties.stackName ?? id, region === 'unknown-region' ? undefined : region)];
    });
    return new FaultSimulation(inputs, options);
  }

  /**
   * Of template files in JSON or YAML, each a stack named like its file without the ending.
   */
  public static fromTemplates(files: string[], options: FaultSimulationOptions = {}): FaultSimulation {
    return new FaultSimulation(files.map(file => readStack(file, path.basename(file).replace(/(\.template)?\.\w+$/, ''))), options);
  }

  /** What could not be read, with the reason: never dropped in silence. */
  public readonly unread: string[];

  private readonly simulation: Simulation;
  private readonly region: string;

  private constructor(inputs: StackInput[], { parameters, subnetZones }: FaultSimulationOptions) {
    if (inputs.length === 0) { throw new Error('there is no stack to simulate'); }
    const world = new World(inputs.map(input => ({ ...input, parameters })));
    this.simulation = new Simulation(world, { subnetZones });
    this.unread = world.unread.map(({ where, why }: Unread) => `${where}: ${why}`);
    this.region = inputs[0].region ?? `region of ${inputs[0].name}`;
  }

  /**
   * What still stands under a fault.
   */
  public under(fault: Fault): FaultOutcome {
    const taken = fault._taken({ region: this.region, keyOf });
    return FaultOutcome._of(fault.description, this.simulation.under(taken), keyOf);
  }
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, {
    readonly type: string;
    readonly environment?: string;
    readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
  }>>;
}

/** The key of the main resource of a construct. */
function keyOf(component: IConstruct): string {
  const resource = component instanceof CfnElement ? component : component.node.defaultChild;
  if (!(resource instanceof CfnElement)) { throw new Error(`'${component.node.path}' has no main resource; name one that it holds`); }
  return `${keyOfStack(resource.stack)}/${resource.stack.resolve(resource.logicalId)}`;
}

function keyOfStack(stack: Stack): string {
  const parent = stack.nestedStackParent;
  return parent && stack.nestedStackResource
    ? nestedName(keyOfStack(parent), parent.resolve((stack.nestedStackResource as unknown as CfnElement).logicalId)) : stack.stackName;
}
