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

  test.each<[string, object, unknown[]]>([
    ['is not who is denied to', { Resource: get('It') }, []],
    ['is not who is denied to of any queue', { Action: 'sqs:*', Resource: ['*'] }, []],
    ['is who is denied something else', { Action: 'sqs:PurgeQueue', Resource: '*' }, inferred],
    ['is who is denied to of another one', { Resource: get('Other') }, inferred],
    ['is who is denied to without encryption', { Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }, inferred],
  ])('%s', (_, denial, expected) => {
    const policies = [policy(receive), policy({ ...receive, Effect: 'Deny', ...denial })];
    const role: Resources = { Role: ['IAM::Role', { Policies: policies }] };
    expect(consumers({ ...granted({ ...subnets, ...workers }), Other: ['SQS::Queue'], ...role })).toEqual(expected);
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

  test.each<[string, boolean | undefined, number]>([
    ['', false, 0],
    ['Restart=always', true, 0],
    ['Restart=on-success', false, 0],
    ['Restart=always\nRestart=no', false, 0],
    ['Restart=always\nRestartSec=90', true, 90],
    ['Restart=always\nRestartSec=1min 30s', true, 90],
    ['Restart=always\nRestartSec=500ms', true, 0.5],
    ['Restart=always\nRestartSec=infinity', undefined, NaN],
    ['[Install]\nRestart=always', false, 0],
  ])('says of a unit with "%s" whether and when systemd starts it again', (lines, isRestarted, restartSeconds) => {
    const unit = `[Service]\nRestart=always\n[Service]\nExecStart=python3 -m worker_runner x\n${lines}\n[Install]`;
    expect(runnerIn(text({}, unit))).toMatchObject({ isRestarted, restartSeconds });
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
    // the others are done in either case, but for those behind it in its group
    expect(lostOne({ RedrivePolicy: open }, {}, poison)).toMatchObject({ atOnce: 'unaffected', data: 'unknown', messages: { end: 'unknown' } });
    expect(lostOne({ RedrivePolicy: open, FifoQueue: true }, {}, poison)).toMatchObject({ atOnce: 'interrupted', messages: { end: 'unknown' } });
  });

  test('are decided where a condition is not, and each of its branches says the same', () => {
    const redrive = (maxReceiveCount: number, otherwise: object) =>
      ({ RedrivePolicy: { 'Fn::If': ['Open', { deadLetterTargetArn: get('Dead'), maxReceiveCount }, otherwise] } });
    const end = (queue: Record<string, unknown>) => {
      const stack = stackOf(granted({ ...subnets, ...workers, Dead: ['SQS::Queue'] }, queue));
      const conditions = { Parameters: { Open: { Type: 'String' } }, Conditions: { Open: { 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] } } };
      return simulationOf({ ...stack, template: { ...stack.template, ...conditions } }).under(instanceOf('Workers')).get('Stack/It')?.messages?.end;
    };
    const none = { Ref: 'AWS::NoValue' };
    expect(end(redrive(3, none))).toBe('done');
    expect(end(redrive(3, { deadLetterTargetArn: get('Dead'), maxReceiveCount: 5 }))).toBe('done');
    expect(end(redrive(1, none))).toBe('unknown');
    expect(end(redrive(1, { deadLetterTargetArn: get('Dead'), maxReceiveCount: 1 }))).toBe('put-aside');
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

  test('in the batch of a pipe go along with one at which its function fails, and are done twice by a function that it waits for', () => {
    const piped = (pipe: Record<string, unknown>, fault: Taken) => found({
      ...subnets,
      It: ['SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: get('Dead'), maxReceiveCount: 9 } }],
      Dead: ['SQS::Queue'],
      Database: ['RDS::DBInstance', { MultiAZ: true, DBSubnetGroupName: { Ref: 'Group' } }],
      Group: ['RDS::DBSubnetGroup', { SubnetIds: both }],
      Function: ['Lambda::Function', { Timeout: 60, Environment: { Variables: { HOST: get('Database', 'Endpoint.Address') } } }],
      Pipe: ['Pipes::Pipe', { Source: get('It'), Target: get('Function'), ...pipe }],
    }, fault)?.messages?.end;
    const poison: Taken = { kind: 'poison-message', of: 'Stack/It' };
    const failover: Taken = { kind: 'primary-host', of: 'Stack/Database' };
    const one = { SourceParameters: { SqsQueueParameters: { BatchSize: 1 } } };
    expect([{}, one].map(pipe => piped(pipe, poison))).toEqual(['put-aside', 'done']);
    const away = { TargetParameters: { LambdaFunctionParameters: { InvocationType: 'FIRE_AND_FORGET' } } };
    expect([{}, away].map(pipe => piped(pipe, failover))).toEqual(['done-twice', 'done']);
    expect(piped({ DesiredState: 'STOPPED' }, failover)).toBeUndefined();
  });

  test('expire where they are kept for less than their receives last, or are too old as dead letters', () => {
    const end = (kept: number, keptDead: number, FifoQueue?: boolean) => {
      const RedrivePolicy = { deadLetterTargetArn: get('Dead'), maxReceiveCount: 4 };
      const queue = { VisibilityTimeout: 43200, MessageRetentionPeriod: kept, FifoQueue, RedrivePolicy };
      const dead: Resources = { Dead: ['SQS::Queue', { MessageRetentionPeriod: keptDead }] };
      return lostOne(queue, dead, { kind: 'poison-message', of: 'Stack/It' })?.messages?.end;
    };
    const day = 86400;
    expect(end(4 * day, 3 * day)).toBe('done');
    expect(end(4 * day, 2.5 * day)).toBe('forgotten');
    expect(end(4 * day, day, true)).toBe('done');
    expect(end(1.5 * day, 14 * day, true)).toBe('forgotten');
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
