/**
 * The folder in which OpenCode would work instead of this one, if it is another: OpenCode decodes the folder that a session has on record
 * as if it were a part of a URL, at every call about the session and whatever the call says (measured). So a session of `My%20Repo` works
 * in `My Repo`, and no way of asking changes that. A path that cannot be decoded, such as `100%`, counts as it is.
 */
export function misreadFolder(directory: string): string | undefined {
  try {
    const read = decodeURIComponent(directory)
    return read === directory ? undefined : read
  } catch {
    return undefined
  }
}
