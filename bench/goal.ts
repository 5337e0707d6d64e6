let missed = 0;

/** Prints a figure beside its goal. */
export function against(goal: number, what: string, figure: number, unit = ''): void {
  const kept = figure <= goal;
  if (!kept) { missed++; }
  console.log(`  ${what}: ${figure.toFixed(2)}${unit} (goal: at most ${goal}${unit})${kept ? '' : '  MISSED'}`);
}

export function missedGoals(): number {
  return missed;
}
