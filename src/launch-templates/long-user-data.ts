import { createHash } from 'crypto';
import { AspectPriority, Aspects, Fn, IAspect, IResolvable, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { encoded, partsOf } from './bash';
import { createFetchedFile } from './fetched-file';
import { beginStep, loudScript } from './loud-script';

/** What EC2 takes, in bytes before they are encoded. */
const LIMIT = 16_384;

/** What a value is taken for, in bytes, that is known at deployment only: an ARN, an endpoint, a URL. */
const VALUE = 256;

/** After all that may add commands, before what only reads. */
const AFTER_ADDITIONS = (AspectPriority.DEFAULT + AspectPriority.READONLY) / 2;

/**
 * Lets user data that are too long for EC2 travel through S3, and leaves short ones as they are.
 *
 * It looks at them before synthesis, since commands may be added until then.
 */
export function letUserDataBeLong(template: ec2.LaunchTemplate, role: iam.IRole): void {
  const transport = new LongUserData(template, role);
  Aspects.of(template).add(transport, { priority: AFTER_ADDITIONS });
  template.node.addValidation({ validate: () => transport.problems() });
}

class LongUserData implements IAspect {
  /** What was given to EC2, and what was there to be given. */
  private given?: string;
  private seen?: string;

  constructor(private readonly template: ec2.LaunchTemplate, private readonly role: iam.IRole) {}

  public visit(node: IConstruct): void {
    // a second synthesis of the same app finds the stub of the first
    if (node !== this.template || !this.template.userData || this.template.node.tryFindChild('UserData')) { return; }
    const userData = this.template.userData.render();
    this.seen = knownOf(userData);
    this.given = userData;
    if (this.sizeOf(userData) <= LIMIT || !userData.startsWith('#!')) { return; }
    this.given = this.createStub(userData);
    const resource = this.template.node.defaultChild as ec2.CfnLaunchTemplate;
    resource.launchTemplateData = {
      ...resource.launchTemplateData as ec2.CfnLaunchTemplate.LaunchTemplateDataProperty,
      userData: Fn.base64(this.given),
    };
  }

  public problems(): string[] {
    if (this.given === undefined || this.seen === undefined) { return []; }
    if (knownOf(this.template.userData?.render() ?? '') !== this.seen) {
      return ["'userData' grew after it was looked at: add to it before the synthesis, or in an Aspect of the default priority on the launch template"];
    }
    if (this.sizeOf(this.given) <= LIMIT) { return []; }
    return this.given.startsWith('#!')
      ? [`'userData' holds so many values that are known at deployment only that they alone are over the ${LIMIT} bytes of EC2; `
        + 'put them into a parameter, and read that at the start']
      : [`'userData' has ${this.sizeOf(this.given)} bytes, of which EC2 takes ${LIMIT}, and only a script that starts with #! is fetched `
        + 'by itself; keep it (for Windows as well) in S3, and fetch it from there'];
  }

  /** The script travels with a mark for each value that is not known yet; these travel in the user data, and are put in there. */
  private createStub(userData: string): string {
    const parts = partsOf(userData);
    const mark = `@value-${createHash('sha256').update(parts.filter(isKnown).join('')).digest('hex').slice(0, 16)}-`;
    const values = [...new Set(parts.filter(isUnknown).map(token => Token.asString(token)))];
    const script = parts.map(part => isKnown(part) ? part : `${mark}${values.indexOf(Token.asString(part))}@`).join('');
    const fetchTo = createFetchedFile(this.template, 'UserData', Buffer.from(script), this.role);
    // beside the script that runs, which lies where scripts may be run
    return loudScript([
      ...fetchesOf(script).map(line => `# the script does: ${line}`),
      beginStep("'fetch the script of the user data'"),
      fetchTo('"$0.fetched"'),
      ...values.length === 0 ? [] : [
        'script=$(cat "$0.fetched")',
        'put_in() { local value; value=$(base64 --decode <<< "$2"); script=${script//"$1"/"$value"}; }',
        ...partsOf(values.join('')).map((value, i) => `put_in '${mark}${i}@' '${encoded(value as IResolvable)}'`),
        'printf "%s\\n" "$script" > "$0.fetched"',
      ],
      'chmod 700 "$0.fetched"',
      'exec "$0.fetched"',
    ]);
  }

  private sizeOf(text: string): number {
    return partsOf(text).reduce((size, part) => size + (isKnown(part) ? Buffer.byteLength(part) : this.sizeOfValue(part)), 0);
  }

  /** What a value is made of counts, if that is more: parts of MIME are encoded in CloudFormation, and so they are values. */
  private sizeOfValue(value: IResolvable): number {
    return Math.max(VALUE, Buffer.byteLength(JSON.stringify(Stack.of(this.template).resolve(value)) ?? ''));
  }
}

/** What the script fetches in turn, so that it can be seen in the template what a start depends on. */
function fetchesOf(script: string): string[] {
  return script.split('\n').filter(line => line.startsWith('retry '));
}

/** What is known at synth of a text; a value may be written in another way each time. */
function knownOf(text: string): string {
  return partsOf(text).map(part => isKnown(part) ? part : '').join('\0');
}

function isKnown(part: string | IResolvable): part is string {
  return typeof part === 'string';
}

function isUnknown(part: string | IResolvable): part is IResolvable {
  return !isKnown(part);
}
