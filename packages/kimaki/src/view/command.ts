/** What Kimaki says to a person whose slash command it does not carry out. */
import { plain } from './text/notice.ts'

export const needsThreadText = (name: string): string => `✗ ${shown(name)} works in a thread that Kimaki answers in.`

/** Discord shows the commands of the version that registered them last. */
export const unknownCommandText = (name: string): string =>
  `✗ the Kimaki that runs here does not know ${shown(name)}: it is of another version\nUpdate or restart it, then run the command again.`

/** Kimaki ended between putting the command on record and telling Discord so. */
export const missedCommandText = (name: string): string =>
  `✗ ${shown(name)} was not run: Kimaki was restarted as it came in\nRun the command again.`

/** Of a command that is typed, or of one in the menu of a message. */
const shown = (name: string): string => (/^\p{Lu}/u.test(name) ? `**${plain(name, NAME_MAX)}**` : `/${plain(name, NAME_MAX)}`)

/** Discord allows no longer names. */
const NAME_MAX = 32
