/** The page's TypeScript as one script for the browser: bundled at each start (about 0.2 s), so that there is no build step. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ENTRY = fileURLToPath(new URL('../page/main.ts', import.meta.url))

export async function bundlePage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(ENTRY),
    build: { write: false, minify: false, target: 'es2023', lib: { entry: ENTRY, formats: ['es'], fileName: 'page' } },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
  const script = outputs.find((one) => one.type === 'chunk')
  if (script === undefined) throw new Error('The page was bundled into nothing')
  return script.code
}
