/** Where this machine can be woken, from the environment: checked before anything listens. */
import { UsageError } from '../../base/errors.ts'

export interface WakeSettings {
  /** What the gateway is told: https, without a path. */
  readonly url: string
  readonly host: string
  readonly port: number
}

const DEFAULT_LISTEN = '0.0.0.0:8787'

/** Undefined: it is not to be woken. */
export function readWakeSettings(
  environment: Readonly<Record<string, string | undefined>>,
): WakeSettings | undefined | UsageError {
  const reachable = environment['KIMAKI_INTERNET_REACHABLE_URL']?.trim() ?? ''
  if (reachable === '') return undefined
  const url = URL.parse(reachable)
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.search + url.hash + url.username !== '')
    return new UsageError({
      reason: `KIMAKI_INTERNET_REACHABLE_URL must be an https address without a path; it is "${reachable}".`,
    })
  const listen = environment['KIMAKI_WAKE_LISTEN']?.trim() || DEFAULT_LISTEN
  const [, host = '', port = ''] = /^(\d+(?:\.\d+){3}|\[[\da-f:]+\]):(\d{1,5})$/i.exec(listen) ?? []
  if (host === '' || Number(port) > 65_535)
    return new UsageError({
      reason: `KIMAKI_WAKE_LISTEN must be an address and a port, like ${DEFAULT_LISTEN}; it is "${listen}".`,
    })
  return { url: url.origin, host: host.replaceAll(/[[\]]/g, ''), port: Number(port) }
}
