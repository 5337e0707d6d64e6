/** How often something fails, and who says so. */
export interface FaultRate {
  readonly what: string;
  readonly perYear: number;
  /** `documented`: AWS names the figure; `assumed`: nobody does, so that it is an input more than a default. */
  readonly basis: 'documented' | 'assumed';
  readonly source: string;
}

/** Faults a year, by the kind of the fault; docs/availability.md is made from it. */
export const FAULT_RATES = {
  'zone': {
    what: 'a zone goes dark, with all that stands in it',
    perYear: 0.2,
    basis: 'assumed',
    source: 'one in five years for each zone; AWS publishes neither a rate nor an SLA of a zone',
  },
  'region': {
    what: 'a Region goes dark, or a service in all of its zones',
    perYear: 0.02,
    basis: 'assumed',
    source: 'one in fifty years; AWS publishes no rate',
  },
  'instance': {
    what: 'a member of a fleet, or a server, is gone',
    perYear: 0.1,
    basis: 'assumed',
    source: 'one in ten years for each; AWS publishes no rate of failing hosts',
  },
  'primary-host': {
    what: 'the host of a primary, or of a node, fails',
    perYear: 0.2,
    basis: 'assumed',
    source: 'one in five years for each, patches that take it down among them; AWS publishes no rate',
  },
  'nat': {
    what: 'a NAT gateway fails while its zone is up',
    perYear: 0.1,
    basis: 'assumed',
    source: 'as for an instance, though AWS keeps it redundant within its zone',
  },
  'volume': {
    what: 'a volume is lost',
    perYear: 0.002,
    basis: 'documented',
    source: 'AWS Storage Services Overview, "Amazon EBS: Durability and Availability": designed for an annual failure rate of 0.1 to 0.2 %; the worse end',
  },
} as const satisfies Readonly<Record<string, FaultRate>>;

/** The kinds of faults that have a rate. */
export type RatedKind = keyof typeof FAULT_RATES;

export const RATED_KINDS = Object.keys(FAULT_RATES) as RatedKind[];

export function isRated(kind: string): kind is RatedKind {
  return kind in FAULT_RATES;
}
