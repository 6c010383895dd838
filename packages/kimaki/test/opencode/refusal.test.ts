/** Error bodies as OpenCode 1.18.33 sends them. */
import { expect, test } from 'vitest'
import { AgentRefused, ConfigBroken, SessionGone } from '../../src/base/errors.ts'
import { refusalOf } from '../../src/opencode/wire/http/refusal.ts'

const JSON_ERROR =
  '\n--- JSONC Input ---\n{ "apiKey": "sk-1",\n--- Errors ---\nValueExpected at line 1, column 12\n   Line 1: { "apiKey": "sk-1",\n   ^\nCloseBraceExpected at line 1, column 12\n   Line 1: x\n--- End ---'

test.each([
  [
    400,
    { name: 'ConfigJsonError', data: { path: '/p/opencode.json', message: JSON_ERROR } },
    new ConfigBroken({
      file: '/p/opencode.json',
      reason: 'ValueExpected at line 1, column 12; CloseBraceExpected at line 1, column 12',
    }),
  ],
  [
    400,
    {
      name: 'ConfigInvalidError',
      data: { path: '/p/o.json', issues: [{ path: ['a', 'b'], message: 'Expected object, got 3' }] },
    },
    new ConfigBroken({ file: '/p/o.json', reason: 'a.b: Expected object, got 3' }),
  ],
  [
    400,
    { name: 'ConfigInvalidError', data: { path: '/p/o.json', message: 'bad file reference: "{file:x}" x does not exist' } },
    new ConfigBroken({ file: '/p/o.json', reason: 'bad file reference: "{file:x}" x does not exist' }),
  ],
  [404, { name: 'NotFoundError', data: { message: 'Session not found: ses_1' } }, new SessionGone({ session: 'ses_1' })],
  [
    404,
    { name: 'NotFoundError', data: { message: 'Message not found: msg_1' } },
    new AgentRefused({ status: 404, reason: 'Message not found: msg_1' }),
  ],
  [
    404,
    { _tag: 'PermissionNotFoundError', message: 'Permission request not found: per_1' },
    new AgentRefused({ status: 404, reason: 'Permission request not found: per_1' }),
  ],
  [500, { name: 'UnknownError', data: { ref: 'err_1' } }, new AgentRefused({ status: 500, reason: 'err_1' })],
  [502, undefined, new AgentRefused({ status: 502, reason: '' })],
])('%i %o', (status, body, failure) => {
  expect(refusalOf(status, body)).toEqual(failure)
})
