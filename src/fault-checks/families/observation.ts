import { Rule } from '../rule';
import { alarmThatTakesSilenceForHealth } from '../rules/alarm-that-takes-silence-for-health';
import { alarmThatTellsNobody } from '../rules/alarm-that-tells-nobody';
import { backupsInOnePlace } from '../rules/backups-in-one-place';
import { deadLettersThatNobodySees } from '../rules/dead-letters-that-nobody-sees';
import { groupMetricsThatAreNotThere } from '../rules/group-metrics-that-are-not-there';
import { serviceThatNobodyWatches } from '../rules/service-that-nobody-watches';

/** What nobody sees, or has put by, while there is time. */
export const OBSERVATION: readonly Rule[] = [
  serviceThatNobodyWatches,
  alarmThatTellsNobody,
  alarmThatTakesSilenceForHealth,
  deadLettersThatNobodySees,
  groupMetricsThatAreNotThere,
  backupsInOnePlace,
];
