import { Check, failed, Layer, Outcome, passed } from '../../build-tools/layers/layer';
import { runLayers } from '../../build-tools/layers/run';

const missingTool = { name: 'java', isThere: () => false };

/** Runs layers; every check takes `minutes`. */
function run(layers: (Partial<Layer> & { name: string })[], { ci = false, minutes = 0 } = {}) {
  const lines: string[] = [];
  let time = 0;
  const timed = (check: Check): Check => ({ ...check, run: () => { time += minutes * 60_000; return check.run(); } });
  const outcome = runLayers(
    layers.map(layer => ({ shows: '', minutes: 1, ...layer, checks: (layer.checks ?? [checkWith(passed)]).map(timed) })),
    { ci, now: () => time, print: line => lines.push(line) },
  );
  return { outcome, lines };
}

function checkWith(outcome: Outcome): Check {
  return { title: '', run: () => outcome };
}

describe('runLayers', () => {
  test('adds up what the checks report', () => {
    const { outcome } = run([
      { name: 'a', checks: [checkWith({ passed: 3, failed: 1, skipped: 2 })] },
      { name: 'b', checks: [checkWith(passed), checkWith(passed)] },
    ]);

    expect(outcome).toEqual({ passed: 5, failed: 1, skipped: 2 });
  });

  test('goes on after a layer that failed', () => {
    expect(run([{ name: 'a', checks: [checkWith(failed)] }, { name: 'b' }]).outcome).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test('leaves out what makes no sense after an essential layer that failed', () => {
    const { outcome, lines } = run([{ name: 'compile', essential: true, checks: [checkWith(failed)] }, { name: 'unit' }]);

    expect(outcome).toEqual({ passed: 0, failed: 1, skipped: 1 });
    expect(lines).toContain('skipped: unit (compile failed)');
  });

  describe('when a tool is missing', () => {
    const layer = { name: 'languages', needs: [missingTool] };

    test('says which, and never counts the layer as passed', () => {
      const { outcome, lines } = run([layer]);

      expect(outcome).toEqual({ passed: 0, failed: 0, skipped: 1 });
      expect(lines).toContain('skipped: languages (java missing)');
    });

    test('fails in CI', () => {
      expect(run([layer], { ci: true }).outcome).toEqual({ passed: 0, failed: 1, skipped: 0 });
    });
  });

  describe('when a layer is over its budget', () => {
    test('says so', () => {
      const { outcome, lines } = run([{ name: 'unit', minutes: 1 }], { minutes: 3 });

      expect(outcome.failed).toBe(0);
      expect(lines).toContain('unit: 1 passed, 0 failed, 0 skipped, 180 s of 60 s, OVER BUDGET');
    });

    test('fails in CI from the double on', () => {
      expect(run([{ name: 'unit', minutes: 1 }], { ci: true, minutes: 1.9 }).outcome.failed).toBe(0);
      expect(run([{ name: 'unit', minutes: 1 }], { ci: true, minutes: 2.1 }).outcome.failed).toBe(1);
    });
  });
});
