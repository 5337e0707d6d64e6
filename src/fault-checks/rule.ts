import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** What a rule says of a resource. */
export type Judgement =
  | { readonly compliance: 'compliant' | 'not-applicable' }
  | { readonly compliance: 'non-compliant' | 'unknown'; readonly what: string; readonly property?: string };

/** A rule against a single point of failure, or against what makes an outage longer or dearer. */
export interface Rule {
  /** Acknowledgements name it, so it never changes. */
  readonly id: string;
  /** What is wrong where it is broken: `An Auto Scaling group is in one zone`. */
  readonly title: string;
  /** `error` if one fault takes a service or data away, else `warning`. */
  readonly severity: 'error' | 'warning';
  /** What happens in the outage. */
  readonly reason: string;
  /** Documents that say so, each with its edition or the date on which it was read. */
  readonly sources: readonly string[];
  /** The way out, in a sentence. */
  readonly fix: string;
  /** The types of resources that it judges. */
  readonly types: readonly string[];
  /** Whether it looks beyond the resource itself. */
  readonly needsTopology: boolean;
  /** The resources of a template that breaks it, in YAML. */
  readonly bad: string;
  /** The same, mended. */
  readonly good: string;
  /** Never throws: what the template does not decide is unknown. */
  judge(resource: Resource, topology: Topology): Judgement;
}

export const COMPLIANT: Judgement = { compliance: 'compliant' };
export const NOT_APPLICABLE: Judgement = { compliance: 'not-applicable' };

/**
 * A finding.
 *
 * @param what what is so, with figures where there are some
 * @param property the property of the resource that decides, by its path
 */
export function broken(what: string, property?: string): Judgement {
  return { compliance: 'non-compliant', what, property };
}

/** What the template does not decide, and why. */
export function undecided(what: string, property?: string): Judgement {
  return { compliance: 'unknown', what, property };
}
