import { element } from './dom';
import { byLook, lookOf, nameOfFault, Phase, wordsOf } from './verdicts';
import type { PageData, PageEffect, PageFault } from '../src/command/page-data';
import { NO_SERVICES } from '../src/command/wordings';

/** As many as one reads. */
const MOST = 60;

/** What a fault comes to, with the steps that lead there, and what else can happen to the same component. */
export function storyOf(fault: PageFault | undefined, phase: Phase, data: PageData, take: (fault: PageFault) => void): Node[] {
  const services = data.components.filter(({ isService }) => isService).length;
  if (!fault) { return [element('p', {}, services === 0 ? NOTHING : `${services} ${services === 1 ? 'service stands' : 'services stand'}.`)]; }
  const effects = [...fault.effects].sort(byLook(phase));
  const seen = effects.filter(({ component }) => data.components[component].isService);
  const others = effects.filter(({ component }) => !data.components[component].isService);
  return [
    element('p', { class: 'sum' }, sumOf(seen, services, phase)),
    ...insteadOf(fault, data, take),
    ...seen.slice(0, MOST).map(effect => detailsOf(effect, phase, data, seen.length <= 3)),
    ...seen.length > MOST ? [element('p', {}, `and ${seen.length - MOST} more, which the table of all faults has`)] : [],
    ...others.length === 0 ? [] : [element('details', { class: 'others' },
      element('summary', {}, `${others.length} other ${others.length === 1 ? 'component' : 'components'} hit`),
      ...others.slice(0, MOST).map(effect => detailsOf(effect, phase, data, false)),
      ...others.length > MOST ? [element('p', {}, `and ${others.length - MOST} more`)] : [])],
  ];
}

const NOTHING = `${NO_SERVICES[0].toUpperCase()}${NO_SERVICES.slice(1)}.`;

function sumOf(seen: readonly PageEffect[], services: number, phase: Phase): string {
  if (services === 0) { return NOTHING; }
  const counts = new Map<string, number>();
  seen.forEach(effect => counts.set(lookOf(effect, phase), (counts.get(lookOf(effect, phase)) ?? 0) + 1));
  const names: Readonly<Record<string, string>> = { lost: 'lost', unknown: 'unknown', interrupted: 'down for a while', degraded: 'with a part left', back: 'back' };
  const parts = Object.entries(names).flatMap(([look, name]) => counts.has(look) ? [`${counts.get(look)} ${name}`] : []);
  return `Of ${services} ${services === 1 ? 'service' : 'services'}: ${[...parts, `${services - seen.length} unaffected`].join(', ')}.`;
}

function detailsOf(effect: PageEffect, phase: Phase, { components, links }: PageData, open: boolean): HTMLElement {
  const { id } = components[effect.component];
  const look = lookOf(effect, phase);
  const { data, need } = effect.verdict;
  return element('details', { 'class': 'effect', 'data-look': look, ...open ? { open: '' } : {} },
    element('summary', {}, element('b', {}, id), ' ', element('span', { class: 'verdict' }, wordsOf(effect, phase))),
    element('ol', {}, ...effect.chain.map(index => {
      const { what, property, remedy, certain } = links[index];
      return element('li', {}, what,
        ...property === undefined ? [] : [element('br'), certain ? 'read from ' : 'inferred from ', element('code', {}, property)],
        ...remedy === undefined ? [] : [element('br'), element('span', { class: 'remedy' }, `what would change it: ${remedy}`)]);
    })),
    ...data === undefined || data === 'none' ? [] : [element('p', {}, `Data at risk: ${data}`)],
    ...need === undefined || need.met ? [] : [element('p', {}, `What is left is less than is needed (${need.source}).`)]);
}

function insteadOf(fault: PageFault, data: PageData, take: (fault: PageFault) => void): Node[] {
  const others = fault.of === undefined ? [] : data.faults.filter(other => other !== fault && other.of === fault.of);
  return others.length === 0 ? [] : [element('p', { class: 'instead' }, 'Instead: ', ...others.map(other => {
    const button = element('button', { type: 'button' }, other.kind === 'gone' ? 'all of it' : nameOfFault(other, data));
    button.addEventListener('click', () => take(other));
    return button;
  }))];
}
