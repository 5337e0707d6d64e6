import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { CreateFetch } from './fetched-file';
import { beginStep, loudScript, ownCommands, SUCCESS } from './loud-script';
import { ConfigurationError } from '../shared/configuration-error';

/** What a construct lets an instance do at the end of its start, after all that its users let it do. */
export interface LastSteps {
  /** The prop of the construct that asks for it. */
  readonly prop: string;
  readonly lines: (createFetch: CreateFetch) => string[];
}

/** Refuses what bash cannot run: another language, and what is for cloud-init or Windows; `prop` asks for a script in bash. */
export function checkIsBash(scope: IConstruct, userData: ec2.UserData, prop: string): void {
  const [first] = userData.render().split('\n');
  const isBash = first.startsWith('#!') ? /\b(ba)?sh\b/.test(first) : !/^(content-type:|mime-version:|#cloud-|<)/i.test(first);
  if (isBash) { return; }
  throw new ConfigurationError(scope, `'userData' beside '${prop}' starts with '${first}', which is no script for bash`,
    `give 'userData' of ec2.UserData.forLinux(), or leave '${prop}' out`);
}

/** User data that do what a bootstrap says, then what the user says, and then what is to be last, under the same trap. */
export class BootstrapUserData extends ec2.UserData {
  constructor(private readonly lines: readonly string[], private readonly own: ec2.UserData, private readonly last: readonly string[] = []) {
    super();
  }

  public render(): string {
    return loudScript([...this.lines, ...this.ownLines(), ...this.last, ...SUCCESS]);
  }

  public addCommands(...commands: string[]): void {
    this.own.addCommands(...commands);
  }

  public addOnExitCommands(...commands: string[]): void {
    this.own.addOnExitCommands(...commands);
  }

  public addS3DownloadCommand(params: ec2.S3DownloadOptions): string {
    return this.own.addS3DownloadCommand(params);
  }

  public addExecuteFileCommand(params: ec2.ExecuteFileOptions): void {
    this.own.addExecuteFileCommand(params);
  }

  public addSignalOnExitCommand(resource: Parameters<ec2.UserData['addSignalOnExitCommand']>[0]): void {
    this.own.addSignalOnExitCommand(resource);
  }

  /** The first line says what runs the script, which is bash. */
  private ownLines(): string[] {
    const commands = this.own.render().replace(/^#!.*\n?/, '');
    return commands.trim() === '' ? [] : [beginStep("'userData'"), ownCommands(commands)];
  }
}
