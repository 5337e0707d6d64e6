import { possible } from './settings';
import { asString, at, isObject, listOf, Properties, referredTo, Text, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** Undefined where the template does not decide it. */
type Maybe = boolean | undefined;

/** Something of which a policy or a plan may take copies. */
export interface Original {
  readonly key: string;
  readonly region: string;
  /** How ARNs of its kind are made: the service, and what stands before its own name. */
  readonly kind: string;
  readonly tags: Value | undefined;
}

/** What AWS Backup takes, as far as ARNs are read. */
const KINDS: Readonly<Record<string, string>> = {
  'AWS::DocDB::DBCluster': 'rds:cluster:',
  'AWS::DynamoDB::GlobalTable': 'dynamodb:table/',
  'AWS::DynamoDB::Table': 'dynamodb:table/',
  'AWS::EC2::Instance': 'ec2:instance/',
  'AWS::EC2::Volume': 'ec2:volume/',
  'AWS::EFS::FileSystem': 'elasticfilesystem:file-system/',
  'AWS::FSx::FileSystem': 'fsx:file-system/',
  'AWS::Neptune::DBCluster': 'rds:cluster:',
  'AWS::RDS::DBCluster': 'rds:cluster:',
  'AWS::RDS::DBInstance': 'rds:db:',
  'AWS::Redshift::Cluster': 'redshift:cluster:',
  'AWS::S3::Bucket': 's3:',
};
export const VOLUME = KINDS['AWS::EC2::Volume'];
export const INSTANCE = KINDS['AWS::EC2::Instance'];

export function originalOf({ key, region, type, properties }: Resource): Original {
  return { key, region, kind: KINDS[type] ?? '', tags: properties.FileSystemTags ?? properties.Tags };
}

/** All that stands in the templates by itself and that AWS Backup takes. */
export function originalsIn(topology: Topology): readonly Original[] {
  return topology.ofType(...Object.keys(KINDS)).map(originalOf);
}

/** Whether a policy or a plan takes copies of one of these: of a volume, or of the instance that has it. */
export function isCopied(originals: readonly Original[], topology: Topology): Maybe {
  const policies = topology.ofType('AWS::DLM::LifecyclePolicy');
  const selections = topology.ofType('AWS::Backup::BackupSelection');
  return some(originals.flatMap(original => [
    ...policies.map(policy => every([certainly(policy), takesSnapshots(policy, original)])),
    ...selections.map(selection => every([certainly(selection), selects(selection, original)])),
    isMeantForCopies(original),
  ]));
}

const certainly = ({ presence }: Resource): Maybe => presence === 'present' ? true : undefined;

/** A tag that speaks of backups is one that somebody selects, if not here, then elsewhere. */
function isMeantForCopies({ tags }: Original): Maybe {
  const speaks = tagsIn(tags).some(tag => /backup|snapshot/i.test(asString(at(tag, 'Key')) ?? '') && !/^(false|no|none|off|0|disabled)$/i.test(asString(at(tag, 'Value')) ?? ''));
  return speaks ? undefined : false;
}

/** Whether a policy of Data Lifecycle Manager is carried out. */
export function isEnabled({ properties: { State: state } }: Resource): Maybe {
  const [first, ...others] = possible(state).map(one => typeof one === 'string' ? one === 'ENABLED' : undefined);
  return others.every(other => other === first) ? first : undefined;
}

/** Whether a policy of Data Lifecycle Manager, if it is carried out, takes snapshots of this. */
export function aimsAt({ region, properties }: Resource, original: Original): Maybe {
  const { DefaultPolicy: byDefault, PolicyDetails: details, Exclusions: exclusions } = properties;
  if (original.region !== region || (original.kind !== VOLUME && original.kind !== INSTANCE)) { return false; }
  if (details instanceof Unknown) { return undefined; }
  const kindOf = (type: Value | undefined) => type === 'VOLUME' ? VOLUME : type === 'INSTANCE' ? INSTANCE : undefined;
  if (byDefault !== undefined) { return byDefault instanceof Unknown || exclusions !== undefined ? undefined : kindOf(byDefault) === original.kind; }
  const types = at(details, 'PolicyType') === 'IMAGE_MANAGEMENT' ? ['INSTANCE'] : listOf(at(details, 'ResourceTypes'));
  const tags = listOf(at(details, 'TargetTags'));
  return every([
    at(details, 'PolicyType') !== 'EVENT_BASED_POLICY',
    some(types.map(type => type instanceof Unknown ? undefined : kindOf(type) === original.kind)),
    some(tags.map(tag => tag instanceof Unknown ? undefined : carries(original, at(tag, 'Key'), at(tag, 'Value')))),
  ]);
}

function takesSnapshots(policy: Resource, original: Original): Maybe {
  return every([isEnabled(policy), aimsAt(policy, original)]);
}

/** Whether a selection of AWS Backup has this: by its ARN or a tag, if all conditions hold, and if nothing takes it out. */
export function selects({ region, properties: { BackupSelection: selection } }: Resource, original: Original): Maybe {
  if (original.region !== region) { return false; }
  if (selection instanceof Unknown) { return undefined; }
  const [arns, tags, conditions, exceptions] = ['Resources', 'ListOfTags', 'Conditions', 'NotResources'].map(name => at(selection, name));
  const byName = listOf(arns).map(arn => isNamedBy(arn, original));
  const byTag = listOf(tags).map(tag => tag instanceof Unknown ? undefined : carries(original, at(tag, 'ConditionKey'), at(tag, 'ConditionValue')));
  return every([
    // where nothing is listed, all is selected
    byName.length + byTag.length === 0 || some([...byName, ...byTag]),
    meets(original, conditions),
    ...listOf(exceptions).map(arn => not(isNamedBy(arn, original))),
  ]);
}

function meets(original: Original, conditions: Value | undefined): Maybe {
  if (conditions === undefined || conditions === null) { return true; }
  if (!isObject(conditions)) { return undefined; }
  return every(Object.entries(conditions).flatMap(([operator, all]) => listOf(all).map(one =>
    operator === 'StringEquals' && !(one instanceof Unknown) ? carries(original, at(one, 'ConditionKey'), at(one, 'ConditionValue')) : undefined)));
}

/** Whether an ARN, or a pattern of ARNs, has this. */
function isNamedBy(arn: Value, { key, kind }: Original): Maybe {
  if (referredTo(arn).some(({ resource }) => resource === key)) { return true; }
  if (arn instanceof Unknown) { return undefined; }
  const parts = arn instanceof Text ? arn.parts : typeof arn === 'string' ? [arn] : [];
  if (parts.some(part => part instanceof Unknown && part.traits.names !== false)) { return undefined; }
  const fields = parts.map(part => typeof part === 'string' ? part : '?').join('').split(':');
  const rest = fields.length > 5 ? fields.slice(5).join(':') : fields[fields.length - 1];
  const [service, ...prefix] = kind.split(':');
  const isOfService = fields.length < 3 || fields[2] === '*' || fields[2] === service;
  return isOfService && (rest === '*' || rest === `${prefix.join(':')}*`);
}

function carries({ tags }: Original, key: Value | undefined, value: Value | undefined): Maybe {
  const name = typeof key === 'string' ? key.replace(/^aws:ResourceTag\//, '') : key;
  // what CloudFormation puts on by itself
  if (typeof name === 'string' && name.startsWith('aws:')) { return undefined; }
  return some(tagsIn(tags).map(tag => tag instanceof Unknown ? undefined : every([isSame(at(tag, 'Key'), name), isSame(at(tag, 'Value'), value)])));
}

function tagsIn(tags: Value | undefined): readonly (Unknown | Properties)[] {
  if (isObject(tags)) { return Object.entries(tags).map(([name, value]) => ({ Key: name, Value: value })); }
  return listOf(tags).filter((tag): tag is Unknown | Properties => tag instanceof Unknown || isObject(tag));
}

function isSame(one: Value | undefined, other: Value | undefined): Maybe {
  if (one === undefined || other === undefined) { return false; }
  const [text, otherText] = [asString(one), asString(other)];
  if (text !== undefined && otherText !== undefined) { return text === otherText; }
  return JSON.stringify(one) === JSON.stringify(other) ? true : undefined;
}

const not = (one: Maybe): Maybe => one === undefined ? undefined : !one;

export function some(all: readonly Maybe[]): Maybe {
  return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
}

function every(all: readonly Maybe[]): Maybe {
  return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
}
