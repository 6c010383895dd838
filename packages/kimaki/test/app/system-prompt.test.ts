/** The system prompt of a session, and that nothing which changes is in it. */
import { anything, assert, asyncProperty, boolean, record, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_PREFERENCES } from '../../src/domain/models/preferences.ts'
import { systemPrompt } from '../../src/domain/message/system-prompt.ts'
import { prompt as promptEffect } from '../../src/app/effects/prompt.ts'
import type { EffectDeps } from '../../src/app/effects/definition.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../src/domain/settings.ts'
import type { PromptRequest } from '../../src/ports/agent.ts'

const place = { session: 'ses_1', threadId: '10', channelId: '20', guildId: '30' }

/** What the agent is given with a prompt that is otherwise like this. */
async function given(
  effect: Readonly<Record<string, unknown>>,
  state: Readonly<Record<string, unknown>>,
  settings: Partial<Settings> = {},
): Promise<string | undefined> {
  let system: string | undefined
  const agent = { prompt: async (request: PromptRequest) => ((system = request.system), { created: 1 }) }
  const known = {
    ...state,
    preferences: NO_PREFERENCES,
    id: '10',
    channelId: '20',
    guildId: '30',
    thread: { kind: 'open', id: '10' },
  }
  const conversation = { id: '10', state: known }
  const base = { kind: 'prompt', key: 'k', owner: 'run', session: 'ses_1', directory: '/p', parts: [] }
  const retry = { until: async (attempt: (failures: number) => Promise<unknown>) => attempt(0) }
  await promptEffect.run(
    { agent, retry, settings: { ...DEFAULT_SETTINGS, ...settings } } as unknown as EffectDeps,
    { ...effect, ...base },
    {
      isRetry: false,
      conversation: conversation as never,
    },
  )
  return system
}

describe('the system prompt', () => {
  test('is at most 8 KB and names the session and its place', () => {
    const text = systemPrompt(place)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192)
    expect(text).toContain('session-id="ses_1" thread-id="10" channel-id="20" guild-id="30"')
  })

  test('names the session that has begun this one, and says how to read it', () => {
    const text = systemPrompt({ ...place, parent: 'ses_0' })
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192)
    expect(text).toContain('guild-id="30" parent-session-id="ses_0" />')
    expect(text).toContain('kimaki session read ses_0')
    expect(systemPrompt(place)).not.toContain('parent')
  })

  test('is given with each prompt of a session that has a parent', async () => {
    expect(await given({}, { features: { parent: 'ses_0' } })).toBe(systemPrompt({ ...place, parent: 'ses_0' }))
  })

  test('says how people look at diffs, unless the operator has said --no-critique', async () => {
    expect(await given({}, { features: {} })).toContain('/diff shows what is not committed')
    expect(await given({}, { features: {} }, { tellsOfDiffs: false })).not.toMatch(/diff/i)
  })

  test('is the same, byte for byte, whoever writes, with whatever agent, model, branch and queue', async () => {
    await assert(
      asyncProperty(
        record({
          userId: string(),
          waited: boolean(),
          answeredBy: anything(),
          messageId: string(),
          resend: boolean(),
        }),
        record({
          title: string(),
          turn: anything(),
          features: record({ queue: anything() }),
          directory: string(),
          branch: string(),
        }),
        async (effect, state) => {
          expect(await given(effect, state)).toBe(systemPrompt(place))
        },
      ),
      { numRuns: 100 },
    )
  })
})
