import { ebsSnapshotPolicy } from './ebs-snapshot-policy';
import { faultDashboard } from './fault-dashboard';
import { haNatPerAz } from './ha-nat-per-az';
import { multiAzWebTier } from './multi-az-web-tier';
import { rdsMultiAz } from './rds-multi-az';
import { referenceArchitectures } from './reference-architectures';
import { s3StaticFailover } from './s3-static-failover';
import { sessionTable } from './session-table';
import { sqsWorkerFleet } from './sqs-worker-fleet';
import { Subject } from './subject';

/** Each construct in each of its ways, and each architecture. A new construct or architecture is entered here. */
export const subjects: readonly Subject[] = [
  ...haNatPerAz,
  ...multiAzWebTier,
  ...sqsWorkerFleet,
  ...sessionTable,
  ...rdsMultiAz,
  ...s3StaticFailover,
  ...ebsSnapshotPolicy,
  ...faultDashboard,
  ...referenceArchitectures,
];
