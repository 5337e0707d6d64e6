import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HaNatPerAz } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegHaNatPerAz');
const alarmTopic = new sns.Topic(stack, 'Alarms', { enforceSSL: true });
const vpc = new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic }) });
const nat = vpc.node.findChild('HaNat') as HaNatPerAz;
nat.elasticIps.forEach((address, index) => new CfnOutput(stack, `Address${index}`, { value: address.attrPublicIp }));

new IntegTest(app, 'HaNatPerAz', { testCases: [stack] });
