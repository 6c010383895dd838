/** Two states of an image, side by side. */
import { make } from './make.ts'

export function imagesOf({ before, after }: { readonly before?: string; readonly after?: string }): HTMLElement {
  return make('div', { class: 'images' }, ...figure('Before', before), ...figure('After', after))
}

const figure = (words: string, src: string | undefined): readonly HTMLElement[] =>
  src === undefined
    ? []
    : [make('figure', {}, make('figcaption', {}, words), make('img', { src, alt: `The image ${words.toLowerCase()}` }))]
