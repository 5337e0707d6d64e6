import { App, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { InstanceTemplate } from '../../../src';
import { env } from '../network';

/** A stack that every validator and the emulator must have no objection to. */
export interface Subject {
  readonly name: string;
  readonly build: (app: App) => Stack;
}

export function subject(name: string, fill: (stack: Stack) => void): Subject {
  return {
    name,
    build: app => {
      const stack = new Stack(app, 'Shop', { env, crossRegionReferences: true });
      fill(stack);
      return stack;
    },
  };
}

export function topicIn(stack: Stack): sns.Topic {
  return new sns.Topic(stack, 'Alarms', { enforceSSL: true });
}

export function instanceTemplate(): InstanceTemplate {
  return InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
  });
}

/** In a stack of its own, as CloudFront wants it. */
export function certificateInUsEast1({ node }: Stack): acm.ICertificate {
  const stack = new Stack(node.root, 'Edge', { env: { ...env, region: 'us-east-1' }, crossRegionReferences: true });
  return new acm.Certificate(stack, 'Certificate', {
    domainName: 'shop.example.com',
    validation: acm.CertificateValidation.fromDns(),
  });
}
