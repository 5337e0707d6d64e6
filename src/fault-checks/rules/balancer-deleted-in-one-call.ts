import { asBoolean, firstUnknown } from '../../fault-simulation/template/value';
import { attributeOf } from '../attributes';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const balancerDeletedInOneCall: Rule = {
  id: 'LB7',
  title: 'The balancer of a service can be deleted in one call',
  severity: 'warning',
  reason: 'By a slip, or by an update that replaces it, the entry to the service is gone with its addresses, until another one is made and '
    + 'its name has reached the clients.',
  sources: ['Elastic Load Balancing, Application Load Balancers, "Application Load Balancers", deletion protection (2026-11-20): off by default'],
  fix: 'Set the attribute deletion_protection.enabled.',
  types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
  needsTopology: false,
  bad: `
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [subnet-1, subnet-2]}}`,
  good: `
Balancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties: {Subnets: [subnet-1, subnet-2], LoadBalancerAttributes: [{Key: deletion_protection.enabled, Value: 'true'}]}`,
  judge: ({ properties: { Scheme: scheme, LoadBalancerAttributes: attributes } }) => {
    if (scheme === 'internal') { return NOT_APPLICABLE; }
    const value = attributeOf(attributes, 'deletion_protection.enabled');
    if (asBoolean(value) === true) { return COMPLIANT; }
    const open = firstUnknown([value, scheme]);
    return open ? undecided(open.reason, 'LoadBalancerAttributes') : broken('deletion protection is off', 'LoadBalancerAttributes');
  },
};
