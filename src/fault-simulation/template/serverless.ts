import { RawResource, RawTemplate } from './world';

const TRANSFORM = 'AWS::Serverless-2016-10-31';

type Fields = Readonly<Record<string, unknown>>;
type Entry = readonly [logicalId: string, resource: RawResource];

/** The plain types that the types of the transform become under the same logical ids; others of them are left as they are. */
const PLAIN: Readonly<Record<string, string>> = {
  'AWS::Serverless::Api': 'AWS::ApiGateway::RestApi',
  'AWS::Serverless::Function': 'AWS::Lambda::Function',
  'AWS::Serverless::HttpApi': 'AWS::ApiGatewayV2::Api',
  'AWS::Serverless::LayerVersion': 'AWS::Lambda::LayerVersion',
  'AWS::Serverless::SimpleTable': 'AWS::DynamoDB::Table',
  'AWS::Serverless::StateMachine': 'AWS::StepFunctions::StateMachine',
};

/** For the events that are an API: what names it, what is made where nothing does, and its type. */
const APIS: Readonly<Record<string, readonly [property: string, implicit: string, type: string]>> = {
  Api: ['RestApiId', 'ServerlessRestApi', 'AWS::ApiGateway::RestApi'],
  HttpApi: ['ApiId', 'ServerlessHttpApi', 'AWS::ApiGatewayV2::Api'],
};

/** For the events that are read from something, what names that. */
const SOURCES: Readonly<Record<string, string>> = { DocumentDB: 'Cluster', DynamoDB: 'Stream', Kinesis: 'Stream', MQ: 'Broker', MSK: 'Stream', SQS: 'Queue' };

/** A template with what the serverless transform makes of its types, as far as they are read. */
export function withoutServerless(template: RawTemplate): RawTemplate {
  const transforms = [template.Transform ?? []].flat();
  if (!transforms.includes(TRANSFORM)) { return template; }
  const given = Object.entries(template.Resources ?? {}).map(([id, resource]): Entry => [id, withGlobals(resource, template.Globals)]);
  const made = given.flatMap(([id, resource]) => [[id, plainOf(resource)] as const, ...besides(id, resource)]);
  const others = transforms.filter(one => one !== TRANSFORM);
  const resources = withRoutes(Object.fromEntries(made), given.flatMap(routesOf));
  return { ...template, Resources: resources, Transform: others.length > 0 ? others : undefined };
}

/** A resource with what stands once for all of its type. */
function withGlobals(resource: RawResource, globals: Fields | undefined): RawResource {
  const [, service, kind] = String(resource.Type).split('::');
  const shared = service === 'Serverless' ? globals?.[kind] : undefined;
  return shared === undefined ? resource : { ...resource, Properties: merged(shared, resource.Properties) as Fields };
}

/** What stands once is added to: lists grow, objects are joined, and of anything else the resource has its own. */
function merged(shared: unknown, own: unknown): unknown {
  if (own === undefined) { return shared; }
  if (Array.isArray(shared) && Array.isArray(own)) { return [...shared as unknown[], ...own as unknown[]]; }
  if (!isPlainObject(shared) || !isPlainObject(own)) { return own; }
  return { ...shared, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, merged(shared[name], value)])) };
}

function isPlainObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.keys(value).some(name => name === 'Ref' || name.startsWith('Fn::'));
}

function plainOf(resource: RawResource): RawResource {
  const type = PLAIN[resource.Type];
  if (type === undefined) { return resource; }
  const { Events: _events, DefinitionBody: body, ...properties } = resource.Properties ?? {};
  return { ...resource, Type: type, Properties: { ...properties, ...body === undefined ? {} : { Body: body } } };
}

/** What is made beside a function. */
function besides(id: string, { Type, Properties, Condition }: RawResource): Entry[] {
  if (Type !== 'AWS::Serverless::Function') { return []; }
  const part = (type: string, properties: Fields): RawResource => ({ Type: type, Properties: properties, Condition });
  const address = Properties?.FunctionUrlConfig === undefined ? [] : [[`${id}Url`, part('AWS::Lambda::Url', { TargetFunctionArn: { Ref: id } })] as const];
  return [...address, ...eventsOf(Properties).flatMap(({ name, type, properties }): Entry[] => {
    const { [SOURCES[type] ?? '']: source, ...rest } = properties;
    if (source !== undefined) { return [[`${id}${name}`, part('AWS::Lambda::EventSourceMapping', { ...rest, EventSourceArn: source, FunctionName: { Ref: id } })]]; }
    const { Topic: topic, ...subscription } = properties;
    return type === 'SNS' ? [[`${id}${name}`, part('AWS::SNS::Subscription', { ...subscription, Protocol: 'lambda', TopicArn: topic, Endpoint: { Ref: id } })]] : [];
  })];
}

interface Event {
  readonly name: string;
  readonly type: string;
  readonly properties: Fields;
}

function eventsOf(properties: Fields | undefined): Event[] {
  const events = properties?.Events;
  return Object.entries(isPlainObject(events) ? events : {}).flatMap(([name, event]) => isPlainObject(event)
    ? [{ name, type: String(event.Type), properties: isPlainObject(event.Properties) ? event.Properties : {} }] : []);
}

/** That an API leads to a resource. */
interface Route {
  readonly api: string;
  readonly type: string;
  readonly to: string;
  /** Under which what it leads to is there. */
  readonly condition?: string;
}

function routesOf([to, { Type, Properties, Condition: condition }]: Entry): Route[] {
  if (PLAIN[Type] === undefined) { return []; }
  return eventsOf(Properties).filter(({ type }) => type in APIS).flatMap(({ type: event, properties }): Route[] => {
    const [property, implicit, type] = APIS[event];
    const named = properties[property];
    const api = named === undefined ? implicit : referredTo(named);
    return typeof api === 'string' ? [{ api, type, to, condition }] : [];
  });
}

function referredTo(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Ref' in value ? value.Ref : undefined;
}

/** APIs lead to what has them among its events; those that nobody has written are made. */
function withRoutes(resources: Readonly<Record<string, RawResource>>, routes: readonly Route[]): Record<string, RawResource> {
  const apis = routes.map(({ api, type, condition }): Entry => {
    const all = routes.filter(route => route.api === api);
    const own = resources[api] ?? { Type: type, Condition: all.every(route => route.condition === condition) ? condition : undefined };
    return [api, { ...own, Properties: { ...own.Properties, Body: [own.Properties?.Body ?? [], all.map(({ to }) => ({ Ref: to }))] } }];
  });
  return { ...resources, ...Object.fromEntries(apis) };
}
