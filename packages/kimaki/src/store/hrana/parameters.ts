/** Which parameters a statement has: SQLite numbers them (https://sqlite.org/lang_expr.html#varparam), and node:sqlite does not tell. */

/** By number, the first at 0. Undefined: one without a name. */
export function parametersOf(sql: string): readonly (string | undefined)[] {
  const found: (string | undefined)[] = []
  for (const { groups: { number, name } = {} } of sql.matchAll(TOKENS)) {
    if (name !== undefined) {
      if (!found.includes(name)) found.push(name)
    } else if (number !== undefined) {
      const at = number === '' ? found.length + 1 : Number(number)
      if (at > MOST) break
      while (found.length < at) found.push(undefined)
      if (number !== '') found[at - 1] = `?${number}`
    }
  }
  return found
}

/** SQLite takes no higher number. */
const MOST = 32_766

/** What may hold a `?` or a `:` without being a parameter comes first: comments, texts, quoted names, words. */
const TOKENS =
  /--[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\w\u0080-\uffff][\w$\u0080-\uffff]*|\?(?<number>\d*)|(?<name>[:@#$][\w$\u0080-\uffff]+(?:::[\w$\u0080-\uffff]+)*)/g
