import { Rule } from '../rule';
import { bucketWithoutVersions } from '../rules/bucket-without-versions';
import { cacheWithoutSnapshots } from '../rules/cache-without-snapshots';
import { dataDeletedWithStack } from '../rules/data-deleted-with-stack';
import { databaseBackupsShort } from '../rules/database-backups-short';
import { documentBackupsShort } from '../rules/document-backups-short';
import { fileSystemWithoutBackup } from '../rules/file-system-without-backup';
import { keyDeletedWithStack } from '../rules/key-deleted-with-stack';
import { snapshotsOfNothing } from '../rules/snapshots-of-nothing';
import { storeDeletionNotRefused } from '../rules/store-deletion-not-refused';
import { tableWithoutRecovery } from '../rules/table-without-recovery';
import { volumeDeletedWithInstance } from '../rules/volume-deleted-with-instance';
import { volumeWithoutSnapshots } from '../rules/volume-without-snapshots';

/** Data are gone, and no copy of them is left. */
export const DATA: readonly Rule[] = [
  databaseBackupsShort,
  documentBackupsShort,
  tableWithoutRecovery,
  bucketWithoutVersions,
  volumeWithoutSnapshots,
  volumeDeletedWithInstance,
  snapshotsOfNothing,
  fileSystemWithoutBackup,
  cacheWithoutSnapshots,
  storeDeletionNotRefused,
  dataDeletedWithStack,
  keyDeletedWithStack,
];
