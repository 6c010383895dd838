/** Whom OpenCode keeps a key for: the names in its log-in file, and nothing else of it. */
import { readFile } from 'node:fs/promises'
import { logInFile } from '../../secrets/stored-secrets.ts'
import { parseJson, read } from '../../wire/read.ts'

/** None where the file is not there, or cannot be read. */
export async function storedLogIns(environment: Readonly<Record<string, string | undefined>>): Promise<ReadonlySet<string>> {
  const text = environment['OPENCODE_AUTH_CONTENT'] ?? (await readFile(logInFile(environment), 'utf8').catch(() => ''))
  return new Set(Object.keys(read(parseJson(text)).fields))
}
