import { asBoolean, asNumber, asString, at, firstUnknown, listOf, Properties, Unknown, Value } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Ports at which web servers listen, whatever the balancer calls the protocol. */
const WEB_PORTS = [80, 443, 3000, 8000, 8080, 8443];
const NOT_FOUND = 404;
/** gRPC: the service is not there. */
const UNAVAILABLE = 14;
const OPEN_PORT = 'it looks whether a port is open, not whether a web server answers there';

export const healthCheckOfTheDead: Rule = {
  id: 'LB5',
  title: 'A health check is passed by targets that do not work',
  severity: 'warning',
  reason: 'A program that hangs, or answers with errors alone, goes on getting its share of the requests, and is not replaced.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Load Balancing": only healthy instances get traffic',
    'Elastic Load Balancing, Application Load Balancers, "Health checks for Application Load Balancer target groups" (2026-11-20)',
    'Elastic Load Balancing, Network Load Balancers, "Health checks for Network Load Balancer target groups" (2026-11-20)',
  ],
  fix: 'Ask by HTTP for a page that needs what the service needs, and take 200 alone for an answer.',
  types: ['AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  needsTopology: false,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1, Matcher: {HttpCode: 200-499}}}`,
  good: `
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1, HealthCheckPath: /health, Matcher: {HttpCode: 200}}`,
  judge: ({ type, properties }) => type === 'AWS::ElasticLoadBalancing::LoadBalancer' ? judgeClassic(properties) : judgeTargets(properties),
};

function judgeTargets(properties: Properties): Judgement {
  const { TargetType: targets, HealthCheckEnabled: enabled, Matcher: matcher } = properties;
  // Lambda answers for its functions by itself
  if (targets === 'lambda') { return NOT_APPLICABLE; }
  if (asBoolean(enabled) === false) { return broken('its health check is switched off', 'HealthCheckEnabled'); }
  const open = firstUnknown([targets, enabled, matcher]);
  if (open) { return undecided(open.reason); }
  const name = at(matcher, 'GrpcCode') === undefined ? 'HttpCode' : 'GrpcCode';
  const codes = at(matcher, name);
  return judgeProtocol(properties) ?? judgeCodes(codes, `Matcher.${name}`, name === 'HttpCode' ? [299, NOT_FOUND] : [0, UNAVAILABLE]);
}

/** A port that is open says nothing of a web server behind it. */
function judgeProtocol({ Protocol: protocol, Port: port, TargetType: targets, HealthCheckProtocol: own }: Properties): Judgement | undefined {
  if (own instanceof Unknown) { return undecided(own.reason, 'HealthCheckProtocol'); }
  if (protocol instanceof Unknown) { return own === undefined || own === 'TCP' ? undecided(protocol.reason, 'Protocol') : undefined; }
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS';
  const byDefault = isHttp || targets === 'alb' ? 'HTTP' : 'TCP';
  if ((own ?? byDefault) !== 'TCP') { return undefined; }
  const isWeb = isHttp || (['TCP', 'TLS'].includes(String(protocol)) && WEB_PORTS.includes(asNumber(port) ?? 0));
  return isWeb ? broken(OPEN_PORT, 'HealthCheckProtocol') : undefined;
}

/** A range from what is well to what is not takes anything in between. */
function judgeCodes(codes: Value | undefined, property: string, [well, wrong]: readonly [number, number]): Judgement {
  if (codes instanceof Unknown) { return undecided(codes.reason, property); }
  const ranges = (asString(codes) ?? '').split(',').map(part => part.split('-').map(Number));
  return ranges.some(([from, to]) => from <= well && to >= wrong) ? broken(`it takes ${asString(codes)} for an answer`, property) : COMPLIANT;
}

/** A Classic Load Balancer looks at the port of its first listener if nothing is said. */
function judgeClassic({ HealthCheck: check, Listeners: listeners }: Properties): Judgement {
  const target = at(check, 'Target');
  const open: Value | undefined = [check, target, listeners].find(one => one instanceof Unknown);
  if (open instanceof Unknown) { return undecided(open.reason, 'HealthCheck'); }
  const isWeb = listOf(listeners).some(listener => /^https?$/i.test(asString(at(listener, 'Protocol')) ?? ''));
  if (!isWeb || (target !== undefined && !/^(TCP|SSL):/i.test(asString(target) ?? ''))) { return COMPLIANT; }
  return broken(OPEN_PORT, 'HealthCheck.Target');
}
