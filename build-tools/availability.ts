/**
 * Makes docs/availability.md: the method, and the tables of fault rates and service levels.
 */
import * as fs from 'fs';
import * as path from 'path';
import { DEFAULT_REPAIR_SECONDS, DEFAULT_UNCERTAINTY } from '../src/availability/availability';
import { FAULT_RATES, FaultRate } from '../src/availability/fault-rates';
import { LeveledService, SERVICE_LEVELS, ServiceLevel } from '../src/availability/service-levels';
import { downtimeOf, inPercent, inWords } from '../src/availability/words';

export const page = path.join(__dirname, '..', 'docs', 'availability.md');

export function rendered(): string {
  return [METHOD, rateTable(), LEVELS, levelTable(), LIMITS].join('\n');
}

const METHOD = `# Availability

How many nines a service has, as its users see it, from the synthesized templates and from rates of faults that you may change:

\`\`\`ts
declare const stack: Stack;

const simulation = FaultSimulation.fromStack(stack);
for (const service of simulation.availability({ faultRates: { zone: 0.5 }, timeToRepair: Duration.hours(2) })) {
  console.log(service.service, service.description);
  service.costs.forEach(({ fault, downtimePerYear }) => console.log('  ', fault, downtimePerYear.toHumanString()));
}
\`\`\`

It is an order of magnitude, not a promise. Nothing of it was measured on AWS; what it is good for is to compare designs, and to see what costs most.

## Method

1. **Down** is a service while nothing of it works, or less than it is known to need (the option \`need\` of the simulation, or what a
   construct of this library recorded). A part that is enough is up; where nobody says how much is enough, any part is, and the assumptions
   say so.
2. **Each single fault** of the [simulation](fault-simulation.md), each Region and each volume costs its rate a year, times the members to
   which it can happen, times the seconds until the service is up again by itself. What does not come back by itself, or later, is down for
   the **time to repair**: ${inWords(DEFAULT_REPAIR_SECONDS)} by default. What is not decided counts as down, but at the best end of the interval.
3. **A zone takes all that stands in it at once**, so that members of one zone are no help to each other. Of what AWS chooses the simulation
   takes the worst in each zone; here of n zones in which a database may stand each is its own with 1 in n, as it stands in one of them.
4. **Two faults at once** are counted for the members of a fleet, as far as one by itself does not take it below its need: of Z zones with
   m members each, of which K are needed, with a zone up for the share a<sub>z</sub> of the time, and a member of a zone that is up for
   a<sub>i</sub>, A(Z, m, K) = Σ<sub>z</sub> C(Z, z) a<sub>z</sub><sup>z</sup> (1 − a<sub>z</sub>)<sup>Z−z</sup> · P[Bin(z·m, a<sub>i</sub>) ≥ K].
   Other pairs of faults are not: they are far rarer than the rates are sure.
5. Faults come at random, independently, and outages may overlap: **simulated** = exp(− Σ costs / year).
6. The **ceiling** is the product of the SLAs of all that the service cannot do without, directly or by way of others: that with which it is
   down for good if it is gone. A service that AWS keeps counts once for its Region, a database each. What stands in for each other, as two
   servers, is not multiplied, and counts as its service does in several zones. Behind a failover record, or in an origin group, nothing
   counts but what stands before it.
7. **Expected** is the smaller of the two. **Lower** and **upper** are the same with rates and time to repair multiplied and divided by
   ${DEFAULT_UNCERTAINTY}: both of them, so that what is down until a human acts costs ${DEFAULT_UNCERTAINTY ** 2} times as much, or as little. The ceiling stays as it is.

| availability | nines | down in a year |
|---|---|---|
| 99 % | 2 | ${inWords(downtimeOf(0.99))} |
| 99.5 % | 2.3 | ${inWords(downtimeOf(0.995))} |
| 99.9 % | 3 | ${inWords(downtimeOf(0.999))} |
| 99.95 % | 3.3 | ${inWords(downtimeOf(0.9995))} |
| 99.99 % | 4 | ${inWords(downtimeOf(0.9999))} |
| 99.999 % | 5 | ${inWords(downtimeOf(0.99999))} |

## Rates of faults

\`documented\`: AWS names the figure; \`assumed\`: nobody does, so that it is an input more than a default.
`;

const LEVELS = `
## Service levels

What AWS refunds below, in a month: no measurement, but what may be promised at most. EC2, load balancers and databases count minutes, S3,
DynamoDB and Lambda failed requests. \`confirmed\`: AWS's own text was read, of that date. The others are what somebody reports, or memory;
look them up before you rely on them.
`;

const LIMITS = `
## What it leaves out

Bad versions, bad data, deletions and mistakes, which may take more services down than zones do. Overload. Grey failures, slow or lossy.
Maintenance that is announced. Faults of what is outside of the templates. Services of AWS that steer, as IAM, KMS or Secrets Manager, have
no factor in the ceiling. The page that a failover shows counts as up.
`;

function rateTable(): string {
  const rows = Object.entries<FaultRate>(FAULT_RATES).map(([kind, { what, perYear, basis, source }]) => `| \`${kind}\` | ${what} | ${perYear} | ${basis} | ${source} |`);
  return ['| kind | what | a year | basis | source |', '|---|---|---|---|---|', ...rows].join('\n');
}

function levelTable(): string {
  return ['| service | in several zones | in one | source | confirmed |', '|---|---|---|---|---|', ...SERVICE_LEVELS.map(levelRow)].join('\n');
}

function levelRow({ service, severalZones, oneZone }: LeveledService): string {
  const levels = [severalZones, oneZone].flatMap(level => level ?? []);
  const percent = (level?: ServiceLevel) => level ? inPercent(level.availability) : '–';
  const distinct = (values: string[]) => [...new Set(values)].join('; ');
  const sources = distinct(levels.map(({ source, date }) => date === '–' ? source : `${source}, ${date}`));
  return `| ${service} | ${percent(severalZones)} | ${percent(oneZone)} | ${sources} | ${distinct(levels.map(({ confirmed }) => confirmed ? 'yes' : 'no'))} |`;
}

if (require.main === module) { fs.writeFileSync(page, rendered()); }
