import { arrowsBetween, Arrows } from './arrows';
import { element } from './dom';
import { lookOf, Phase, wordsOf } from './verdicts';
import type { PageComponent, PageData, PageEffect, PageFault } from '../src/command/page-data';
import { TIERS } from '../src/command/wordings';

/** What the map shows at the moment. */
export interface Shown {
  readonly fault?: PageFault;
  readonly phase: Phase;
  readonly stack?: string;
  readonly onlyHit: boolean;
}

interface Block {
  readonly component: PageComponent;
  readonly button: HTMLButtonElement;
  readonly words: HTMLElement;
  readonly cells: readonly HTMLElement[];
}

/** Zones as columns, tiers as rows, components as buttons, needs as arrows. */
export class FaultMap {
  private readonly blocks: readonly Block[];
  private readonly zoneButtons: readonly HTMLButtonElement[];
  private readonly bands: readonly HTMLElement[];
  private readonly tiers: readonly HTMLElement[];
  private readonly arrows: Arrows;
  private shown: Shown = { phase: 'atOnce', onlyHit: false };

  /**
   * @param takeZone called with the zone that is chosen
   * @param takeComponent called with the component that is chosen
   */
  constructor(place: HTMLElement, private readonly data: PageData,
    takeZone: (zone: number) => void, takeComponent: (component: number) => void) {
    const sheet = element('div', { class: 'sheet', style: `--zones: ${Math.max(1, data.zones.length)}` });
    this.zoneButtons = data.zones.map((name, zone) => {
      const button = element('button', { 'type': 'button', 'class': 'zone', 'aria-pressed': 'false' }, name);
      button.addEventListener('click', () => takeZone(zone));
      return button;
    });
    this.blocks = data.components.map((component, index) => this.blockOf(component, () => takeComponent(index)));
    const needed = this.blocks.filter(({ component }) => component.isNeeded);
    const beside = this.blocks.filter(({ component }) => !component.isNeeded);
    this.tiers = TIERS.flatMap((name, tier) => {
      const here = needed.filter(({ component }) => component.tier === tier);
      return here.length === 0 ? [] : [this.tierOf(name, here)];
    });
    const rest = beside.length === 0 ? [] : [element('details', { class: 'beside' },
      element('summary', {}, `${beside.length} more, which no service is seen to need`), this.gridOf(beside))];
    this.arrows = arrowsBetween(sheet);
    this.bands = data.zones.map(() => element('div', { class: 'band' }));
    sheet.append(element('div', { 'class': 'bands', 'aria-hidden': 'true' }, ...this.bands), this.arrows.drawing,
      element('div', { class: 'zones' }, ...this.zoneButtons), ...this.tiers, ...rest);
    place.append(sheet);
    rest.forEach(details => details.addEventListener('toggle', () => this.draw()));
    new ResizeObserver(() => this.draw()).observe(sheet);
  }

  public show(shown: Shown): void {
    this.shown = shown;
    const effects = new Map(shown.fault?.effects.map(effect => [effect.component, effect]));
    this.zoneButtons.forEach((button, zone) => {
      const isGone = shown.fault?.zone === zone;
      button.setAttribute('aria-pressed', String(isGone));
      [button, this.bands[zone]].forEach(one => one.classList.toggle('gone', isGone));
    });
    this.blocks.forEach((block, index) => this.showBlock(block, index, effects.get(index)));
    this.tiers.forEach(tier => { tier.hidden = !tier.querySelector('.block:not([hidden])'); });
    this.draw();
  }

  private showBlock({ component, button, words, cells }: Block, index: number, effect: PageEffect | undefined): void {
    const { fault, phase, stack, onlyHit } = this.shown;
    button.hidden = (stack !== undefined && component.stack !== stack) || (onlyHit && fault !== undefined && !effect);
    button.dataset.look = effect ? lookOf(effect, phase) : fault ? 'unaffected' : '';
    button.setAttribute('aria-pressed', String(fault?.of === index));
    words.textContent = effect ? wordsOf(effect, phase) : fault ? 'stands' : '';
    cells.forEach((cell, place) => cell.classList.toggle('gone', fault?.zone !== undefined && component.zones[place] === fault.zone));
  }

  private blockOf(component: PageComponent, take: () => void): Block {
    const { label, type, stack, zones, elsewhere, isService, id } = component;
    const about = [type.replace(/^AWS::/, '').replace(/::/g, ' '), ...this.data.stacks.length > 1 ? [`in ${stack}`] : [], ...elsewhere ? ['zone not known'] : []];
    const words = element('span', { class: 'words' });
    const cells = zones.map(zone => element('span', { class: 'cell', title: this.data.zones[zone] }));
    const button = element('button', { 'type': 'button', 'class': `block${isService ? ' service' : ''}${zones.length > 1 ? ' wide' : ''}`, 'aria-pressed': 'false', 'title': `${id} (${type})` },
      element('span', { class: 'label' }, label),
      element('span', { class: 'type' }, about.join(', ')),
      words,
      ...cells.length > 0 ? [element('span', { 'class': 'cells', 'aria-hidden': 'true' }, ...cells)] : []);
    if (zones.length > 0) { button.style.gridColumn = `${zones[0] + 1} / ${zones[zones.length - 1] + 2}`; }
    button.addEventListener('click', take);
    for (const event of ['mouseenter', 'focus']) { button.addEventListener(event, () => this.draw(this.data.components.indexOf(component))); }
    for (const event of ['mouseleave', 'blur']) { button.addEventListener(event, () => this.draw()); }
    return { component, button, words, cells };
  }

  private tierOf(name: string, blocks: readonly Block[]): HTMLElement {
    return element('section', { 'class': 'tier', 'aria-label': name }, element('h3', {}, name), this.gridOf(blocks));
  }

  /** What stands in zones under these, the rest beside each other below. */
  private gridOf(blocks: readonly Block[]): HTMLElement {
    const inZones = blocks.filter(({ component }) => component.zones.length > 0).map(({ button }) => button);
    const others = blocks.filter(({ component }) => component.zones.length === 0).map(({ button }) => button);
    return element('div', {},
      ...inZones.length > 0 ? [element('div', { class: 'in-zones' }, ...inZones)] : [],
      ...others.length > 0 ? [element('div', { class: 'everywhere' }, ...others)] : []);
  }

  /** All arrows where there are few, else those on the way of a fault; those of what one looks at in any case. */
  private draw(lookedAt?: number): void {
    const { fault } = this.shown;
    const hit = new Set(fault?.effects.map(({ component }) => component));
    const all = this.data.components.flatMap(({ needs }, from) => needs.map(to => ({
      from: this.blocks[from].button, to: this.blocks[to].button, hit: hit.has(from) && hit.has(to), looked: from === lookedAt || to === lookedAt,
    })));
    const onTheWay = all.filter(arrow => arrow.hit && !arrow.looked).slice(0, 400);
    this.arrows.show(all.length <= 150 ? all : [...all.filter(({ looked }) => looked), ...onTheWay]);
  }
}
