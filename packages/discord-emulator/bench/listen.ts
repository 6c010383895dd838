/** A bot on the gateway that hears of every message and does nothing about it. */
import { WebSocket } from 'ws'
import type { Emulator } from '../src/index.ts'

export async function listen(emulator: Emulator, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`${emulator.origin.replace('http', 'ws')}/gateway?v=10&encoding=json`)
  socket.on('open', () => socket.send(JSON.stringify({ op: 2, d: { token, intents: 33_281, properties: {} } })))
  await emulator.world.until('a READY', () => emulator.journal.entries.find(({ kind }) => kind === 'dispatch'))
  return socket
}
