import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import { instanceTemplate, Subject, subject, topicIn } from './subject';
import { MultiAzWebTier, MultiAzWebTierProps, WebEndpoint, WebHealthCheck, WebScaling } from '../../../src';
import { networkOf } from '../network';

export const multiAzWebTier: readonly Subject[] = [
  subject('MultiAzWebTier by public HTTPS', stack => {
    const certificate = new acm.Certificate(stack, 'Certificate', {
      domainName: 'shop.example.com',
      validation: acm.CertificateValidation.fromDns(),
    });
    webTierIn(stack, { endpoint: WebEndpoint.publicHttps(certificate), neededCapacity: 4, alarmTopic: topicIn(stack) });
  }),
  subject('MultiAzWebTier by internal HTTP, with all options', stack => {
    webTierIn(stack, {
      endpoint: WebEndpoint.internalHttp(),
      instancePort: 8080,
      healthCheck: WebHealthCheck.http('/health', {
        interval: Duration.seconds(30),
        timeout: Duration.seconds(10),
        gracePeriod: Duration.minutes(10),
      }),
      maxCapacity: 30,
      scaling: [WebScaling.onRequestCount(600)],
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }),
];

function webTierIn(stack: Stack, props: Pick<MultiAzWebTierProps, 'endpoint'> & Partial<MultiAzWebTierProps>): void {
  new MultiAzWebTier(stack, 'Web', { vpc: networkOf(stack), instanceTemplate: instanceTemplate(), ...props });
}
