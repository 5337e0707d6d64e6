import { assumptionsOf, cellsOf, TITLES } from './nines';
import { TIERS } from './wordings';
import { Availability } from '../availability/availability';
import { Link } from '../fault-simulation/chain';
import { Simulation, Verdict } from '../fault-simulation/simulation';
import { Resource } from '../fault-simulation/template/world';
import { nameOfZone } from '../fault-simulation/zones';

/** What the page shows. Components, zones and links are named by their places in their lists. */
export interface PageData {
  readonly stacks: readonly string[];
  readonly zones: readonly string[];
  readonly components: readonly PageComponent[];
  readonly faults: readonly PageFault[];
  readonly links: readonly Link[];
  /** The availability of each service in words, and what it rests on. */
  readonly nines: { readonly titles: readonly string[]; readonly lines: readonly (readonly string[])[]; readonly assumptions: readonly string[] };
  readonly unread: readonly string[];
}

export interface PageComponent {
  /** `Stack/LogicalId`. */
  readonly id: string;
  readonly label: string;
  readonly type: string;
  readonly stack: string;
  readonly tier: number;
  /** Where it stands; empty if it is in no zone. */
  readonly zones: readonly number[];
  /** Whether it stands in a zone that is not known by name. */
  readonly elsewhere: boolean;
  /** Whether users of the application see it. */
  readonly isService: boolean;
  /** Whether a service needs it, or is it. */
  readonly isNeeded: boolean;
  readonly needs: readonly number[];
}

export interface PageFault {
  /** As the other outputs name it. */
  readonly id: string;
  readonly kind: string;
  /** The zone that it takes. */
  readonly zone?: number;
  /** The component that it is about. */
  readonly of?: number;
  /** All that is not unaffected. */
  readonly effects: readonly PageEffect[];
}

export interface PageEffect {
  readonly component: number;
  readonly verdict: Omit<Verdict, 'chain'>;
  readonly chain: readonly number[];
}

/** Components, each single fault, and for what a service needs besides: that it is gone. */
export function pageDataOf(simulation: Simulation, nines: readonly Availability[], unread: readonly string[]): PageData {
  const { components, singleFaults } = simulation;
  const indices = new Map(components.map(({ key }, index) => [key, index]));
  const zones = singleFaults.filter(({ kind }) => kind === 'zone');
  const services = new Set(simulation.services.map(({ key }) => key));
  const needed = simulation.neededBy(services);
  const zoneNames = zones.map(({ id }) => id.slice('zone:'.length));
  const faults = [...singleFaults, ...components.filter(({ key }) => needed.has(key)).map(({ key }) => (
    { id: `gone:${key}`, kind: 'gone' as const, fault: { kind: 'gone' as const, of: key } }))];
  const links = new Interned<Link>();
  return {
    stacks: [...new Set(components.map(({ stack }) => stack))],
    zones: zoneNames,
    components: components.map(component => {
      const places = simulation.placesOf(component).map(place => typeof place === 'string' ? zoneNames.indexOf(nameOfZone(place)) : -1);
      return {
        id: component.key,
        label: labelOf(component),
        type: component.type,
        stack: component.stack,
        tier: tierOf(component),
        zones: [...new Set(places)].filter(zone => zone >= 0).sort((one, other) => one - other),
        elsewhere: places.includes(-1),
        isService: services.has(component.key),
        isNeeded: needed.has(component.key),
        needs: [...simulation.needs.get(component.key) ?? []].flatMap(key => key === component.key ? [] : indices.get(key) ?? []),
      };
    }),
    faults: faults.map(({ id, kind, fault }) => ({
      id,
      kind,
      ...kind === 'zone' ? { zone: zoneNames.indexOf(id.slice('zone:'.length)) } : {},
      ...'of' in fault ? { of: indices.get(fault.of) } : {},
      effects: simulation.under(fault).affected.flatMap(([key, { chain, ...verdict }]): PageEffect[] => {
        const component = indices.get(key);
        return component === undefined ? [] : [{ component, verdict, chain: chain.map(link => links.indexOf(link)) }];
      }),
    })),
    links: links.all,
    nines: { titles: TITLES, lines: nines.map(cellsOf), assumptions: assumptionsOf(nines) },
    unread,
  };
}

/** The path of its construct, if CDK wrote it, else its logical id without the hash that CDK puts to it. */
function labelOf({ raw, logicalId }: Resource): string {
  const path = raw.Metadata?.['aws:cdk:path'];
  if (typeof path !== 'string') { return logicalId.replace(/(?<=.)[0-9A-F]{8}$/, ''); }
  return path.split('/').slice(1).filter((part, index, all) => index < all.length - 1 || part !== 'Resource').join('/') || logicalId;
}

const TIER_OF: readonly (readonly [RegExp, typeof TIERS[number]])[] = [
  [/^AWS::(Route53|CloudFront|GlobalAccelerator)::/, 'Names and edge'],
  [/^AWS::(ElasticLoadBalancing(V2)?|ApiGateway(V2)?|AppSync)::|^AWS::(Lambda::Url|EC2::EIP)$/, 'Entry'],
  [/^AWS::(AutoScaling|ECS|EKS|Lambda|Batch|StepFunctions|Serverless)::|^AWS::EC2::Instance$/, 'Compute'],
  [/^AWS::(SQS|SNS|Kinesis|KinesisFirehose|MSK|AmazonMQ)::/, 'Messages'],
  [/^AWS::(RDS|DynamoDB|ElastiCache|EFS|FSx|S3|DocDB|Neptune|MemoryDB|OpenSearchService|Elasticsearch|Redshift|Cognito)::|^AWS::EC2::Volume$/, 'Data'],
  [/^AWS::(EC2|DirectConnect)::/, 'Network'],
];

function tierOf({ type }: Resource): number {
  return TIERS.indexOf(TIER_OF.find(([pattern]) => pattern.test(type))?.[1] ?? 'Others');
}

/** A list in which each thing stands once. */
class Interned<T> {
  public readonly all: T[] = [];
  private readonly indices = new Map<string, number>();

  public indexOf(thing: T): number {
    const identity = JSON.stringify(thing);
    const index = this.indices.get(identity) ?? this.all.push(thing) - 1;
    this.indices.set(identity, index);
    return index;
  }
}
