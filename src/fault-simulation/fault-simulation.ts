import * as fs from 'fs';
import { Stack, Stage, Token } from 'aws-cdk-lib';
import { toAssumptions, toServiceAvailability } from './availability-in-cdk';
import { Fault } from './fault';
import { FaultOutcome } from './fault-outcome';
import { heldIn, keyOf } from './keys';
import { AvailabilityOptions, ServiceAvailability } from './service-availability';
import { Simulation } from './simulation';
import { zonesOfLookups } from './template/lookups';
import { nameOf, readStack, stacksIn } from './template/read';
import { StackInput, UNNAMED_REGION, World } from './template/world';
import { availabilityOf } from '../availability/availability';

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

  /**
   * A `cdk.context.json`, in which CDK has put down the zones of the subnets that it looked up.
   *
   * @default - the context of the app, where it is simulated from its stacks
   */
  readonly contextFile?: string;

  /**
   * How many instances or tasks have to be in service, by the logical id of the group or service, or by `Stack/LogicalId`.
   *
   * What several have to have together, as a group for each zone, by the id of the target group or the queue that they serve.
   *
   * @default - what the constructs of this library recorded; of others it is not judged
   */
  readonly need?: Record<string, number>;
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
 * outcome.keeps(web.autoScalingGroups[0], 2 / 3);
 * outcome.recoversWithin(database.instance, Duration.minutes(5));
 */
export class FaultSimulation {
  /**
   * Of a stack, with those that it depends on. The app is synthesized.
   */
  public static fromStack(stack: Stack, options: FaultSimulationOptions = {}): FaultSimulation {
    const stage = Stage.of(stack);
    if (!stage) { throw new Error(`${stack.node.path} is in no app`); }
    const context: unknown = stack.node.getAllContext();
    const assembly = stage.synth();
    const inputs = [stack, ...stack.dependencies].map(one => {
      const { templateFullPath } = assembly.getStackArtifact(one.artifactId);
      return readStack(templateFullPath, one.stackName, Token.isUnresolved(one.region) ? undefined : one.region);
    });
    return new FaultSimulation(inputs, options, context);
  }

  /**
   * Of all stacks of an app, or of a stage of it. It is synthesized.
   */
  public static fromApp(app: Stage, options: FaultSimulationOptions = {}): FaultSimulation {
    return new FaultSimulation(stacksIn(app.synth().directory), options, app.node.getAllContext());
  }

  /**
   * Of all stacks in a cloud assembly, the folder that `cdk synth` writes, and in those of its stages.
   */
  public static fromAssembly(directory: string, options: FaultSimulationOptions = {}): FaultSimulation {
    return new FaultSimulation(stacksIn(directory), options);
  }

  /**
   * Of template files in JSON or YAML, each a stack named like its file without the ending.
   */
  public static fromTemplates(files: string[], options: FaultSimulationOptions = {}): FaultSimulation {
    return new FaultSimulation(files.map(file => readStack(file, nameOf(file))), options);
  }

  /** What could not be read, with the reason: never dropped in silence. */
  public readonly unread: string[];

  /**
   * What users of the application see, as `Stack/LogicalId`: public names, internet-facing load balancers, distributions, accelerators,
   * APIs, elastic addresses of servers, and queues and streams whose workers are known.
   */
  public readonly services: string[];

  private readonly simulation: Simulation;
  private readonly regions: string[];

  private constructor(inputs: StackInput[], { parameters, subnetZones, contextFile, need }: FaultSimulationOptions, context?: unknown) {
    if (inputs.length === 0) { throw new Error('there is no stack to simulate'); }
    const world = new World(inputs.map(input => ({ ...input, parameters })));
    const lookedUp = contextFile === undefined ? context : JSON.parse(fs.readFileSync(contextFile, 'utf8'));
    this.simulation = new Simulation(world, { subnetZones: { ...zonesOfLookups(lookedUp), ...subnetZones }, need });
    this.unread = this.simulation.unread.map(({ where, why }) => `${where}: ${why}`);
    this.services = this.simulation.services.map(({ key }) => key);
    this.regions = [...new Set(inputs.map(({ region }) => region ?? UNNAMED_REGION))];
  }

  /**
   * What still stands under a fault. One that can hit nothing in the templates is refused, as all would seem to stand.
   */
  public under(fault: Fault): FaultOutcome {
    const taken = fault._taken({ region: this.regions[0], regions: this.regions, keyOf, below: heldIn });
    const harmless = this.simulation.whyHarmless(taken);
    if (harmless !== undefined) { throw new Error(`Without ${fault.description}: ${harmless}`); }
    return FaultOutcome._of(fault.description, this.simulation.under(taken), keyOf);
  }

  /**
   * The share of the time that each service is up, by assumed rates of faults and the recovery that is simulated, capped by the SLAs of
   * what it stands on.
   *
   * A service is down while nothing of it works, or less than it is known to need; a part that is enough is up. What does not come back by
   * itself is down for the time to repair.
   */
  public availability(options: AvailabilityOptions = {}): ServiceAvailability[] {
    return availabilityOf(this.simulation, toAssumptions(options)).map(toServiceAvailability);
  }
}
