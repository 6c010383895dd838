/**
 * Who listens on a port of 127.0.0.1: a port alone names nobody, and another user of the machine may have taken it first. A process proves
 * that the port is its own by its output, which only it can write, or by a listening socket that is open in it.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { endianness } from 'node:os'

const LOOPBACK = endianness() === 'LE' ? '0100007F' : '7F000001'
/** TCP_LISTEN in the tables of Linux. */
const LISTENS = '0A'

/** What OpenCode prints once it listens and answers; it ends instead when the port is taken. */
export function announces(output: string, port: number): boolean {
  return output.split('\n').some((line) => line.trim() === `opencode server listening on http://127.0.0.1:${port}`)
}

/** A socket of this process listens there. False too when the system does not tell. */
export function ownsPort(pid: number, port: number): boolean {
  try {
    return process.platform === 'linux' ? ownsByProc(pid, port) : ownsByLsof(pid, port)
  } catch {
    return false
  }
}

function ownsByProc(pid: number, port: number): boolean {
  const sockets = new Set(listeningSockets(readFileSync('/proc/net/tcp', 'latin1'), port).map((inode) => `socket:[${inode}]`))
  return sockets.size > 0 && readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(linkOf(`/proc/${pid}/fd/${fd}`)))
}

/** Inodes. A line: `sl local remote state queues timer retransmits uid timeout inode …`. */
export function listeningSockets(table: string, port: number): readonly string[] {
  const address = `${LOOPBACK}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    return local === address && state === LISTENS && inode !== undefined ? [inode] : []
  })
}

/** Empty for one that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function ownsByLsof(pid: number, port: number): boolean {
  const found = execFileSync('lsof', ['-nP', '-a', '-p', String(pid), `-iTCP@127.0.0.1:${port}`, '-sTCP:LISTEN', '-t'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return found.trim() === String(pid)
}
