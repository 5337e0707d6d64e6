import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkEach, checkListIsKnown, firstRepeated } from '../shared/lists';

/** Refuses what is no Elastic IP, and one that is given twice; `zones` is how many there have to be, where that is known. */
export function checkAllocationIds(scope: IConstruct, prop: string, ids: readonly string[] | undefined, zones?: number): void {
  if (ids === undefined) { return; }
  checkListIsKnown(scope, prop, ids, ', and each zone is to get one of it');
  checkEach(scope, prop, ids, { from: 1 }, /^eipalloc-[0-9a-f]+$/, 'eipalloc-0123456789abcdef0');
  const twice = firstRepeated(ids);
  if (twice !== undefined) {
    throw new ConfigurationError(scope, `'${prop}' has '${twice}' twice, and an address is in one place only`, 'give each zone its own');
  }
  if (zones !== undefined && ids.length !== zones) {
    throw new ConfigurationError(scope, `'${prop}' has ${ids.length} entries for ${zones} zones`, 'give one a zone, in the order of the zones');
  }
}
