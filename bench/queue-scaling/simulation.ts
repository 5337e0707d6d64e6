import { EventHeap } from './event-heap';
import { Figures } from './figures';
import { Fleet, FleetSettings, Instance, StartTimes } from './fleet';
import { Messages } from './messages';
import { Random } from './random';
import { ScalingPolicy, together } from './scaling-policies';

/** When messages come, and what they take. */
export interface Work {
  /** The next arrival after `now`; Infinity: none any more. */
  readonly nextArrival: (now: number, random: Random) => number;
  readonly processingTime: (random: Random) => number;
  /** Which share of the messages makes each worker fail. */
  readonly badShare?: number;
}

export interface QueueSettings {
  readonly visibilitySeconds: number;
  readonly maxReceives: number;
  /** For so long after its first message SQS says nothing of the queue, as it was not in use. */
  readonly asleepSeconds?: number;
}

/** CloudWatch and the machines. */
export interface Environment extends StartTimes {
  /** Whole minutes from the end of a minute until its figures are there. */
  readonly metricLagMinutes: number;
  /** CPU utilization of an instance at work and of one without, in percent. */
  readonly busyCpu: number;
  readonly idleCpu: number;
}

export interface Run {
  readonly work: Work;
  readonly queue: QueueSettings;
  readonly fleet: FleetSettings;
  readonly policies: readonly ScalingPolicy[];
  readonly environment: Environment;
  readonly untilSeconds: number;
  readonly seed: number;
  /** Waits of what comes before are not counted. */
  readonly countFrom?: number;
  /** From when on it is watched whether nothing waits any more. */
  readonly drainFrom?: number;
}

/** How it stands at the end of a minute. */
export interface Minute {
  readonly waiting: number;
  readonly desired: number;
  readonly inService: number;
  readonly oldestAge: number;
}

export interface Outcome {
  readonly done: number;
  readonly deadLetters: number;
  /** From arrival until work on it began, in the mean. */
  readonly meanWait: number;
  /** From arrival until it was done, at most; of what is never done, until the end. */
  readonly worstAge: number;
  /** When nothing waited any more; Infinity: never. */
  readonly drainedAt: number;
  readonly instanceHours: number;
  readonly minutes: readonly Minute[];
}

// taken once: in jest's sandbox each look at a global costs more than what it computes
const { floor, max, min } = Math;
const NEVER = Infinity;

const ARRIVAL = 0, DONE = 1, MINUTE = 2, IN_SERVICE = 3, READY = 4, VISIBLE = 5, DRAINED = 6;

/** One instance works on one message at a time; the same seed gives the same run. */
export function simulate(run: Run): Outcome {
  return new Simulation(run).outcome();
}

class Simulation {
  private readonly events = new EventHeap();
  private readonly messages = new Messages();
  private readonly figures = new Figures();
  private readonly arrivalChance: Random;
  private readonly serviceChance: Random;
  private readonly fleet: Fleet;
  private readonly idle: number[];
  private readonly minutes: Minute[] = [];

  private now = 0;
  private inFlight = 0;
  private sent = 0;
  private deleted = 0;
  /** What an instance took for the messages that it has done in this minute: seconds, and how many. */
  private readonly took = new Map<number, { seconds: number; count: number }>();
  private done = 0;
  private deadLetters = 0;
  private waits = 0;
  private counted = 0;
  private worstAge = 0;
  private drainedAt = NEVER;
  private firstArrival = NEVER;

  constructor(private readonly run: Run) {
    // chance of its own for each, so that all policies meet the same arrivals
    this.arrivalChance = new Random(run.seed);
    this.serviceChance = new Random(run.seed + 1);
    this.fleet = new Fleet(run.fleet, new Random(run.seed + 2));
    this.idle = this.fleet.instances.map(({ index }) => index);
  }

  public outcome(): Outcome {
    const { run, events } = this;
    this.awaitArrival();
    if (run.policies.length > 0) { events.add(60, MINUTE); }
    const { drainFrom = NEVER } = run;
    while (events.size > 0) {
      this.now = events.take();
      if (this.now > run.untilSeconds) { break; }
      this.happen(events.kind, events.subject);
      if (this.now >= drainFrom && this.messages.waiting === 0 && this.drainedAt === NEVER) { this.drainedAt = this.now; }
    }
    this.now = run.untilSeconds;
    const left = this.messages.oldestArrival();
    return {
      done: this.done,
      deadLetters: this.deadLetters,
      meanWait: this.waits / this.counted,
      worstAge: max(this.worstAge, left === undefined ? 0 : this.now - left),
      drainedAt: this.drainedAt,
      instanceHours: this.fleet.instanceSeconds(this.now) / 3600,
      minutes: this.minutes,
    };
  }

  private happen(kind: number, subject: number): void {
    switch (kind) {
      case ARRIVAL: return this.arrive();
      case DONE: return this.finish(this.fleet.instances[subject]);
      case MINUTE: return this.endMinute();
      case IN_SERVICE: return this.enterService(this.fleet.instances[subject]);
      case READY: return this.becomeReady(this.fleet.instances[subject]);
      case VISIBLE: return this.comeBack(subject);
      default: return this.endDrain(this.fleet.instances[subject]);
    }
  }

  private awaitArrival(): void {
    const next = this.run.work.nextArrival(this.now, this.arrivalChance);
    if (next !== NEVER) { this.events.add(next, ARRIVAL); }
  }

  private arrive(): void {
    const { badShare = 0 } = this.run.work;
    this.firstArrival = min(this.firstArrival, this.now);
    this.sent++;
    this.messages.add(this.now, badShare > 0 && this.serviceChance.uniform() < badShare);
    this.awaitArrival();
    this.handOut();
  }

  private handOut(): void {
    while (this.messages.waiting > 0 && this.idle.length > 0) {
      const instance = this.fleet.instances[this.idle.pop() as number];
      const message = this.messages.receive();
      const arrived = this.messages.arrivalOf(message);
      if (arrived >= (this.run.countFrom ?? 0) && this.messages.receivesOf(message) === 1) {
        this.waits += this.now - arrived;
        this.counted++;
      }
      instance.message = message;
      instance.receivedAt = this.now;
      this.inFlight++;
      this.events.add(this.now + this.run.work.processingTime(this.serviceChance), DONE, instance.index);
    }
  }

  private finish(instance: Instance): void {
    if (instance.stage === 'gone') { return; }
    const { message } = instance;
    if (this.messages.isBad(message)) {
      this.hide(message, instance.receivedAt);
    } else {
      this.done++;
      this.deleted++;
      this.inFlight--;
      this.tookFor(instance);
      this.worstAge = max(this.worstAge, this.now - this.messages.arrivalOf(message));
    }
    instance.busySeconds += this.now - max(instance.receivedAt, this.minuteStart());
    instance.message = -1;
    if (instance.stage === 'leaving') { return this.leave(instance); }
    this.idle.push(instance.index);
    this.handOut();
  }

  private tookFor({ index, receivedAt }: Instance): void {
    const { seconds, count } = this.took.get(index) ?? { seconds: 0, count: 0 };
    this.took.set(index, { seconds: seconds + this.now - receivedAt, count: count + 1 });
  }

  /** What was received and not deleted is hidden until the visibility timeout is over. */
  private hide(message: number, receivedAt: number): void {
    this.events.add(max(this.now, receivedAt + this.run.queue.visibilitySeconds), VISIBLE, message);
  }

  private comeBack(message: number): void {
    this.inFlight--;
    if (this.messages.receivesOf(message) >= this.run.queue.maxReceives) {
      this.deadLetters++;
      return;
    }
    this.messages.putBack(message);
    this.handOut();
  }

  private enterService(instance: Instance): void {
    if (instance.stage !== 'starting') { return; }
    instance.stage = 'in service';
    instance.inServiceAt = this.now;
  }

  private becomeReady(instance: Instance): void {
    if (instance.stage !== 'in service') { return; }
    instance.isReady = true;
    this.idle.push(instance.index);
    this.handOut();
  }

  private endMinute(): void {
    const minute = Math.round(this.now / 60) - 1;
    this.record(minute);
    const { desired } = this.fleet;
    const to = together(this.run.policies, this.figures, minute - this.run.environment.metricLagMinutes, this.fleet.capacity(this.now));
    const { launched, leaving } = this.fleet.resize(to, this.now);
    launched.forEach(({ index }) => {
      this.events.add(this.now + this.run.environment.inServiceAfter, IN_SERVICE, index);
      this.events.add(this.now + this.run.environment.readyAfter, READY, index);
    });
    leaving.forEach(instance => this.letGo(instance));
    const oldest = this.messages.oldestArrival();
    this.minutes.push({
      waiting: this.messages.waiting,
      desired,
      inService: this.fleet.inService().filter(({ isReady }) => isReady).length,
      oldestAge: oldest === undefined ? 0 : this.now - oldest,
    });
    this.events.add(this.now + 60, MINUTE);
  }

  private record(minute: number): void {
    const { asleepSeconds = 0 } = this.run.queue;
    const queue = asleepSeconds > 0 && this.now < this.firstArrival + asleepSeconds ? {} : {
      ApproximateNumberOfMessagesVisible: this.messages.waiting,
      // reported only while there are some
      ApproximateNumberOfMessagesNotVisible: this.inFlight > 0 ? this.inFlight : undefined,
      NumberOfMessagesSent: this.sent,
      NumberOfMessagesDeleted: this.deleted,
      ApproximateAgeOfOldestMessage: this.now - (this.messages.oldestArrival() ?? this.now),
    };
    this.figures.record(minute, {
      ...queue, GroupInServiceInstances: this.fleet.inService().length, CPUUtilization: this.cpuOfMinute(), ProcessingTime: this.processingTime(),
    });
    [this.sent, this.deleted] = [0, 0];
    this.took.clear();
  }

  /** The mean of what the instances say, each of which says the mean of its own; none of a minute in which nothing was done. */
  private processingTime(): number | undefined {
    const means = [...this.took.values()].map(({ seconds, count }) => seconds / count);
    return means.length > 0 ? means.reduce((sum, mean) => sum + mean, 0) / means.length : undefined;
  }

  /** The mean of the instances that are warmed up, over the minute that ends now. */
  private cpuOfMinute(): number | undefined {
    const { warmupSeconds } = this.fleet.settings;
    const warm = this.fleet.inService().filter(({ inServiceAt }) => inServiceAt + warmupSeconds <= this.now);
    const { busyCpu, idleCpu } = this.run.environment;
    const start = this.now - 60;
    const shares = warm.map(({ message, receivedAt, busySeconds }) => (busySeconds + (message < 0 ? 0 : this.now - max(receivedAt, start))) / 60);
    this.fleet.instances.forEach(instance => { instance.busySeconds = 0; });
    if (warm.length === 0) { return undefined; }
    return shares.reduce((sum, share) => sum + idleCpu + (busyCpu - idleCpu) * share, 0) / warm.length;
  }

  private minuteStart(): number {
    return floor(this.now / 60) * 60;
  }

  private letGo(instance: Instance): void {
    const idleAt = this.idle.indexOf(instance.index);
    if (idleAt >= 0) { this.idle.splice(idleAt, 1); }
    if (instance.message < 0) { return this.leave(instance); }
    instance.stage = 'leaving';
    this.events.add(this.now + this.fleet.settings.drainSeconds, DRAINED, instance.index);
  }

  private endDrain(instance: Instance): void {
    if (instance.stage !== 'leaving') { return; }
    this.hide(instance.message, instance.receivedAt);
    this.leave(instance);
  }

  private leave(instance: Instance): void {
    instance.stage = 'gone';
    instance.goneAt = this.now;
  }
}
