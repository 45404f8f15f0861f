// Our binary (crates/crypto/examples/sm_agreement.rs) as a function, and the count of answers that agree.

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'

const ours = spawn(process.argv[2], { stdio: ['pipe', 'pipe', 'inherit'] })
const answers = createInterface({ input: ours.stdout })[Symbol.asyncIterator]()
let checked = 0
const wrong = []

export const hex = (bytes) => Buffer.from(bytes).toString('hex')
export const bytes = (text) => [...Buffer.from(text, 'hex')]
export const random = (length) => hex(randomBytes(length))

// One question, one answer: { ok } or { error }.
export async function ask(op, members) {
  ours.stdin.write(JSON.stringify({ op, ...members }) + '\n')
  return JSON.parse((await answers.next()).value)
}

export function same(what, left, right) {
  checked += 1
  if (left !== right) wrong.push(`${what}: ${left} is not ${right}`)
}

// Prints the count and ends the process: 1 if any answer differed or fewer than `least` were compared.
export function conclude(counterpart, least) {
  ours.stdin.end()
  for (const line of wrong) console.error(line)
  console.log(`${counterpart}: ${checked - wrong.length} of ${checked} answers agree`)
  process.exit(wrong.length === 0 && checked >= least ? 0 : 1)
}
