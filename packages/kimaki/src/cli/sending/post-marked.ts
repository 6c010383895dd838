/** Where no kimaki is, only the token: the message is posted in Discord, with a mark by which the bot knows that it is for it to run. */
import type { SendRequest } from '../../app/send.ts'
import { UsageError } from '../../base/errors.ts'
import { postMarked } from '../../discord/outbound/post-marked.ts'
import type { Config } from '../config.ts'

/** Discord docs: Create Message. */
const LONGEST = 2000

export async function postForBot(
  { token, apiUrl }: Pick<Config, 'token' | 'apiUrl'>,
  { id, target, prompt: text, files = [], userId, agent, model, rules }: SendRequest,
): Promise<{ readonly key: string; readonly state: 'posted'; readonly messageId: string } | Error> {
  if (target.kind !== 'channel' || token === undefined)
    return new UsageError({ reason: 'Without a kimaki here, --channel is needed.' })
  if (files.length > 0)
    return new UsageError({ reason: 'Without a kimaki here, files cannot be sent. Put them where the bot can read them.' })
  if (text.length > LONGEST)
    return new UsageError({
      reason: `Without a kimaki here, a prompt has at most ${LONGEST} characters; it has ${text.length}. Write it to a file in the repository and name the file.`,
    })
  const { channelId, name } = target
  const given = { name, userId, agent, model, ...(rules && rules.length > 0 && { rules }) }
  const posted = await postMarked({ token, apiUrl }, { channelId, text, mark: { id, ...given } })
  return posted instanceof Error ? posted : { key: `send:${id}`, state: 'posted', messageId: posted.messageId }
}
