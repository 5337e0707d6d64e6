import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ownCommands, beginStep, loudScript, SUCCESS } from './loud-script';

/** User data that do what a bootstrap says, and then what the user says, under the same trap. */
export class BootstrapUserData extends ec2.UserData {
  constructor(private readonly lines: readonly string[], private readonly own: ec2.UserData) {
    super();
  }

  public render(): string {
    return loudScript([...this.lines, ...this.ownLines(), ...SUCCESS]);
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
