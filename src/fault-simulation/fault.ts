import { IConstruct } from 'constructs';
import { ComponentFault, Fault as Taken, FaultContext, zoneFault } from './faults';
import { UNNAMED_REGION } from './template/world';

/**
 * Something that is taken away, for good: what needs it back is lost.
 */
export class Fault {
  /**
   * An availability zone goes dark, with all that stands in it; nothing is launched there. One in which nothing stands is refused.
   *
   * @param index 0 is the first of `Fn::GetAZs` in the Region of the first stack, or the zone whose name ends in a; at most 5. An
   * account that has no zone a, as some in us-west-1, is better asked by names
   */
  public static availabilityZone(index: number): Fault {
    if (!Number.isInteger(index) || index < 0 || index > 5) {
      throw new Error(`'index' is ${index}; give 0 for the first zone, 1 for the second, and so on: no Region has more than six`);
    }
    return new Fault(`zone ${index}`, ({ region }) => zoneFault(region, index));
  }

  /**
   * The availability zone of this name goes dark.
   *
   * @param name for example eu-west-1a; zone ids, such as euw1-az1, are other names in each account, and are refused
   */
  public static availabilityZoneNamed(name: string): Fault {
    return new Fault(name, ({ region, regions }) => {
      const taken = zoneFault(region, name);
      checkRegion(name.slice(0, -1), regions);
      return taken;
    });
  }

  /**
   * A whole Region is gone.
   *
   * @param region by default that of the first stack
   */
  public static region(region?: string): Fault {
    return new Fault(`Region ${region ?? 'of the stack'}`, context => {
      if (region !== undefined) { checkRegion(region, context.regions); }
      return { kind: 'region', region: region ?? context.region };
    });
  }

  /**
   * One instance, or task, of a fleet is terminated; of a single server, it.
   */
  public static instance(of: IConstruct): Fault {
    return Fault.about('instance', of, 'an instance of');
  }

  /**
   * All instances, or tasks, of a fleet are terminated at the same moment; the fleet is there, and starts others.
   */
  public static allInstances(of: IConstruct): Fault {
    return Fault.about('all-instances', of, 'all instances of');
  }

  /**
   * The program that takes messages from queues dies on one instance, which is up.
   *
   * @param of a group or a server; known of those that run the worker runner of this library, else the verdict is `UNKNOWN`
   */
  public static program(of: IConstruct): Fault {
    return Fault.about('program', of, 'the program on an instance of');
  }

  /**
   * A message stands in a queue at which everybody who works on it fails; refused of a queue on which nobody is known to work.
   */
  public static poisonMessage(queue: IConstruct): Fault {
    return Fault.about('poison-message', queue, 'only good messages in');
  }

  /**
   * The hardware under one instance fails; its zone is up.
   */
  public static host(of: IConstruct): Fault {
    return Fault.about('host', of, 'the host of');
  }

  /**
   * A server in no group is stopped and started: it has another public address then, unless that is an elastic one.
   */
  public static stopStart(of: IConstruct): Fault {
    return Fault.about('stop-start', of, 'a stop and start of');
  }

  /**
   * A version that starts, but passes no health check, is rolled out in the way of the template.
   */
  public static badVersion(of: IConstruct): Fault {
    return Fault.about('bad-version', of, 'a good version of');
  }

  /**
   * The hardware under the primary of a database or a cache, or under a node of a store that has none, fails; its zone is up.
   */
  public static primaryHost(of: IConstruct): Fault {
    return Fault.about('primary-host', of, 'the host of the primary of');
  }

  /**
   * A NAT gateway fails, and its zone is up.
   */
  public static natGateway(gateway: IConstruct): Fault {
    return Fault.about('nat', gateway, '');
  }

  /**
   * A volume and what is on it are gone.
   */
  public static volume(volume: IConstruct): Fault {
    return Fault.about('volume', volume, '');
  }

  /**
   * What a name leads to first stops answering, whatever the reason.
   */
  public static dnsPrimary(record: IConstruct): Fault {
    return Fault.about('dns-primary', record, 'the target of');
  }

  /**
   * Somebody deletes a component through its own service, with the worst options that the service allows.
   */
  public static operatorDeletes(component: IConstruct): Fault {
    return Fault.about('operator-deletes', component, '', ', which an operator deletes');
  }

  /**
   * Somebody writes wrong data over good ones; refused of what keeps no data.
   */
  public static badData(store: IConstruct): Fault {
    return Fault.about('bad-data', store, 'the data of');
  }

  /**
   * Somebody deletes the stack.
   */
  public static stackDeleted(): Fault {
    return new Fault('the stack', () => ({ kind: 'stack-deleted' }));
  }

  /**
   * A component is gone, whatever the reason. With `named`, this makes faults of your own.
   *
   * Refused where the simulation does not follow what needs the component, as of a security group.
   */
  public static component(component: IConstruct): Fault {
    return Fault.about('gone', component, '');
  }

  /**
   * Several at the same moment.
   */
  public static together(...faults: Fault[]): Fault {
    return Fault.named(faults.map(fault => fault.description).join(' and '), ...faults);
  }

  /**
   * A fault of your own: all of these at the same moment, under a name.
   *
   * @param description for example 'the payment provider'; messages begin with "Without the payment provider"
   */
  public static named(description: string, ...faults: Fault[]): Fault {
    if (faults.length === 0) { throw new Error('there is no fault in it; give one or more'); }
    return new Fault(description, context => ({ kind: 'pair', faults: faults.map(fault => fault._taken(context)) }));
  }

  private static about(kind: ComponentFault, of: IConstruct, what: string, suffix = ''): Fault {
    return new Fault(`${what} ${of.node.path}${suffix}`.trim(), context => ({ kind, of: context.keyOf(of), below: context.below(of) }));
  }

  /** What is taken away, in words. */
  public readonly description: string;

  private constructor(description: string, private readonly take: (context: FaultContext) => Taken) {
    this.description = description;
  }

  /** @internal */
  public _taken(context: FaultContext): Taken {
    return this.take(context);
  }
}

function checkRegion(region: string, regions: readonly string[]): void {
  if (regions.includes(region)) { return; }
  throw new Error(`${region} is not the Region of a simulated stack, so that the fault would hit nothing; they are in ${regions.join(', ')}`
    + (regions.includes(UNNAMED_REGION) ? "; take zones by their index, or give the stack an 'env'" : ''));
}
