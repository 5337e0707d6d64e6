import { Fault } from '../../../src/fault-simulation/faults';
import { parseTemplate } from '../../../src/fault-simulation/template/read';
import { World } from '../../../src/fault-simulation/template/world';
import { gone } from '../standing';
import { REGION, simulationOf, zone } from '../template-of';

describe('a serverless template', () => {
  const of = (text: string) => ({ name: 'Stack', region: REGION, template: parseTemplate(`Transform: AWS::Serverless-2016-10-31\n${text}`) });
  const NETWORK = `
  A: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: eu-west-1a}}
  B: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: eu-west-1b}}`;

  test('has what its transform makes, under the same ids', () => {
    const simulation = simulationOf(of(`
Globals:
  Function: {VpcConfig: {SubnetIds: [!Ref A]}, Environment: {Variables: {TABLE: !Ref Table}}}
Resources:${NETWORK}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {LEVEL: info}}
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
        Any: {Type: HttpApi}
        Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        Read: {Type: Kinesis, Properties: {Stream: !GetAtt Stream.Arn, StartingPosition: LATEST}}
        Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Wide: {Type: AWS::Serverless::Function, Properties: {VpcConfig: {SubnetIds: [!Ref B]}}}
  Free: {Type: AWS::Serverless::Function, Properties: {VpcConfig: !Ref 'AWS::NoValue', Events: {Put: {Type: HttpApi, Properties: {ApiId: !Ref Own}}}}}
  Own: {Type: AWS::Serverless::HttpApi}
  Table: {Type: AWS::Serverless::SimpleTable}
  Layer: {Type: AWS::Serverless::LayerVersion}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: machine.json, DefinitionSubstitutions: {Function: !GetAtt Function.Arn}}}
  Queue: {Type: AWS::SQS::Queue}
  Stream: {Type: AWS::Kinesis::Stream}
Outputs:
  Url: {Value: !Sub 'https://\${ServerlessRestApi}.execute-api'}`));
    const under = (fault: Fault) => Object.fromEntries([...simulation.under(fault)].map(([key, { atOnce }]) => [key.slice('Stack/'.length), atOnce]));
    const lost = ['Function', 'FunctionUrl', 'ServerlessRestApi', 'ServerlessHttpApi', 'Queue', 'Stream', 'Machine'];
    expect(Object.entries(under(zone(0))).filter(([, atOnce]) => atOnce === 'lost').map(([id]) => id).sort()).toEqual([...lost].sort());
    expect(under(zone(0))).toMatchObject({ Wide: 'unaffected', Free: 'unaffected', Own: 'unaffected', Table: 'unaffected' });
    expect(Object.values(under(zone(2)))).not.toContain('lost');
    expect(under(gone('Table'))).toMatchObject({ Function: 'lost', Wide: 'lost' });
    expect(under(gone('Free'))).toMatchObject({ Own: 'lost' });
    expect(simulation.services.map(({ logicalId }) => logicalId).sort())
      .toEqual(['FunctionUrl', 'Own', 'Queue', 'ServerlessHttpApi', 'ServerlessRestApi', 'Stream']);
    expect(simulation.unread).toEqual([]);
  });

  test('has APIs with a body of their own, and topics, and machines behind an API', () => {
    const simulation = simulationOf(of(`
Resources:${NETWORK}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: v1, DefinitionBody: {uri: !GetAtt Pinned.Arn}}}
  Pinned: {Type: AWS::Serverless::Function, Properties: {VpcConfig: {SubnetIds: [!Ref A]}, AutoPublishAlias: live, Events: {On: {Type: SNS, Properties: {Topic: !Ref Topic}}}}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {Resource: !Ref Pinned.Alias}, Events: {Start: {Type: Api}}}}
  Topic: {Type: AWS::SNS::Topic}`));
    const verdicts = simulation.under(zone(0));
    expect(['Api', 'Machine', 'ServerlessRestApi', 'Topic'].map(id => verdicts.get(`Stack/${id}`)?.atOnce)).toEqual(['lost', 'lost', 'lost', 'unaffected']);
    expect(verdicts.get('Stack/PinnedOn')?.atOnce).toBe('unaffected');
  });

  test('has what an event says of how it is read', () => {
    const world = new World([of(`
Resources:
  Stream: {Type: AWS::Kinesis::Stream}
  Function:
    Type: AWS::Serverless::Function
    Properties: {Events: {Read: {Type: Kinesis, Properties: {Stream: !GetAtt Stream.Arn, MaximumRetryAttempts: 3}}, Told: {Type: SNS, Properties: {Topic: topic, RedrivePolicy: {deadLetterTargetArn: failed}}}}}`)]);
    expect(world.resource('Stack/FunctionRead')?.properties).toMatchObject({ MaximumRetryAttempts: 3, EventSourceArn: { attribute: 'Arn' } });
    expect(world.resource('Stack/FunctionTold')?.properties).toMatchObject({ TopicArn: 'topic', RedrivePolicy: { deadLetterTargetArn: 'failed' } });
  });

  test('has no API where a condition leaves out all that it leads to', () => {
    const template = (Other: string) => of(`
Conditions: {Never: !Equals [a, b]}
Resources:
  Function: {Type: AWS::Serverless::Function, Condition: Never, Properties: {Events: {Get: {Type: HttpApi}}}}
  Other: {Type: AWS::Serverless::Function, ${Other} Properties: {Events: {Get: {Type: HttpApi}}}}`);
    expect(simulationOf(template('Condition: Never,')).services).toEqual([]);
    expect(simulationOf(template('')).services.map(({ logicalId }) => logicalId)).toEqual(['ServerlessHttpApi']);
  });

  test('names the types that are not read, and leaves other templates alone', () => {
    const simulation = simulationOf(of('Resources:\n  App: {Type: AWS::Serverless::Application}'));
    expect(simulation.unread).toEqual([{ where: 'Stack/App', why: 'AWS::Serverless::Application is not read' }]);
    const { template } = of('Resources:\n  Function: {Type: AWS::Serverless::Function}');
    const world = new World([{ name: 'Stack', template: { ...template, Transform: undefined } }]);
    expect(world.resource('Stack/Function')?.type).toBe('AWS::Serverless::Function');
    const others = simulationOf({ name: 'Stack', template: { ...template, Transform: ['AWS::Serverless-2016-10-31', 'OfSomebody'] } });
    expect(others.under(zone(0)).get('Stack/Function')?.atOnce).toBe('unknown');
  });
});
