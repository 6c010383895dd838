/** What the model is shown of a file: the lines with their numbers. */
export function readOutput(path: string, content: string): string {
  const lines = content.replace(/\n$/, '').split('\n')
  const numbered = lines.map((line, index) => `${index + 1}: ${line}`).join('\n')
  return `<path>${path}</path>\n<type>file</type>\n<content>\n${numbered}\n\n(End of file - total ${lines.length} lines)\n</content>`
}
