/** Dynamic words between marks of Markdown. What agents write as Markdown is fitted to Discord in `discord/layout/dialect.ts`. */

/**
 * Dynamic text that stands inside `*`, `_` or `**`: one that holds such characters must not end them, and makes no link with other words
 * than its address (`[text](address)`), nor any other sign of Discord's (`<#1>`, `<t:1>`). A bare address stays a link: it shows where it
 * leads.
 */
export function escapeInline(text: string): string {
  return text.replaceAll(/[*_~|`\\[\]<]/g, String.raw`\$&`)
}
