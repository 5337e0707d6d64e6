import { RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly, topicIn } from './inputs';
import { SessionTable } from '../../../src';
import { env } from '../../helpers/network';

const names = mostly(fc.stringMatching(/^[a-zA-Z][\w.-]{0,60}$/), fc.string({ maxLength: 300 }));

const capacities = fc.record({ minCapacity: fc.integer({ min: 1, max: 100 }), more: fc.integer({ min: 0, max: 1000 }) })
  .map(({ minCapacity, more }) => dynamodb.Capacity.autoscaled({ minCapacity, maxCapacity: minCapacity + more }));

const tables = fc.record({
  fixedRegion: fc.boolean(),
  told: fc.boolean(),
  props: fc.record({
    partitionKeyName: names,
    timeToLiveAttribute: names,
    billing: fc.oneof(
      fc.constant(dynamodb.Billing.onDemand()),
      fc.record({ readCapacity: capacities, writeCapacity: capacities }).map(dynamodb.Billing.provisioned),
    ),
    encryption: fc.constantFrom(dynamodb.TableEncryptionV2.awsManagedKey(), dynamodb.TableEncryptionV2.dynamoOwnedKey()),
    removalPolicy: mostly(fc.constantFrom(RemovalPolicy.RETAIN, RemovalPolicy.DESTROY), fc.constant(RemovalPolicy.SNAPSHOT)),
  }, { requiredKeys: [] }),
});

test('SessionTable synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(tables, ({ fixedRegion, told, props }) => isAccepted(stack => {
    const alarmTopic = told ? topicIn(stack) : undefined;
    refusedWhole(stack, 'Sessions', () => new SessionTable(stack, 'Sessions', { ...props, alarmTopic }));
  }, fixedRegion ? { env } : {}));
});
