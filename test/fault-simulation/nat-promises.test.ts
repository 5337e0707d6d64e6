import { Changeable, idOf, simulationOf, templateOf, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const POLICY = 'AWS::IAM::Policy';
const SUBJECT = 'HaNatPerAz of instances in a new VPC';

interface Statement {
  readonly Action: string | readonly string[];
}

/** The network of the subject, with a machine in the private subnet of its first zone that calls others outside. */
function network(subject = SUBJECT): Changeable {
  const template = templateOf(subject);
  template.resources.Caller = {
    Type: 'AWS::EC2::Instance',
    Properties: { SubnetId: { Ref: idOf(template, 'AWS::EC2::Subnet', 'VpcPrivateSubnet1') }, UserData: { 'Fn::Base64': 'echo URL=https://api.payments.example.net' } },
  };
  return template;
}

const natOf = (template: Changeable, letter: string): Fault => ({ kind: 'instance', of: `${template.name}/${idOf(template, GROUP, `VpcHaNateuwest1${letter}`)}` });

function caller(template: Changeable, fault: Fault) {
  const { atOnce, afterRecovery, recoverySeconds = 0 } = simulationOf(template).under(fault).get(`${template.name}/Caller`) ?? {};
  return { atOnce, afterRecovery, recoverySeconds };
}

/** The role of the neighbour in zone b, without what lets it call this. */
function withoutAction(action: string): Changeable {
  const template = network();
  const { PolicyDocument: document } = template.resources[idOf(template, POLICY, 'VpcHaNateuwest1bInstanceInstanceRole')].Properties as { PolicyDocument: { Statement: Statement[] } };
  document.Statement = document.Statement.filter(({ Action }) => ![Action].flat().includes(action));
  return template;
}

describe('the ways out of HaNatPerAz of instances', () => {
  test('are there again within seconds of the loss of an instance', () => {
    const template = network();
    const found = caller(template, natOf(template, 'a'));
    expect(found).toMatchObject({ atOnce: 'interrupted', afterRecovery: 'unaffected' });
    expect(found.recoverySeconds).toBeLessThan(10);
  });

  test('are there again later, by the third zone, where the neighbour may not change a route, or see it', () => {
    for (const action of ['ec2:ReplaceRoute', 'ec2:DescribeRouteTables']) {
      const template = withoutAction(action);
      const { recoverySeconds } = caller(template, natOf(template, 'a'));
      expect(recoverySeconds).toBeGreaterThan(10);
      expect(recoverySeconds).toBeLessThan(30);
    }
  });

  test('are there again after a launch, where nobody else is left', () => {
    const template = network();
    const [a, ...others] = ['a', 'b', 'c'].map(letter => natOf(template, letter));
    expect(caller(template, { kind: 'pair', faults: [a, ...others] }).recoverySeconds).toBeGreaterThanOrEqual(300);
  });

  test.each([1, 2])('are not those of another zone: without zone %d nobody in the first misses anything', index => {
    expect(caller(network(), zone(index))).toMatchObject({ atOnce: 'unaffected' });
  });

  test('would be, if the routes led to the instance of another one, and nobody took over', () => {
    const template = network();
    const route = idOf(template, 'AWS::EC2::Route', 'VpcPrivateSubnet1DefaultRoute');
    template.resources[route].Properties.NetworkInterfaceId = { Ref: idOf(template, 'AWS::EC2::NetworkInterface', 'VpcHaNateuwest1b') };
    for (const id of Object.keys(template.resources).filter(one => template.resources[one].Type === POLICY)) { delete template.resources[id]; }
    expect(caller(template, zone(1))).toMatchObject({ atOnce: 'lost', afterRecovery: 'lost' });
  });
});

test('the way out of HaNatPerAz of a regional gateway is there without any of the other zones', () => {
  const template = network('HaNatPerAz of a regional gateway');
  expect([1, 2].map(index => caller(template, zone(index)).atOnce)).toEqual(['unaffected', 'unaffected']);
});
