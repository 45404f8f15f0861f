// Registers the service worker. Trusted Types lets this one script address through and no other.

const base = new URL('..', import.meta.url).pathname;

/** Registers it with the path of this release's assets, which it keeps for times without a network. */
export async function registerWorker() {
  if (!('serviceWorker' in navigator)) return;
  const address = `/sw.js?base=${encodeURIComponent(base)}`;
  const policy = globalThis.trustedTypes?.createPolicy('wangzheng', {
    createScriptURL(text) {
      if (text !== address) throw new TypeError('not the service worker');
      return text;
    },
  });
  try {
    await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, { scope: '/' });
  } catch {
    // Without it the pages work as well, only not offline.
  }
}
