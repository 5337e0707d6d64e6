/** How long something takes, and who says so. */
export interface RecoveryTime {
  readonly seconds: number;
  /** The AWS document, or `model`: a figure of this simulation where AWS gives none. */
  readonly source: string;
}

/** Every figure that does not come out of the template itself. */
export const RECOVERY_TIMES = {
  relaunch: { seconds: 300, source: 'model: a minute to notice, three to launch and boot, one to pass the first check' },
  ecsTask: { seconds: 120, source: 'model: a minute to notice and start, one to pass the first check' },
  instanceRecovery: { seconds: 900, source: 'model; Amazon EC2 User Guide, "Recover your instance", names no time' },
  stopStart: { seconds: 120, source: 'model' },
  rdsFailover: { seconds: 120, source: 'Amazon RDS User Guide, "Multi-AZ DB instance deployments": typically 60 to 120 seconds' },
  rdsClusterFailover: { seconds: 65, source: 'Amazon RDS User Guide, "Multi-AZ DB cluster deployments": typically under 35 seconds, and 30 for the name' },
  rdsHost: { seconds: 1200, source: 'model: RDS puts a single instance on other hardware' },
  auroraFailover: { seconds: 90, source: 'Amazon Aurora User Guide, "High availability for Amazon Aurora": typically under 60 seconds, and 30 for the name' },
  auroraRecreate: { seconds: 600, source: 'Amazon Aurora User Guide, "High availability for Amazon Aurora": typically under 10 minutes' },
  cacheFailover: { seconds: 60, source: 'ElastiCache guide, "Minimizing downtime in ElastiCache with Multi-AZ", and the time to notice' },
  cacheRecreate: { seconds: 600, source: 'model' },
  dnsTtl: { seconds: 60, source: 'the TTL of load balancers\' names' },
  launchHook: { seconds: 3600, source: 'Amazon EC2 Auto Scaling User Guide, "Add lifecycle hooks": the default time-out' },
  updatePause: { seconds: 1800, source: 'model: a rolling update waits for its pause, and is rolled back' },
} as const satisfies Readonly<Record<string, RecoveryTime>>;

export function secondsOf(id: keyof typeof RECOVERY_TIMES): number {
  return RECOVERY_TIMES[id].seconds;
}
