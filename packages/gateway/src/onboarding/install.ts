/** The install address, and what comes back from Discord: the client of the attempt is let into the guild that Discord names. */
import type { ServerResponse } from 'node:http'
import { StoreAway } from '../base/errors.ts'
import { fieldsOf, isSnowflake } from '../base/shape.ts'
import { redirect, sendPage } from '../base/answer.ts'
import { isCallback, withGuild } from './callback-address.ts'
import type { OAuth, Returned } from './oauth.ts'
import { sentence } from './pages.ts'
import type { OnboardingSettings } from './settings.ts'

export interface InstallRoutes {
  begin(response: ServerResponse, query: URLSearchParams): void
  finish(response: ServerResponse, returned: Returned): Promise<void>
}

const NOT_NOW = 'The gateway cannot read its database at the moment. Try again in a minute.'

export function createInstall(settings: OnboardingSettings, oauth: OAuth): InstallRoutes {
  const { store, deliver, announce, metrics, log } = settings
  const fail = (response: ServerResponse, status: number, text: string) =>
    sendPage(response, status, sentence('Not connected', text))
  return {
    begin(response, query) {
      const clientId = query.get('clientId') ?? ''
      const callback = query.get('callbackUrl') ?? ''
      if (callback !== '' && !isCallback(callback)) {
        return fail(response, 400, 'The address to go on to must begin with https://, or with http://localhost.')
      }
      const attempt = store.clients.openAttempt(clientId)
      if (attempt instanceof StoreAway) return fail(response, 503, NOT_NOW)
      if (attempt === undefined) {
        return fail(
          response,
          404,
          'No machine waits for this address any more. Start kimaki with --gateway again, and open the new one.',
        )
      }
      const begun = oauth.begin({ kind: 'install', attemptId: attempt.id, callback })
      if (begun instanceof StoreAway) return fail(response, 503, NOT_NOW)
      redirect(response, begun.location, { 'set-cookie': begun.cookie })
    },
    async finish(response, { journey: { attemptId, callback }, result }) {
      const trouble = async (): Promise<string | { readonly guildId: string }> => {
        if (typeof result === 'string') return result
        const { guildId, accessToken } = result
        if (guildId === undefined) return 'No server was chosen at Discord. Open the install address again, and choose one.'
        const { id: userId } = fieldsOf(await oauth.ask(accessToken, '/users/@me'))
        if (!isSnowflake(userId)) return 'Discord did not say who you are. Open the install address again.'
        const deliveries = store.clients.authorize(attemptId, guildId, userId)
        if (deliveries instanceof StoreAway) return NOT_NOW
        deliver(deliveries)
        return { guildId }
      }
      const outcome = await trouble()
      if (typeof outcome === 'string') {
        metrics.add('gateway_installs_total', 'failed')
        log.warn('an installation failed', { attempt: attemptId, why: outcome })
        store.clients.failed(attemptId, outcome)
        return fail(response, 400, outcome)
      }
      metrics.add('gateway_installs_total', 'authorized')
      log.info('a machine was let into a server', { attempt: attemptId, guild: outcome.guildId })
      announce()
      if (callback !== '') return redirect(response, withGuild(callback, outcome.guildId))
      sendPage(response, 200, sentence('Connected', 'Your machine is connected to the server. You can close this page.'))
    },
  }
}
