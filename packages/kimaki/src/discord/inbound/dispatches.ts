/** Gateway dispatches by name: a table of handlers, each with the data of its own event. */
import type { GatewayDispatchEvents, GatewayDispatchPayload } from 'discord-api-types/v10'

type DataOf<E extends GatewayDispatchEvents> = GatewayDispatchPayload extends infer P
  ? P extends { readonly t: infer T; readonly d: infer D }
    ? E extends T
      ? D
      : never
    : never
  : never

export type DispatchTable<R> = { readonly [E in GatewayDispatchEvents]?: (data: DataOf<E>) => R }

/** What the table says; undefined for a dispatch it does not name. */
export function handleDispatch<R>(table: DispatchTable<R>, dispatch: GatewayDispatchPayload): R | undefined {
  const handle = table[dispatch.t] as ((data: GatewayDispatchPayload['d']) => R) | undefined
  return handle?.(dispatch.d)
}
