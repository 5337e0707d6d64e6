import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { typeOf } from './keys';
import { Verdicts } from './simulation';
import { Messages } from './state';

type KeyOf = (component: IConstruct) => string;

/**
 * How something stands under a fault.
 */
export enum Standing {
  /** All the work goes on. */
  UNAFFECTED = 'unaffected',
  /** It works with a part of its capacity. */
  DEGRADED = 'degraded',
  /** It is down, and comes back by itself. */
  INTERRUPTED = 'interrupted',
  /** It is down until a human acts. */
  LOST = 'lost',
  /** The template does not decide it. */
  UNKNOWN = 'unknown',
  /** A condition leaves it out. */
  ABSENT = 'absent',
}

/**
 * What a fault comes to for a component, as its users see it.
 */
export interface FaultVerdict {
  /** While only what already runs counts: no launch, no API call, no change of a name. */
  readonly atOnce: Standing;

  /** When every automatic mechanism has done what it can; never `INTERRUPTED`. */
  readonly afterRecovery: Standing;

  /** The share of the capacity that is left at once, 0 to 1. */
  readonly capacityLeft: number;

  /** About how long it takes until the verdict after recovery is reached. */
  readonly recoveryTime?: Duration;

  /** What would be missing if one had to go on from what lies outside of the fault: none, minutes, since-snapshot, everything, unknown. */
  readonly dataAtRisk: string;

  /**
   * Whether the members that are left at once are as many as are needed.
   *
   * @default - nobody says how many are needed, or nothing is missing
   */
  readonly meetsNeed?: boolean;

  /**
   * Who says how many are needed: `stated`, by the option `need` of the simulation, or `recorded`, by the construct.
   *
   * @default - as for `meetsNeed`
   */
  readonly needSource?: string;

  /**
   * What becomes of the messages of a queue, or of what a topic sends to one.
   *
   * @default - it is neither, or they have nothing to do with the fault
   */
  readonly messages?: FaultedMessages;

  /** The steps that lead to this, from the fault on. */
  readonly chain: FaultLink[];
}

/**
 * How it ends for messages: for the worst off of them.
 */
export enum MessagesEnd {
  /** All are done. */
  DONE = 'done',
  /** Some are done a second time, while somebody is still at them. */
  DONE_TWICE = 'done-twice',
  /** They wait until a human has brought back who works on them. */
  WAITING = 'waiting',
  /** Some with which nothing is wrong are among the dead letters, until a human sends them back. */
  PUT_ASIDE = 'put-aside',
  /** Some are dropped, undone. */
  FORGOTTEN = 'forgotten',
  /** The template does not decide it. */
  UNKNOWN = 'unknown',
}

/**
 * What becomes of the messages of a queue under a fault.
 */
export interface FaultedMessages {
  /** How it ends for them. */
  readonly end: MessagesEnd;

  /**
   * Until somebody gets what lost workers had in their hands: it is hidden meanwhile.
   *
   * @default - nobody had anything in his hands, or nobody gets it
   */
  readonly inHandsTime?: Duration;

  /**
   * Until somebody works on the others; zero while some of the workers go on.
   *
   * @default - nobody does, or they have nothing to do with the fault
   */
  readonly waitingTime?: Duration;
}

/**
 * A step from a fault to what it comes to.
 */
export interface FaultLink {
  /** What happens, in words. */
  readonly description: string;

  /**
   * What it was read from, as `Stack/LogicalId.Property`.
   *
   * @default - it is so by the fault itself
   */
  readonly property?: string;

  /**
   * What would change it.
   *
   * @default - nothing that is simple
   */
  readonly remedy?: string;

  /** Whether the template says so; else it is inferred, as a need for a database that lets one in. */
  readonly isCertain: boolean;
}

/**
 * What still stands under a fault, to be asserted in the tests of an app. What does not hold is thrown, with the reasons.
 */
export class FaultOutcome {
  /** @internal */
  public static _of(fault: string, verdicts: Verdicts, keyOf: KeyOf): FaultOutcome {
    return new FaultOutcome(fault, verdicts, keyOf);
  }

  private constructor(private readonly fault: string, private readonly verdicts: Verdicts, private readonly keyOf: KeyOf) {
  }

  /**
   * What the fault comes to for a construct: that of its main resource.
   */
  public verdictOn(component: IConstruct): FaultVerdict {
    return this.verdictOnKey(this.keyOf(component));
  }

  /**
   * What the fault comes to for a resource by its logical id, or by `Stack/LogicalId` where there are several stacks.
   */
  public verdictOnId(id: string): FaultVerdict {
    const keys = [...this.verdicts.keys()].filter(key => key === id || key.endsWith(`/${id}`));
    if (keys.length > 1) { throw new Error(`more than one resource has the id ${id}: ${keys.join(', ')}; name one of them so`); }
    if (keys.length === 0) {
      const stacks = new Set([...this.verdicts.keys()].map(key => key.slice(0, key.lastIndexOf('/'))));
      throw new Error(`no resource has the id ${id} in ${[...stacks].join(', ')}; give a logical id of the template`);
    }
    return this.verdictOnKey(keys[0]);
  }

  /**
   * All of the component's work goes on, or a part of it does, without waiting for anything to be launched.
   */
  public survives(component: IConstruct): void {
    const verdict = this.verdictOn(component);
    this.assert([Standing.UNAFFECTED, Standing.DEGRADED].includes(verdict.atOnce), component, 'survives', verdict);
  }

  /**
   * Nothing of the component's work is lost.
   */
  public leavesUnaffected(component: IConstruct): void {
    const verdict = this.verdictOn(component);
    this.assert(verdict.atOnce === Standing.UNAFFECTED, component, 'is left unaffected', verdict);
  }

  /**
   * At least this share of the capacity is left at once.
   *
   * @param share above 0, up to 1
   */
  public keeps(component: IConstruct, share: number): void {
    if (!(share > 0 && share <= 1)) { throw new Error(`'share' is ${share}; give a number above 0, up to 1, such as 2 / 3`); }
    const verdict = this.verdictOn(component);
    const decided = verdict.atOnce !== Standing.UNKNOWN && verdict.atOnce !== Standing.ABSENT;
    this.assert(decided && verdict.capacityLeft >= share - 1e-9, component, `keeps ${percent(share)} of its capacity`, verdict);
  }

  /**
   * What is left at once is as much as is needed: by the option `need` of the simulation, else as the construct recorded.
   */
  public meetsNeed(component: IConstruct): void {
    const verdict = this.verdictOn(component);
    this.assert(verdict.atOnce === Standing.UNAFFECTED || verdict.meetsNeed === true, component, 'meets its need', verdict);
  }

  /**
   * The component works as before, at once or by itself within this time.
   */
  public recoversWithin(component: IConstruct, time: Duration): void {
    const verdict = this.verdictOn(component);
    const soon = (verdict.recoveryTime?.toSeconds() ?? 0) <= time.toSeconds();
    this.assert(verdict.afterRecovery === Standing.UNAFFECTED && soon, component, `recovers within ${time.toHumanString()}`, verdict);
  }

  /**
   * No data of the component are at risk.
   */
  public losesNoData(component: IConstruct): void {
    const verdict = this.verdictOn(component);
    this.assert(verdict.dataAtRisk === 'none', component, 'loses no data', verdict);
  }

  /**
   * Every message of a queue is done within this time, without a human: those that lost workers had in their hands, and those that wait.
   *
   * @param queue of the app, or a fleet that works on it
   */
  public doesWorkWithin(queue: IConstruct, time: Duration): void {
    if (typeOf(queue) !== 'AWS::SQS::Queue') { throw new Error(`'${queue.node.path}' is no queue of the app, and has no messages; give the queue`); }
    const verdict = this.verdictOn(queue);
    const { end = MessagesEnd.DONE, inHandsTime, waitingTime } = verdict.messages ?? {};
    const known = verdict.atOnce !== Standing.UNKNOWN && verdict.atOnce !== Standing.ABSENT;
    const seconds = Math.max(...[verdict.recoveryTime, inHandsTime, waitingTime].map(one => one?.toSeconds() ?? 0));
    const isDone = known && verdict.afterRecovery !== Standing.LOST && (end === MessagesEnd.DONE || end === MessagesEnd.DONE_TWICE);
    this.assert(isDone && seconds <= time.toSeconds(), queue, `does its work within ${time.toHumanString()}`, verdict);
  }

  private verdictOnKey(key: string): FaultVerdict {
    const verdict = this.verdicts.get(key);
    if (!verdict) { throw new Error(`${key} is not among the simulated resources`); }
    const unaffected = verdict.atOnce === 'unaffected';
    return {
      atOnce: verdict.atOnce as Standing,
      afterRecovery: verdict.afterRecovery as Standing,
      capacityLeft: verdict.capacityLeft ?? (unaffected ? 1 : 0),
      recoveryTime: verdict.recoverySeconds === undefined ? undefined : Duration.seconds(Math.ceil(verdict.recoverySeconds)),
      dataAtRisk: verdict.data ?? 'none',
      meetsNeed: verdict.need?.met,
      needSource: verdict.need?.source,
      messages: verdict.messages && messagesOf(verdict.messages),
      chain: verdict.chain.map(({ what, property, remedy, certain }) => ({ description: what, property, remedy, isCertain: certain })),
    };
  }

  private assert(holds: boolean, component: IConstruct, promise: string, verdict: FaultVerdict): void {
    if (holds) { return; }
    const time = verdict.recoveryTime ? ` within about ${verdict.recoveryTime.toHumanString()}` : '';
    throw new Error([
      `Without ${this.fault}, '${component.node.path}' was to be one that ${promise}, but it is ${verdict.atOnce} at once `
      + `(${percent(verdict.capacityLeft)} left) and ${verdict.afterRecovery} after recovery${time}; data at risk: ${verdict.dataAtRisk}${verdict.messages ? `; messages: ${verdict.messages.end}` : ''}`,
      ...verdict.chain.map(inWords),
    ].join('\n'));
  }
}

function messagesOf({ end, inHandsSeconds, waitingSeconds }: Messages): FaultedMessages {
  const time = (seconds?: number) => seconds === undefined ? undefined : Duration.seconds(Math.ceil(seconds));
  return { end: end as MessagesEnd, inHandsTime: time(inHandsSeconds), waitingTime: time(waitingSeconds) };
}

/** With a decimal where there is one. */
function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function inWords({ description, property, remedy, isCertain }: FaultLink): string {
  const read = property === undefined ? '' : ` (${isCertain ? '' : 'inferred from '}${property})`;
  return `  because ${description}${read}${remedy === undefined ? '' : `; what would change it: ${remedy}`}`;
}
