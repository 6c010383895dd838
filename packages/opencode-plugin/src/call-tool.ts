/**
 * A tool's call, until the bot has an answer. The call id is its key: a bot that is killed in between comes back, is asked again with the
 * same id, and neither shows nor answers anything twice.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Bot } from './bot.ts'
import type { ToolContext } from './opencode.ts'

/** A bot that waits for a person answers `pending` before this, and is asked again. */
const ANSWER_MS = 60_000
const AGAIN_MS = 1000
/** A bot that is away for longer than a restart takes. */
const AWAY_MS = 120_000

/** What the model reads. */
export async function callTool(
  bot: Bot,
  request: { readonly tool: string; readonly args: unknown },
  context: ToolContext,
  againMs = AGAIN_MS,
): Promise<string> {
  const { sessionID: session, callID: call, abort } = context
  if (call === undefined) return 'Kimaki cannot do this: OpenCode did not say which call this is.'
  let awaySince: number | undefined
  for (;;) {
    const answer = await bot.call('/agent/tool', { session, call, ...request }, { timeoutMs: ANSWER_MS, abort })
    abort.throwIfAborted()
    if (answer.kind === 'refused') return answer.why
    const text = answer.kind === 'answer' ? outputOf(answer.body) : undefined
    if (text !== undefined) return text
    awaySince = answer.kind === 'away' ? (awaySince ?? performance.now()) : undefined
    if (awaySince !== undefined && performance.now() - awaySince > AWAY_MS) return AWAY
    if (answer.kind === 'away') await pause(againMs, undefined, { signal: abort })
  }
}

/** Undefined: a person has not answered yet. */
function outputOf(body: unknown): string | undefined {
  const { output } = (body ?? {}) as { readonly output?: unknown }
  return typeof output === 'string' ? output : undefined
}

const AWAY = 'Kimaki does not run at the moment, so nobody was asked. Say in your answer what you wanted to ask.'
