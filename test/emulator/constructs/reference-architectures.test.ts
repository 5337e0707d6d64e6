import { DescribeAutoScalingGroupsCommand, AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeAddressesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { Shop } from '../../../demo/shop';
import { FragileSite, QueueBackedService } from '../../../src';
import { env, zoneNames } from '../../helpers/network';
import { inventoryOf } from '../zone-inventory';

const { current, deployed } = emulatorOfTests();
const config = () => current().clientConfig(env.region);

async function databases() {
  const { DBInstances: instances = [] } = await new RDSClient(config()).send(new DescribeDBInstancesCommand({}));
  return instances.map(({ MultiAZ, DBSubnetGroup }) => ({
    MultiAZ, zones: new Set(DBSubnetGroup?.Subnets?.map(subnet => subnet.SubnetAvailabilityZone?.Name)).size,
  }));
}

test('ThreeTierSite stands in three zones, each with its own way out, over a database with a standby', async () => {
  const made = await deployed('ThreeTierSite');
  const inventory = await inventoryOf(config(), physicalId(made, (made.stack as Shop).site.vpc));
  expect(inventory.map(({ zone, instances, loadBalancer, wayOut }) => ({ zone, instances, loadBalancer, wayOut })))
    .toEqual(zoneNames.map(zone => ({ zone, instances: 2, loadBalancer: true, wayOut: zone })));
  expect(await databases()).toEqual([{ MultiAZ: true, zones: 3 }]);
});

test('FragileSite stands on one instance with a fixed address, and on a database without a standby', async () => {
  const made = await deployed('FragileSite');
  const site = made.stack.node.findChild('Site') as FragileSite;
  const ec2 = new EC2Client(config());
  const { Reservations: reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  expect(reservations.flatMap(({ Instances }) => Instances ?? []).map(({ InstanceId }) => InstanceId)).toEqual([physicalId(made, site.instance)]);
  const { Addresses: addresses } = await ec2.send(new DescribeAddressesCommand({}));
  expect(addresses).toMatchObject([{ InstanceId: physicalId(made, site.instance) }]);
  expect(await databases()).toEqual([{ MultiAZ: false, zones: 2 }]);
});

test('QueueBackedService takes a job from its topic to its queue and its table, with both tiers in three zones', async () => {
  const made = await deployed('QueueBackedService');
  const { web, workers, jobs, jobTopic } = made.stack.node.findChild('Thumbnails') as QueueBackedService;
  const { AutoScalingGroups: groups = [] } = await new AutoScalingClient(config()).send(new DescribeAutoScalingGroupsCommand({
    AutoScalingGroupNames: [...web.autoScalingGroups, workers.autoScalingGroup].map(group => physicalId(made, group)),
  }));
  expect(groups.map(({ Instances: instances = [] }) => new Set(instances.map(({ AvailabilityZone }) => AvailabilityZone)).size)).toEqual([3, 3]);

  const [sqs, sns] = [new SQSClient(config()), new SNSClient(config())];
  const publish = (Message: string, priority?: string) => sns.send(new PublishCommand({
    TopicArn: physicalId(made, jobTopic),
    Message,
    MessageAttributes: priority === undefined ? {} : { priority: { DataType: 'String', StringValue: priority } },
  }));
  await publish('picture-1');
  await publish('picture-2', 'high');
  await publish('picture-3', 'low');
  const bodiesIn = async (queue: IQueue) => {
    const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: physicalId(made, queue), MaxNumberOfMessages: 10 }));
    return messages.map(({ Body }) => Body).sort();
  };
  expect(await bodiesIn(workers.furtherQueue('LowPriority').queue)).toEqual(['picture-3']);
  const jobsTaken = await bodiesIn(workers.queue);
  expect(jobsTaken).toEqual(['picture-1', 'picture-2']);
  const dynamodb = new DynamoDBClient(config());
  const TableName = physicalId(made, jobs);
  await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: `${jobsTaken[0]}` } } }));
  const { Item: item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: { S: 'picture-1' } } }));
  expect(item).toEqual({ id: { S: 'picture-1' } });
});
