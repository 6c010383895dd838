/** Who and what the emulated Discord holds when the curtain rises. */
import type { Bot, Guild, Person, World } from 'discord-emulator'

export interface Stage {
  readonly guild: Guild
  readonly you: Person
  /** A member who may not speak to the agent. */
  readonly guest: Person
  readonly bot: Bot
  /** Linked to the sample project. */
  readonly projectChannel: string
  /** All channels, in the order the page lists them. */
  readonly channels: readonly string[]
}

/** A guild of yours with the bot, one channel for the project and one that no project is linked to. */
export function setStage(world: World, project: string): Stage {
  const you = world.user('Ada')
  const guest = world.user('Grace')
  const guild = world.guild({ name: 'Playground', owner: you })
  const bot = world.bot({ name: 'Kimaki' })
  guild.addBot(bot)
  guild.join(guest)
  const { id: projectChannel } = guild.textChannel(project)
  const { id: general } = guild.textChannel('general')
  return { guild, you, guest, bot, projectChannel, channels: [projectChannel, general] }
}
