/** Which of the linked projects somebody means, by its channel or its folder. */
import { UsageError } from '../../base/errors.ts'
import type { Project } from '../../ports/store.ts'
import { realDirectory } from '../directory.ts'
import { readChannel } from './channel-address.ts'

export function whichProject<P extends Project>(projects: readonly P[], text: string): P | UsageError {
  const channel = readChannel(text)
  if (!(channel instanceof Error)) {
    const { channelId } = channel
    return projects.find((project) => project.channelId === channelId) ?? notLinked(`the channel ${channelId}`)
  }
  const real = realDirectory(text)
  const directory = real instanceof Error ? text : real
  const linked = projects.filter((project) => project.directory === directory)
  const [only] = linked
  if (only === undefined) return notLinked(directory)
  if (linked.length === 1) return only
  const channels = linked.map(({ channelId }) => channelId).join(', ')
  return new UsageError({ reason: `${directory} has several channels: ${channels}. Name one of them.` })
}

const notLinked = (what: string): UsageError =>
  new UsageError({ reason: `${what} is no project. "kimaki project list" shows those that are.` })
