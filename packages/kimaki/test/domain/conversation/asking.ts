/** A conversation in which the agent works and asks, in plain words: what it asks, what people press and say, and what stands on the cards. */
import type { AgentEvent, Ask } from '../../../src/domain/agent.ts'
import type { AllowanceChange, StandingAllowance } from '../../../src/domain/allowance.ts'
import type { Action, Effect } from '../../../src/domain/conversation/effect.ts'
import { asks } from '../../../src/domain/conversation/features/asks/asks.ts'
import type { PressOnAsk } from '../../../src/domain/conversation/features/asks/void-press.ts'
import type { Input } from '../../../src/domain/conversation/input.ts'
import type { EditablePost } from '../../../src/domain/conversation/posts/post.ts'
import type { PressOver, TellPresser } from '../../../src/domain/conversation/reply.ts'
import type { ButtonPress } from '../../../src/domain/conversation/request.ts'
import type { Conversation } from '../../../src/domain/conversation/state.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../../src/domain/settings.ts'
import { DEFAULT_RULES, step } from '../../../src/domain/conversation/step.ts'
import { voidPressText } from '../../../src/view/asks/void-press.ts'
import { view } from '../../../src/view/index.ts'
import { conversation, GUILD, message, SESSION, user } from '../../support/conversation.ts'

export const bash = (command: string, facts: Partial<Ask> = {}): Ask => ({
  id: `per_${command}`,
  kind: 'permission',
  session: SESSION,
  title: `bash: ${command}`,
  permission: 'bash',
  patterns: [command],
  always: [`${command.split(' ')[0]} *`],
  details: {
    kind: 'command',
    text: command,
  },
  ...facts,
})
export const option = (label: string) => ({ label, description: '' })
export const form: Ask = {
  id: 'que_1',
  kind: 'question',
  session: SESSION,
  title: 'Which colour? / Which sizes?',
  questions: [
    {
      header: 'Colour',
      text: 'Which colour?',
      options: ['Red', 'Blue'].map(option),
      multiple: false,
    },
    {
      header: 'Sizes',
      text: 'Which sizes?',
      options: ['S', 'M', 'L'].map(option),
      multiple: true,
    },
  ],
}
export const asked = (ask: Ask): AgentEvent => ({ kind: 'asked', session: SESSION, ask })

/** A conversation in which the agent works, and what happens in it. */
export class Thread {
  state: Conversation = conversation({ status: { kind: 'busy' }, messages: [user('msg_1', 1)] })
  readonly effects: Effect[] = []
  /** Of the project folder. */
  allowed: readonly StandingAllowance[] = []
  readonly changes: AllowanceChange[] = []
  readonly settings: Settings
  at = 1
  /** What those who pressed in vain were told. */
  readonly told: string[] = []
  #order = 10

  constructor(settings: Partial<Settings> = {}, allowed: readonly StandingAllowance[] = []) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings }
    this.allowed = allowed
  }

  take(input: Input): this {
    const { settings, allowed } = this
    const { state, effects, actions, allowances } = step(this.state, input, { ...DEFAULT_RULES, settings, allowed })
    this.state = state
    for (const action of actions) if (isTelling(action)) this.told.push(voidPressText(action.why))
    this.effects.push(...effects.filter(({ key }) => !this.effects.some((known) => known.key === key)))
    this.changes.push(...allowances)
    for (const change of allowances) if (change.kind === 'allow') this.allowed = [...this.allowed, change.allowance]
    return allowances.length > 0 ? this.take({ kind: 'allowances-changed', at: input.at }) : this
  }

  hears(event: AgentEvent): this {
    return this.take({ kind: 'agent', at: this.at, event })
  }

  asks(...list: readonly Ask[]): this {
    for (const ask of list) this.hears(asked(ask))
    return this
  }

  /** The button with this label on the card of the ask. */
  press(label: string, { id }: Ask = this.first, facts: Partial<ButtonPress> = {}): this {
    const button = this.card(id)?.buttons?.find((each) => each.label === label)
    if (!button) throw new Error(`no button ${label}`)
    return this.pressId(button.id, facts)
  }

  /** These options of the menu on the card. */
  choose(...labels: readonly string[]): this {
    const select = this.card(this.first.id)?.select
    const chosen = labels.map((label) => select?.options.find((option) => option.label === label)?.value ?? 'none')
    return this.pressId(select?.id ?? 'no menu', { chosen })
  }

  pressId(customId: string, facts: Partial<ButtonPress> = {}): this {
    const press = {
      id: '9',
      guildId: GUILD,
      channelId: '1',
      messageId: '8',
      customId,
      userId: '7',
      userName: 'ada',
      followUp: { applicationId: '2', token: 't' },
      ...facts,
    }
    return this.take({ kind: 'pressed', order: 9, at: 2, press })
  }

  /** A message; with `replyTo` a reply to the card of that ask. */
  says(text: string, replyTo?: Ask): this {
    this.#order += 1
    const reply = replyTo && { authorName: 'Kimaki', text: '', id: `card of ${replyTo.id}` }
    const written = message(text, { id: String(this.#order), channelId: '1', inThread: true, reply })
    const editable = asks.of(this.state).asks.map(({ id }): EditablePost => ({
      postId: `k${id}`,
      channelId: '1',
      key: `ask/${id}`,
      messageId: `card of ${id}`,
      shown: undefined,
      content: {
        text: '',
        buttons: [],
      },
    }))
    this.state = { ...this.state, posts: { ...this.state.posts, editable } }
    return this.take({ kind: 'message', at: 3, order: this.#order, message: written })
  }

  ends(kind: 'done' | 'gone' = 'done'): this {
    for (const effect of this.effects.filter(({ owner }) => owner === 'asks'))
      this.take({ kind: 'outcome', at: 4, effect, outcome: { kind } })
    return this
  }

  /** The block is posted. */
  stands(key: string): void {
    const { posts } = this.state
    this.state = { ...this.state, posts: { ...posts, posted: new Set([...posts.posted, key]) } }
  }

  get first(): Ask {
    const [first] = asks.of(this.state).asks
    if (!first) throw new Error('nothing is asked')
    return first
  }

  card(id: string) {
    return view(this.state).find(({ key }) => key === `ask/${id}`)
  }

  get cards(): readonly string[] {
    return view(this.state).flatMap(({ key, text }) => (key.startsWith('ask/') ? [text] : []))
  }

  get answers(): readonly object[] {
    return this.effects.flatMap((effect) =>
      effect.owner === 'asks'
        ? [{ kind: effect.kind, id: (effect as unknown as { readonly ask: Ask }).ask.id, ...only(effect, 'words', 'answers') }]
        : [],
    )
  }
}

const isTelling = (action: Action): action is TellPresser<PressOver | PressOnAsk> => action.kind === 'tell-presser'

const only = (effect: object, ...names: readonly string[]): object =>
  Object.fromEntries(Object.entries(effect).filter(([name]) => names.includes(name)))
