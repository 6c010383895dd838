/** Counters and gauges in the text format of Prometheus. */
const HELP = {
  gateway_clients_connected: ['gauge', 'Sockets of clients that are identified.'],
  gateway_events_total: ['counter', 'Events of Discord that were stored.'],
  gateway_deliveries_total: ['counter', 'Events that were written to sockets of clients.'],
  gateway_gaps_total: ['counter', 'Times that Discord began a new session, so that events were missed.'],
  gateway_requests_total: ['counter', 'Requests of clients to REST, by outcome.'],
  gateway_refused_frames_total: ['counter', 'Frames of clients that were not passed on.'],
  gateway_store_failures_total: ['counter', 'Times that the database could not be used.'],
  gateway_wakes_total: ['counter', 'Machines that were woken, by outcome.'],
  gateway_installs_total: ['counter', 'Ways through the installation, by outcome.'],
} as const

export type MetricName = keyof typeof HELP

export class Metrics {
  readonly #values = new Map<string, number>()

  add(name: MetricName, outcome?: string): void {
    const key = outcome === undefined ? name : `${name}{outcome="${outcome}"}`
    this.#values.set(key, (this.#values.get(key) ?? 0) + 1)
  }

  set(name: MetricName, value: number): void {
    this.#values.set(name, value)
  }

  value(key: string): number {
    return this.#values.get(key) ?? 0
  }

  text(): string {
    const lines = Object.entries(HELP).flatMap(([name, [type, help]]) => {
      const own = [...this.#values].filter(([key]) => key === name || key.startsWith(`${name}{`))
      const values = own.length === 0 ? [[name, 0] as const] : own
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...values.map(([key, value]) => `${key} ${value}`)]
    })
    return `${lines.join('\n')}\n`
  }
}
