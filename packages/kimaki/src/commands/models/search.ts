/** Finding a model by part of its name, while somebody types. */
import { keyOf, modelName, modelsOf, type Choices, type KnownModel } from '../../domain/models/choices.ts'

/** Every word must stand in its name or its id; those that begin so stand first, and the newest before others. */
export function searched(choices: Choices, typed: string): readonly KnownModel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const found = modelsOf(choices).flatMap((model) => {
    const names = [modelName(model), model.id, model.name].map((name) => name.toLowerCase())
    if (!words.every((word) => names.some((name) => name.includes(word)))) return []
    return [{ model, isFirst: words.length > 0 && names.some((name) => name.startsWith(words.join(' '))) }]
  })
  return [...found.filter(({ isFirst }) => isFirst), ...found.filter(({ isFirst }) => !isFirst)].map(({ model }) => model)
}

/** Discord takes values of up to 100 characters. */
const VALUE_MAX = 100

export function valueOf(model: KnownModel): string {
  const name = modelName(model)
  return name.length > VALUE_MAX ? `#${keyOf(name)}` : name
}
