// What the page gave its script: data, texts, the place for troubles; and how a button shows that it works.

export const main = document.getElementById('main');
export const data = main.dataset;
const texts = JSON.parse(data.texts ?? '{}');

/** The element of an id, or null. */
export const element = (id) => document.getElementById(id);

/** The text of a key, its placeholders filled. */
export function say(key, values = {}) {
  let text = texts[key] ?? key;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, String(value));
  return text;
}

/** Whether there is a text for a key. */
export const knows = (key) => key in texts;

/** A new element with a class and a text; never markup. */
export function make(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Shows or hides. */
export function show(id, visible = true) {
  const target = element(id);
  if (target) target.hidden = !visible;
}

/** Puts a text somewhere and shows it. */
export function put(id, text) {
  const target = element(id);
  if (!target) return;
  target.textContent = text;
  target.hidden = false;
}

/** Says what went wrong where a screen reader hears it, and moves the focus there. */
export function trouble(text, link) {
  const place = element('trouble');
  if (!place) return;
  place.replaceChildren(make('p', '', text));
  if (link) {
    const anchor = make('a', '', link.text);
    anchor.href = link.href;
    place.lastChild.append(' ', anchor);
  }
  place.hidden = false;
  place.focus();
  place.scrollIntoView({ block: 'center' });
}

/** Takes an earlier trouble away. */
export const calm = () => show('trouble', false);

/**
 * Runs `work` while the button says what happens; a second press does nothing meanwhile.
 * Other buttons that must not be pressed in between are given in `others`.
 */
export async function busy(button, text, work, others = []) {
  if (button.disabled) return;
  const before = Array.from(button.childNodes);
  const locked = [button, ...others.filter(Boolean)];
  for (const each of locked) each.disabled = true;
  button.setAttribute('aria-busy', 'true');
  button.textContent = text;
  try {
    await work();
  } finally {
    button.removeAttribute('aria-busy');
    button.replaceChildren(...before);
    for (const each of locked) each.disabled = false;
  }
}

/** Minutes and seconds left, `1:42`. */
export function left(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Now, in Unix seconds. */
export const now = () => Math.floor(Date.now() / 1000);

// The service counts days in Beijing time; times beside them are of the same zone.
const ZONE = 'Asia/Shanghai';
const format = (options) => new Intl.DateTimeFormat(say('locale'), { timeZone: ZONE, ...options });

/** A moment as people say it. */
export const moment = (seconds) => format({ dateStyle: 'medium', timeStyle: 'short' }).format(seconds * 1000);

/** A time of day. */
export const timeOfDay = (seconds) => format({ timeStyle: 'short' }).format(seconds * 1000);

/** A day `YYYY-MM-DD` as people say it. */
export function dayName(day) {
  const noon = Date.parse(`${day}T12:00:00+08:00`);
  const name = format({ dateStyle: 'long' });
  const back = (days) => name.format(Date.now() - days * 86_400_000);
  const text = name.format(noon);
  if (text === back(0) && knows('today')) return say('today');
  if (text === back(1) && knows('yesterday')) return say('yesterday');
  return text;
}

/** Hands the person a file. */
export function download(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = make('a');
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
