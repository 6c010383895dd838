/** Finding a model by part of its name, while somebody types. */
import { keyOf, modelName, modelsOf, type Offer, type OfferedModel } from '../../domain/models/offer.ts'

/** Every word must stand in its name or its id; those that begin so stand first, and the newest before others. */
export function searched(offer: Offer, typed: string): readonly OfferedModel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = modelsOf(offer).flatMap((model) => {
    const names = [modelName(model), model.id, model.name].map((name) => name.toLowerCase())
    if (!words.every((word) => names.some((name) => name.includes(word)))) return []
    return [{ model, isFirst: words.length > 0 && names.some((name) => name.startsWith(words.join(' '))) }]
  })
  return [...found.filter(({ isFirst }) => isFirst), ...found.filter(({ isFirst }) => !isFirst)].map(({ model }) => model)
}

/** Discord takes values of up to 100 characters. */
const VALUE_MAX = 100

export function valueOf(model: OfferedModel): string {
  const name = modelName(model)
  return name.length > VALUE_MAX ? `#${keyOf(name)}` : name
}
