// P17: by day, searched, filtered, exported; all of it on this device.

import { dayName, download, element, make, put, say, show } from './page.js';
import { given, line, titleOf, receipts } from './receipts.js';
import { tell } from './service.js';

const days = element('days');
const words = element('words');
const kind = element('kind');
let entries = [];

load();

async function load() {
  try {
    const opened = await receipts();
    entries = opened.entries;
    show('state', false);
    const any = entries.length > 0;
    show('empty', !any && opened.closed === 0);
    show('filters', any);
    show('export', any);
    if (opened.closed > 0) put('state', say('unreadable', { number: opened.closed }));
    draw();
  } catch (problem) {
    show('state', false);
    tell(problem);
  }
}

words.addEventListener('input', draw);
kind.addEventListener('change', draw);
element('filters').addEventListener('submit', (event) => event.preventDefault());
element('export').addEventListener('click', () => {
  const rows = entries.map(({ id, day, kind: outcome, claims, text, commitment }) => ({
    id,
    day,
    kind: outcome,
    claims,
    receipt: text.startsWith('{') ? null : text,
    commitment,
  }));
  download(say('file_name'), 'application/json', JSON.stringify(rows, null, 2));
});

function draw() {
  const wanted = words.value.trim().toLowerCase();
  const fitting = entries.filter((entry) => {
    const text = [entry.platform, entry.host, entry.purpose, entry.kind === 'notice' || entry.kind === 'child' ? titleOf(entry) : given(entry)];
    return (!kind.value || entry.kind === kind.value) && (!wanted || text.join(' ').toLowerCase().includes(wanted));
  });
  const sections = [];
  for (const [day, group] of byDay(fitting)) {
    const section = make('section', 'day');
    const list = make('ul', 'uses card');
    list.append(...group.map((entry) => line(entry)));
    section.append(make('h2', '', dayName(day)), list);
    sections.push(section);
  }
  if (sections.length === 0 && entries.length > 0) sections.push(make('p', 'muted', say('not_found')));
  days.replaceChildren(...sections);
  put('count', entries.length > 0 ? say('count', { number: fitting.length }) : '');
}

function byDay(list) {
  const groups = new Map();
  for (const entry of list) groups.set(entry.day, [...(groups.get(entry.day) ?? []), entry]);
  return groups;
}
