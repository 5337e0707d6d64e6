import { Changeable, idOf, simulationOf, templateOf, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';
import { Verdict } from '../../src/fault-simulation/simulation';

type Change = (template: Changeable) => void;

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const QUEUE = 'AWS::SQS::Queue';

const queueOf = (template: Changeable) => idOf(template, QUEUE, 'ResizingQueue');
const ofGroup = (kind: 'instance' | 'all-instances' | 'program') => (template: Changeable): Fault => ({ kind, of: `${template.name}/${idOf(template, GROUP)}` });
const poison = (template: Changeable): Fault => ({ kind: 'poison-message', of: `${template.name}/${queueOf(template)}` });
const without = (index: number) => () => zone(index);

/** The queue with other properties. */
const queue = (changes: Record<string, unknown>): Change => template => { Object.assign(template.resources[queueOf(template)].Properties, changes); };

const inOneZone: Change = template => {
  const { Properties: properties } = template.resources[idOf(template, GROUP)];
  properties.VPCZoneIdentifier = (properties.VPCZoneIdentifier as unknown[]).slice(0, 1);
};

const receivedOnce: Change = template => {
  const { RedrivePolicy: redrive } = template.resources[queueOf(template)].Properties as { RedrivePolicy: Record<string, unknown> };
  redrive.maxReceiveCount = 1;
};

/** Each worker starts with another word in its user data. */
const told = (from: string, to: string): Change => template => {
  const launchTemplate = template.resources[idOf(template, 'AWS::EC2::LaunchTemplate')];
  const before = JSON.stringify(launchTemplate.Properties);
  const after = before.split(inJson(from)).join(inJson(to));
  expect(after).not.toBe(before);
  launchTemplate.Properties = JSON.parse(after);
};

/** How a text stands within a text in JSON. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function workUnder(fault: (template: Changeable) => Fault, ...changes: Change[]): Verdict | undefined {
  return workOf('SqsWorkerFleet', fault, changes);
}

function workOf(subject: string, fault: (template: Changeable) => Fault, changes: Change[] = []): Verdict | undefined {
  const template = templateOf(subject);
  changes.forEach(change => change(template));
  return simulationOf(template).under(fault(template)).get(`${template.name}/${queueOf(template)}`);
}

const LATE = { afterRecovery: 'unaffected', data: 'none', messages: { end: 'done' } };

describe('the work of SqsWorkerFleet', () => {
  test.each<[string, (template: Changeable) => Fault, Record<string, unknown>]>([
    ['an instance', ofGroup('instance'), { atOnce: 'degraded', messages: { end: 'done', inHandsSeconds: 240, waitingSeconds: 0 } }],
    ['a zone', without(0), { atOnce: 'degraded', messages: { end: 'done', inHandsSeconds: 240, waitingSeconds: 0 } }],
    ['all of its workers', ofGroup('all-instances'), { atOnce: 'interrupted', messages: { end: 'done', inHandsSeconds: 300, waitingSeconds: 300 } }],
  ])('is late, and not lost, without %s', (_, fault, more) => {
    expect(workUnder(fault)).toMatchObject({ ...LATE, recoverySeconds: 300, ...more });
  });

  test('goes on beside a message at which everybody fails, which is put aside', () => {
    expect(workUnder(poison)).toMatchObject({ atOnce: 'unaffected', ...LATE });
  });

  test.each<[string, (template: Changeable) => Fault, Change, Record<string, unknown>]>([
    ['in one zone, without it', without(0), inOneZone, { atOnce: 'lost', data: 'none', messages: { end: 'waiting' } }],
    ['whose queue forgets within a minute, without an instance', ofGroup('instance'), queue({ MessageRetentionPeriod: 60 }), { data: 'minutes', messages: { end: 'forgotten' } }],
    ['whose queue forgets within a minute, without all workers', ofGroup('all-instances'), queue({ MessageRetentionPeriod: 60 }), { data: 'minutes', messages: { end: 'forgotten' } }],
    ['without dead letters, with a message at which everybody fails', poison, queue({ RedrivePolicy: undefined }), { data: 'minutes', messages: { end: 'forgotten' } }],
    ['of a queue that gives up after one receive, without an instance', ofGroup('instance'), receivedOnce, { messages: { end: 'put-aside' } }],
    ['of a queue that hides for twelve hours, without an instance', ofGroup('instance'), queue({ VisibilityTimeout: 43200 }), { recoverySeconds: 43200 }],
    ['on a FIFO queue without dead letters, with a message at which everybody fails', poison, queue({ RedrivePolicy: undefined, FifoQueue: true }),
      { atOnce: 'interrupted', data: 'minutes', recoverySeconds: 1209600 }],
  ])('is not what it is promised to be %s', (_, fault, change, then) => {
    expect(workUnder(fault, change)).toMatchObject(then);
  });
});

describe('the work of SqsWorkerFleet with the worker runner', () => {
  const workWithRunner = (fault: (template: Changeable) => Fault, ...changes: Change[]) => workOf('SqsWorkerFleet with a runner', fault, changes);

  test('is known to be its own, and hidden for as long as the runner says', () => {
    const verdict = workWithRunner(ofGroup('instance'));
    expect(verdict).toMatchObject({ ...LATE, atOnce: 'degraded', messages: { end: 'done', inHandsSeconds: 60 } });
    expect(verdict?.chain.map(({ certain }) => certain)).not.toContain(false);
    expect(workUnder(ofGroup('instance'))?.chain.map(({ certain }) => certain)).toContain(false);
  });

  test('goes on when the program dies, since systemd starts it again', () => {
    expect(workWithRunner(ofGroup('program'))).toMatchObject({ ...LATE, atOnce: 'degraded', recoverySeconds: 60 });
    expect(workWithRunner(ofGroup('program'), told('Restart=on-failure', 'Restart=no'))).toMatchObject({ atOnce: 'degraded', afterRecovery: 'degraded' });
    expect(workUnder(ofGroup('program'))).toMatchObject({ atOnce: 'unknown' });
  });

  test('is the later done again, the longer it is hidden', () => {
    expect(workWithRunner(ofGroup('instance'), told('"visibilitySeconds":60', '"visibilitySeconds":900'))?.messages?.inHandsSeconds).toBe(900);
  });
});
