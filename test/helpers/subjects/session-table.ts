import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Subject, subject, topicIn } from './subject';
import { SessionTable } from '../../../src';

export const sessionTable: readonly Subject[] = [
  subject('SessionTable', stack => {
    new SessionTable(stack, 'Sessions', { alarmTopic: topicIn(stack) });
  }),
  subject('SessionTable of provisioned capacity, with all options', stack => {
    new SessionTable(stack, 'Sessions', {
      partitionKeyName: 'session',
      timeToLiveAttribute: 'ends',
      billing: dynamodb.Billing.provisioned({
        readCapacity: dynamodb.Capacity.autoscaled({ minCapacity: 10, maxCapacity: 100 }),
        writeCapacity: dynamodb.Capacity.autoscaled({ minCapacity: 10, maxCapacity: 100 }),
      }),
      encryption: dynamodb.TableEncryptionV2.customerManagedKey(new kms.Key(stack, 'Key', { enableKeyRotation: true })),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }),
];
