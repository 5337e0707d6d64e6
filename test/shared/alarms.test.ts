import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { createAlarm } from '../../src/shared/alarms';
import { env, shopStack } from '../helpers/network';

function alarmIn(stack: Stack, id: string, topic?: ITopic): void {
  createAlarm(stack, id, topic, { metric: new Metric({ namespace: 'Shop', metricName: 'Orders' }), threshold: 1, evaluationPeriods: 1 });
}

describe('an alarm', () => {
  test('tells no topic of another Region', () => {
    const stack = shopStack();
    const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:us-east-1:123456789012:operations');
    expect(() => alarmIn(stack, 'Alarm', topic)).toThrow(
      "'alarmTopic' is Shop/Topic of us-east-1, and an alarm tells topics of its own Region only; give a topic of eu-west-1");
    expect(stack.node.tryFindChild('Alarm')).toBeUndefined();
  });


  test('tells the topic when it goes off and when all is well again', () => {
    const stack = shopStack();
    const topic = new Topic(stack, 'Topic');
    alarmIn(stack, 'Alarm', topic);
    const told = [stack.resolve(topic.topicArn)];
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: told, OKActions: told });
  });

  test('may publish to a topic whose policy is no longer the default one, by a statement for all alarms of the account', () => {
    const stack = shopStack();
    const topic = new Topic(stack, 'Topic', { enforceSSL: true });
    alarmIn(stack, 'Alarm', topic);
    alarmIn(stack, 'Another', topic);
    const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::SNS::TopicPolicy'));
    const allowed = policy.Properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toEqual([expect.objectContaining({
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': env.account } },
      Resource: stack.resolve(topic.topicArn),
    })]);
  });

  test('tells a topic of another stack and an imported one as well', () => {
    const app = new App();
    const stack = new Stack(app, 'Shop', { env });
    const topic = new Topic(new Stack(app, 'Operations', { env }), 'Topic');
    alarmIn(stack, 'Alarm', topic);
    alarmIn(stack, 'Another', Topic.fromTopicArn(stack, 'Imported', 'arn:aws:sns:eu-west-1:123456789012:operations'));
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Alarm', 2);
    Template.fromStack(Stack.of(topic)).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } })] },
    });
  });

  test('tells nobody without a topic', () => {
    const stack = shopStack();
    alarmIn(stack, 'Alarm');
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent(), OKActions: Match.absent() });
  });
});
