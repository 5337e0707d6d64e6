import { acceptedIn, checkFacts, factsOf, worldOf } from './inputs';
import { CommandError, Options } from './options';
import { Positions } from './positions';
import { escaped, inAscii, printable } from './render';
import { locationOf, logOf } from './sarif';
import { findingsIn, Finding } from '../fault-checks/checks';
import { Rule } from '../fault-checks/rule';

/** A finding of a rule, and why it is accepted, if it is. */
export interface Checked extends Finding {
  readonly accepted?: string;
}

/** What the rules find, as it is printed, and whether that is a failure. */
export function check(options: Options, version: string): { readonly text: string; readonly fails: boolean } {
  const world = worldOf(options);
  checkFacts(options, world);
  const all = accepting(options, findingsIn(world, factsOf(options)));
  const found = all.filter(({ compliance }) => compliance === 'non-compliant' || options.unknown);
  const fails = all.some(finding => finding.accepted === undefined && options.failOnSeverity.includes(severityOf(finding)));
  const texts = {
    json: () => asJson(found),
    markdown: () => asMarkdown(found),
    sarif: () => asSarif(found, new Positions(world), version),
    table: () => asText(found),
    html: () => asText(found), // refused before
  };
  return { text: texts[options.format](), fails };
}

function accepting({ acceptFile }: Options, findings: readonly Finding[]): readonly Checked[] {
  const accepted = acceptedIn(acceptFile, ['rule', 'resource', 'reason']);
  const isAbout = (one: typeof accepted[number], { rule, resource }: Finding) => one.rule === rule.id && one.resource === resource.key;
  const strange = accepted.find(one => !findings.some(finding => isAbout(one, finding)));
  if (strange) { throw new CommandError(`what is accepted of ${strange.resource} by ${strange.rule} is found nowhere`); }
  return findings.map(finding => ({ ...finding, accepted: accepted.find(one => isAbout(one, finding))?.reason }));
}

export type Severity = Rule['severity'] | 'unknown';

function severityOf({ rule, compliance }: Finding): Severity {
  return compliance === 'unknown' ? 'unknown' : rule.severity;
}

function byRule(found: readonly Checked[]): readonly (readonly [Rule, readonly Checked[]])[] {
  const groups = new Map<Rule, Checked[]>();
  found.forEach(finding => groups.set(finding.rule, [...groups.get(finding.rule) ?? [], finding]));
  return [...groups].sort(([one], [other]) => one.severity.localeCompare(other.severity) || one.id.localeCompare(other.id));
}

function aboutFinding({ property, what, compliance, accepted }: Checked): string {
  return `${property}: ${compliance === 'unknown' ? 'not decided: ' : ''}${what}${accepted === undefined ? '' : ` (accepted: ${accepted})`}`;
}

function asText(found: readonly Checked[]): string {
  if (found.length === 0) { return 'no rule is broken'; }
  return byRule(found).map(([{ id, title, severity, fix }, all]) => [
    `${severity} ${id}: ${title}`, ...all.map(one => `  ${printable(aboutFinding(one))}`), `  → ${fix}`,
  ].join('\n')).join('\n\n');
}

function asMarkdown(found: readonly Checked[]): string {
  if (found.length === 0) { return 'No rule is broken.'; }
  return ['| rule | | found | way out |', '|---|---|---|---|', ...byRule(found).flatMap(([{ id, title, severity, fix }, all]) =>
    all.map(one => `| ${id} (${severity}) | ${escaped(title)} | ${escaped(aboutFinding(one))} | ${escaped(fix)} |`))].join('\n');
}

function asJson(found: readonly Checked[]): string {
  const rules = byRule(found).map(([{ id, title, severity, reason, fix, sources }]) => ({ id, title, severity, reason, fix, sources }));
  const findings = found.map(({ rule, resource, compliance, what, property, accepted }) =>
    ({ rule: rule.id, resource: resource.key, type: resource.type, property, compliance, what, accepted }));
  return inAscii(JSON.stringify({ version: 1, rules, findings }, undefined, 2));
}

function asSarif(found: readonly Checked[], positions: Positions, version: string): string {
  const rules = byRule(found).map(([{ id, title, reason, fix, sources }]) => ({
    id, shortDescription: { text: title }, fullDescription: { text: reason }, help: { text: `${fix} (${sources.join('; ')})` },
  }));
  const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', unknown: 'note' };
  return logOf(version, rules, found.map(finding => ({
    ruleId: finding.rule.id,
    level: levels[severityOf(finding)],
    message: { text: printable(`${finding.rule.title}: ${aboutFinding({ ...finding, accepted: undefined })}`) },
    locations: [locationOf(finding.property, positions)],
    partialFingerprints: { 'ruleAndResource/v1': printable(`${finding.rule.id} ${finding.resource.key}`) },
    suppressions: finding.accepted === undefined ? [] : [{ kind: 'external', justification: printable(finding.accepted) }],
  })));
}
