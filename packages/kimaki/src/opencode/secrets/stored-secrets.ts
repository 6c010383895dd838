/**
 * The secrets that OpenCode works with, so that none of them is ever posted: the passwords of its servers, and the keys of providers in
 * its log-in file, in the configuration of the user, in the list of accounts, and the one for voice messages. Keys of projects are learned from OpenCode itself (`session/catalog.ts`).
 */
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { looksSecret } from '../../base/known-secrets.ts'
import type { Secrets } from '../../base/redact.ts'
import type { ServerRecords } from '../../ports/agent.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Every server that goes on record is known by its password, and with each heartbeat the files are looked at again: log-ins are renewed. */
export function learnFrom(
  records: ServerRecords,
  { environment, dataDir }: { readonly environment: Environment; readonly dataDir: string },
  secrets: Secrets,
): ServerRecords {
  const learn = async (): Promise<void> => secrets.add(...(await storedSecrets(environment, dataDir)))
  void learn()
  return {
    read() {
      const found = records.read()
      secrets.add(...found.map(({ record }) => record.password))
      return found
    },
    write(record, directories) {
      secrets.add(record.password)
      return records.write(record, directories)
    },
    forget: (directories) => records.forget(directories),
    async heartbeat(at) {
      await learn()
      return records.heartbeat(at)
    },
  }
}

/** Of ours, in the data folder. */
const OWN_FILES = ['accounts.json', 'voice.json']

async function storedSecrets(environment: Environment, dataDir: string): Promise<readonly string[]> {
  const texts = await Promise.all([...filesOf(environment), ...OWN_FILES.map((name) => join(dataDir, name))].map(textOf))
  const given = [environment['OPENCODE_CONFIG_CONTENT'], environment['OPENCODE_AUTH_CONTENT']]
  return [...texts, ...given].flatMap((text) => (text === undefined ? [] : secretFields(text)))
}

/** Where OpenCode keeps the keys of log-ins. */
export const logInFile = (environment: Environment): string =>
  join(environment['XDG_DATA_HOME'] || join(environment['HOME'] || homedir(), '.local', 'share'), 'opencode', 'auth.json')

function filesOf(environment: Environment): readonly string[] {
  const home = environment['HOME'] || homedir()
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config')
  const named = environment['OPENCODE_CONFIG']
  return [
    logInFile(environment),
    ...['config.json', 'opencode.json', 'opencode.jsonc'].map((name) => join(config, 'opencode', name)),
    ...(named ? [named] : []),
  ]
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() && found.size <= LARGEST_BYTES ? await readFile(path, 'utf8') : undefined
  } catch {
    // Most of these files are not there.
    return undefined
  }
}

/** Read as text: a configuration with comments, or with a mistake, has its keys, too. */
function secretFields(text: string): readonly string[] {
  return [...text.matchAll(FIELD)].map(([, value = '']) => unescaped(value)).filter(looksSecret)
}

function unescaped(value: string): string {
  try {
    return JSON.parse(`"${value}"`) as string
  } catch {
    return value
  }
}

const LARGEST_BYTES = 1_000_000
const FIELD =
  /"[\w-]{0,40}(?:key|token|secret|password|access|refresh|authorization)"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.){8,4096})"/gi
