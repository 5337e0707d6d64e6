import { Duration } from 'aws-cdk-lib';

/**
 * Copies of all snapshots in another Region: they are there when the Region of the volume is not.
 */
export interface SnapshotCopy {
  /**
   * The Region of the copies; another one than that of the policy.
   */
  readonly region: string;

  /**
   * For so long a copy is kept; whole days, 1 day to 100 years.
   *
   * @default Duration.days(14)
   */
  readonly keptFor?: Duration;

  /**
   * The ARN of the key in that Region with which the copies are encrypted.
   *
   * @default - the key that AWS keeps for EBS there
   */
  readonly encryptionKeyArn?: string;
}
