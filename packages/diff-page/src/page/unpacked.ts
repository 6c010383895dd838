/** The text of an element that holds gzip in Base64. */
export async function unpacked(id: string): Promise<string> {
  const bytes = Uint8Array.from(atob(textOf(id)), (letter) => letter.charCodeAt(0))
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}

export const textOf = (id: string): string => document.querySelector(`#${id}`)?.textContent ?? ''
