/** An agent that calls hundreds of tools in seconds, against Discord's limit of five messages in five seconds; time is simulated. */
import { expect, test } from 'vitest'
import { transact } from '../../../src/app/conversation/transaction.ts'
import { layout } from '../../../src/discord/layout/layout.ts'
import type { AgentEvent } from '../../../src/domain/agent.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { Post } from '../../../src/domain/conversation/posts/post.ts'
import { DEFAULT_RULES } from '../../../src/domain/conversation/step.ts'
import { answer, busy, conversation, delivered, idle, part, prompt, says, text, tool, user } from '../../support/conversation.ts'

const CALLS = 200
const OVER_MS = 10_000
/** Of one message, from the request to its answer. */
const LATENCY_MS = 150
const LIMIT = { messages: 5, windowMs: 5000 }

interface Sent {
  readonly at: number
  readonly post: Post
}

const asked = user('msg_1', 10)

/** What the agent does, in order of time: each call starts and ends; the answer is whole at `OVER_MS`. */
function told(command: string): readonly { readonly at: number; readonly event: AgentEvent }[] {
  const open = answer('msg_a', asked, [], { completed: undefined, finish: undefined })
  const calls = Array.from({ length: CALLS }, (_, index) => {
    const at = Math.floor((index * OVER_MS) / CALLS)
    const one = (state: 'running' | 'completed') =>
      part('msg_a', tool(`prt_${1000 + index}`, state, { command: `${command} ${index}` }))
    return [
      { at, event: one('running') },
      { at: at + 40, event: one('completed') },
    ]
  }).flat()
  const last = [part('msg_a', text('prt_z', 'All done.')), says(answer('msg_a', asked, [])), idle]
  return [
    ...[says(asked), busy, says(open)].map((event) => ({ at: 0, event })),
    ...calls,
    ...last.map((event) => ({ at: OVER_MS, event })),
  ]
}

/** The thread as Discord gets it. `busyUntil`: others have used up the limit of the thread up to then. */
function shown(command: string, busyUntil: number): readonly Sent[] {
  let state = conversation({ prompts: [prompt(1, delivered('msg_1', 10))], messages: [asked] })
  const take = (input: Input): void => {
    state = transact(state, state, input, { rules: DEFAULT_RULES, layout, clean: (words) => words }).after
  }
  const events = [...told(command)]
  const sent: Sent[] = []
  let window = { from: busyUntil - LIMIT.windowMs, count: busyUntil > 0 ? LIMIT.messages : 0 }
  for (let now = 0; now < 60_000; now += 10) {
    while (events[0] && events[0].at <= now) take({ kind: 'agent', at: now, event: (events.shift() ?? events[0]).event })
    const under = sent.at(-1)
    if (under && under.at === now) take({ kind: 'posted', at: now, postId: under.post.id, messageId: `${sent.length}` })
    const [post] = state.posts.outbox
    if (!post || (under && under.at >= now)) continue
    if (now >= window.from + LIMIT.windowMs) window = { from: now, count: 0 }
    if (window.count === LIMIT.messages) continue
    window.count += 1
    sent.push({ at: now + LATENCY_MS, post })
  }
  return sent
}

test.each([
  ['short commands', 'ls'],
  ['commands as long as a line shows', `grep -rn ${'x'.repeat(80)}`],
])(
  '200 tool calls in 10 s (%s): every call is one line, in the thread or in a file of it, and the answer stands 5 s after it is finished',
  (_name, command) => {
    for (const busyUntil of [0, 4000]) {
      const sent = shown(command, busyUntil)
      const lines = sent.flatMap(({ post }) => (post.file?.text ?? post.content).split('\n'))
      expect(lines.filter((line) => line.startsWith('┣ bash'))).toHaveLength(CALLS)
      const numbers = lines.flatMap((line) => /(\d+)_$/.exec(line)?.[1] ?? [])
      expect(numbers.map(Number)).toEqual(Array.from({ length: CALLS }, (_, index) => index))
      for (const { post } of sent) expect(post.content.length).toBeLessThanOrEqual(2000)
      const answered = sent.find(({ post }) => post.content.includes('All done.'))?.at ?? Infinity
      expect(answered - OVER_MS, `with a limit that is used up until ${busyUntil}`).toBeLessThanOrEqual(5000)
    }
  },
)
