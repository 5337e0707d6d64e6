import { byId, element } from './dom';
import { nameOfFault, wordsOf } from './verdicts';
import type { PageData, PageEffect, PageFault } from '../src/command/page-data';
import { worstFirst } from '../src/command/words';

interface Row {
  readonly fault: PageFault;
  readonly effect: PageEffect;
  readonly words: readonly string[];
  /** All that is searched, in small letters. */
  readonly text: string;
}

/** As many as are shown at once. */
const STEP = 100;
const TITLES = ['without', 'service', 'at once', 'after recovery', 'data at risk', 'since'];

/** Whatever any single fault does to a service, the worst first, with a search. */
export class FaultTable {
  private readonly rows: readonly Row[];
  private shown = STEP;
  private chosen?: PageFault;

  constructor(private readonly place: HTMLElement, data: PageData, private readonly take: (fault: PageFault) => void) {
    this.rows = data.faults.filter(({ kind }) => kind !== 'gone').flatMap(fault => fault.effects.flatMap((effect): Row[] => {
      const { isService, id } = data.components[effect.component];
      const words = [nameOfFault(fault, data), id, wordsOf(effect, 'atOnce'), wordsOf(effect, 'afterRecovery'), effect.verdict.data ?? '',
        data.links[effect.chain[0]]?.what ?? ''];
      return isService ? [{ fault, effect, words, text: [fault.id, ...words].join('\n').toLowerCase() }] : [];
    })).sort((one, other) => worstFirst(one.effect.verdict, other.effect.verdict));
    byId<HTMLInputElement>('search').addEventListener('input', () => { this.shown = STEP; this.render(); });
    this.render();
  }

  /** Marks what is chosen. */
  public show(fault: PageFault | undefined): void {
    this.chosen = fault;
    this.place.querySelectorAll<HTMLTableRowElement>('tbody tr').forEach(row => row.classList.toggle('chosen', row.dataset.fault === fault?.id));
  }

  private render(): void {
    const words = byId<HTMLInputElement>('search').value.toLowerCase().split(/\s+/);
    const found = this.rows.filter(({ text }) => words.every(word => text.includes(word)));
    const more = element('button', { type: 'button' }, `${found.length - this.shown} more`);
    more.addEventListener('click', () => { this.shown = found.length; this.render(); });
    this.place.replaceChildren(
      element('p', { class: 'count', role: 'status' }, this.rows.length === 0 ? 'No single fault is seen by users.' : `${found.length} of ${this.rows.length}`),
      ...found.length === 0 ? [] : [element('div', { 'class': 'scroll', 'tabindex': '0', 'role': 'region', 'aria-label': 'Table of all faults' }, element('table', {},
        element('thead', {}, element('tr', {}, ...TITLES.map(title => element('th', { scope: 'col' }, title)))),
        element('tbody', {}, ...found.slice(0, this.shown).map(row => this.rowOf(row)))))],
      ...found.length > this.shown ? [more] : []);
    this.show(this.chosen);
  }

  private rowOf({ fault, effect, words: [without, ...others] }: Row): HTMLElement {
    const button = element('button', { type: 'button' }, without);
    button.addEventListener('click', () => this.take(fault));
    return element('tr', { 'data-fault': fault.id, 'data-look': effect.verdict.atOnce }, element('th', { scope: 'row' }, button),
      ...others.map((text, index) => element('td', { 'data-title': TITLES[index + 1] }, text)));
  }
}
