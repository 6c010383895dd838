import { pathToFileURL } from 'node:url'
import { readFileSync, readdirSync } from 'node:fs'
import { startHouse } from '../test/support/house.ts'
const entries = process.argv.slice(2)
const house = await startHouse({ rules: [], emulator: { rateLimits: false } })
const res: Record<string, { ms: number[]; rss: number[]; cpu: number[] }> = {}
try { for (let i = 0; i < 20; i += 1) for (const e of entries) {
  const [file, cc] = e.split('@')
  const bot = await house.bot({ kind: 'composition', file: pathToFileURL(file ?? '') }, cc ? { NODE_COMPILE_CACHE: cc } : {})
  const cpu = readdirSync(`/proc/${bot.pid}/task`).reduce((sum, t) => sum + Number(readFileSync(`/proc/${bot.pid}/task/${t}/schedstat`, 'utf8').split(' ')[0]) / 1e6, 0)
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${bot.pid}/status`, 'utf8'))?.[1]) / 1024
  const r = (res[e] ??= { ms: [], rss: [], cpu: [] })
  r.ms.push(bot.readyAfterMs()); r.rss.push(rss); r.cpu.push(cpu)
  await bot.stop()
}
} catch (e) { console.log(e) }
const p = (a: number[], q: number) => a.toSorted((x, y) => x - y)[Math.floor((a.length - 1) * q)]?.toFixed(0)
for (const [e, r] of Object.entries(res)) console.log(e.slice(-40).padEnd(42), 'ready p50', p(r.ms, 0.5), 'min', p(r.ms, 0), 'p95', p(r.ms, 0.95), 'rss', p(r.rss, 0.5), 'cpu ms', p(r.cpu, 0.5))
await house.stop()
