/** Opens an address in the browser of whoever sits at the machine; where none can be opened, nothing happens. */
import { spawn } from 'node:child_process'

export function openAddress(address: string, platform = process.platform): void {
  const [program, ...args] =
    platform === 'darwin' ? ['open'] : platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open']
  const child = spawn(program ?? '', [...args, address], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
