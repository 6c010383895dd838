/** Dynamic words between marks of Markdown. What agents write as Markdown is fitted to Discord in `discord/layout/dialect.ts`. */

/** Dynamic text that stands inside `*`, `_` or `**`: one that holds such characters must not end them. */
export function escapeInline(text: string): string {
  return text.replaceAll(/[*_~|`\\]/g, String.raw`\$&`)
}
