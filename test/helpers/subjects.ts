import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { env, networkOf, networkWithoutNat } from './network';
import { FirstSite } from '../../demo/first-site';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, MultiAzWebTierProps, WebEndpoint, WebHealthCheck, WebScaling } from '../../src';

/** A stack that every validator and the emulator must have no objection to. */
export interface Subject {
  readonly name: string;
  readonly build: (app: App) => Stack;
}

/** Each construct in each of its ways, and each architecture. A new construct or architecture is entered here. */
export const subjects: readonly Subject[] = [
  {
    name: 'HaNatPerAz in a new VPC',
    build: app => inStack(app, stack => {
      networkOf(stack, 3, { natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic: topicIn(stack) }) });
    }),
  },
  {
    name: 'HaNatPerAz in an existing VPC',
    build: app => inStack(app, stack => {
      new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), alarmTopic: topicIn(stack) });
    }),
  },
  {
    name: 'MultiAzWebTier by public HTTPS',
    build: app => inStack(app, stack => {
      const certificate = new acm.Certificate(stack, 'Certificate', {
        domainName: 'shop.example.com',
        validation: acm.CertificateValidation.fromDns(),
      });
      webTierIn(stack, { endpoint: WebEndpoint.publicHttps(certificate), neededCapacity: 4, alarmTopic: topicIn(stack) });
    }),
  },
  {
    name: 'MultiAzWebTier by internal HTTP, with all options',
    build: app => inStack(app, stack => {
      webTierIn(stack, {
        endpoint: WebEndpoint.internalHttp(),
        instancePort: 8080,
        healthCheck: WebHealthCheck.http('/health', {
          interval: Duration.seconds(30),
          timeout: Duration.seconds(10),
          gracePeriod: Duration.minutes(10),
        }),
        maxCapacity: 30,
        scaling: WebScaling.onRequestCount(600),
        removalPolicy: RemovalPolicy.DESTROY,
      });
    }),
  },
  {
    name: 'FirstSite',
    build: app => new FirstSite(app, 'FirstSite', { env }),
  },
];

function inStack(app: App, fill: (stack: Stack) => void): Stack {
  const stack = new Stack(app, 'Shop', { env });
  fill(stack);
  return stack;
}

function topicIn(stack: Stack): sns.Topic {
  return new sns.Topic(stack, 'Alarms', { enforceSSL: true });
}

function webTierIn(stack: Stack, props: Pick<MultiAzWebTierProps, 'endpoint'> & Partial<MultiAzWebTierProps>): MultiAzWebTier {
  return new MultiAzWebTier(stack, 'Web', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
    }),
    ...props,
  });
}
