import { Rule } from '../rule';
import { balancerDeletedInOneCall } from '../rules/balancer-deleted-in-one-call';
import { deploymentOfFewTasks } from '../rules/deployment-of-few-tasks';
import { groupOfLaunchConfiguration } from '../rules/group-of-launch-configuration';
import { groupOfOneBoundToZone } from '../rules/group-of-one-bound-to-zone';
import { healthCheckOfTheDead } from '../rules/health-check-of-the-dead';
import { healthNotAskedOfBalancer } from '../rules/health-not-asked-of-balancer';
import { launchHookWithoutCompleter } from '../rules/launch-hook-without-completer';
import { loneInstance } from '../rules/lone-instance';
import { noDraining } from '../rules/no-draining';
import { noGracePeriod } from '../rules/no-grace-period';
import { noRecovery } from '../rules/no-recovery';
import { slowDetection } from '../rules/slow-detection';
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
  healthCheckOfTheDead,
  slowDetection,
  balancerDeletedInOneCall,
  noDraining,
  deploymentOfFewTasks,
];
