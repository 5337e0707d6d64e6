/** How long something takes, and who says so. */
export interface RecoveryTime {
  readonly what: string;
  readonly seconds: number;
  /** `documented`: AWS names the time; `model`: a figure of this simulation, as AWS names none. */
  readonly basis: 'documented' | 'model';
  readonly source: string;
}

/** Every figure that does not come out of the template itself; docs/recovery-times.md is made from it. */
export const RECOVERY_TIMES = {
  relaunch: {
    what: 'a group starts another instance',
    seconds: 300,
    basis: 'model',
    source: 'a minute to notice, three to launch and boot, one to pass the first check',
  },
  launchHook: {
    what: 'a launch hook that nobody completes and that ends in CONTINUE, besides',
    seconds: 3600,
    basis: 'documented',
    source: 'Amazon EC2 Auto Scaling User Guide, "Add lifecycle hooks": the default time-out',
  },
  updatePause: { what: 'a rolling update that waits for signals is rolled back', seconds: 1800, basis: 'model', source: 'its pause, and the time back' },
  ecsTask: { what: 'an ECS service starts another task', seconds: 120, basis: 'model', source: 'a minute to notice and start, one to pass the first check' },
  instanceRecovery: {
    what: 'EC2 recovers an instance on other hardware',
    seconds: 900,
    basis: 'model',
    source: 'Amazon EC2 User Guide, "Recover your instance", names no time',
  },
  stopStart: {
    what: 'an instance is stopped and started',
    seconds: 120,
    basis: 'model',
    source: 'a minute to stop, one to boot; Amazon EC2 User Guide, "Stop and start Amazon EC2 instances", names no time',
  },
  rdsFailover: {
    what: 'a Multi-AZ database instance fails over',
    seconds: 120,
    basis: 'documented',
    source: 'Amazon RDS User Guide, "Multi-AZ DB instance deployments": typically 60 to 120 seconds',
  },
  rdsClusterFailover: {
    what: 'a Multi-AZ database cluster fails over',
    seconds: 65,
    basis: 'documented',
    source: 'Amazon RDS User Guide, "Multi-AZ DB cluster deployments": typically under 35 seconds; 30 more for the name',
  },
  rdsHost: {
    what: 'RDS puts a single instance on other hardware',
    seconds: 1200,
    basis: 'model',
    source: 'Amazon RDS User Guide names no time; detection, attaching the volume, and the recovery of the engine',
  },
  auroraFailover: {
    what: 'another member of an Aurora cluster takes over',
    seconds: 90,
    basis: 'documented',
    source: 'Amazon Aurora User Guide, "High availability for Amazon Aurora": typically under 60 seconds; 30 more for the name',
  },
  auroraRecreate: {
    what: 'Aurora makes its only member anew, in its zone',
    seconds: 600,
    basis: 'documented',
    source: 'Amazon Aurora User Guide, "High availability for Amazon Aurora": typically under 10 minutes',
  },
  cacheFailover: {
    what: 'a replica of a cache is promoted',
    seconds: 60,
    basis: 'model',
    source: 'ElastiCache guide, "Minimizing downtime in ElastiCache with Multi-AZ": a few seconds; the time to notice is not documented',
  },
  cacheRecreate: { what: 'a cache node is made anew', seconds: 600, basis: 'model', source: 'ElastiCache guide, "Replacing nodes", names no time' },
  fsxFailover: {
    what: 'a file system of several zones fails over',
    seconds: 60,
    basis: 'documented',
    source: 'FSx for Windows File Server User Guide, "Availability and durability": typically under 30 seconds; as much for clients to notice',
  },
  dnsTtl: {
    what: 'clients keep the address of a load balancer',
    seconds: 60,
    basis: 'documented',
    source: 'Elastic Load Balancing User Guide, "Target group health": the TTL of its names',
  },
} as const satisfies Readonly<Record<string, RecoveryTime>>;

export function secondsOf(id: keyof typeof RECOVERY_TIMES): number {
  return RECOVERY_TIMES[id].seconds;
}
