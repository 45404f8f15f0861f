// The service's own texts, so that one script can walk the pages in either language: zh-CN text → the same in English.
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../crates/web/locales/', import.meta.url);

/** A function from a zh-CN text to the text shown in `language`; throws for a text that is not in the catalogue. */
export function translator(language) {
  if (language === 'zh-CN') return (text) => text;
  const keys = new Map([...catalogue('zh-CN')].map(([key, text]) => [text, key]));
  const texts = catalogue(language);
  return (text) => {
    const translated = texts.get(keys.get(text));
    if (translated === undefined) throw new Error(`“${text}” is not a text of the service`);
    return translated;
  };
}

/** Key → text. The files hold tables of one-line basic strings only. */
function catalogue(language) {
  const texts = new Map();
  let table = '';
  for (const line of readFileSync(new URL(`${language}.toml`, FOLDER), 'utf8').split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line);
    const entry = /^([\w-]+) = (".*")$/.exec(line);
    if (heading) table = heading[1];
    if (entry) texts.set(`${table}.${entry[1]}`, JSON.parse(entry[2]));
  }
  return texts;
}
