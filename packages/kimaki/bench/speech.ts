/**
 * How well and how fast this machine writes speech down: sentences that `espeak-ng` speaks, word error rate and real-time factor.
 * `node packages/kimaki/bench/speech.ts <data folder> [sentences]`, after `kimaki voice install --data-dir <data folder>`.
 */
import { execFileSync } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Listener } from '../src/host/voice/local/listener.ts'

const WHO = ['the parser', 'this test', 'the settings page', 'our deploy script', 'the login form']
const DO = ['rename', 'look at', 'simplify', 'rewrite', 'document']
const THEN = ['and run the tests again', 'then open a pull request', 'because it is too slow', 'before you go on']

const [dataDir = '', count = '100'] = process.argv.slice(2)
const sentences = WHO.flatMap((who) => DO.flatMap((verb) => THEN.map((then) => `please ${verb} ${who} ${then}`))).slice(
  0,
  Number(count),
)
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const listener = new Listener({ dataDir, environment: process.env, log })
// The listener keeps nothing alive by itself.
const alive = setInterval(() => undefined, 1000)
const delay = monitorEventLoopDelay({ resolution: 5 })

let words = 0
let errors = 0
let heardS = 0
let spokenS = 0
await listener.listen({ bytes: spoken('warm up'), mime: 'audio/wav' }, new AbortController().signal)
for (const sentence of sentences) {
  const bytes = spoken(sentence)
  spokenS += (bytes.length - 44) / 44_100
  const begun = performance.now()
  delay.enable()
  const answer = await listener.listen({ bytes, mime: 'audio/wav' }, new AbortController().signal)
  const heard = answer instanceof Error ? '' : answer
  delay.disable()
  heardS += (performance.now() - begun) / 1000
  words += wordsOf(sentence).length
  errors += distance(wordsOf(sentence), wordsOf(heard))
}
await listener.stop()
clearInterval(alive)
const percent = ((100 * errors) / words).toFixed(1)
const factor = (heardS / spokenS).toFixed(2)
process.stdout.write(
  `${sentences.length} sentences, ${words} words, ${spokenS.toFixed(0)} s: word error rate ${percent} %, real-time factor ${factor}, event loop delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms\n`,
)

function spoken(sentence: string): Uint8Array {
  return execFileSync('espeak-ng', ['-v', 'en-us', '-s', '150', '--stdout', sentence], { maxBuffer: 64 * 1024 * 1024 })
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z']+/g) ?? []
}

/** Levenshtein, of words. */
function distance(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [i, word] of one.entries()) {
    const next = [i + 1]
    for (const [j, heard] of other.entries())
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (word === heard ? 0 : 1)))
    row = next
  }
  return row.at(-1) ?? 0
}
