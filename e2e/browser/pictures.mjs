#!/usr/bin/env node
// Takes the pictures of the README from the real pages: node e2e/browser/pictures.mjs (with WANGZHENG_BIN).
import { fileURLToPath } from 'node:url';

import { startDemo } from '../harness/service.mjs';
import { World } from './world.mjs';

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const service = await startDemo({ name: 'pictures' });
try {
  const world = await World.of(service);
  const person = await (await world.person()).applies();
  const { page } = person;
  await page.setViewportSize({ width: 390, height: 844 });
  await world.forum.signsUp(page);
  await person.reads(/岚山论坛/);
  await page.screenshot({ path: `${folder}approval.png` });
  await person.approves();
  await world.forum.says(page, '注册成功');
  await page.goto(`${service.platforms}/forum/received`);
  await page.screenshot({ path: `${folder}received.png` });
  await world.stage.close();
} finally {
  await service.stop();
}
