/**
 * One connection to the database as a Hrana stream uses it.
 *
 * Q1. A connection that only reads is opened so, and refuses by SQLite's own rules: no text of SQL is looked at to judge it.
 * Q2. No other file is reached: ATTACH, and with it VACUUM INTO, is refused, also where writing is allowed.
 * Q3. Columns that hold passwords and tokens read as NULL: who may read what was said does not get to give orders to an agent or a bot.
 *     They are the passwords of OpenCode's servers, and what an older Kimaki has left in the same file.
 */
import { constants, DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite'
import { parametersOf } from './parameters.ts'
import { errorToWire, fields, fromWire, list, Refused, toWire, type Fields, type StreamResult } from './protocol.ts'

export type Mode = 'read' | 'write'

export class Connection {
  readonly #db: DatabaseSync
  readonly #stored = new Map<number, string>()
  /** Characters that may still go into the answer. */
  #room = 0
  /** What SQLite has asked for since the statement was begun. */
  #writes = false

  /** Throws what SQLite does. */
  constructor(file: string, mode: Mode) {
    this.#db = new DatabaseSync(file, { readOnly: mode === 'read', timeout: LOCK_MS, enableForeignKeyConstraints: true })
    if (mode === 'read') this.#db.exec('PRAGMA query_only = 1')
    this.#db.enableDefensive(true)
    this.#db.setAuthorizer((code, first, second) => this.#authorize(mode, code, first, second))
  }

  close(): void {
    this.#db.close()
  }

  /** What comes after a request that failed is still answered, each by itself. */
  answer(requests: readonly unknown[]): readonly StreamResult[] {
    this.#room = LONGEST_ANSWER
    return requests.map((request): StreamResult => {
      try {
        const { type } = fields(request)
        const work = typeof type === 'string' && Object.hasOwn(this.#requests, type) ? this.#requests[type] : undefined
        if (!work) throw new Refused('PROTOCOL', `There is no request of the type ${JSON.stringify(type)}`.slice(0, 100))
        return { type: 'ok', response: { type: String(type), ...work(fields(request)) } }
      } catch (error) {
        return { type: 'error', error: errorToWire(error) }
      }
    })
  }

  readonly #requests: Readonly<Record<string, (request: Fields) => Fields>> = {
    execute: ({ stmt }) => ({ result: this.#execute(fields(stmt)) }),
    batch: ({ batch }) => ({ result: this.#batch(list(fields(batch)['steps'], 'steps')) }),
    sequence: (request) => {
      this.#db.exec(this.#sqlOf(request))
      return {}
    },
    describe: (request) => ({ result: this.#describe(this.#sqlOf(request)) }),
    store_sql: ({ sql_id: id, sql }) => {
      if (typeof id !== 'number' || typeof sql !== 'string') throw new Refused('PROTOCOL', 'store_sql needs sql_id and sql.')
      if (this.#stored.has(id)) throw new Refused('SQL_STORE_ID', `There is an SQL text ${id} already.`)
      if (this.#stored.size >= MOST_STORED)
        throw new Refused('SQL_STORE_TOO_MANY', `No more than ${MOST_STORED} SQL texts are kept.`)
      this.#stored.set(id, sql)
      return {}
    },
    close_sql: ({ sql_id: id }) => {
      this.#stored.delete(Number(id))
      return {}
    },
    get_autocommit: () => ({ is_autocommit: !this.#db.isTransaction }),
    close: () => ({}),
  }

  #sqlOf({ sql, sql_id: id }: Fields): string {
    const text = sql ?? this.#stored.get(Number(id))
    if (typeof text === 'string') return text
    throw new Refused('SQL_STORE_ID', id === undefined ? 'There is no SQL text.' : `There is no SQL text ${JSON.stringify(id)}.`)
  }

  #prepare(sql: string): StatementSync {
    this.#writes = false
    const statement = this.#only(sql)
    const rest = sql.slice(statement.sourceSQL.length)
    if (rest.trim() !== '' && this.#holdsStatement(rest))
      throw new Refused('SQL_MANY_STATEMENTS', 'There is more than one statement: "sequence" takes several.')
    statement.setReadBigInts(true)
    statement.setReturnArrays(true)
    statement.setAllowBareNamedParameters(false)
    return statement
  }

  #only(sql: string): StatementSync {
    try {
      return this.#db.prepare(sql)
    } catch (error) {
      throw isEmpty(error) ? new Refused('SQL_NO_STATEMENT', 'There is no statement.') : error
    }
  }

  /** Comments and semicolons are none. */
  #holdsStatement(sql: string): boolean {
    try {
      this.#db.prepare(sql)
      return true
    } catch (error) {
      return !isEmpty(error)
    }
  }

  #execute(request: Fields): Fields {
    const sql = this.#sqlOf(request)
    const statement = this.#prepare(sql)
    const { named, positional } = bind(parametersOf(statement.sourceSQL), request)
    const before = this.#changes()
    const cols = statement.columns().map(({ name, type }) => ({ name, decltype: type }))
    const isWanted = request['want_rows'] !== false
    const rows: (readonly Fields[])[] = []
    // It ends a statement of an open iteration, too: SQLite has finished it when the last row is read.
    for (const row of statement.iterate(named, ...positional) as Iterable<unknown>) {
      if (!isWanted) continue
      const values = (row as Parameters<typeof toWire>[0][]).map(toWire)
      this.#take(values)
      rows.push(values)
    }
    const after = this.#changes()
    const isChanged = after.total !== before.total
    return {
      cols,
      rows,
      affected_row_count: isChanged ? Number(after.last) : 0,
      last_insert_rowid: isChanged ? String(after.rowid) : null,
    }
  }

  #take(values: readonly Fields[]): void {
    for (const { value, base64 } of values) {
      const held = value ?? base64
      this.#room -= 24 + (typeof held === 'string' ? held.length : 0)
    }
    if (this.#room < 0)
      throw new Refused(
        'RESPONSE_TOO_LARGE',
        `The answer is longer than ${LONGEST_ANSWER / 2 ** 20} MB: ask for fewer rows (LIMIT) or shorter ones.`,
      )
  }

  #changes(): { readonly total: bigint; readonly last: bigint; readonly rowid: bigint } {
    const asked = this.#db.prepare('SELECT total_changes() AS total, changes() AS last, last_insert_rowid() AS rowid')
    asked.setReadBigInts(true)
    return asked.get() as unknown as { readonly total: bigint; readonly last: bigint; readonly rowid: bigint }
  }

  #batch(steps: readonly unknown[]): Fields {
    const results: (Fields | null)[] = []
    const errors: (Fields | null)[] = []
    for (const step of steps) {
      const { condition, stmt } = fields(step)
      let [result, error]: [Fields | null, Fields | null] = [null, null]
      try {
        if (condition === undefined || condition === null || this.#holds(fields(condition), results, errors))
          result = this.#execute(fields(stmt))
      } catch (thrown) {
        error = { ...errorToWire(thrown) }
      }
      results.push(result)
      errors.push(error)
    }
    return { step_results: results, step_errors: errors }
  }

  #holds(condition: Fields, results: readonly unknown[], errors: readonly unknown[]): boolean {
    const all = (): readonly boolean[] =>
      list(condition['conds'], 'conds').map((one) => this.#holds(fields(one), results, errors))
    const step = Number(condition['step'])
    switch (condition['type']) {
      case 'ok':
        return (results[step] ?? null) !== null
      case 'error':
        return (errors[step] ?? null) !== null
      case 'not':
        return !this.#holds(fields(condition['cond']), results, errors)
      case 'and':
        return all().every(Boolean)
      case 'or':
        return all().some(Boolean)
      case 'is_autocommit':
        return !this.#db.isTransaction
      default:
        throw new Refused('PROTOCOL', 'There is no such condition of a step.')
    }
  }

  #describe(sql: string): Fields {
    const statement = this.#prepare(sql)
    return {
      params: parametersOf(statement.sourceSQL).map((name) => ({ name: name ?? null })),
      cols: statement.columns().map(({ name, type }) => ({ name, decltype: type })),
      is_explain: /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)*explain\b/i.test(sql),
      is_readonly: !this.#writes,
    }
  }

  #authorize(mode: Mode, code: number, first: string | null, second: string | null): number {
    // A file without a name is VACUUM's own, for as long as it works.
    if (code === constants.SQLITE_ATTACH) return first === '' && mode === 'write' ? constants.SQLITE_OK : constants.SQLITE_DENY
    if (code === constants.SQLITE_READ) return SECRET.test(second ?? '') ? constants.SQLITE_IGNORE : constants.SQLITE_OK
    if (code === constants.SQLITE_PRAGMA) {
      const isRead = (second === null ? TELLS : TELLS_ABOUT).test(first ?? '')
      if (!isRead) this.#writes = true
      return isRead || mode === 'write' ? constants.SQLITE_OK : constants.SQLITE_DENY
    }
    if (!READING.includes(code)) this.#writes = true
    return constants.SQLITE_OK
  }
}

const isEmpty = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_INVALID_ARG_VALUE'

/** Names of columns; `key` alone is no secret. */
const SECRET = /password|token|secret|api_?key/i

/** The bot commits in milliseconds. */
const LOCK_MS = 2000
/** Characters of one answer. */
const LONGEST_ANSWER = 8 * 2 ** 20
const MOST_STORED = 100

const READING: readonly number[] = [
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
]

/** PRAGMAs that only tell, of a table or an index that may be named. */
const TELLS_ABOUT =
  /^(?:table_x?info|table_list|index_list|index_x?info|foreign_key_list|foreign_key_check|integrity_check|quick_check)$/i
/** With a value these would set something. */
const SETTINGS =
  /^(?:application_id|auto_vacuum|collation_list|compile_options|data_version|database_list|encoding|foreign_keys|freelist_count|function_list|journal_mode|module_list|page_count|page_size|pragma_list|query_only|schema_version|synchronous|user_version)$/i
const TELLS = { test: (name: string): boolean => TELLS_ABOUT.test(name) || SETTINGS.test(name) }

interface Bound {
  readonly named: Record<string, SQLInputValue>
  /** For those without a name, and those with a number. */
  readonly positional: readonly SQLInputValue[]
}

/** Every parameter gets a value: by its number, or by its name, which may be given without the sign before it. */
function bind(parameters: readonly (string | undefined)[], request: Fields): Bound {
  const args = list(request['args'], 'args').map(fromWire)
  if (args.length > parameters.length)
    throw new Refused('ARGS_INVALID', `The statement takes ${parameters.length} arguments, not ${args.length}.`)
  const byName = new Map<string, SQLInputValue>()
  for (const given of list(request['named_args'], 'named_args').map(fields)) {
    const name = String(given['name'])
    if (!parameters.some((parameter) => isNamed(parameter, name)))
      throw new Refused('ARGS_INVALID', `The statement has no parameter "${name}".`)
    byName.set(name, fromWire(given['value']))
  }
  const named: Record<string, SQLInputValue> = {}
  const positional: SQLInputValue[] = []
  for (const [at, parameter] of parameters.entries()) {
    const name = byName.keys().find((one) => isNamed(parameter, one))
    const value = name === undefined ? args[at] : byName.get(name)
    if (value === undefined) throw new Refused('ARGS_INVALID', `The parameter ${parameter ?? at + 1} has no value.`)
    if (parameter === undefined || parameter.startsWith('?')) positional.push(value)
    else named[parameter] = value
  }
  return { named, positional }
}

const isNamed = (parameter: string | undefined, name: string): boolean =>
  parameter !== undefined && (parameter === name || parameter.slice(1) === name)
