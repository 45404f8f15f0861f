// A list of named checks run one after the other. Prints one line for each and, last, `N passed, N failed`.

/** A check that does not apply here; it is said aloud and counted apart. */
export class Skipped extends Error {}

/** The checks of one file: `suite.check(name, step)` in order, then `await suite.run()`. */
export class Suite {
  #checks = [];
  #title;

  constructor(title) {
    this.#title = title;
  }

  check(name, step) {
    this.#checks.push({ name, step });
  }

  /**
   * Runs every check whose name contains `only` (all when absent), each within `limit` milliseconds, and sets the
   * exit status to 1 when one failed or none ran. `around` wraps each check. Returns the counts.
   */
  async run({ only = '', limit = 60_000, around = (_name, step) => step() } = {}) {
    console.log(`── ${this.#title}`);
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const { name, step } of this.#checks.filter((check) => check.name.includes(only))) {
      const begun = performance.now();
      const outcome = await within(limit, () => around(name, step)).then(() => undefined, (error) => error);
      const elapsed = `${((performance.now() - begun) / 1000).toFixed(1)} s`;
      if (!outcome) {
        count.passed += 1;
        console.log(`   ok    ${name} (${elapsed})`);
      } else if (outcome instanceof Skipped) {
        count.skipped += 1;
        console.log(`   skip  ${name}: ${outcome.message}`);
      } else {
        count.failed += 1;
        console.log(`   FAIL  ${name} (${elapsed})\n${indented(outcome)}`);
      }
    }
    console.log(`${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ''}`);
    if (count.failed || (!count.passed && !only)) process.exitCode = 1;
    return count;
  }
}

async function within(limit, step) {
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${limit / 1000} s`)), limit);
  });
  try {
    return await Promise.race([step(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The message, our own lines of the stack, and the cause: what a reader needs, without the libraries' frames. */
function indented(error) {
  const frames = (error?.stack ?? '').split('\n').filter((line) => /\/e2e\/(?!node_modules|harness\/suite)/.test(line)).slice(0, 4);
  const cause = error?.cause?.stack ?? (error?.cause && JSON.stringify(error.cause));
  const text = [error?.message ?? String(error), ...frames, ...(cause ? [`cause: ${cause}`] : [])];
  return text.join('\n').split('\n').map((line) => `         ${line}`).join('\n');
}
