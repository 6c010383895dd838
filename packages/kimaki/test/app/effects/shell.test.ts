/** Each of the checks before a command begins can be the one that keeps it from beginning. */
import { expect, test } from 'vitest'
import { EffectRunner } from '../../../src/app/effect-runner.ts'
import type { RunShell } from '../../../src/domain/conversation/features/shell.ts'
import { OWNER, conversation, ownerAccess } from '../../support/conversation.ts'
import { handleOf, testEffects } from '../support/effects.ts'
import { quiet } from '../support/until.ts'

const EFFECT: RunShell = {
  key: 'shell/1',
  kind: 'shell',
  owner: 'shell',
  commandId: '1',
  command: 'reboot',
  directory: '/p',
  guildId: '2',
  userId: OWNER,
}

/** Does it begin? Unless told otherwise everything speaks for it. */
async function begins({ isRetry = false, isRecent = true, mayUse = true, isStopped = false } = {}): Promise<boolean> {
  const { deps, chat, shell } = testEffects({ recentlyReceived: { has: () => isRecent } })
  chat.on.accessOf = async () => ({ ...ownerAccess, ...(!mayUse && { ownerId: 'another' }) })
  const command = { id: '1', ...(isStopped && { stoppedBy: 'ada' }) }
  const handle = handleOf(conversation({}, { features: { shell: [command] } }))
  new EffectRunner(deps).run(handle, EFFECT, isRetry)
  await quiet()
  return shell.runs.length > 0
}

test('red control: with nothing against it, a command begins', async () => {
  expect(await begins()).toBe(true)
})

test.each([
  ['an earlier process may have begun it', { isRetry: true }],
  ['it was not received just now', { isRecent: false }],
  ['its author may not use Kimaki any more', { mayUse: false }],
  ['it was stopped before', { isStopped: true }],
])('%s: it does not begin', async (_why, against) => {
  expect(await begins(against)).toBe(false)
})
