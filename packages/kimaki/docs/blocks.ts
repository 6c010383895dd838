/** Blocks of the pages that are written by a program, between two comments: `<!-- made: tree -->` and `<!-- /made -->`. */
import { ORDERS, OWNERS, ROOMS, SRC } from '../test/architecture/plan.ts'
import type { Tree } from '../test/architecture/modules.ts'
import { may } from '../src/domain/access.ts'
import { COMMANDS } from '../src/commands/index.ts'
import { CLI_COMMANDS } from '../src/cli/commands/index.ts'
import { GLOBAL_FLAGS } from '../src/cli/flags.ts'
import { accessTable } from './access.ts'
import { cliList } from './cli.ts'
import { commandList } from './commands.ts'
import { PURPOSES } from './folders.ts'
import { importTable, orderTable } from './tables.ts'
import { sourceTree } from './tree.ts'

/** Every block by its name, made from the sources and the plan. */
export function makeBlocks(sources: Tree): Readonly<Record<string, string>> {
  return {
    access: accessTable(may),
    cli: cliList(CLI_COMMANDS, GLOBAL_FLAGS),
    commands: commandList(COMMANDS),
    imports: importTable(sources, { root: SRC, rooms: ROOMS, owners: OWNERS }),
    orders: orderTable(sources, ORDERS, SRC),
    tree: sourceTree(sources, { root: SRC, purposes: PURPOSES }),
  }
}

const BLOCK = /(<!-- made: ([\w-]+) -->\n)[\s\S]*?(\n<!-- \/made -->)/g

/** The page with its blocks as they should be. Throws for a block nobody makes. */
export function renewed(page: string, blocks: Readonly<Record<string, string>>): string {
  return page.replaceAll(BLOCK, (_all, open: string, name: string, close: string) => {
    const block = blocks[name]
    if (block === undefined) throw new Error(`nobody makes the block "${name}"`)
    return open + block + close
  })
}

/** Names of the blocks a page shows. */
export const blocksIn = (page: string): readonly string[] => [...page.matchAll(BLOCK)].map(([, , name = '']) => name)
