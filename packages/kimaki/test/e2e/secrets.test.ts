/** V20: a hundred secrets planted where a bot meets them, and none of them comes out. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useHarness } from '../support/use-harness.ts'

const canary = (): string => `c4nary-${randomBytes(12).toString('hex')}`
const canaries = (count: number): readonly string[] => Array.from({ length: count }, canary)
/** What only looks like a key goes from what providers say. */
const SHAPED = Array.from({ length: 10 }, () => ['sk', `proj-${randomBytes(12).toString('hex')}`].join('-'))
const IN_ENVIRONMENT = canaries(60)
const IN_ADDRESSES = canaries(10)
const IN_LOG_INS = canaries(10)
const IN_CONFIGURATION = canaries(10)
const known = [...IN_ENVIRONMENT, ...IN_ADDRESSES, ...IN_LOG_INS, ...IN_CONFIGURATION]

const { harness, project, ask } = useHarness({
  rules: [
    // About as long as a message, so that some of the secrets stand where it is cut.
    {
      match: /say all (#m\d+)/,
      steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}. ${'word '.repeat(370)}${known.join(' ')}` }],
    },
    {
      match: /fail (#m\d+)/,
      steps: [{ kind: 'error', status: 401, message: `no: ${IN_CONFIGURATION[0]} ${SHAPED.join(' ')} ${IN_ENVIRONMENT[0]}` }],
    },
    { match: /(#m\d+)/, steps: ([, tag]) => [{ kind: 'text', text: `Answer to ${tag}` }] },
  ],
})

test('no secret stands in a post, a file, a name, the log, an argument or the environment of a child', async () => {
  const data = harness.env['XDG_DATA_HOME'] ?? ''
  mkdirSync(join(data, 'opencode'), { recursive: true })
  const logIns = Object.fromEntries(IN_LOG_INS.map((key, index) => [`p${index}`, { type: 'api', key }]))
  writeFileSync(join(data, 'opencode', 'auth.json'), JSON.stringify(logIns))
  const provider = Object.fromEntries(IN_CONFIGURATION.map((apiKey, index) => [`p${index}`, { options: { apiKey } }]))
  writeFileSync(join(harness.dir, 'more.jsonc'), `// keys\n${JSON.stringify({ provider })}`)
  const bot = await harness.bot(
    { kind: 'source' },
    {
      OPENCODE_CONFIG: join(harness.dir, 'more.jsonc'),
      OTHER_NAME: harness.application.token,
      ...Object.fromEntries(IN_ENVIRONMENT.map((value, index) => [`CANARY_${index}_API_KEY`, value])),
      ...Object.fromEntries(IN_ADDRESSES.map((value, index) => [`CANARY_${index}_URL`, `postgres://ann:${value}@host/x`])),
    },
  )
  const thread = ask(
    `!env; cat ${data}/opencode/auth.json; touch "$CANARY_1_API_KEY"; ls; printf '%s' "$CANARY_2_API_KEY" | base64 -w0`,
  )
  const said = await harness.untilSaid(thread, /attached/)
  expect(said).toContain('CANARY_3_API_KEY=[redacted]')
  expect(said).not.toMatch(/OTHER_NAME|KIMAKI_BOT_TOKEN/)
  await harness.untilSaid(ask('say all #m1'), '[redacted]')
  await harness.untilSaid(ask(`fail #m2 ${IN_ENVIRONMENT[4]}`), /^✗ opencode session error/)
  await harness.untilSaid(ask(`${IN_ENVIRONMENT[5]} in the name #m3`), 'Answer to #m3')
  const running = commandLines()
  await bot.stop()

  const ofBot = harness.emulator.journal.entries.filter((entry) => !('by' in entry) || entry.by === 'bot')
  const names = harness.emulator.world.threads(project.channelId)
  const logs = readdirSync(harness.dataDir).filter((name) => name.startsWith('kimaki.log'))
  const places = {
    posts: JSON.stringify(ofBot),
    names: JSON.stringify(names),
    log: logs.map((name) => readFileSync(join(harness.dataDir, name), 'utf8')).join(''),
    terminal: bot.stderr() + bot.stdout(),
    running,
  }
  const all = [...known, ...SHAPED, harness.application.token, Buffer.from(IN_ENVIRONMENT[2] ?? '').toString('base64')]
  for (const [place, text] of Object.entries(places))
    for (const secret of all) expect(text.includes(secret.slice(0, 24)), `${place} has ${secret}`).toBe(false)
})

/** Arguments of whatever runs now. */
const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      } catch {
        return ''
      }
    })
    .join('\n')
