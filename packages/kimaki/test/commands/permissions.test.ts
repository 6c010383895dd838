/** `/permissions`: what is allowed in the project folder, page by page, and taking it back. */
import { describe, expect, test } from 'vitest'
import { runCommand, runPress } from '../../src/commands/index.ts'
import type { StandingAllowance } from '../../src/domain/allowance.ts'
import { readButton } from '../../src/domain/conversation/posts/button.ts'
import type { MessageContent } from '../../src/domain/conversation/posts/post.ts'
import type { CommandInvocation } from '../../src/domain/conversation/request.ts'
import type { ButtonPress } from '../../src/domain/conversation/request.ts'
import type { Reply } from '../../src/domain/conversation/reply.ts'
import { DEFAULT_RULES, step } from '../../src/domain/conversation/step.ts'
import { conversation, GUILD } from '../support/conversation.ts'

const PERSON = { guildId: GUILD, channelId: '1', userId: '7', userName: 'ada' }
const FOLLOW_UP = { applicationId: '5', token: 't' }
const command: CommandInvocation = { ...PERSON, ...FOLLOW_UP, id: '77', name: 'permissions', options: {} }

const rule = (n: number, facts: Partial<StandingAllowance> = {}): StandingAllowance => ({
  id: `a${n}`,
  directory: '/p',
  permission: 'bash',
  patterns: [`tool${n} *`],
  userId: '7',
  userName: 'ada',
  conversation: '1',
  at: 1_800_000_000_000,
  ...facts,
})
const rules = (count: number): readonly StandingAllowance[] => Array.from({ length: count }, (_, n) => rule(n + 1))

const contentOf = (effects: readonly object[]): MessageContent => {
  const { text = '', buttons = [] } = effects[0] as Reply
  return { text, buttons }
}

const invoke = (allowed: readonly StandingAllowance[]): MessageContent =>
  contentOf(
    step(conversation(), { kind: 'command', order: 1, at: 1, command }, { ...DEFAULT_RULES, runCommand, allowed }).effects,
  )

function press(customId: string, allowed: readonly StandingAllowance[], facts: Partial<ButtonPress> = { followUp: FOLLOW_UP }) {
  const pressed = { id: '9', messageId: '8', ...PERSON, ...facts, customId }
  const { effects, allowances } = step(
    conversation(),
    { kind: 'pressed', order: 9, at: 1, press: pressed },
    { ...DEFAULT_RULES, runPress, allowed },
  )
  return { effects: effects.filter(({ kind }) => kind === 'reply'), allowances }
}

const labels = ({ buttons }: MessageContent): readonly string[] => buttons.map(({ label }) => label)
const idOf = (content: MessageContent, label: string): string => content.buttons.find((each) => each.label === label)?.id ?? ''

describe('the list of permissions', () => {
  test('says what is allowed, who allowed it and when, with a button to revoke each', () => {
    const content = invoke([rule(1), rule(2, { permission: 'edit', patterns: ['*', 'b'], userName: '*bo*' })])
    expect(content.text.split('\n')).toEqual([
      '⬦ allowed in this project without asking',
      '1. **bash** `tool1 *`, by **ada** <t:1800000000:f>',
      '2. **edit** `*`, `b`, by **\\*bo\\*** <t:1800000000:f>',
    ])
    expect(labels(content)).toEqual(['Revoke 1', 'Revoke 2'])
  })

  test('says that nothing is allowed, and how that changes', () => {
    expect(invoke([])).toEqual({
      text: '⬦ nothing is allowed in this project without asking\n*Allow always* on a card of the agent adds to this list.',
      buttons: [],
    })
  })

  test('is paged: five a page, within what Discord takes, to the last one and back', () => {
    const wide = rules(11).map((each) => ({ ...each, patterns: ['x'.repeat(100), 'y'.repeat(100)], userName: '*'.repeat(100) }))
    const pages = [invoke(wide)]
    while (idOf(pages.at(-1) as MessageContent, 'Next') !== '')
      pages.push(contentOf(press(idOf(pages.at(-1) as MessageContent, 'Next'), wide).effects))
    expect(pages.map(labels)).toEqual([
      ['Revoke 1', 'Revoke 2', 'Revoke 3', 'Revoke 4', 'Revoke 5', 'Next'],
      ['Revoke 6', 'Revoke 7', 'Revoke 8', 'Revoke 9', 'Revoke 10', 'Back', 'Next'],
      ['Revoke 11', 'Back'],
    ])
    expect(Math.max(...pages.map(({ text }) => text.length))).toBeLessThanOrEqual(2000)
    expect(contentOf(press(idOf(pages[1] as MessageContent, 'Back'), wide).effects)).toEqual(pages[0])
  })
})

describe('revoking', () => {
  test('takes the row away and renews the answer on the same page', () => {
    const six = rules(6)
    const second = contentOf(press(idOf(invoke(six), 'Next'), six).effects)
    const { effects, allowances } = press(idOf(second, 'Revoke 6'), six)
    expect(allowances).toEqual([{ kind: 'revoke', id: 'a6' }])
    expect(effects).toMatchObject([{ kind: 'reply', applicationId: '5', token: 't' }])
    expect(contentOf(effects).text).toMatch(/^✓ revoked: \*\*bash\*\* `tool6 \*`\n⬦ allowed in this project without asking\n1\./)
  })

  test('the button names the rule, so it is right whatever the list has become meanwhile', () => {
    const revoke2 = idOf(invoke(rules(3)), 'Revoke 2')
    expect(press(revoke2, rules(3).slice(1)).allowances).toEqual([{ kind: 'revoke', id: 'a2' }])
    const late = press(revoke2, [rule(1), rule(3)])
    expect(late.allowances).toEqual([])
    expect(contentOf(late.effects).text).toMatch(/^⬦ that was revoked before\n/)
  })

  test.each([
    'permissions-revoke:',
    'permissions-revoke:a9/x',
    'permissions-page:-1',
    'permissions-page:1e9',
    'permissions-page:',
  ])('a forged %s revokes nothing, and shows a page that there is', (id) => {
    const { effects, allowances } = press(id, rules(2))
    expect(allowances).toEqual([])
    expect(labels(contentOf(effects))).toEqual(['Revoke 1', 'Revoke 2'])
  })

  test('a press that was put on record without the authority to answer still revokes', () => {
    const { effects, allowances } = press('permissions-revoke:a1/0', rules(1), {})
    expect([effects, allowances]).toEqual([[], [{ kind: 'revoke', id: 'a1' }]])
  })

  test('its ids fit into a button, signature included', () => {
    const long = rule(1, { id: `a${'x'.repeat(24)}` })
    const [first] = invoke(Array.from({ length: 5000 }, () => long)).buttons
    expect(first?.id.length).toBeLessThan(60)
    expect(readButton(first?.id ?? '').action).toBe('permissions-revoke')
  })
})
