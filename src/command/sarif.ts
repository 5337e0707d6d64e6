import * as path from 'path';
import { pathToFileURL } from 'url';
import { Positions } from './positions';
import { printable } from './render';
import { Report, Row } from './report';
import { Finding, findingOf, inWords } from './words';
import { Link } from '../fault-simulation/chain';

const LEVELS: Readonly<Record<Finding, string>> = { lost: 'error', unknown: 'warning', interrupted: 'note' };

const TAKEN: Readonly<Record<string, string>> = {
  'zone': 'an availability zone', 'instance': 'an instance', 'primary-host': 'the host of a primary', 'nat': 'a NAT gateway',
};

/** Findings for whoever reads SARIF 2.1.0, as GitHub's code scanning, with their places in the templates. */
export function asSarif(report: Report, positions: Positions, version: string): string {
  const { worse } = report;
  // beside a baseline, what was there before is no finding
  const rows = (worse ? worse.map(({ row }) => row) : report.rows).filter(({ verdict }) => findingOf(verdict));
  const rules = new Map(rows.map(row => [ruleOf(row), { id: ruleOf(row), shortDescription: { text: aboutRule(row) } }]));
  return logOf(version, [...rules.values()], rows.map(row => resultOf(row, report, positions)));
}

/** A log of one run. */
export function logOf(version: string, rules: readonly object[], results: readonly object[]): string {
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'cdk-fault-tolerance', version, rules } },
      columnKind: 'utf16CodeUnits',
      results,
    }],
  }, undefined, 2);
}

function resultOf(row: Row, { worse }: Report, positions: Positions) {
  const { service, fault, verdict, accepted } = row;
  const [cause] = verdict.chain;
  const change = worse?.find(one => one.row === row);
  return {
    ruleId: ruleOf(row),
    level: LEVELS[findingOf(verdict) ?? 'lost'],
    message: { text: printable(`${service} is ${inWords(verdict)} under ${fault.id}: ${verdict.chain.map(({ what }) => what).join('; ')}`) },
    locations: [locationOf(cause?.property ?? service, positions)],
    ...verdict.chain.length === 0 ? {} : {
      codeFlows: [{ threadFlows: [{ locations: verdict.chain.map(link => ({ location: stepOf(link, service, positions) })) }] }],
    },
    partialFingerprints: { 'serviceUnderFault/v1': printable(`${service} ${fault.id}`) },
    suppressions: accepted === undefined ? [] : [{ kind: 'external', justification: printable(accepted) }],
    ...change ? { baselineState: change.before && findingOf(change.before) ? 'updated' : 'new' } : {},
  };
}

function stepOf({ what, property, remedy }: Link, service: string, positions: Positions) {
  return {
    ...locationOf(property ?? service, positions),
    message: { text: printable(remedy === undefined ? what : `${what}; what would change it: ${remedy}`) },
  };
}

/** Of a property, or a resource, in its template. */
export function locationOf(property: string, positions: Positions) {
  const position = positions.of(property);
  return {
    ...position && {
      physicalLocation: { artifactLocation: { uri: uriOf(position.file) }, region: { startLine: position.line, startColumn: position.column } },
    },
    logicalLocations: [{ fullyQualifiedName: printable(property) }],
  };
}

/** From the folder in which the command runs, as the root of a repository; whole where the file is somewhere else. */
function uriOf(file: string): string {
  const relative = path.relative(process.cwd(), file);
  const isInside = !relative.startsWith('..') && !path.isAbsolute(relative);
  return isInside ? relative.split(path.sep).map(encodeURIComponent).join('/') : pathToFileURL(file).href;
}

function ruleOf({ fault, verdict }: Row): string {
  return `${findingOf(verdict)}-under-${fault.kind}`;
}

function aboutRule({ fault, verdict }: Row): string {
  return `A service that is ${findingOf(verdict)} without ${TAKEN[fault.kind] ?? fault.kind}`;
}
