/** What a machine asks of a gateway before it connects: to be registered, and how far a person is with letting it in. */
import {
  hashOf,
  Malformed,
  readRegistered,
  readStatus,
  tokenOf,
  type Credentials,
  type OnboardingStatus,
  type Registered,
} from 'kimaki-protocol'
import { TryLater, UsageError } from '../../base/errors.ts'
import { lineForTerminal } from '../../base/text.ts'
import { createTransport } from '../../discord/rest/transport.ts'

/** For one answer. A start with an address that is wrong has ended within 10 s, on a busy machine too. */
const TIMEOUT_MS = 6000
const CONFLICT = 409

/**
 * `machine`: how people will see it called. Done again, it tells the same way in, as long as nobody has gone it. `taken`: the id belongs to
 * somebody else, and another has to be made.
 */
export async function register(
  website: string,
  { clientId, secret }: Credentials,
  machine: string,
): Promise<Registered | 'taken' | UsageError | TryLater> {
  const body = JSON.stringify({ client_id: clientId, secret_sha256: hashOf(secret), machine })
  const answer = await exchange(website, '/api/clients', { method: 'POST', body })
  if (answer instanceof Error) return answer
  return answer.status === CONFLICT ? 'taken' : readAnswer(website, answer, readRegistered)
}

/** How far that way in is. A `TryLater` may be asked again. */
export async function askStatus(
  website: string,
  credentials: Credentials,
  attempt: string,
): Promise<OnboardingStatus | UsageError | TryLater> {
  const headers = { authorization: `Bearer ${tokenOf(credentials)}` }
  const answer = await exchange(website, `/api/onboarding/status?attempt=${encodeURIComponent(attempt)}`, { headers })
  return answer instanceof Error ? answer : readAnswer(website, answer, readStatus)
}

interface Answer {
  readonly status: number
  /** Undefined where it is no JSON. */
  readonly body: unknown
}

interface Init {
  readonly method?: 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Redirects are not followed: the secret is said to nobody else. */
async function exchange(website: string, path: string, init: Init): Promise<Answer | TryLater> {
  const transport = createTransport()
  try {
    const answer = await transport.exchange(`${website}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: answer.status, body: await answer.json().catch(() => undefined) }
  } catch (error) {
    return new TryLater({ reason: `The gateway ${website} cannot be reached (${reasonOf(error)}).` })
  } finally {
    transport.close()
  }
}

function reasonOf(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer within ${TIMEOUT_MS / 1000} s`
  return code ?? message
}

function readAnswer<T>(
  website: string,
  { status, body }: Answer,
  read: (body: unknown) => T | Malformed,
): T | UsageError | TryLater {
  const refused = status >= 400 ? refusalIn(body) : undefined
  if (refused !== undefined && (status === 429 || status >= 500))
    return new TryLater({ reason: `The gateway ${website}: ${refused}` })
  if (refused !== undefined) return new UsageError({ reason: `The gateway ${website} refuses: ${refused}` })
  const known = status === 200 ? read(body) : new Malformed({ field: 'the answer', wanted: `one of a gateway (HTTP ${status})` })
  if (!(known instanceof Malformed)) return known
  return new UsageError({
    reason: `What answers at ${website} does not speak the protocol of this kimaki (${known.message}). Check KIMAKI_WEBSITE_URL, or update one of the two.`,
  })
}

/** The sentence of a refusal in the shape of Discord's errors (`kimaki-protocol`, `refusals.ts`). */
function refusalIn(body: unknown): string | undefined {
  const { code, message } = (body ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  return typeof code === 'number' && typeof message === 'string' ? lineForTerminal(message).slice(0, 300) : undefined
}
