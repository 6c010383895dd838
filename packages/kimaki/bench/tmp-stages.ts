import { setTimeout as pause } from 'node:timers/promises'
import { installBuilt } from '../test/build/installed.ts'
import { startHouse } from '../test/support/house.ts'
import { ask } from './conversation.ts'
import { RULES } from './script.ts'
import { startBareOpenCode } from './bare-opencode.ts'
const n = Number(process.argv[2] ?? 20)
const prof = process.argv[3]
const built = await installBuilt()
const house = await startHouse({ rules: RULES, emulator: { rateLimits: false } })
const S: Record<string, number[]> = {}
const add = (k: string, v: number) => (S[k] ??= []).push(v)
try {
  const project = await house.project('alpha')
  const bot = await house.bot(built.entry, prof ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${prof}` } : {})
  const bare = await startBareOpenCode(house)
  const modelAt = (tag: string) => house.model.log.findLast((e) => e.hasTools && e.answers.some((t) => new RegExp(`${tag}\\b`).test(t)))?.at ?? NaN
  for (let r = 0; r < n; r += 1) {
    for (const kind of ['new', 'follow'] as const) {
      const tag = `#m${2 * r + (kind === 'new' ? 0 : 1)}`
      const from = house.emulator.journal.entries.length
      const thread: string = kind === 'new' ? '' : last
      const reply = await ask(house, { channelId: kind === 'new' ? project.channelId : thread, inThread: kind !== 'new' }, tag)
      await pause(200)
      var last = reply.threadId
      const es = house.emulator.journal.entries.slice(from)
      if (r < 3) continue
      const d = es.find((e) => e.kind === 'dispatch' && e.event === 'MESSAGE_CREATE')?.at ?? NaN
      const th = es.find((e) => e.kind === 'request' && e.route.includes('threads') && e.method === 'POST')
      const posts = es.filter((e) => e.kind === 'message' && e.by === 'bot')
      const m = modelAt(tag)
      if (th?.kind === 'request') { add(`${kind} dispatch→thread request arrives`, th.startedAt - d); add(`${kind} dispatch→thread answered`, th.at - d) }
      add(`${kind} dispatch→model asked`, m - d)
      add(`${kind} model asked→post`, (posts[0]?.at ?? NaN) - m)
      add(`${kind} total`, reply.ms)
      add(`${kind} post→footer`, (posts[1]?.at ?? NaN) - (posts[0]?.at ?? NaN))
      add(`${kind} requests`, es.filter((e) => e.kind === 'request').length)
      if (r === 4) for (const e of es) console.log(kind, (e.at - d).toFixed(1), e.kind === 'request' ? `req ${e.method} ${e.route} start ${(e.startedAt - d).toFixed(1)}` : e.kind === 'dispatch' ? `dispatch ${e.event}` : e.kind === 'message' ? `message ${e.by} ${e.content.slice(0, 30)}` : e.kind)
    }
    const o = performance.timeOrigin
    const t = performance.now(); const s = await bare.openSession(project.directory); const t1 = performance.now()
    const a = await bare.ask(s, `hello #a${2 * r}`, `#a${2 * r}`); await pause(200)
    const t2 = performance.now(); const b = await bare.ask(s, `hello #a${2 * r + 1}`, `#a${2 * r + 1}`); await pause(200)
    if (r < 3) continue
    add('alone new session', t1 - t); add('alone new start→model', modelAt(`#a${2 * r}`) - o - t); add('alone new model→part', a.at - (modelAt(`#a${2 * r}`) - o)); add('alone new total', a.at - t)
    add('alone follow start→model', modelAt(`#a${2 * r + 1}`) - o - t2); add('alone follow model→part', b.at - (modelAt(`#a${2 * r + 1}`) - o)); add('alone follow total', b.at - t2)
  }
  await bare.stop()
  await bot.stop()
  const p = (a: number[], q: number) => a.toSorted((x, y) => x - y)[Math.floor((a.length - 1) * q)]?.toFixed(1)
  for (const [k, v] of Object.entries(S)) console.log(k.padEnd(42), 'p50', p(v, 0.5), 'min', p(v, 0), 'p95', p(v, 0.95))
} finally { await house.stop(); built.remove() }
