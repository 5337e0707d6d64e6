import { Alarm, AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Makes an alarm that tells `topic`, if there is one, when it goes off and when all is well again. */
export function createAlarm(scope: Construct, id: string, topic: ITopic | undefined, props: AlarmProps): Alarm {
  const alarm = new Alarm(scope, id, props);
  if (topic) {
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}
