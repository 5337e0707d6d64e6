import { Random } from './random';
import { Capacity } from './scaling-policies';

/** By whom a group is scaled: EC2 Auto Scaling warms instances up, Application Auto Scaling has cooldowns. */
export type ScaledBy = 'ec2' | 'application';

export interface FleetSettings {
  readonly scaledBy: ScaledBy;
  readonly min: number;
  readonly max: number;
  /** How many are there, and settled, when it begins; `min` unless told. */
  readonly initial?: number;
  readonly warmupSeconds: number;
  readonly cooldownSeconds: number;
  /** So long one that is to go may finish what it has. */
  readonly drainSeconds: number;
  /** Whether an instance at work is protected from scale-in. */
  readonly protectsBusy?: boolean;
}

/** From when the group is told to grow: so long until an instance counts as in service, and until it takes messages. */
export interface StartTimes {
  readonly inServiceAfter: number;
  readonly readyAfter: number;
}

export type Stage = 'starting' | 'in service' | 'leaving' | 'gone';

export interface Instance {
  readonly index: number;
  readonly launchedAt: number;
  stage: Stage;
  inServiceAt: number;
  isReady: boolean;
  goneAt: number;
  /** What it works on; none: -1. */
  message: number;
  receivedAt: number;
  busySeconds: number;
}

/** The instances of a group, those that are gone included. */
export class Fleet {
  public readonly instances: Instance[] = [];
  public desired: number;
  private lastOut = -Infinity;
  private lastIn = -Infinity;
  private desiredBeforeOut = 0;

  constructor(public readonly settings: FleetSettings, private readonly random: Random) {
    this.desired = settings.initial ?? settings.min;
    for (let i = 0; i < this.desired; i++) {
      const instance = this.launch(0);
      Object.assign(instance, { stage: 'in service', inServiceAt: -Infinity, isReady: true });
    }
  }

  public launch(now: number): Instance {
    const instance: Instance = {
      index: this.instances.length,
      launchedAt: now,
      stage: 'starting',
      inServiceAt: Infinity,
      isReady: false,
      goneAt: Infinity,
      message: -1,
      receivedAt: 0,
      busySeconds: 0,
    };
    this.instances.push(instance);
    return instance;
  }

  public capacity(now: number): Capacity {
    const { scaledBy, warmupSeconds, cooldownSeconds } = this.settings;
    const leaving = this.instances.filter(({ stage }) => stage === 'leaving').length;
    if (scaledBy === 'application') {
      const isCooling = now < this.lastOut + cooldownSeconds;
      return {
        desired: this.desired,
        settled: isCooling ? this.desiredBeforeOut : this.desired,
        isGrowing: false,
        isShrinking: now < this.lastIn + cooldownSeconds,
        leaving: 0,
      };
    }
    const settled = this.instances.filter(({ stage, inServiceAt }) => stage === 'in service' && inServiceAt + warmupSeconds <= now).length;
    return { desired: this.desired, settled, isGrowing: settled < this.staying().length, isShrinking: false, leaving };
  }

  /** Takes a new size, and gives those that have to be launched or to go for it. */
  public resize(to: number, now: number): { launched: Instance[]; leaving: Instance[] } {
    const { min, max } = this.settings;
    const wanted = Math.min(Math.max(to, min), max);
    if (wanted > this.desired) {
      if (now >= this.lastOut + this.settings.cooldownSeconds) { this.desiredBeforeOut = this.desired; }
      [this.lastOut, this.lastIn] = [now, -Infinity]; // growth ends the cooldown of a scale-in
    } else if (wanted < this.desired) {
      this.lastIn = now;
    }
    this.desired = wanted;
    const staying = this.staying();
    const launched = Array.from({ length: Math.max(0, wanted - staying.length) }, () => this.launch(now));
    return { launched, leaving: this.choose(staying, staying.length - wanted) };
  }

  public staying(): Instance[] {
    return this.instances.filter(({ stage }) => stage === 'starting' || stage === 'in service');
  }

  public inService(): Instance[] {
    return this.instances.filter(({ stage }) => stage === 'in service');
  }

  /** What an instance costs runs from its launch until it is gone. */
  public instanceSeconds(until: number): number {
    return this.instances.reduce((sum, { launchedAt, goneAt }) => sum + Math.max(0, Math.min(goneAt, until) - launchedAt), 0);
  }

  /** Any of them: they are of one template, over balanced zones. */
  private choose(staying: readonly Instance[], count: number): Instance[] {
    const candidates = this.settings.protectsBusy ? staying.filter(({ message }) => message < 0) : [...staying];
    const chosen: Instance[] = [];
    while (chosen.length < count && candidates.length > 0) {
      chosen.push(...candidates.splice(Math.floor(this.random.uniform() * candidates.length), 1));
    }
    return chosen;
  }
}
