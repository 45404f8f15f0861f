// Which messages were read: kept on this device, for nobody else needs to know.

const KEY = 'wangzheng-read';
const MOST = 2000;

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
};

/** Whether a message was opened on this device. */
export const isRead = (id) => read().includes(id);

/** Remembers that it was. */
export function markRead(id) {
  const ids = read();
  if (ids.includes(id)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([...ids, id].slice(-MOST)));
  } catch {
    // A full or forbidden store: the mark stays.
  }
}
