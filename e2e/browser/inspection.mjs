// What every page must hold, whatever it says (ui.md §7): axe, no sideways scroll, targets large enough, a picture.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { SCREENS, slug } from './stage.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/**
 * Inspects the page as it stands and collects what is wrong with it. `elder` raises the smallest target from 44 to
 * 60 px. Returns the faults as text, one line each; the picture is in artefacts/screens.
 */
export async function inspect(page, name, { elder = false } = {}) {
  await settled(page);
  await page.screenshot({ path: join(SCREENS, `${slug(name)}.png`), fullPage: true });
  const found = await page.evaluate(examine, { rules: RULES, least: elder ? 60 : 44 });
  return found.map((fault) => `${name}: ${fault}`);
}

/** Fails with all faults at once, so that one run shows everything there is to mend. */
export function faultless(faults) {
  assert.equal(faults.length, 0, `${faults.length} faults\n${faults.join('\n')}`);
}

/** Loaded, and quiet for a moment; pages that poll are quiet enough after a second. */
export async function settled(page) {
  await page.waitForLoadState('load');
  await page.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => undefined);
}

/** Runs in the page. */
async function examine({ rules, least }) {
  const faults = [];
  const result = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] });
  for (const { id, help, nodes } of result.violations) {
    for (const node of nodes) faults.push(`axe ${id}: ${help} — ${node.html.slice(0, 140)}`);
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    faults.push(`scrolls sideways: ${root.scrollWidth} in ${root.clientWidth} — ${widest(root.clientWidth)}`);
  }
  for (const target of document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button]')) {
    const area = areaOf(target);
    if (area && Math.min(area.width, area.height) < least - 0.5) {
      faults.push(`target ${Math.round(area.width)}×${Math.round(area.height)} under ${least}: ${target.outerHTML.slice(0, 110)}`);
    }
  }
  for (const target of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (areaOf(target) === undefined) continue;
    target.focus();
    if (document.activeElement === target && covered(target)) {
      faults.push(`focus is hidden under a bar (WCAG 2.4.11): ${target.outerHTML.slice(0, 110)}`);
    }
  }
  document.activeElement?.blur?.();
  scrollTo(0, 0);
  return faults;

  /** Whether something that stays in place while the page scrolls lies over every part of this element. */
  function covered(element) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const points = [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]];
    return points.every(([x, y]) => {
      const above = document.elementFromPoint(left + x * width, top + y * height);
      if (!above || above.contains(element) || element.contains(above)) return false;
      for (let each = above; each; each = each.parentElement) {
        if (['fixed', 'sticky'].includes(getComputedStyle(each).position)) return !each.contains(element);
      }
      return false;
    });
  }

  /** The size a finger meets, or nothing where WCAG 2.5.8 exempts: hidden, disabled, or a link inside a sentence. */
  function areaOf(element) {
    if (element.type === 'hidden' || element.disabled || element.closest('.skip')) return undefined;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return undefined;
    const touched = ['radio', 'checkbox'].includes(element.type) ? (element.closest('label') ?? element) : element;
    const style = getComputedStyle(touched);
    if (style.display === 'inline' && sentence(touched)) return undefined;
    return touched.getBoundingClientRect();
  }

  function sentence(element) {
    const block = element.closest('p, li, dd, td, div, section, main');
    return block && block.textContent.trim().length > element.textContent.trim().length;
  }

  function widest(width) {
    const over = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > width + 1);
    return over.slice(-1).map((each) => each.outerHTML.slice(0, 140)).join('');
  }
}
