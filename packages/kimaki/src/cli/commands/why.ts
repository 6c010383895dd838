/**
 * `kimaki why <thread>`: why is this thread silent? The running bot is asked, on a socket that needs neither Discord nor the database. When
 * none answers, the database is only read: the bot may hang with the file open.
 */
import { systemClock } from '../../base/clock.ts'
import { UsageError } from '../../base/errors.ts'
import { jsonForTerminal } from '../../base/text.ts'
import type { Finding, Link } from '../../domain/conversation/inquiry/why.ts'
import { DEFAULT_SETTINGS } from '../../domain/settings.ts'
import { composedOf, defineCliCommand } from '../command.ts'
import type { Config } from '../config.ts'
import { checkSnowflake } from '../snowflake.ts'
import { EXIT_OK } from '../status.ts'

const ANSWER_MS = 5000

interface Answer {
  readonly thread: string
  /** The link that is broken; null: none is. */
  readonly link: Link | null
  readonly finding: Finding
  /** As people read it. */
  readonly text: string
}

export const why = defineCliCommand({
  usage: 'why <thread>',
  description: 'why is this thread silent? names what holds it up, and what to do',
  examples: ['kimaki why 123456789012345678'],
  options: { json: { flag: '--json', description: 'as JSON' } },
  async run({ config, args: [thread = ''], options, print }) {
    const wrong = checkSnowflake('<thread>', thread)
    if (wrong) return wrong
    const { callControl } = await import('../control/call.ts')
    const called = await callControl({
      dataDir: config.dataDir,
      method: 'POST',
      path: '/why',
      body: { thread },
      timeoutMs: ANSWER_MS,
    })
    const isAnswered = called.kind === 'answer' && called.status === 200
    const answer = isAnswered ? (called.body as Answer) : await fromDatabase(config, thread, called)
    if (answer instanceof Error) return answer
    const { withoutMarkdown } = await import('../../view/inquiry/why.ts')
    if (options.json) print(jsonForTerminal(answer, 2))
    else for (const text of [answer.text, ...(await remarks(config))]) print(withoutMarkdown(text))
    return EXIT_OK
  },
  routes: {
    'POST /why': async (body, bot) => {
      const composed = composedOf(bot)
      if (composed instanceof Error) return composed
      const { thread } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
      const id = typeof thread === 'string' ? thread : ''
      return checkSnowflake('thread', id) ?? answerOf(id, await composed.bot.why(id))
    },
  },
})

/** Of this machine, not of the thread. */
async function remarks({ environment }: Config): Promise<readonly string[]> {
  const { isBesideNewer } = await import('../saved/newer-opencode.ts')
  const { besideNewerText } = await import('../../view/inquiry/newer-opencode.ts')
  return isBesideNewer(environment) ? [besideNewerText] : []
}

/** `called`: what became of the question to the bot. */
async function fromDatabase(
  { database }: Config,
  thread: string,
  called: { readonly kind: string; readonly status?: number; readonly body?: unknown },
): Promise<Answer | Error> {
  const { readConversation } = await import('../../store/inquiry/read-only.ts')
  const { untakenOf } = await import('../../app/inquiry/standing.ts')
  const { why: walk } = await import('../../domain/conversation/inquiry/why.ts')
  const loaded = readConversation(database, thread)
  if (loaded instanceof Error) return loaded
  if (!loaded.state && loaded.inbox.length === 0)
    return new UsageError({ reason: `The thread ${thread} has no conversation in ${database}.` })
  const untaken = untakenOf(loaded.inbox, systemClock.now())
  const bot = called.kind === 'silent' || called.kind === 'answer' ? 'hangs' : 'gone'
  return answerOf(thread, walk(loaded.state, { bot, untaken, modelStallMs: DEFAULT_SETTINGS.modelStallMs }))
}

async function answerOf(thread: string, finding: Finding): Promise<Answer> {
  const { linkOf } = await import('../../domain/conversation/inquiry/why.ts')
  const { whyText } = await import('../../view/inquiry/why.ts')
  return { thread, link: linkOf(finding) ?? null, finding, text: whyText(finding) }
}
