/** V17: a folder that OpenCode must not open is told in its own thread; the projects of the same server go on. */
import { execFileSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FOOTER, useHarness } from '../support/use-harness.ts'
import { E2E_RULES } from './rules.ts'

const { harness, ask } = useHarness({ rules: E2E_RULES })

test('V17: a pipe as .git and a configuration that is a device stop nobody else', async () => {
  const [piped, endless] = [await harness.project('piped'), await harness.project('endless')]
  rmSync(join(piped.directory, '.git'), { recursive: true, force: true })
  execFileSync('mkfifo', [join(piped.directory, '.git')])
  rmSync(join(endless.directory, 'opencode.json'), { force: true })
  symlinkSync('/dev/zero', join(endless.directory, 'opencode.json'))
  await harness.bot()
  const refused = [piped, endless].map(({ channelId }) => harness.owner.send(channelId, 'hello #m1').id)
  await harness.untilSaid(ask('hello #m2'), FOOTER)
  await harness.untilSaid(refused[0] ?? '', /was not opened: .*\.git is no file but a pipe/)
  await harness.untilSaid(refused[1] ?? '', /was not opened: .*opencode\.json is no file but a device/)
  expect(refused.map((thread) => harness.said(thread).filter((text) => text.includes('was not opened')).length)).toEqual([1, 1])
})
