/** An interaction that no machine hears is answered by the gateway, so that its person knows why (Discord docs: Interactions > Callback). */
import { fieldsOf, isSnowflake, textOf, type Fields } from '../base/shape.ts'
import type { UpstreamRest } from '../upstream/rest.ts'

const AUTOCOMPLETE = 4
const [MESSAGE, CHOICES] = [4, 8]
const EPHEMERAL = 1 << 6

export const OFFLINE = "⬦ This project's machine is offline. Start kimaki there, and try again."

export const WAKING = "⬦ This project's machine was asleep and is being started. Try again in half a minute."

export async function answerOffline(upstream: UpstreamRest, interaction: Fields, content = OFFLINE): Promise<void> {
  const { id, token, type } = fieldsOf(interaction)
  if (!isSnowflake(id) || !/^[\w.-]+$/.test(textOf(token))) return
  const answer =
    type === AUTOCOMPLETE ? { type: CHOICES, data: { choices: [] } } : { type: MESSAGE, data: { content, flags: EPHEMERAL } }
  const path = `/interactions/${id}/${encodeURIComponent(textOf(token))}/callback`
  await upstream.ask({ method: 'POST', path, body: JSON.stringify(answer) })
}
