/** What a plugin asks before a log-in, what stands in the ids of its menus, and what is shown. */
import { describe, expect, test } from 'vitest'
import { linkText } from '../../src/commands/login/pages.ts'
import { aboutOf, placeOf, refOf } from '../../src/commands/login/place.ts'
import { inputsOf, nextChoice, textsOf } from '../../src/commands/login/questions.ts'
import type { LogInBegun, LogInMethod, LogInPrompt } from '../../src/ports/agent/log-ins.ts'
import { modalOf } from '../../src/view/asks/modals.ts'

type When = LogInPrompt['when']
const when = (key: string, value: string, isEqual = true): When => ({ key, value, isEqual })
const text = (key: string, asked?: When): LogInPrompt => ({ kind: 'text', key, message: key, placeholder: '', when: asked })
const select = (key: string, values: readonly string[], asked?: When): LogInPrompt => ({
  kind: 'select',
  key,
  message: key,
  options: values.map((value) => ({ value, label: value, hint: '' })),
  when: asked,
})
const method = (...prompts: readonly LogInPrompt[]): LogInMethod => ({ kind: 'oauth', label: 'x', prompts })

describe('the questions of a plugin', () => {
  const github = method(select('kind', ['public', 'own']), text('url', when('kind', 'own')))
  const region = method(select('kind', ['public', 'own']), select('region', ['eu', 'us'], when('kind', 'own')))
  const other = method(select('kind', ['public', 'own']), text('url', when('kind', 'public', false)))
  const onWords = method(text('name'), text('team', when('name', 'ann')), select('size', ['s', 'l'], when('name', 'ann')))
  const onUnasked = method(select('kind', ['public', 'own']), text('url', when('kind', 'own')), text('port', when('url', 'x')))
  test.each<[string, LogInMethod, readonly [choices: readonly string[], words: readonly string[]], unknown]>([
    ['one that does not apply is not asked', github, [['0'], []], { kind: 'public' }],
    ['one that applies is asked', github, [['1'], ['ghe.test']], { kind: 'own', url: 'ghe.test' }],
    ['one for any other value', other, [['1'], ['ghe.test']], { kind: 'own', url: 'ghe.test' }],
    ['not for that value', other, [['0'], []], { kind: 'public' }],
    ['options that hang on options', region, [['1', '1'], []], { kind: 'own', region: 'us' }],
    ['options that were not asked', region, [['0', '-'], []], { kind: 'public' }],
    ['what hangs on words counts only if the words are these', onWords, [['1'], ['bob', 'red']], { name: 'bob' }],
    ['and counts if they are', onWords, [['1'], ['ann', 'red']], { name: 'ann', team: 'red', size: 'l' }],
    ['what hangs on a question that was not asked', onUnasked, [['0'], []], { kind: 'public' }],
    ['an empty answer is an answer', github, [['1'], ['']], { kind: 'own', url: '' }],
  ])('%s', (_name, asked, [choices, words], inputs) => {
    expect(nextChoice(asked, choices)).toEqual({ ask: undefined, choices })
    expect(inputsOf(asked, choices, words)).toEqual(inputs)
  })

  test('are asked one after the other, and passed over where they do not apply', () => {
    expect(nextChoice(region, []).ask?.key).toBe('kind')
    expect(nextChoice(region, ['1']).ask?.key).toBe('region')
    expect(nextChoice(region, ['0'])).toEqual({ ask: undefined, choices: ['0', '-'] })
    expect(textsOf(onUnasked, ['0']).map(({ key }) => key)).toEqual(['port'])
  })

  test('a choice that is not offered any more is asked again', () => {
    expect(nextChoice(github, ['7']).ask?.key).toBe('kind')
  })
})

describe('the ids of menus and buttons', () => {
  test.each(['openai', 'my house/2', 'a~b', 'ä'.repeat(60), 'x'.repeat(100)])('have room for the provider %j', (provider) => {
    const place = { provider: refOf(provider), method: 12, choices: ['1', '-', '24'] }
    expect(placeOf(aboutOf(place))).toEqual(place)
    const id = `login-enter:${aboutOf(place)}/5k`
    expect(id.length).toBeLessThan(100)
    expect(id.split('~')).toHaveLength(1)
  })
})

test.each([
  ['k', ['API key']],
  ['c', ['Code']],
  ['2k', ['Answer 1', 'Answer 2', 'API key']],
  ['1', ['Answer 1']],
])('the modal for %s asks for that, and its words are secrets', (wants, labels) => {
  const modal = modalOf(`login-enter:acme/0/1.0/${wants}`)
  expect(modal?.secrets?.map(({ label }) => label)).toEqual(labels)
})

describe('the link', () => {
  const begun: LogInBegun = { url: 'https://acme.test/in?x=1', instructions: 'Enter ABCD-1', by: 'code', forMs: 600_000 }
  const shown = (facts: Partial<LogInBegun>) => linkText({ id: 'acme', name: 'Acme' }, { ...begun, ...facts })
  test('stands there with what the provider says and what to do', () => {
    expect(shown({})).toBe(
      '⬦ log in at **Acme**\n<https://acme.test/in?x=1>\nEnter ABCD-1\nOpen the link, and enter the code that you get there.',
    )
    expect(shown({ by: 'auto' })).toMatch(/finish there within 10 minutes/)
  })
  test('that leads back to the machine of the bot says so', () => {
    expect(shown({ url: 'https://acme.test/in?redirect_uri=http%3A%2F%2Flocalhost%3A1455%2Fback' })).toMatch(/open it there/)
  })
  test.each(['javascript:alert(1)', 'https://x.test/ <@1>', `https://x.test/${'x'.repeat(1300)}`])('is none: %j', (url) => {
    expect(shown({ url })).toBeUndefined()
  })
})
