/** The bot is killed around the receipt of a command of each family: before, it is not run and told so; after, it acts once. */
import { beforeAll, expect, test } from 'vitest'
import { startInnerBot } from '../../support/inner-bot.ts'
import { useHarness } from '../../support/use-harness.ts'
import { startDoomed } from '../doomed.ts'
import { POINTS } from '../points.ts'
import { CRASH_RULES } from '../rules.ts'
import { amiss, hasActed } from './amiss.ts'
import { gather } from './evidence.ts'
import { leaving, offerIn, type Invocation } from './invocations.ts'

const { harness, project } = useHarness({ rules: CRASH_RULES })
/** Its session has answered twice. */
let thread: string
let second: string
let count = 0

beforeAll(async () => {
  offerIn(project)
  const first = await startInnerBot(harness)
  thread = harness.owner.send(project.channelId, 'words #c901.').id
  await harness.untilFooters(thread, 1)
  second = harness.owner.send(thread, 'words #c902.').id
  await harness.untilFooters(thread, 2)
  const typed = harness.owner.autocomplete(project.channelId, 'run', { command: 'note' }, 'command')
  await harness.emulator.world.until('the command to be known', () => typed.choices?.[0])
  first.kill()
  await first.gone
})

interface Family {
  readonly family: string
  readonly name: string
  readonly in: 'thread' | 'channel'
  readonly proof: Invocation['proof']
  readonly values?: (tag: string) => Readonly<Record<string, string>>
}

const FAMILIES: readonly Family[] = [
  { family: 'sessions', name: 'new-session', in: 'channel', proof: 'words', values: (tag) => ({ prompt: tag }) },
  { family: 'the menu of a message', name: 'Fork from here', in: 'thread', proof: 'thread' },
  { family: 'queue', name: 'queue', in: 'thread', proof: 'words', values: (tag) => ({ message: tag }) },
  {
    family: 'shell',
    name: 'run-shell-command',
    in: 'thread',
    proof: 'mark',
    values: (tag) => ({ command: leaving(tag) }),
  },
  { family: 'models and agents', name: 'agent', in: 'thread', proof: 'agent', values: () => ({ agent: 'calm' }) },
  { family: 'projects', name: 'verbosity', in: 'channel', proof: 'verbosity', values: () => ({ level: 'text_only' }) },
  {
    family: "OpenCode's own",
    name: 'run',
    in: 'channel',
    proof: 'words',
    values: (tag) => ({ command: 'note', arguments: tag }),
  },
  { family: 'what is going on', name: 'board', in: 'channel', proof: 'answer', values: () => ({ do: 'show' }) },
]

/** Their order counts: what a command has set, it has set for the tests after it. */
const CASES = ['command-receipt-before-commit', 'command-after-receipt'].flatMap((name) =>
  POINTS.filter((point) => point.name === name).flatMap((point) => FAMILIES.map((family) => ({ ...family, point }))),
)

function invoke({ name, in: where, proof, values }: Family): Invocation {
  const tag = `#c${(count += 1)}.`
  const placeId = where === 'thread' ? thread : project.channelId
  const use = values ? harness.owner.command(placeId, name, values(tag)) : harness.owner.contextMenu(placeId, name, second)
  return { name, placeId, tag, proof, use }
}

test.each(CASES)('$family: /$name, killed at $point.name', async ({ point, ...family }) => {
  const doomed = await startDoomed(harness, point, { where: 'inside' })
  doomed.arm()
  const invocation = invoke(family)
  await doomed.died
  const next = await doomed.next()
  const isReceived = point.name === 'command-after-receipt'
  // What somebody wanted to happen in a shell a while ago is not run: its card says so.
  const isRun = isReceived && family.proof !== 'mark'
  if (isReceived) await harness.emulator.world.until('the answer', () => invocation.use.state === 'answered' || undefined)
  else await harness.untilSaid(invocation.placeId, new RegExp(`^✗ \\S*${invocation.name}\\S* was not run`))
  const acted = () => hasActed(gather(harness, [project]), invocation)
  if (isRun) await expect.poll(acted).toBe(true)
  await expect.poll(() => amiss(gather(harness, [project]), [invocation])).toEqual([])
  expect(acted()).toBe(isRun)
  await next.kill()
})
