/**
 * A session keeps its model (`session.model`), also one that is not there any more, or never was: each further message would fail. Such a
 * message names the model that OpenCode would take for a new session; the session then keeps that one.
 */
import type { PromptRequest } from '../../ports/agent.ts'
import type { AnsweredBy } from '../../domain/conversation/agent.ts'
import { record, text } from '../wire/json.ts'
import type { Link } from './link.ts'
import { readSession } from './sessions.ts'

/** Looked at once for each session and server, and after each failure; what cannot be read changes nothing. */
export async function replacementModel(
  link: Link,
  { session, directory, as }: Pick<PromptRequest, 'session' | 'directory' | 'as'>,
): Promise<AnsweredBy['model']> {
  if (as?.model || link.trusted.has(session)) return undefined
  const found = await readSession(link, session)
  if (!found.ok) return undefined
  const { providerID, id } = record(found.value['model'])
  const wanted = `${text(providerID) ?? ''}/${text(id) ?? ''}`
  const models = await link.catalog.models(directory, wanted)
  if (!models) return undefined
  if (text(id) === undefined || models.limits.has(wanted)) {
    link.trusted.add(session)
    return undefined
  }
  const config = await link.http.call({ method: 'GET', path: '/config', directory })
  const configured = config.ok ? text(record(config.value.json)['model']) : undefined
  const instead = [configured, models.fallback].find((model) => model !== undefined && models.limits.has(model))
  const slash = instead?.indexOf('/') ?? -1
  return instead === undefined
    ? undefined
    : { provider: instead.slice(0, slash), model: instead.slice(slash + 1), variant: undefined }
}
