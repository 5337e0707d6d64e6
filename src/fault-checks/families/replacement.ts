import { Rule } from '../rule';
import { groupOfLaunchConfiguration } from '../rules/group-of-launch-configuration';
import { groupOfOneBoundToZone } from '../rules/group-of-one-bound-to-zone';
import { healthNotAskedOfBalancer } from '../rules/health-not-asked-of-balancer';
import { launchHookWithoutCompleter } from '../rules/launch-hook-without-completer';
import { loneInstance } from '../rules/lone-instance';
import { noGracePeriod } from '../rules/no-grace-period';
import { noRecovery } from '../rules/no-recovery';
import { updateOfTooManyAtOnce } from '../rules/update-of-too-many-at-once';

/** What dies is noticed late, is not replaced, or takes more with it. */
export const REPLACEMENT: readonly Rule[] = [
  healthNotAskedOfBalancer,
  noGracePeriod,
  groupOfOneBoundToZone,
  launchHookWithoutCompleter,
  groupOfLaunchConfiguration,
  updateOfTooManyAtOnce,
  loneInstance,
  noRecovery,
];
