/** Each of the looks before a command begins can be the one that keeps it from beginning. */
import { expect, test } from 'vitest'
import type { Runner } from '../../src/app/conversation/runner.ts'
import { retrying } from '../../src/app/retry.ts'
import { runCommand } from '../../src/app/effects/run-command.ts'
import type { ShellEffect } from '../../src/domain/conversation/shell.ts'
import { manualClock } from './support/clock.ts'
import { fakeAgent } from './support/fake-agent.ts'
import { fakeChat } from './support/fake-chat.ts'
import { fakeShell } from './support/fake-shell.ts'
import { logInto } from './support/room.ts'
import { quiet } from './support/until.ts'
import { ownerAccess } from '../support/conversation.ts'

const EFFECT: ShellEffect = {
  key: 'shell/1',
  kind: 'shell',
  commandId: '1',
  command: 'reboot',
  directory: '/p',
  guildId: '2',
  authorId: '3',
}

/** Does it begin? Unless told otherwise everything speaks for it. */
async function begins({ again = false, heard = true, mayUse = true, isStopped = false } = {}): Promise<boolean> {
  const clock = manualClock()
  const shell = fakeShell()
  const chat = fakeChat()
  chat.on.accessOf = async () => ({ ok: true, value: { ...ownerAccess, ...(!mayUse && { ownerId: 'another' }) } })
  const command = { id: '1', ...(isStopped && { stoppedBy: 'ada' }) }
  const runner = { state: { commands: [command] }, push: () => undefined } as unknown as Runner
  const parts = {
    chat,
    shell,
    clock,
    agent: fakeAgent(clock),
    files: { saveAttachment: async () => undefined },
    log: logInto([]),
    retry: retrying(clock),
    justAccepted: { has: () => false },
    justHeard: { has: () => heard },
    bind: () => undefined,
    openAside: async () => 'stopped' as const,
  }
  void runCommand(parts, runner, EFFECT, again)
  await quiet()
  return shell.runs.length > 0
}

test('red control: with nothing against it, a command begins', async () => {
  expect(await begins()).toBe(true)
})

test.each([
  ['an earlier process may have begun it', { again: true }],
  ['it was not heard just now', { heard: false }],
  ['its author may not use Kimaki any more', { mayUse: false }],
  ['it was stopped before', { isStopped: true }],
])('%s: it does not begin', async (_why, against) => {
  expect(await begins(against)).toBe(false)
})
