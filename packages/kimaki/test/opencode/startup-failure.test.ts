/** What OpenCode 1.18.33 prints before it ends at its start. */
import { expect, test } from 'vitest'
import { AgentUnavailable, ConfigBroken } from '../../src/base/errors.ts'
import { parseStartupFailure } from '../../src/opencode/process/startup-failure.ts'

const unavailable = (reason: string) => new AgentUnavailable({ reason })
const RED = '\u001b[91m\u001b[1mError: \u001b[0m'

test.each([
  [
    `${RED}Config file at /c/opencode.json is not valid JSON(C): \n--- JSONC Input ---\n{ "key": "sk-1\n--- Errors ---\nValueExpected at line 1, column 12\n   Line 1: { "key": "sk-1\n--- End ---\n`,
    new ConfigBroken({ file: '/c/opencode.json', reason: 'ValueExpected at line 1, column 12' }),
  ],
  [
    `${RED}Configuration is invalid at /c/my config.json\n↳ Expected string | undefined, got 3 model\n`,
    new ConfigBroken({ file: '/c/my config.json', reason: 'Expected string | undefined, got 3 model' }),
  ],
  [
    `Warning: x\n${RED}Unexpected error\n\nServeError\n`,
    unavailable(
      'OpenCode ended at its start: another program took its port first. If it happens again, see which program does (ss -ltnp)',
    ),
  ],
  [
    '/bin/sh: 1: exec: /x: Exec format error\n',
    unavailable('OpenCode ended at its start: /bin/sh: 1: exec: /x: Exec format error'),
  ],
  ['', unavailable('OpenCode ended at its start: it said nothing')],
])('%j', (output, failure) => {
  expect(parseStartupFailure(output)).toEqual(failure)
})
