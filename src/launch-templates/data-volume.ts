import { Size } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';

/**
 * A volume that comes and goes with the instance: for scratch space, caches, and what can be fetched again.
 *
 * Encrypted, gp3, empty at the start: make a file system on it and mount it, in a bootstrap or as the image does it.
 */
export interface DataVolume {
  /**
   * The name of the device, such as /dev/sdf; on Nitro instances the system shows it as an NVMe device.
   */
  readonly deviceName: string;

  /**
   * 1 to 65536 GiB, whole.
   */
  readonly size: Size;

  /**
   * Operations per second, 3000 to 80000, and no more than 500 for each GiB.
   *
   * @default 3000
   */
  readonly iops?: number;

  /**
   * MiB per second, 125 to 2000, and no more than a quarter of `iops`.
   *
   * @default 125
   */
  readonly throughput?: number;

  /**
   * The key it is encrypted with.
   *
   * Its policy lets EC2 Auto Scaling use it for volumes. The policy of an imported key cannot be changed from here: let the
   * role AWSServiceRoleForAutoScaling use it there, else no instance starts.
   *
   * @default - the account's default key for EBS
   */
  readonly encryptionKey?: kms.IKey;
}
