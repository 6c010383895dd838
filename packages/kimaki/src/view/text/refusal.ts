/** What to do about a refusal of Discord: one remedy for each code (Discord docs: JSON Error Codes), in a sentence of its own. */
import type { Right } from '../../domain/rights.ts'

/** A thread was not opened. `code`: Discord's, if it gave one; 0 without its own words. */
export function threadRemedy(code: number | undefined): string {
  if (code === undefined) return NO_ANSWER
  return OF_THREADS.get(code) ?? UNKNOWN
}

/** A message was not posted; undefined where the reason lies in the text, which nobody can mend. */
export const postRemedy = (code: number | undefined): string | undefined => (code === undefined ? undefined : OF_POSTS.get(code))

/** A post waits until the place lets the bot write. `missing`: what the bot lacks in the project channel, as far as that is known. */
export function holdRemedy(code: number, missing: readonly Right[]): string {
  const closed = OF_CLOSED_THREADS.get(code)
  if (closed !== undefined) return closed
  const rights = missing.length > 0 ? missing : (['View Channel', 'Send Messages in Threads', 'Attach Files'] as const)
  return `Give the role of the bot ${rights.map((right) => `"${right}"`).join(', ')} in this channel.`
}

const OF_CLOSED_THREADS: ReadonlyMap<number, string> = new Map([
  [50_083, 'The thread is archived: open it again.'],
  [160_005, 'The thread is locked: unlock it, or give the role of the bot "Manage Threads" in this channel.'],
])

const AGAIN = 'then send the message again.'
const NO_ANSWER = 'Discord gave no answer for a quarter of an hour: send the message again later.'
const UNKNOWN = `See in kimaki.log what Discord says and check what the bot may do in this channel, ${AGAIN}`
const NO_THREADS_HERE =
  'A channel of this kind (voice, stage, forum) has no threads of messages: link the folder to a text channel and send the message there.'
const ACTIVE_THREADS = `This server has as many active threads as Discord allows: close some that nobody needs, ${AGAIN}`

const OF_THREADS: ReadonlyMap<number, string> = new Map([
  [0, 'Something between the bot and Discord refused it: send the message again later.'],
  [20_016, `Slow mode of this channel holds the bot up: let its role "Bypass Slowmode", ${AGAIN}`],
  [30_033, `The thread has as many members as Discord allows: let some of them leave it, ${AGAIN}`],
  [40_067, 'Every post of this forum needs a tag: link the folder to a text channel and send the message there.'],
  [50_001, `The bot cannot see this channel: give its role "View Channel" here, ${AGAIN}`],
  [50_008, NO_THREADS_HERE],
  [50_013, `Give the role of the bot "Create Public Threads" and "Send Messages in Threads" here, ${AGAIN}`],
  [50_024, NO_THREADS_HERE],
  [50_035, 'Discord cannot read this request of Kimaki: send the message again in other words, and report what kimaki.log says.'],
  [50_083, `The thread is archived: open it again, ${AGAIN}`],
  [160_004, 'This message has a thread already: write in that thread.'],
  [160_005, `The thread is locked: unlock it, ${AGAIN}`],
  [160_006, ACTIVE_THREADS],
  [160_007, ACTIVE_THREADS],
  [200_000, `AutoMod of this server blocks the words of the bot: exempt its role from that rule, ${AGAIN}`],
  [200_001, `AutoMod of this server blocks every name the bot gave the thread: exempt its role from that rule, ${AGAIN}`],
])

const AUTO_MOD = 'AutoMod of this server blocks its words: exempt the role of the bot from that rule to read them here.'

const OF_POSTS: ReadonlyMap<number, string> = new Map([
  [40_005, 'It is larger than a file may be in this server.'],
  [200_000, AUTO_MOD],
  [200_001, AUTO_MOD],
])
