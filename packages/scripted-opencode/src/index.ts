import { fileURLToPath } from 'node:url'

/** The program to run instead of OpenCode: an absolute path, executable, for `OPENCODE_PATH`. */
export const SCRIPTED_OPENCODE: string = fileURLToPath(new URL('../bin/opencode', import.meta.url))
