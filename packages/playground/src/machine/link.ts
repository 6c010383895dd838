/** Links the sample project to its channel, as a person would on the command line. */
import { beginLife } from './life.ts'

export async function linkProject(
  environment: Readonly<Record<string, string>>,
  link: { readonly folder: string; readonly channelId: string; readonly guildId: string },
  program?: string,
): Promise<void> {
  const args = ['project', 'link', link.folder, '--channel', link.channelId, '--guild', link.guildId]
  const life = beginLife(environment, args, program)
  const late = setTimeout(() => life.signal('SIGKILL'), LINK_MS)
  const { code } = await life.exited
  clearTimeout(late)
  if (code !== 0) throw new Error(`"kimaki project link" did not succeed:\n${life.lastWords()}`)
}

const LINK_MS = 15_000
