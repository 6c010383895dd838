/** Each of the checks before a command begins can be the one that keeps it from beginning. */
import { describe, expect, test } from 'vitest'
import { EffectRunner } from '../../../src/app/effect-runner.ts'
import type { RunShell } from '../../../src/domain/conversation/features/shell.ts'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts'
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

describe('V31: shell commands at once, over the whole bot', () => {
  const flood = async (count: number) => {
    const bed = testEffects({
      recentlyReceived: { has: () => true },
      settings: { ...DEFAULT_SETTINGS, shellCommands: 2 },
    })
    bed.chat.on.accessOf = async () => ownerAccess
    const effects = new EffectRunner(bed.deps)
    const begin = (id: string) => {
      // Each in a conversation of its own.
      const handle = handleOf(conversation({}, { id }))
      const effect: RunShell = { ...EFFECT, key: `shell/${id}`, commandId: id }
      effects.run(handle, effect, false)
      return handle
    }
    const handles = Array.from({ length: count }, (_, index) => begin(String(index)))
    await quiet()
    return { ...bed, handles, begin }
  }

  test('one more is not run, and its thread says why and which setting', async () => {
    const { shell, handles } = await flood(5)
    expect(shell.runs.map(({ id }) => id)).toEqual(['0', '1'])
    const text = expect.stringMatching(
      /^✗ not run: 2 commands run already.*\(KIMAKI_MAX_SHELL_COMMANDS\)\nSend it again/,
    ) as string
    const outcome = { kind: 'command-ended', end: { kind: 'not-run', text }, tookMs: 0 }
    expect(handles.map(({ inputs }) => inputs.length)).toEqual([0, 0, 1, 1, 1])
    expect(handles[4]?.inputs).toMatchObject([{ kind: 'outcome', outcome }])
  })

  test('when one has ended, another one runs', async () => {
    const { shell, begin } = await flood(3)
    shell.end({ kind: 'exited', code: 0, background: false })
    await quiet()
    begin('9')
    await quiet()
    expect(shell.runs.map(({ id }) => id)).toEqual(['0', '1', '9'])
  })
})
