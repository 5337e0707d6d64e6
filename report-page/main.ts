import { byId, element } from './dom';
import { FaultMap } from './map';
import { storyOf } from './story';
import { FaultTable } from './table';
import { nameOfFault, Phase } from './verdicts';
import type { PageData, PageFault } from '../src/command/page-data';

const LEGEND = [['unaffected', 'stands'], ['degraded', 'a part is left'], ['interrupted', 'down for a while'], ['back', 'back by itself'],
  ['lost', 'down until somebody acts'], ['unknown', 'the template does not decide it']] as const;

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
const faultChoice = byId<HTMLSelectElement>('fault');
const stackChoice = byId<HTMLSelectElement>('stack');
const form = byId<HTMLFormElement>('controls');

let fault: PageFault | undefined;

/** Takes a fault, or, if it is already there, takes it back. */
function take(other: PageFault | undefined): void {
  fault = other === fault ? undefined : other;
  show();
}

/** The first that can happen to a component by itself, else that it is gone; what nobody needs cannot be taken. */
function takeComponent(component: number): void {
  const one = data.faults.find(({ of }) => of === component);
  if (one) { take(one); }
}

function show(): void {
  const phase = (form.elements.namedItem('phase') as RadioNodeList).value as Phase;
  faultChoice.value = fault?.id ?? '';
  map.show({ fault, phase, stack: stackChoice.value || undefined, onlyHit: byId<HTMLInputElement>('only-hit').checked });
  table.show(fault);
  byId('story-title').textContent = fault ? `Without ${nameOfFault(fault, data)}` : 'Nothing is gone';
  byId('story-text').replaceChildren(...storyOf(fault, phase, data, take));
  const hash = fault ? `#${encodeURIComponent(fault.id)}` : '';
  if (location.hash !== hash) { history.replaceState(null, '', hash || location.pathname + location.search); }
}

function showNines(): void {
  const { titles, lines, assumptions } = data.nines;
  const section = byId('nines');
  section.hidden = lines.length === 0;
  section.querySelector('.scroll')?.append(element('table', {},
    element('thead', {}, element('tr', {}, ...titles.map(title => element('th', { scope: 'col' }, title)))),
    element('tbody', {}, ...lines.map(([service, ...cells]) => element('tr', {}, element('th', { scope: 'row' }, service),
      ...cells.map((text, index) => element('td', { 'data-title': titles[index + 1] }, text)))))));
  section.querySelector('ul')?.append(...assumptions.map(one => element('li', {}, one)));
}

function options(): HTMLElement[] {
  const groups: readonly (readonly [string, (one: PageFault) => boolean])[] = [
    ['Zones', ({ kind }) => kind === 'zone'], ['Instances', ({ kind }) => kind === 'instance'], ["Primaries' hosts", ({ kind }) => kind === 'primary-host'],
    ['NAT gateways', ({ kind }) => kind === 'nat'], ['All of a component', ({ kind }) => kind === 'gone'],
  ];
  return [element('option', { value: '' }, 'nothing'), ...groups.flatMap(([label, belongs]) => {
    const members = data.faults.filter(belongs);
    return members.length === 0 ? [] : [element('optgroup', { label }, ...members.map(one => element('option', { value: one.id }, nameOfFault(one, data))))];
  })];
}

function fromHash(): void {
  fault = data.faults.find(({ id }) => location.hash === `#${encodeURIComponent(id)}`);
  show();
}

const map = new FaultMap(byId('map'), data, zone => take(data.faults.find(one => one.zone === zone)), takeComponent);
const table = new FaultTable(byId('table'), data, other => { fault = other; show(); byId('picture').scrollIntoView(); });

document.title = `What still stands: ${data.stacks.slice(0, 3).join(', ')}${data.stacks.length > 3 ? ' …' : ''}`;
byId('of').textContent = data.stacks.length === 1 ? `of ${data.stacks[0]}` : `of ${data.stacks.length} stacks`;
faultChoice.append(...options());
faultChoice.addEventListener('change', () => { fault = data.faults.find(({ id }) => id === faultChoice.value); show(); });
stackChoice.append(element('option', { value: '' }, 'all'), ...data.stacks.map(stack => element('option', { value: stack }, stack)));
byId('stack-choice').hidden = data.stacks.length < 2;
byId('legend').append(...LEGEND.map(([look, words]) => element('li', { 'data-look': look }, words)));
showNines();
byId('unread').hidden = data.unread.length === 0;
byId('unread').querySelector('ul')?.append(...data.unread.slice(0, 200).map(one => element('li', {}, one)));
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('change', show);
window.addEventListener('hashchange', fromHash);
fromHash();
