import { Duration, Token } from 'aws-cdk-lib';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import { IConstruct } from 'constructs';
import { SnapshotCopy } from './snapshot-copy';
import { ConfigurationError } from '../shared/configuration-error';
import { checkAge } from '../shared/numbers';

/** The most that Data Lifecycle Manager takes. */
const MOST_COPIES = 3;

/** Refuses copies that Data Lifecycle Manager does not make, or that would be of no use. */
export function checkCopies(scope: IConstruct, copies: SnapshotCopy[], ownRegion: string): void {
  if (copies.length > MOST_COPIES) {
    throw new ConfigurationError(scope, `'copies' names ${copies.length} Regions`, `give ${MOST_COPIES} at most`);
  }
  copies.forEach((copy, index) => {
    checkRegion(scope, copy.region, ownRegion, copies.slice(0, index).map(({ region }) => region));
    checkAge(scope, `copies[${index}].keptFor`, keptFor(copy));
    checkKey(scope, index, copy);
  });
}

/** What Data Lifecycle Manager is told of a copy. */
export function copyRule(copy: SnapshotCopy): CfnLifecyclePolicy.CrossRegionCopyRuleProperty {
  return {
    target: copy.region,
    encrypted: true,
    cmkArn: copy.encryptionKeyArn,
    copyTags: true,
    retainRule: { interval: keptFor(copy).toDays(), intervalUnit: 'DAYS' },
  };
}

function keptFor(copy: SnapshotCopy): Duration {
  return copy.keptFor ?? Duration.days(14);
}

function checkKey(scope: IConstruct, index: number, { encryptionKeyArn: key, region }: SnapshotCopy): void {
  if (key === undefined || Token.isUnresolved(key) || Token.isUnresolved(region)) { return; }
  const [, , service, keyRegion] = key.split(':');
  if (service === 'kms' && keyRegion === region) { return; }
  throw new ConfigurationError(scope, `'copies[${index}].encryptionKeyArn' is '${key}', which is not the ARN of a key in ${region}`,
    'give one of the Region that the copy goes to');
}

function checkRegion(scope: IConstruct, region: string, ownRegion: string, others: string[]): void {
  if (Token.isUnresolved(region)) { return; }
  if (!/^[a-z]{2,}(-[a-z]+)+-\d$/.test(region)) {
    throw new ConfigurationError(scope, `'copies' names the Region '${region}'`, "give one such as 'eu-central-1'");
  }
  if (region === ownRegion) {
    throw new ConfigurationError(scope, `'copies' names ${region}, the Region of the policy itself, so the copies would be lost with it`,
      'name another Region');
  }
  if (others.includes(region)) {
    throw new ConfigurationError(scope, `'copies' names ${region} twice`, 'name it once');
  }
}
