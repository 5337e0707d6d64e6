import { Duration, RemovalPolicy, Size, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { IConstruct } from 'constructs';
import { RdsMultiAzProps } from './rds-multi-az';
import { ConfigurationError } from '../shared/configuration-error';
import { checkWholeNumber } from '../shared/numbers';
import { checkSeveralZones, selectSubnets } from '../shared/zones';

/** What RDS takes as the size of a gp3 disk, in GiB. */
const STORAGE = { from: 20, to: 65536 };

/** RDS lets a disk grow only if it may grow by at least this share of it. */
const LEAST_GROWTH = 0.1;

/** What each kind of database can write to CloudWatch without further settings, and is of use when something is wrong. */
const LOG_EXPORTS: Readonly<Record<string, string[]>> = {
  postgres: ['postgresql', 'upgrade'],
  mysql: ['error', 'slowquery'],
  mariadb: ['error', 'slowquery'],
};

/** What the props of a database come to: checked, with every default filled in. */
export interface DatabasePlan extends RdsMultiAzProps {
  readonly subnets: ec2.ISubnet[];
  readonly logExports: string[];
  readonly allocatedStorage: Size;
  readonly backupRetention: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks all that can be known before anything is made. */
export function planDatabase(scope: IConstruct, props: RdsMultiAzProps): DatabasePlan {
  const subnets = selectSubnets(scope, 'vpcSubnets', props.vpc, props.vpcSubnets ?? { subnetType: subnetTypeIn(props.vpc) });
  checkSeveralZones(scope, 'vpcSubnets', subnets);
  const logExports = logExportsOf(scope, props.engine);
  const allocatedStorage = props.allocatedStorage ?? Size.gibibytes(100);
  checkStorage(scope, 'allocatedStorage', allocatedStorage);
  const plan = {
    ...props,
    subnets,
    logExports,
    allocatedStorage,
    maxAllocatedStorage: props.maxAllocatedStorage ?? roomFor(allocatedStorage),
    backupRetention: props.backupRetention ?? Duration.days(14),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.SNAPSHOT,
  };
  if (props.maxAllocatedStorage) { checkGrowth(scope, allocatedStorage, props.maxAllocatedStorage); }
  checkRetention(scope, plan.backupRetention);
  checkDatabaseName(scope, props.databaseName);
  checkInstanceType(scope, props.instanceType.toString());
  return plan;
}

function subnetTypeIn(vpc: ec2.IVpc): ec2.SubnetType {
  return vpc.isolatedSubnets.length > 0 ? ec2.SubnetType.PRIVATE_ISOLATED : ec2.SubnetType.PRIVATE_WITH_EGRESS;
}

function logExportsOf(scope: IConstruct, { engineType }: IInstanceEngine): string[] {
  if (!(engineType in LOG_EXPORTS)) {
    throw new ConfigurationError(scope, `'engine' is ${engineType}`, `give one of ${Object.keys(LOG_EXPORTS).join(', ')}`);
  }
  return LOG_EXPORTS[engineType];
}

function checkStorage(scope: IConstruct, prop: string, size: Size): void {
  if (size.isUnresolved()) {
    throw new ConfigurationError(scope, `'${prop}' is not known at synth, and an alarm is computed from it`, 'give a size');
  }
  checkWholeNumber(scope, prop, size.toKibibytes() / Size.gibibytes(1).toKibibytes(), STORAGE, 'GiB');
}

function checkGrowth(scope: IConstruct, allocatedStorage: Size, maxAllocatedStorage: Size): void {
  checkStorage(scope, 'maxAllocatedStorage', maxAllocatedStorage);
  const [first, most] = [allocatedStorage.toGibibytes(), maxAllocatedStorage.toGibibytes()];
  if (most < leastToGrow(first)) {
    throw new ConfigurationError(scope,
      `'maxAllocatedStorage' (${most} GiB) leaves 'allocatedStorage' (${first} GiB) less than a tenth to grow, which RDS does not take`,
      `raise it to ${leastToGrow(first)} GiB or more, or leave it out`);
  }
}

function leastToGrow(first: number): number {
  return Math.ceil(first + first * LEAST_GROWTH);
}

function checkRetention(scope: IConstruct, backupRetention: Duration): void {
  if (backupRetention.isUnresolved()) { return; }
  const days = backupRetention.toDays({ integral: false });
  if (days === 0) {
    throw new ConfigurationError(scope, "'backupRetention' is 0, which turns off the backups: what is deleted by mistake is then gone",
      'give 1 to 35 days');
  }
  checkWholeNumber(scope, 'backupRetention', days, { from: 1, to: 35 }, 'days');
}

function checkDatabaseName(scope: IConstruct, databaseName?: string): void {
  if (databaseName === undefined || Token.isUnresolved(databaseName) || /^[A-Za-z]\w{0,62}$/.test(databaseName)) { return; }
  throw new ConfigurationError(scope, `'databaseName' is '${databaseName}'`,
    'give up to 63 letters, digits and underscores, a letter first');
}

function checkInstanceType(scope: IConstruct, instanceType: string): void {
  if (!instanceType.startsWith('db.')) { return; }
  throw new ConfigurationError(scope, `'instanceType' is ${instanceType}, and CDK puts 'db.' before it`, `give ${instanceType.slice('db.'.length)}`);
}

/** Twice the disk; nothing for one that is nearly as large as there are. */
function roomFor(allocatedStorage: Size): Size | undefined {
  const first = allocatedStorage.toGibibytes();
  return leastToGrow(first) > STORAGE.to ? undefined : Size.gibibytes(Math.min(2 * first, STORAGE.to));
}
