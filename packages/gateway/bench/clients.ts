/** All clients of the benchmark, and the bot that is connected to Discord directly, in one process: one clock for when a message was heard. */
import { WebSocket } from 'ws'

interface Plan {
  readonly tokens: readonly string[]
  readonly gateway: string
  readonly direct: { readonly url: string; readonly token: string }
}

export interface Report {
  /** Deliveries to clients of the gateway. */
  readonly heard: number
  /** Milliseconds after the direct connection, ascending. */
  readonly added: readonly number[]
}

interface Frame {
  readonly op: number
  readonly t?: string | null
  readonly d: { readonly id?: string; readonly content?: string } | null
}

/** Sockets that are opened at a time. */
const AT_ONCE = 25

const direct = new Map<string, number>()
const heard: { readonly id: string; readonly at: number }[] = []

process.on('message', (message: Plan | 'report') => {
  if (message === 'report') process.send?.(report())
  else void connectAll(message).then(() => process.send?.('connected'))
})

async function connectAll({ tokens, gateway, direct: own }: Plan): Promise<void> {
  await connect(own.url, own.token, (id, at) => void direct.set(id, at))
  const waiting = [...tokens]
  const work = async (): Promise<void> => {
    for (let token = waiting.pop(); token !== undefined; token = waiting.pop())
      await connect(gateway, token, (id, at) => void heard.push({ id, at }))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

/** Resolves with READY. */
function connect(url: string, token: string, onMessage: (id: string, at: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/\/$/, '')}/?v=10&encoding=json`)
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      const at = performance.now()
      const { op, t, d } = JSON.parse(data.toString()) as Frame
      if (op === 10) socket.send(JSON.stringify({ op: 2, d: { token, intents: 33_281, properties: {} } }))
      if (t === 'READY') resolve()
      if (t === 'MESSAGE_CREATE' && d?.id !== undefined && d.content?.startsWith('#')) onMessage(d.id, at)
    })
  })
}

function report(): Report {
  const added = heard.flatMap(({ id, at }) => {
    const before = direct.get(id)
    return before === undefined ? [] : [at - before]
  })
  return { heard: heard.length, added: added.toSorted((one, other) => one - other) }
}
