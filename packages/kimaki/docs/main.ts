/** `npm run docs`: writes the blocks of docs/ that are made from the sources and the plan. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSources } from '../test/architecture/modules.ts'
import { makeBlocks, renewed } from './blocks.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const blocks = makeBlocks(readSources(ROOT))
for (const name of globSync('docs/**/*.md', { cwd: ROOT })) {
  const path = join(ROOT, name)
  const page = readFileSync(path, 'utf8')
  const next = renewed(page, blocks)
  if (next === page) continue
  writeFileSync(path, next)
  process.stdout.write(`${name}: written\n`)
}
