/** Has speech written down by whoever is set up for it: looked up anew for each recording, so a key that is entered counts at once. */
import type { UsageError } from '../../base/errors.ts'
import type { Secrets } from '../../base/redact.ts'
import type { Log } from '../../ports/host.ts'
import type { Transcriber } from '../../ports/voice/transcriber.ts'
import { VoiceUnavailable } from '../../base/errors.ts'
import { transcribeByGemini } from './gemini.ts'
import { readKey, saveKey } from './keys.ts'
import { Listener } from './local/listener.ts'
import { isInstalled } from './local/place.ts'
import { transcribeByOpenAi } from './openai.ts'
import { providerOf, type Environment, type Provider } from './providers.ts'

export interface TranscriberOptions {
  readonly dataDir: string
  readonly environment: Environment
  readonly secrets: Pick<Secrets, 'add'>
  readonly log: Log
}

export function createTranscriber({ dataDir, environment, secrets, log }: TranscriberOptions): Transcriber {
  const listener = new Listener({ dataDir, environment, log })
  let change = Promise.withResolvers<void>()

  function found(): Provider | undefined | UsageError {
    const saved = readKey(dataDir)
    if (saved instanceof Error) return saved
    // Nothing that is said may hold it, whoever says it.
    if (saved) secrets.add(saved.key)
    return providerOf({ environment, saved, isLocal: isInstalled(dataDir) })
  }
  found()

  return {
    async provider() {
      const provider = found()
      return provider instanceof Error ? provider : provider?.name
    },
    async transcribe(recording, vocabulary, signal) {
      const provider = found()
      if (provider === undefined || provider instanceof Error)
        return new VoiceUnavailable({ reason: provider?.message ?? 'nobody is set up to write it down any more' })
      if (provider.kind === 'openai') return transcribeByOpenAi(provider, recording, vocabulary, signal)
      if (provider.kind === 'gemini') return transcribeByGemini(provider, recording, vocabulary, signal)
      return listener.listen(recording, signal)
    },
    setKey(key) {
      if (key) secrets.add(key.key)
      const trouble = saveKey(dataDir, key)
      if (trouble) return trouble
      change.resolve()
      change = Promise.withResolvers()
      return undefined
    },
    changed: () => change.promise,
    stop: async () => listener.stop(),
  }
}
