/** Where no kimaki is, only the token: the message is posted in Discord, with a mark by which the bot knows that it is for it to run. */
import type { SendRequest } from '../../app/send.ts'
import { UsageError } from '../../base/errors.ts'
import { postMarked } from '../../discord/outbound/post-marked.ts'
import { fileLimit } from '../../discord/outbound/attach.ts'
import { threadNameFrom } from '../../domain/naming.ts'
import type { SentFile } from '../../ports/chat.ts'
import type { Config } from '../config.ts'
import { readUploads } from './keep-file.ts'

/** Discord docs: Create Message. */
const LONGEST = 2000
const MOST_FILES = 10
/** The bot takes a file of this name for the words themselves. */
const WORDS_FILE = 'message.txt'

export interface PostedForBot {
  readonly key: string
  readonly state: 'posted'
  readonly messageId: string
  readonly userId: string
}

export async function postForBot(
  { token, apiUrl }: Pick<Config, 'token' | 'apiUrl'>,
  { id, target, prompt, files = [], cwd, worktree, userId, agent, model, rules }: SendRequest,
): Promise<PostedForBot | Error> {
  if (target.kind !== 'channel' || token === undefined)
    return new UsageError({ reason: 'Without a kimaki here, --channel is needed.' })
  if (cwd !== undefined) return new UsageError({ reason: 'Without a kimaki here, no folder can be chosen: leave out --cwd.' })
  if (worktree) return new UsageError({ reason: 'Without a kimaki here, no worktree can be asked for: leave out --worktree.' })
  const isLong = prompt.length > LONGEST
  const most = isLong ? MOST_FILES - 1 : MOST_FILES
  if (files.length > most)
    return new UsageError({ reason: `At most ${most} files go with ${isLong ? 'a prompt that is a file itself' : 'a prompt'}.` })
  const read = await readUploads(files, { within: undefined, limit: fileLimit(0) })
  if (read instanceof Error) return read
  const words: SentFile = { name: WORDS_FILE, mime: 'text/plain', bytes: Buffer.from(prompt) }
  const { channelId, name } = target
  const given = {
    name,
    ...(isLong && { title: threadNameFrom(prompt) }),
    userId,
    agent,
    model,
    ...(rules && rules.length > 0 && { rules }),
  }
  const message = { channelId, text: isLong ? '' : prompt, mark: { id, ...given }, files: isLong ? [words, ...read] : read }
  const posted = await postMarked({ token, apiUrl }, message)
  return posted instanceof Error ? posted : { key: `send:${id}`, state: 'posted', ...posted }
}
