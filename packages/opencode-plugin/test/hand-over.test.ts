/** A run goes on with another model: which message names it, and how an answer without a word looks. */
import { expect, test } from 'vitest'
import { handOver } from '../src/accounts/hand-over.ts'
import { withoutWords } from '../src/accounts/no-words.ts'
import type { PluginInput, Stored } from '../src/opencode.ts'

const OTHER = { providerID: 'other', modelID: 'strong' }
const user = (id: string, model = { providerID: 'acme', modelID: 'm' }): Stored => ({
  info: { id, role: 'user', model },
  parts: [{ type: 'text' }],
})
const step = (...types: readonly string[]): Stored => ({
  info: { id: 'msg_step', role: 'assistant' },
  parts: types.map((type) => ({ type })),
})

/** The session, and what was posted into it; `takes`: OpenCode stores what is posted. */
function session(messages: readonly Stored[], takes = true) {
  const posted: object[] = []
  let stored = messages
  const sessions = {
    messages: async ({ query: { limit } }: { readonly query: { readonly limit: number } }) => ({ data: stored.slice(-limit) }),
    async promptAsync({ body }: { readonly body: { readonly messageID?: string; readonly model: typeof OTHER } }) {
      posted.push(body)
      if (!takes) throw new Error('no')
      const id = body.messageID ?? 'msg_new'
      stored = [...stored.filter(({ info }) => info.id !== id), user(id, body.model)]
    },
  }
  return { client: { session: sessions } as unknown as PluginInput['client'], posted }
}

const asked = { agent: 'build', model: OTHER, parts: [], noReply: true }

test.each<[string, readonly Stored[], object]>([
  [
    'the newest message, as long as nothing stands behind it',
    [user('msg_1'), step('text'), user('msg_2')],
    { messageID: 'msg_2' },
  ],
  ['the newest message, behind which only an answer begins', [user('msg_1'), step('step-start')], { messageID: 'msg_1' }],
  ['a message of its own, behind steps of tools', [user('msg_1'), step('step-start', 'tool'), step()], {}],
  ['a message of its own, where steps are all that is known', [step('tool')], {}],
])('%s names the other model', async (_which, messages, message) => {
  const { client, posted } = session(messages)
  expect(await handOver(client, { session: 'ses_1', agent: 'build' }, OTHER)).toBe(true)
  expect(posted).toEqual([{ ...asked, ...message }])
})

test('where OpenCode does not take it, the run ends as it would', async () => {
  const { client } = session([user('msg_1')], false)
  expect(await handOver(client, { session: 'ses_1', agent: 'build' }, OTHER)).toBe(false)
})

test.each([
  ['https://a.test/v1/chat/completions', '{"stream": true}', '"finish_reason":"account_used_up"'],
  ['https://a.test/v1/messages', '{"stream":true}', 'event: message_stop'],
  ['https://a.test/openai/responses?api-version=1', '{"stream":true}', 'event: response.incomplete'],
  ['https://a.test/v1beta/models/m:streamGenerateContent?alt=sse', '{}', '"finishReason":"OTHER"'],
  ['https://a.test/v1beta/models/m:generateContent', '{}', undefined],
  ['https://a.test/v1/messages', '{}', undefined],
  ['https://a.test/v1/messages/count_tokens', '{"stream":true}', undefined],
  ['https://a.test/model/m/converse-stream', '{}', undefined],
])('an answer without a word to %s with %s', async (url, body, has) => {
  expect((await withoutWords(url, body)?.text()) ?? 'unknown').toContain(has ?? 'unknown')
})
