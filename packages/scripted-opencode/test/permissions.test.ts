import { expect, test } from 'vitest'
import { actionFor, DEFAULT_RULES, rulesOf } from '../src/config/permissions.ts'

test('the last rule that fits wins, and the strictest pattern', () => {
  const rules = [...DEFAULT_RULES, ...rulesOf({ bash: { '*': 'ask', 'git *': 'allow', 'git push*': 'deny' }, edit: 'deny' })]
  expect(actionFor(rules, 'bash', ['git status'])).toBe('allow')
  expect(actionFor(rules, 'bash', ['git status', 'ls'])).toBe('ask')
  expect(actionFor(rules, 'bash', ['ls', 'git push -f'])).toBe('deny')
  expect(actionFor(rules, 'edit', ['a.txt'])).toBe('deny')
  expect(actionFor(rules, 'read', ['a.txt'])).toBe('allow')
  expect(actionFor(rules, 'external_directory', ['/etc/*'])).toBe('ask')
})
