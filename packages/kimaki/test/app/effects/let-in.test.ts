/** A message of somebody who may not speak becomes an inbox row, if Discord still shows it as its card did. */
import { describe, expect, test } from 'vitest'
import type { EffectDeps } from '../../../src/app/effects/definition.ts'
import { EffectRunner } from '../../../src/app/effect-runner.ts'
import type { LetIn } from '../../../src/domain/conversation/features/talk/guests.ts'
import type { IncomingMessage } from '../../../src/domain/message/incoming.ts'
import type { InboxRow } from '../../../src/ports/store.ts'
import { conversation, GUILD, message, OWNER, ownerAccess } from '../../support/conversation.ts'
import { handleOf, testEffects } from '../support/effects.ts'
import { gone, refused } from '../support/fake-chat.ts'
import { until } from '../support/until.ts'

const THREAD = '300000000000000001'
const guest = { ...ownerAccess, userId: '6' }
const noKimaki = { id: 'r', name: 'no-kimaki', permissions: '0' }
const said = (facts: Partial<IncomingMessage> = {}) =>
  message('please', { channelId: THREAD, inThread: true, author: { kind: 'person', id: '6', name: 'eve' }, ...facts })

const letInOf = (letIn: IncomingMessage): LetIn => ({
  key: `let-in/${letIn.id}/p`,
  kind: 'let-in',
  owner: 'guests',
  message: { ...letIn, letInBy: { userId: OWNER, name: 'Ann' } },
  conversation: { id: THREAD, guildId: GUILD, channelId: '3', directory: '/p', inThread: true },
  press: { id: 'p', guildId: GUILD, channelId: THREAD, messageId: '9', customId: '', userId: OWNER, userName: 'Ann' },
})

interface Now {
  readonly message?: IncomingMessage
  readonly access?: typeof guest
  readonly page?: typeof gone | typeof refused
  readonly presser?: typeof guest
}

/** What comes of it, and the rows; `accepted`: keys of rows that are there already. */
async function outcomeOf(card: IncomingMessage, now: Now = {}, accepted = new Set<string>(), isRetry = false) {
  const rows: InboxRow[] = []
  const own: Partial<EffectDeps> = {
    store: {
      conversationOfRequest: async (key) => (accepted.has(key) ? THREAD : undefined),
      conversationOfSession: async () => undefined,
      hasConversation: async () => true,
    },
    commits: {
      commit: async ({ accept = [] }) =>
        accept.map(({ key, ...acceptance }) => {
          accepted.add(key)
          return { ...acceptance, order: 1, receipt: 'not-needed', tries: 0, error: undefined }
        }),
    },
    accept: (row) => void rows.push(row),
    accessOf: async () => now.presser ?? ownerAccess,
  }
  const { deps, chat } = testEffects(own)
  chat.on.readAfter = async () =>
    now.page ?? { messages: [{ message: now.message ?? card, access: now.access ?? guest }], lastId: undefined, more: false }
  const handle = handleOf(conversation())
  new EffectRunner(deps).run(handle, letInOf(card), isRetry)
  await until('its outcome', () => handle.inputs[0])
  const [input] = handle.inputs
  return { outcome: input?.kind === 'outcome' ? input.outcome : undefined, rows, accepted }
}

test('it goes on record under the key it would have had, and is handed on', async () => {
  const card = said()
  const { outcome, rows, accepted } = await outcomeOf(card)
  expect(outcome).toEqual({ kind: 'let-in' })
  expect([...accepted]).toEqual([`discord:${card.id}`])
  expect(rows).toMatchObject([
    { request: { kind: 'message', message: { id: card.id, letInBy: { userId: OWNER } } }, conversation: { id: THREAD } },
  ])
})

test('killed after the row was written, the bot finds it, whatever has become of the message since', async () => {
  const card = said()
  const { accepted } = await outcomeOf(card)
  const again = await outcomeOf(card, { message: { ...card, editedAt: '2026' }, presser: guest }, accepted, true)
  expect([again.outcome, again.rows]).toEqual([{ kind: 'let-in' }, []])
})

describe('it is not let in', () => {
  const other = said()
  test.each<readonly [string, Now, object]>([
    ['when it was edited, of which the bot may not have heard', { message: { ...other, editedAt: '2026' } }, { kind: 'edited' }],
    ['when Discord shows another in its place', { message: said() }, { kind: 'gone' }],
    ['when its thread is gone', { page: gone }, { kind: 'gone' }],
    ['when Discord does not show it', { page: refused }, { kind: 'failed' }],
    [
      'when its author is kept out by now',
      { access: { ...guest, roles: [noKimaki], memberRoleIds: ['r'] } },
      { kind: 'kept-out' },
    ],
    ['when its author has left', { access: { ...guest, memberRoleIds: undefined } }, { kind: 'kept-out' }],
    ['when who pressed may not speak any more', { presser: guest }, { kind: 'failed' }],
  ])('%s', async (_when, now, outcome) => {
    const ended = await outcomeOf(other, now)
    expect(ended.outcome).toMatchObject(outcome)
    expect(ended.rows).toEqual([])
  })
})
