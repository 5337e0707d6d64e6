/** Runs layers one after the other and says of each what it showed and how long it took. */
import { failed, inWords, Layer, Outcome, skipped, sum } from './layer';

export interface RunOptions {
  /** In CI a layer that could not run, or that took more than twice its time, has failed. */
  readonly ci: boolean;
  readonly print: (line: string) => void;
  /** In milliseconds. */
  readonly now: () => number;
}

interface LayerResult {
  readonly line: string;
  readonly outcome: Outcome;
}

export function runLayers(layers: readonly Layer[], options: RunOptions): Outcome {
  const results: LayerResult[] = [];
  let broken: string | undefined;
  for (const layer of layers) {
    const result = broken === undefined ? runLayer(layer, options) : leftOut(layer, `${broken} failed`, options);
    results.push(result);
    if (layer.essential && result.outcome.failed > 0) broken = layer.name;
  }
  options.print('');
  results.forEach(result => options.print(result.line));
  return sum(results.map(result => result.outcome));
}

function runLayer(layer: Layer, options: RunOptions): LayerResult {
  options.print(`\n== ${layer.name}: ${layer.shows}`);
  const missing = (layer.needs ?? []).filter(tool => !tool.isThere()).map(tool => tool.name);
  if (missing.length > 0) return leftOut(layer, `${missing.join(', ')} missing`, options);

  const start = options.now();
  const outcomes = layer.checks.map(check => {
    options.print(`-- ${check.title}`);
    return check.run();
  });
  const minutes = (options.now() - start) / 60_000;
  const late = minutes > layer.minutes;
  // a shared machine may be slow once, but not by a factor of two
  if (options.ci && minutes > 2 * layer.minutes) outcomes.push(failed);

  const outcome = sum(outcomes);
  const time = `${Math.round(minutes * 60)} s of ${layer.minutes * 60} s`;
  return { outcome, line: `${layer.name}: ${inWords(outcome)}, ${time}${late ? ', OVER BUDGET' : ''}` };
}

function leftOut(layer: Layer, reason: string, options: RunOptions): LayerResult {
  const line = `skipped: ${layer.name} (${reason})`;
  options.print(line);
  return { line, outcome: options.ci ? failed : skipped };
}
