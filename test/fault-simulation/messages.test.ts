import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { found, get, open } from './standing';
import { both, instanceOf, Resources, simulationOf, stackOf, subnets, zone } from './template-of';
import { Fault, FaultSimulation, MessagesEnd, SqsWorkerFleet, Standing, WorkQueue } from '../../src';
import { asJson } from '../../src/command/render';
import { consumersOf } from '../../src/fault-simulation/components/consumers';
import { runnerIn } from '../../src/fault-simulation/components/worker-runner';
import { Fault as Taken } from '../../src/fault-simulation/faults';
import { World } from '../../src/fault-simulation/template/world';
import { Topology } from '../../src/fault-simulation/topology';
import { networkWithData, shopStack } from '../helpers/network';
import { instanceTemplate } from '../helpers/subjects/subject';

const LIMIT = Duration.minutes(5);

function fleet(queue?: WorkQueue) {
  const stack = shopStack();
  const vpc = networkWithData(stack);
  return { stack, workers: new SqsWorkerFleet(stack, 'Resizing', { vpc, instanceTemplate: instanceTemplate(), maxProcessingTime: Duration.minutes(2), queue }) };
}

describe('the outcome for a queue', () => {
  test('says until when its work is done, and what becomes of its messages', () => {
    const { stack, workers } = fleet();
    const simulation = FaultSimulation.fromStack(stack);
    const instance = simulation.under(Fault.instance(workers.autoScalingGroup));
    instance.doesWorkWithin(workers, LIMIT);
    const messages = { end: MessagesEnd.DONE, inHandsTime: Duration.seconds(240), waitingTime: Duration.seconds(0) };
    expect(instance.verdictOn(workers).messages).toEqual(messages);
    expect(() => instance.doesWorkWithin(workers, Duration.minutes(3))).toThrow('does its work within 3 minutes');
    const all = simulation.under(Fault.allInstances(workers.autoScalingGroup));
    all.doesWorkWithin(workers, LIMIT);
    expect(all.verdictOn(workers)).toMatchObject({ atOnce: Standing.INTERRUPTED, messages: { waitingTime: Duration.seconds(300) } });
    simulation.under(Fault.poisonMessage(workers.queue)).doesWorkWithin(workers, Duration.seconds(0));
    expect(() => instance.doesWorkWithin(workers.autoScalingGroup, LIMIT)).toThrow(/is no queue of the app, and has no messages; give the queue$/);
  });

  test('says that good messages are put aside, which is no work done', () => {
    const { stack, workers } = fleet(WorkQueue.standard({ maxReceiveCount: 1 }));
    const outcome = FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0));
    outcome.recoversWithin(workers, LIMIT);
    expect(() => outcome.doesWorkWithin(workers, Duration.days(1))).toThrow('data at risk: none; messages: put-aside');
  });

  test('knows nothing of the program of somebody else, which is no work done', () => {
    const { stack, workers } = fleet();
    const outcome = FaultSimulation.fromStack(stack).under(Fault.program(workers.autoScalingGroup));
    expect(outcome.verdictOn(workers).atOnce).toBe(Standing.UNKNOWN);
    expect(() => outcome.doesWorkWithin(workers, Duration.days(1))).toThrow('what starts the program');
  });

  test('is refused for a message at which nobody would fail', () => {
    const stack = shopStack();
    const queue = new sqs.Queue(stack, 'Queue');
    expect(() => FaultSimulation.fromStack(stack).under(Fault.poisonMessage(queue))).toThrow('nobody is known who works on');
    const { stack: other, workers } = fleet();
    expect(() => FaultSimulation.fromStack(other).under(Fault.poisonMessage(workers.autoScalingGroup))).toThrow('to which it cannot happen');
  });

  test('is in the JSON of the command', () => {
    const simulation = simulationOf(stackOf(granted({ ...subnets, ...workers })));
    const verdict = simulation.under(instanceOf('Workers')).get('Stack/It');
    const row = { service: 'Stack/It', type: 'AWS::SQS::Queue', fault: { id: 'instance', kind: 'instance', fault: instanceOf('Workers') }, verdict };
    const report = { rows: [row], others: [], faults: [], worse: undefined, unread: [] } as unknown as Parameters<typeof asJson>[0];
    expect(JSON.parse(asJson(report, [])).components[0].faults[0].messages).toEqual({ end: 'done', inHandsSeconds: 30, waitingSeconds: 0 });
  });
});

/** Two workers over two zones. */
const workers: Resources = {
  Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { IamInstanceProfile: { Arn: get('Profile') } } }],
  Profile: ['IAM::InstanceProfile', { Roles: [{ Ref: 'Role' }] }],
  Workers: ['AutoScaling::AutoScalingGroup', { MinSize: 2, VPCZoneIdentifier: both, LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' } }],
};

const policy = (...statements: object[]) => ({ PolicyDocument: { Statement: statements } });
const receive = { Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: get('It') };

function granted(more: Resources, queue: Record<string, unknown> = {}, statement: object = receive): Resources {
  return { It: ['SQS::Queue', queue], Role: ['IAM::Role', { Policies: [policy(statement)] }], ...more };
}

function consumers(resources: Resources) {
  const world = new World([stackOf(resources)]);
  const queue = world.resource('Stack/It');
  return queue ? consumersOf(queue, new Topology(world)).map(({ key, certain }) => [key.slice(6), certain]) : [];
}

describe('who works on a queue', () => {
  const inferred = [['Workers', false]];

  test.each<[string, object, unknown[]]>([
    ['may receive', receive, inferred],
    ['may do all with queues', { ...receive, Action: ['sqs:*'] }, inferred],
    ['may do all that begins so', { ...receive, Action: ['SQS:Receive*'] }, inferred],
    ['may do anything with it', { ...receive, Action: '*' }, inferred],
    ['may only send', { ...receive, Action: 'sqs:SendMessage' }, []],
    ['may not receive', { ...receive, Effect: 'Deny' }, []],
    ['may do all but this', { Effect: 'Allow', NotAction: 'iam:*', Resource: get('It') }, []],
  ])('is inferred of who %s', (_, statement, expected) => {
    expect(consumers(granted({ ...subnets, ...workers }, {}, statement))).toEqual(expected);
  });

  test('is not who sends to it, and receives from another one by the same policy', () => {
    const policies = [policy({ ...receive, Action: 'sqs:SendMessage' }, { ...receive, Resource: get('Other') })];
    expect(consumers({ ...granted({ ...subnets, ...workers }), Other: ['SQS::Queue'], Role: ['IAM::Role', { Policies: policies }] })).toEqual([]);
  });

  test.each<[string, Resources]>([
    ['a policy of its own', { Mine: ['IAM::RolePolicy', { RoleName: { Ref: 'Role' }, ...policy(receive) }] }],
    ['a managed policy that the role names', { Mine: ['IAM::ManagedPolicy', policy(receive)], Role: ['IAM::Role', { ManagedPolicyArns: [{ Ref: 'Mine' }] }] }],
    ['the policy of the queue', { Mine: ['SQS::QueuePolicy', { Queues: [{ Ref: 'It' }], ...policy({ ...receive, Resource: '*', Principal: { AWS: [get('Role')] } }) }] }],
  ])('is inferred from %s', (_, more) => {
    expect(consumers({ It: ['SQS::Queue'], Role: ['IAM::Role'], ...subnets, ...workers, ...more })).toEqual(inferred);
  });

  test('is certain of a runner that reads it, whatever its role may do, also where it is a further one', () => {
    const configuration = (first: string) => ({
      'Fn::Sub': `systemctl enable --now worker-runner\n{"furtherQueues": [{"queueUrl": "\${It}", "share": 0.2}], "queueUrl": "\${${first}}", "visibilitySeconds": 30, "maxProcessingSeconds": 9}`,
    });
    const machine = (text: object): Resources => ({ Server: ['EC2::Instance', { SubnetId: { Ref: 'A' }, UserData: { 'Fn::Base64': text } }] });
    const resources: Resources = { ...subnets, It: ['SQS::Queue'], First: ['SQS::Queue'], ...machine(configuration('First')) };
    expect(consumers(resources)).toEqual([['Server', true]]);
    expect(found(resources, zone(0))).toMatchObject({ atOnce: 'lost', messages: { end: 'waiting' } });
  });
});

describe('the configuration of a runner', () => {
  const text = (changes: object = {}, start = 'systemctl start worker-runner.service') =>
    `${start}\n${JSON.stringify({ queueUrl: 'x', visibilitySeconds: 60, maxProcessingSeconds: 120, ...changes })}`;

  test('is read where the program is started', () => {
    expect(runnerIn(text())).toMatchObject({ queues: [], visibilitySeconds: 60, maxProcessingSeconds: 120, isRestarted: undefined });
    expect(runnerIn(text({}, 'Restart=on-failure\nExecStart=python3 -m worker_runner x'))?.isRestarted).toBe(true);
    expect(runnerIn(text({}, 'Restart=no\nExecStart=python3 -m worker_runner x'))?.isRestarted).toBe(false);
    const other = (restart: string) => `[Unit]\nDescription=another\n[Service]\nRestart=${restart}\n`;
    expect(runnerIn(text({}, `${other('no')}[Unit]\n[Service]\nRestart=on-failure\nExecStart=python3 -m worker_runner x`))?.isRestarted).toBe(true);
    expect(runnerIn(text({}, `[Unit]\n[Service]\nExecStart=python3 -m worker_runner x\nRestart=no\n${other('always')}`))?.isRestarted).toBe(false);
    expect(runnerIn(text({}, `systemctl start worker-runner\n${other('always')}`))?.isRestarted).toBeUndefined();
  });

  test.each<[string, string]>([
    ['that nobody starts', text({}, 'echo worker-runner')],
    ['that is none', 'systemctl start worker-runner\n{"queueUrl": }'],
    ['that hides for longer than SQS does', text({ visibilitySeconds: 43201 })],
    ['without the time of the work', text({ maxProcessingSeconds: 'long' })],
    ['whose pauses go down', text({ backoff: { firstSeconds: 9, longestSeconds: 3 } })],
  ])('is none %s', (_, userData) => {
    expect(runnerIn(userData)).toBeUndefined();
  });
});

describe('messages', () => {
  const lostOne = (queue: Record<string, unknown>, more: Resources = {}, fault: Taken = instanceOf('Workers')) =>
    found(granted({ ...subnets, ...workers, ...more }, queue), fault);

  test('are hidden for twelve hours at the most, where that is open', () => {
    expect(lostOne({ VisibilityTimeout: open })).toMatchObject({ recoverySeconds: 43200, messages: { inHandsSeconds: 43200 } });
  });

  test('are undecided where the template does not say when they are given up', () => {
    expect(lostOne({ RedrivePolicy: open })?.messages?.end).toBe('unknown');
    expect(lostOne({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:1:dead', maxReceiveCount: open } })?.messages?.end).toBe('unknown');
    const poison: Taken = { kind: 'poison-message', of: 'Stack/It' };
    expect(lostOne({ RedrivePolicy: open }, {}, poison)?.atOnce).toBe('unknown');
  });

  test('that are put aside where nobody sees for how long they are kept may be lost', () => {
    expect(lostOne({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:1:dead', maxReceiveCount: 1 } }))
      .toMatchObject({ data: 'unknown', messages: { end: 'put-aside' } });
  });

  test('are put aside by a runner that fails while its database fails over, since it tries again soon', () => {
    const database: Resources = {
      Database: ['RDS::DBInstance', { MultiAZ: true, DBSubnetGroupName: { Ref: 'Group' } }],
      Group: ['RDS::DBSubnetGroup', { SubnetIds: both }],
      Dead: ['SQS::Queue', { MessageRetentionPeriod: 1209600 }],
    };
    const end = (backoff: object, maxReceiveCount: number) => {
      const configuration = { visibilitySeconds: 600, maxProcessingSeconds: 9, backoff };
      const userData = { 'Fn::Base64': { 'Fn::Sub': `systemctl start worker-runner\necho \${Database.Endpoint.Address}\n{"queueUrl": "\${It}", ${JSON.stringify(configuration).slice(1)}` } };
      const template: Resources = { Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { UserData: userData } }] };
      const queue = { RedrivePolicy: { deadLetterTargetArn: get('Dead'), maxReceiveCount } };
      return lostOne(queue, { ...database, ...template }, { kind: 'primary-host', of: 'Stack/Database' })?.messages?.end;
    };
    // between six receives are five pauses: half of 5 + 10 + … + 80 seconds is over before the failover is, half of 5 + … + 160 and half of 600 are not
    expect(end({ firstSeconds: 5, longestSeconds: 600 }, 3)).toBe('put-aside');
    expect(end({ firstSeconds: 5, longestSeconds: 600 }, 6)).toBe('put-aside');
    expect(end({ firstSeconds: 5, longestSeconds: 600 }, 7)).toBe('done');
    expect(end({ firstSeconds: 600, longestSeconds: 600 }, 1)).toBe('put-aside');
    expect(end({ firstSeconds: 600, longestSeconds: 600 }, 2)).toBe('done');
  });

  test('of a sender are its own matter: it stands beside one at which the workers fail', () => {
    const front: Resources = { Front: ['Lambda::Function', { Environment: { Variables: { QUEUE: { Ref: 'It' } } } }] };
    expect(found(granted({ ...subnets, ...workers, ...front }, { FifoQueue: true }), { kind: 'poison-message', of: 'Stack/It' }, 'Front')?.atOnce).toBe('unaffected');
  });

  test('of a topic are dropped where the queue is gone, also where that of the dead letters is', () => {
    const topic = (RedrivePolicy?: object): Resources => ({
      It: ['SNS::Topic', { Subscription: [{ Protocol: 'sqs', Endpoint: get('Queue') }, { Protocol: 'email', Endpoint: 'a@b.example' }] }],
      Queue: ['SQS::Queue'],
      Other: ['SQS::Queue'],
      Dead: ['SQS::Queue'],
      More: ['SNS::Subscription', { TopicArn: { Ref: 'It' }, Protocol: 'sqs', Endpoint: get('Other'), RedrivePolicy }],
    });
    const gone = (...ids: string[]): Taken => ({ kind: 'pair', faults: ids.map(id => ({ kind: 'gone', of: `Stack/${id}` })) });
    const dead = topic({ deadLetterTargetArn: get('Dead') });
    expect(found(topic(), gone('Queue'))).toMatchObject({ atOnce: 'lost', data: 'everything', messages: { end: 'forgotten' } });
    expect(found(dead, gone('Other'))).toMatchObject({ atOnce: 'lost', data: 'none', messages: { end: 'put-aside' } });
    expect(found(dead, gone('Other', 'Queue'))?.messages?.end).toBe('forgotten');
    expect(found(dead, gone('Other', 'Dead'))?.messages?.end).toBe('forgotten');
    expect([zone(0), gone('Dead')].map(fault => found(dead, fault)?.atOnce)).toEqual(['unaffected', 'unaffected']);
  });
});
