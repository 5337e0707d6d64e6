import { Duration, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as fc from 'fast-check';
import { importedNetworkOf, networkOf, networkWithoutNat, zoneNames } from '../../helpers/network';

/** Mostly good values, so that enough inputs are accepted as a whole: the more of them there are, the more `good` ones for a strange one. */
export function mostly<T>(good: fc.Arbitrary<T>, strange: fc.Arbitrary<T>, weight = 19): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: good }, { weight: 1, arbitrary: strange });
}

export function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

export function seconds(from: number, to: number, weight?: number): fc.Arbitrary<Duration> {
  return mostly(fc.integer({ min: from, max: to }).map(Duration.seconds), fc.integer({ min: 0, max: 20_000_000 }).map(Duration.millis), weight);
}

export const integer = (from: number, to: number, weight?: number) =>
  mostly(fc.integer({ min: from, max: to }), fc.oneof(fc.double(), fc.integer()), weight);

export const networks: fc.Arbitrary<(stack: Stack) => ec2.IVpc> = mostly(
  fc.constantFrom<(stack: Stack) => ec2.IVpc>(
    stack => networkOf(stack), stack => networkOf(stack, 2), stack => importedNetworkOf(stack), stack => new ec2.Vpc(stack, 'Vpc')),
  fc.constantFrom<(stack: Stack) => ec2.IVpc>(
    stack => networkOf(stack, 1),
  stack => networkWithoutNat(stack),
  stack => networkOf(stack, 3, { subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] })),
);

export const selections: fc.Arbitrary<ec2.SubnetSelection | undefined> = mostly<ec2.SubnetSelection | undefined>(
  fc.constantFrom(undefined, { onePerAz: true }),
  fc.record({
    subnetType: fc.constantFrom(...Object.values(ec2.SubnetType)),
    availabilityZones: optional(fc.subarray([...zoneNames, 'us-east-1a'])),
  }, { requiredKeys: [] }),
);

export function certificateIn(stack: Stack): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, 'Certificate',
    'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555');
}

export function topicIn(stack: Stack): sns.ITopic {
  return new sns.Topic(stack, 'Alarms');
}
