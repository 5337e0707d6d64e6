import { Rule } from '../rule';
import { apiThatLeadsIntoOneZone } from '../rules/api-that-leads-into-one-zone';
import { distributionWithoutASecondOrigin } from '../rules/distribution-without-a-second-origin';
import { errorKeptAtTheEdge } from '../rules/error-kept-at-the-edge';
import { healthThatIsNeverBad } from '../rules/health-that-is-never-bad';
import { nameOfOneMachine } from '../rules/name-of-one-machine';
import { nameThatDoesNotFailOver } from '../rules/name-that-does-not-fail-over';
import { shareOfADeadTarget } from '../rules/share-of-a-dead-target';
import { slowFailoverOfAName } from '../rules/slow-failover-of-a-name';
import { spareThatFailsWithItsPrimary } from '../rules/spare-that-fails-with-its-primary';

/** What clients come through first: a name, a distribution or an API that goes on sending them to what is gone. */
export const EDGE: readonly Rule[] = [
  nameThatDoesNotFailOver,
  nameOfOneMachine,
  spareThatFailsWithItsPrimary,
  slowFailoverOfAName,
  shareOfADeadTarget,
  healthThatIsNeverBad,
  distributionWithoutASecondOrigin,
  errorKeptAtTheEdge,
  apiThatLeadsIntoOneZone,
];
