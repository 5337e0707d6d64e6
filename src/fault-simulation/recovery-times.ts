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
  refreshRetries: {
    what: 'an instance refresh fails of which no new instance passes its health checks; then the former version is launched',
    seconds: 3600,
    basis: 'documented',
    source: 'Amazon EC2 Auto Scaling User Guide, "How an instance refresh works in an Auto Scaling group": it keeps retrying for an hour',
  },
  refreshUndone: {
    what: 'an instance refresh that an alarm stops is undone',
    seconds: 3600,
    basis: 'model',
    source: 'the periods of the alarm, and the batches back; Amazon EC2 Auto Scaling User Guide, "Undo changes with a manual or auto rollback", names no time',
  },
  routeChange: {
    what: 'a network goes by a route that a machine has changed',
    seconds: 2.5,
    basis: 'model',
    source: 'Amazon EC2 API Reference, "ReplaceRoute", names no time; assumed: half a second for the call, two for the network. In a laboratory '
      + 'without AWS the call took a hundredth of a second. The time to notice comes before it, out of the configuration of who changes it',
  },
  addressMove: {
    what: 'an elastic address leads to another interface, as a machine has moved it',
    seconds: 5,
    basis: 'model',
    source: 'Amazon EC2 API Reference, "AssociateAddress", names no time; assumed, as for a route, with more for the gateway. The time to notice comes before it',
  },
  programRestart: {
    what: 'systemd starts a program again that has died',
    seconds: 10,
    basis: 'model',
    source: 'systemd.service(5), "RestartSec=": 100 ms by default; the rest for the start, and until it takes messages',
  },
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
  volumeClusterFailover: {
    what: 'another member of a DocumentDB or Neptune cluster takes over',
    seconds: 120,
    basis: 'documented',
    source: 'Amazon DocumentDB Developer Guide, "Understanding Amazon DocumentDB cluster fault tolerance", and Neptune User Guide, '
      + '"Fault tolerance for a Neptune DB cluster": less than 120 seconds, often less than 60',
  },
  volumeClusterRecreate: {
    what: 'DocumentDB or Neptune makes its only member anew, in its zone',
    seconds: 600,
    basis: 'documented',
    source: 'Neptune User Guide, "Fault tolerance for a Neptune DB cluster": typically less than 10 minutes; the guide of DocumentDB: a few minutes',
  },
  warehouseFailover: {
    what: 'a Redshift cluster of two zones fails over',
    seconds: 60,
    basis: 'model',
    source: 'Amazon Redshift Management Guide, "Failing over Multi-AZ deployment", names no time; the compute of the other zone runs already',
  },
  warehouseRelocation: {
    what: 'Redshift relocates a cluster into another zone',
    seconds: 900,
    basis: 'documented',
    source: 'AWS Big Data Blog, "Build a resilient Amazon Redshift architecture with automatic recovery enabled": on average under 15 minutes',
  },
  warehouseNode: { what: 'Redshift replaces a node', seconds: 1200, basis: 'model', source: 'Amazon Redshift Management Guide names no time' },
  cacheFailover: {
    what: 'a replica of a cache, or of MemoryDB, is promoted',
    seconds: 60,
    basis: 'model',
    source: 'ElastiCache guide, "Minimizing downtime in ElastiCache with Multi-AZ": a few seconds; the time to notice is not documented; nor is that of MemoryDB',
  },
  cacheRecreate: {
    what: 'a node of a cache, or of MemoryDB, is made anew',
    seconds: 600,
    basis: 'model',
    source: 'ElastiCache guide, "Replacing nodes", and MemoryDB Developer Guide, "Mitigating failures", name no time',
  },
  searchStandby: {
    what: 'the standby zone of an OpenSearch domain takes over',
    seconds: 60,
    basis: 'documented',
    source: 'AWS Big Data Blog, "Achieve high availability in Amazon OpenSearch Multi-AZ with Standby enabled domains": a minute at most',
  },
  searchNode: {
    what: 'OpenSearch Service replaces a node, also in another of the zones of the domain',
    seconds: 1800,
    basis: 'model',
    source: 'Amazon OpenSearch Service Developer Guide, "Configuring a multi-AZ domain", names no time; a launch, and the copies of the shards',
  },
  kafkaBroker: {
    what: 'MSK replaces a broker, in its zone',
    seconds: 1200,
    basis: 'model',
    source: 'Amazon MSK Developer Guide, "What is Amazon MSK?", names no time; a launch, and what the broker has missed',
  },
  brokerFailover: {
    what: 'the standby of an Amazon MQ broker takes over',
    seconds: 60,
    basis: 'model',
    source: 'Amazon MQ Developer Guide, "Active/standby broker for high availability": a short while',
  },
  brokerRestart: { what: 'Amazon MQ puts a broker on other hardware', seconds: 900, basis: 'model', source: 'Amazon MQ Developer Guide names no time' },
  fsxFailover: {
    what: 'a file system of several zones fails over',
    seconds: 60,
    basis: 'documented',
    source: 'FSx for Windows File Server User Guide, "Availability and durability": typically under 30 seconds; as much for clients to notice',
  },
  fsxServer: {
    what: 'FSx replaces a file server in its zone',
    seconds: 1200,
    basis: 'documented',
    source: 'FSx for OpenZFS User Guide, "Availability and durability": typically in less than 20 minutes',
  },
  influxFailover: {
    what: 'the standby of an InfluxDB database takes over',
    seconds: 120,
    basis: 'documented',
    source: 'Timestream Developer Guide, "Configuring and managing a multi-AZ deployment": typically 60 to 120 seconds',
  },
  dnsTtl: {
    what: 'clients keep the address of a load balancer',
    seconds: 60,
    basis: 'documented',
    source: 'Elastic Load Balancing User Guide, "Target group health": the TTL of its names',
  },
} as const satisfies Readonly<Record<string, RecoveryTime>>;

export type RecoveryTimeId = keyof typeof RECOVERY_TIMES;

export function secondsOf(id: RecoveryTimeId): number {
  return RECOVERY_TIMES[id].seconds;
}
