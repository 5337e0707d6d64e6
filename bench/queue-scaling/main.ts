/**
 * `npm run bench:queue-scaling`: how long a queue waits and what its workers cost, by the policies that scale them.
 *
 *     npm run bench:queue-scaling                        20 runs of each scenario, and the plots of docs/images/queue-scaling/
 *     npm run bench:queue-scaling -- --seed 7 --runs 3   others, without plots
 *
 * The same seed gives the same figures on any machine. What is simulated, and what is not, is said in docs/queue-scaling.md.
 */
import * as fs from 'fs';
import * as path from 'path';
import { parseArgs } from 'util';
import { Duration } from 'aws-cdk-lib';
import { ACCEPTABLE_LATENCY, ENVIRONMENT, play, Played } from './play';
import { svgOf } from './plot';
import { inMessagesOf, PROCESSING_SECONDS, Scenario, scenarios, stepAfter } from './scenarios';
import { contestants, MAX_AGE, MEASURED, WITH_AGE } from './stacks';
import { against, missedGoals } from '../goal';
import { median } from '../statistics';

process.env.CDK_VALIDATION = 'false';

const images = path.join(__dirname, '..', '..', 'docs', 'images', 'queue-scaling');
const DEFAULT_SEED = 1;
const DEFAULT_RUNS = 20;

const OURS = ['SqsWorkerFleet, default', 'SqsWorkerFleet, onLatency'];
const ECS = 'ecs-patterns, default';
const STEPS = 'ecs-patterns, steps alone';

type Runs = Readonly<Record<string, readonly Played[]>>;

function main(): void {
  const { seed, runs } = parseArgs({ options: { seed: { type: 'string' }, runs: { type: 'string' } } }).values;
  const seeds = Array.from({ length: Number(runs ?? DEFAULT_RUNS) }, (_, index) => Number(seed ?? DEFAULT_SEED) + index);
  console.log(`seeds ${seeds[0]} to ${seeds[seeds.length - 1]}; medians, the worst age and the turns in the worst run`);
  const played = new Map(scenarios.map(scenario => [scenario.id, playAll(scenario, seeds)]));
  for (const scenario of scenarios) {
    const all = played.get(scenario.id) as Runs;
    print(scenario, all);
    if (seed === undefined && runs === undefined) { plot(scenario, all); }
  }
  goals(played);
  sweep(seeds);
  sensitivity(seeds);
  age(seeds);
  measured(seeds);
  process.exitCode = missedGoals() > 0 ? 1 : 0;
}

function playAll(scenario: Scenario, seeds: readonly number[]): Runs {
  return Object.fromEntries(Object.keys(contestants).map(name => [name, seeds.map(seed => play(scenario, name, seed))]));
}

const of = (runs: readonly Played[], figure: (run: Played) => number) => median(runs.map(figure));
const worst = (runs: readonly Played[], figure: (run: Played) => number) => Math.max(...runs.map(figure));
const drain = ({ drainMinutes }: Played) => drainMinutes;
const hours = ({ instanceHours }: Played) => instanceHours;
const ageOf = ({ worstAge }: Played) => worstAge / 60;
const turns = (run: Played) => run.turns;

function print({ title, burst, constantFrom, hours: length }: Scenario, all: Runs): void {
  console.log(`\n${title}, ${length} hours`);
  const reference = all[ECS];
  for (const [name, runs] of Object.entries(all)) {
    const figures = [
      ...burst ? [
        `drained ${minutes(of(runs, drain))} after the burst (${ratio(of(runs, drain), of(reference, drain))}`
        + `; from its beginning on ${ratio(of(runs, drain) + (burst.to - burst.from) / 60, of(reference, drain) + (burst.to - burst.from) / 60)})`,
      ] : [],
      `worst age ${of(runs, run => run.done) === 0 ? 'never done' : minutes(worst(runs, ageOf))} (${ratio(worst(runs, ageOf), worst(reference, ageOf))})`,
      `${of(runs, hours).toFixed(1)} instance hours (${ratio(of(runs, hours), of(reference, hours))})`,
      ...constantFrom !== undefined ? [`turns ${of(runs, turns)}, at most ${worst(runs, turns)}`] : [],
    ];
    console.log(`  ${name}: ${figures.join(', ')}`);
  }
}

function minutes(figure: number): string {
  return Number.isFinite(figure) ? `${figure.toFixed(1)} min` : 'never';
}

function ratio(figure: number, reference: number): string {
  return Number.isFinite(figure) ? (figure / reference).toFixed(2) : '-';
}

function goals(played: ReadonlyMap<string, Runs>): void {
  console.log('\ngoals');
  const [burst, constant] = ['burst', 'constant'].map(id => played.get(id) as Runs);
  for (const name of OURS) {
    for (const other of [ECS, STEPS]) {
      against(0.5, `burst, ${name} / ${other}, time to drain what it left`, of(burst[name], drain) / of(burst[other], drain));
      against(1.1, `burst, ${name} / ${other}, instance hours`, of(burst[name], hours) / of(burst[other], hours));
    }
    against(0, `constant, ${name}, turns in 10 hours, median`, of(constant[name], turns));
    against(0.5, `constant, ${name}, turns in 10 hours, mean`, constant[name].reduce((sum, run) => sum + run.turns, 0) / constant[name].length);
  }
  const latency = ACCEPTABLE_LATENCY.toMinutes();
  for (const id of ['constant', 'burst', 'batch', 'day']) {
    against(latency, `${id}, SqsWorkerFleet, onLatency, worst age, for an acceptable latency of ${latency} min`, worst((played.get(id) as Runs)[OURS[1]], ageOf), ' min');
  }
}

/** How the backlog alone, and ours, answer a load that rises at once and is constant then, by the latency that is asked for. */
function sweep(seeds: readonly number[]): void {
  console.log('\n0.4, then 1.5 messages each second, by the acceptable latency: turns in 6 hours / most workers / worst age');
  for (const latency of [1, 2, 5, 10, 15, 19, 30, 45]) {
    const figures = ['backlog alone', OURS[1]].map(name => {
      const runs = seeds.map(seed => play(stepAfter, name, seed, Duration.minutes(latency)));
      const most = (run: Played) => Math.max(...run.minutes.slice(120).map(({ desired }) => desired));
      return `${name} ${of(runs, turns)} / ${of(runs, most)} / ${minutes(worst(runs, ageOf))}`;
    });
    console.log(`  ${latency} min: ${figures.join(', ')}`);
  }
}

/** The burst again, with each figure that is assumed made another one. */
function sensitivity(seeds: readonly number[]): void {
  console.log('\nburst, our default / ecs-patterns, default, where what is assumed is otherwise: time to drain, instance hours');
  const scenario = byId('burst');
  const others = {
    'as above': {},
    'figures 2 minutes late': { metricLagMinutes: 2 },
    'start in 1 minute': { readyAfter: 60 },
    'start in 5 minutes': { readyAfter: 300 },
    'an instance at work shows 60 % CPU': { busyCpu: 60 },
    'an instance at work shows 30 % CPU': { busyCpu: 30 },
  };
  for (const [what, change] of Object.entries(others)) {
    const [ours, ecs] = [OURS[0], ECS].map(name => seeds.map(seed => play(scenario, name, seed, ACCEPTABLE_LATENCY, { ...ENVIRONMENT, ...change })));
    const drained = Number.isFinite(of(ecs, drain)) ? ratio(of(ours, drain), of(ecs, drain)) : 'ecs-patterns never';
    console.log(`  ${what}: ${drained}, ${ratio(of(ours, hours), of(ecs, hours))}`);
  }
}

/** What the age of the oldest message is good for: messages of five minutes, of which ten for an instance are too many. */
function age(seeds: readonly number[]): void {
  console.log(`\nthe default, and with an age of ${MAX_AGE.toMinutes()} min: the oldest that waited, instance hours, turns, at most`);
  const others = scenarios.filter(({ id }) => ['batch', 'poison'].includes(id));
  for (const scenario of [inMessagesOf(300, stepAfter), inMessagesOf(300, byId('day')), stepAfter, ...others]) {
    for (const name of [OURS[0], WITH_AGE]) {
      const runs = seeds.map(seed => play(scenario, name, seed));
      const oldest = (run: Played) => Math.max(...run.minutes.map(({ oldestAge }) => oldestAge)) / 60;
      console.log(`  ${scenario.id}, ${scenario.processingSeconds ?? PROCESSING_SECONDS} s each, ${name}: ${minutes(worst(runs, oldest))}, `
        + `${of(runs, hours).toFixed(1)}, ${of(runs, turns)}, ${worst(runs, turns)}`);
    }
  }
}

/** What becomes of a latency where messages take another time than was stated, and where it is measured. */
function measured(seeds: readonly number[]): void {
  const latency = ACCEPTABLE_LATENCY.toMinutes();
  console.log(`\nthe same work in messages of another time than the ${PROCESSING_SECONDS} s that were stated, ${latency} min acceptable: `
    + 'worst age, instance hours, turns, at most');
  for (const processingSeconds of [30, 10, 10 / 3]) {
    for (const scenario of [byId('constant'), byId('batch'), stepAfter]) {
      for (const name of [OURS[1], MEASURED]) {
        const runs = seeds.map(seed => play(inMessagesOf(processingSeconds, scenario), name, seed));
        console.log(`  ${processingSeconds.toFixed(1)} s, ${scenario.id}, ${name}: `
          + `${minutes(worst(runs, ageOf))}, ${of(runs, hours).toFixed(1)}, ${of(runs, turns)}, ${worst(runs, turns)}`);
        if (name === MEASURED) { against(latency, `${processingSeconds.toFixed(1)} s, ${scenario.id}, measured, worst age`, worst(runs, ageOf), ' min'); }
      }
    }
  }
}

function byId(id: string): Scenario {
  return scenarios.find(scenario => scenario.id === id) as Scenario;
}

function plot({ id, title, hours: length }: Scenario, all: Runs): void {
  const curves = (value: (minute: Played['minutes'][number]) => number) =>
    Object.entries(all).map(([name, [first]]) => ({ name, values: first.minutes.map(value) }));
  fs.mkdirSync(images, { recursive: true });
  fs.writeFileSync(path.join(images, `${id}.svg`), svgOf(title, [
    { title: 'instances asked for', curves: curves(({ desired }) => desired) },
    { title: 'messages that wait', curves: curves(({ waiting }) => waiting) },
  ], length));
}

main();
