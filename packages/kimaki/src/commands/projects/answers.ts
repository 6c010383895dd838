/** What people read of projects that were made, removed, or not. */
import { ChatUnknown, UsageError } from '../../base/errors.ts'
import type { AddedProject, RemovedProject, SetupError } from '../../ports/projects.ts'
import { plain, REASON_MAX } from '../../view/text/notice.ts'
import { channelRefusedText } from '../../view/text/project-channel.ts'

export function addedText({ channelId, directory, isOld, isTrusted, warning }: AddedProject): string {
  const folder = plain(directory, PATH_MAX)
  const what = isOld
    ? `⬦ **${folder}** was a project here before: <#${channelId}>`
    : `✓ <#${channelId}> is the project **${folder}** now`
  return [
    what,
    isOld
      ? ''
      : isTrusted
        ? 'A message there begins a session.'
        : 'A message there begins a session. What the folder brings is not used: it is not trusted.',
    warning === undefined ? '' : plain(warning, REASON_MAX),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

export function removedText({ directory, channel, reason }: RemovedProject, channelId: string): string {
  const folder = directory === '' ? 'The folder' : `The folder **${plain(directory, PATH_MAX)}**`
  const untouched = `${folder} is as it was: nothing in it was touched.`
  if (channel === 'deleted') return `✓ the project is removed, and its channel deleted\n${untouched}`
  const kept = `✓ <#${channelId}> is no project any more: Kimaki does not answer there`
  if (channel === 'refused') return `${kept}\nThe channel was not deleted. ${plain(reason ?? '', REASON_MAX)}\n${untouched}`
  return `${kept}\n${untouched}`
}

/** `what` did not happen. */
export function notSetUpText(what: string, error: SetupError): string {
  if (error instanceof UsageError) return `✗ ${what}: ${plain(String(error.reason), REASON_MAX)}`
  if (error instanceof ChatUnknown)
    return `✗ ${what}: Discord did not answer\nRun the command again: it goes on where it stopped.`
  return `✗ ${what}\n${channelRefusedText(error)}`
}

const PATH_MAX = 200
