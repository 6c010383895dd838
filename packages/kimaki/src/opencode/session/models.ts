/**
 * Names another model for a session whose own does not exist. A session keeps its model (`session.model`), even then: each further message
 * would fail. The next prompt of such a session names the model that OpenCode would take for a new session; the session then keeps that
 * one.
 */
import type { AnsweredBy } from '../../domain/agent.ts'
import type { PromptRequest } from '../../ports/agent.ts'
import type * as api from '../wire/api.ts'
import { read } from '../wire/read.ts'
import type { Link } from './link.ts'
import { readSession } from './sessions.ts'

/** Checked once for each session and server, and after each failure; `undefined` also when OpenCode does not tell. */
export async function replacementModel(
  link: Link,
  { session, directory, answeredBy }: Pick<PromptRequest, 'session' | 'directory' | 'answeredBy'>,
): Promise<AnsweredBy['model']> {
  if (answeredBy?.model || link.trusted.has(session)) return undefined
  const found = await readSession(link, session)
  if (found instanceof Error) return undefined
  const model = found.object('model')
  const wanted = `${model.text('providerID') ?? ''}/${model.text('id') ?? ''}`
  const models = await link.catalog.models(directory, wanted)
  if (!models) return undefined
  if (model.text('id') === undefined || models.limits.has(wanted)) {
    link.trusted.add(session)
    return undefined
  }
  const config = await link.http.call({ method: 'GET', path: '/config', directory })
  const configured = config instanceof Error ? undefined : read<api.Config>(config.json).text('model')
  const replacement = [configured, models.fallback].find((name) => name !== undefined && models.limits.has(name))
  return replacement === undefined ? undefined : modelNamed(replacement)
}

/** `provider/model`; the name of a model may hold slashes too. */
function modelNamed(name: string): NonNullable<AnsweredBy['model']> {
  const slash = name.indexOf('/')
  return { provider: name.slice(0, slash), model: name.slice(slash + 1), variant: undefined }
}
