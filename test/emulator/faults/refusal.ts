import { Stack } from 'aws-cdk-lib';
import { Finding } from './finding';
import { Emulator } from '../emulator';

/** Deploys a stack into an emulator without any other, and says why it was refused. */
export async function refusal(emulator: Emulator, stack: Stack): Promise<Finding[]> {
  await emulator.reset();
  try {
    await emulator.deploy(stack);
    return [];
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return [{ text: `${name}: ${message}`, crash: ($metadata?.httpStatusCode ?? 0) >= 500 }];
  }
}
