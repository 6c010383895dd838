/**
 * Keys of blocks, made and read here and nowhere else: `kind/about`. Examples: `part/prt_x`, `queue/discord:1234`. They are on record: a kind
 * keeps its name. A long block is posted in several messages: `key#0`, `key#1`, ... and the last one ends with `key#end`.
 */

export const blockKey = (kind: string, ...about: readonly string[]): string => [kind, ...about].join('/')

/** The key of the block a message shows a piece of. */
export const wholeKey = (key: string): string => key.replace(/#[^#]*$/, '')

export const pieceKey = (key: string, piece: number | 'end'): string => `${key}#${piece}`
