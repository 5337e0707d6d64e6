import { IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HaNatPerAz, NatAddresses, NatEgress } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegHaNatPerAzInstances');
const alarmTopic = new sns.Topic(stack, 'Alarms', { enforceSSL: true });
const egress = NatEgress.instances({ addresses: NatAddresses.FOLLOW });
const vpc = new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider({ egress, alarmTopic }) });
const nat = vpc.node.findChild('HaNat') as HaNatPerAz;
nat.elasticIps.forEach((address, index) => new CfnOutput(stack, `Address${index}`, { value: address.attrPublicIp }));
nat.autoScalingGroups.forEach((group, index) => new CfnOutput(stack, `Group${index}`, { value: group.autoScalingGroupName }));

new IntegTest(app, 'HaNatPerAzInstances', { testCases: [stack] });
