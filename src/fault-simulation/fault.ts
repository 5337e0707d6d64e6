import { IConstruct } from 'constructs';
import { ComponentFault, Fault as Taken, FaultContext, zoneFault } from './faults';

/**
 * Something that is taken away, for good: what needs it back is lost.
 */
export class Fault {
  /**
   * An availability zone goes dark, with all that stands in it; nothing is launched there.
   *
   * @param index 0 is the first zone of the stack's Region, whose name ends in a
   */
  public static availabilityZone(index: number): Fault {
    return new Fault(`zone ${index}`, ({ region }) => zoneFault(region, index));
  }

  /**
   * The availability zone of this name goes dark.
   */
  public static availabilityZoneNamed(name: string): Fault {
    return new Fault(name, ({ region }) => zoneFault(region, name));
  }

  /**
   * A whole Region is gone.
   *
   * @param region by default that of the stack
   */
  public static region(region?: string): Fault {
    return new Fault(`Region ${region ?? 'of the stack'}`, context => ({ kind: 'region', region: region ?? context.region }));
  }

  /**
   * One instance, or task, of a fleet is terminated; of a single server, it.
   */
  public static instance(of: IConstruct): Fault {
    return Fault.about('instance', of, 'an instance of');
  }

  /**
   * The hardware under one instance fails; its zone is up.
   */
  public static host(of: IConstruct): Fault {
    return Fault.about('host', of, 'the host of');
  }

  /**
   * The hardware under the primary of a database or a cache fails; its zone is up.
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
    return Fault.about('operator-deletes', component, 'by an operator');
  }

  /**
   * Somebody writes wrong data over good ones.
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
   * Several at the same moment.
   */
  public static together(...faults: Fault[]): Fault {
    const description = faults.map(fault => fault.description).join(' and ');
    return new Fault(description, context => ({ kind: 'pair', faults: faults.map(fault => fault._taken(context)) }));
  }

  private static about(kind: ComponentFault, of: IConstruct, what: string): Fault {
    return new Fault(`${what} ${of.node.path}`.trim(), context => ({ kind, of: context.keyOf(of) }));
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
