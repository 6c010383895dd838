/** Who and what the emulated Discord holds when the curtain rises. */
import type { Bot, Guild, Person, World } from 'discord-emulator'

export interface Stage {
  readonly guild: Guild
  readonly you: Person
  /** Everybody whom the page can speak as, you first. */
  readonly cast: readonly Member[]
  readonly bot: Bot
  /** Linked to the sample project. */
  readonly projectChannel: string
  /** All channels, in the order the page lists them. */
  readonly channels: readonly string[]
}

/** `note`: why they may speak to the agent, or may not. */
export type Member = { readonly note: string; readonly maySpeak: boolean } & (
  | { readonly kind: 'person' | 'guest'; readonly who: Person }
  | { readonly kind: 'bot'; readonly who: Bot }
)

/** A guild of yours with the bot, people of each kind that access knows, one channel for the project and one that no project is linked to. */
export function setStage(world: World, project: string): Stage {
  const you = world.user('Ada')
  const guild = world.guild({ name: 'Playground', owner: you })
  const bot = world.bot({ name: 'Kimaki' })
  const herald = world.bot({ name: 'Herald' })
  const [mary, grace, alan] = [world.user('Mary'), world.user('Grace'), world.user('Alan')]
  guild.addBot(bot)
  guild.addBot(herald)
  guild.join(mary, [guild.role({ name: 'Kimaki' }).id])
  guild.join(grace)
  guild.join(alan, [guild.role({ name: 'no-kimaki' }).id])
  const { id: projectChannel } = guild.textChannel(project)
  const { id: general } = guild.textChannel('general')
  const cast: readonly Member[] = [
    { kind: 'person', who: you, maySpeak: true, note: 'owns this server: may do all' },
    { kind: 'person', who: mary, maySpeak: true, note: 'has the role Kimaki: may speak to the agent' },
    { kind: 'guest', who: grace, maySpeak: false, note: 'has no role: asks to be let in, each time' },
    { kind: 'person', who: alan, maySpeak: false, note: 'has the role no-kimaki: is never heard' },
    { kind: 'bot', who: herald, maySpeak: false, note: 'another bot: not heard without the role Kimaki' },
  ]
  return { guild, you, cast, bot, projectChannel, channels: [projectChannel, general] }
}
