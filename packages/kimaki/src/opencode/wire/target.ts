/** What a call asks for, as the request line carries it: its path, and behind it the query with the folder. */

export interface Target {
  /** Begins with `/`; its variable pieces are already encoded. */
  readonly path: string
  /** The project the call is about; without it OpenCode takes the server's own folder. */
  readonly directory?: string
  readonly query?: Readonly<Record<string, string>>
}

/**
 * The folder is encoded once more than a query asks for: OpenCode decodes it twice (measured: with one encoding, a call about `My%20Repo`
 * is a call about `My Repo`). Not the header `x-opencode-directory`, which is decoded once: OpenCode does not filter the list of sessions
 * by it.
 */
export function requestTarget({ path, directory, query }: Target): string {
  const folder = directory === undefined ? undefined : { directory: encodeURIComponent(directory) }
  const search = new URLSearchParams({ ...query, ...folder }).toString()
  return search === '' ? path : `${path}?${search}`
}
