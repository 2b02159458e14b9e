// Working on types as text.

const opening = "<({["
const closing = ">)}]"

/** The arguments of the type whose `<` stands at `from`, and where they end. */
export const argumentsAt = (code: string, from: number): readonly [args: ReadonlyArray<string>, end: number] => {
  const args: Array<string> = []
  let depth = 0
  let start = from + 1
  for (const { 0: sign, index = 0 } of code.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|=>|[<({[>)}\],]/g)) {
    const at = from + index
    if (opening.includes(sign)) depth += 1
    if (closing.includes(sign)) depth -= 1
    if (depth === 0 || (depth === 1 && sign === ",")) {
      args.push(code.slice(start, at).trim())
      start = at + 1
    }
    if (depth === 0) return [args, start]
  }
  throw new Error(`A type does not end: ${code.slice(from, from + 80)}`)
}

// Those whose last arguments are `never` where nothing is said.
const sparing = /\b(?:Effect\.Effect|Layer\.Layer|Schedule\.Schedule|Schema\.Schema|Stream\.Stream)</g

/** Leaves out what a type says anyway: `Effect.Effect<A, never, never>` is `Effect.Effect<A>`. */
export const sparingly = (code: string): string =>
  // From the last to the first, so that the inner ones come before those around them.
  [...code.matchAll(sparing)].reverse().reduce((before, { 0: head, index = 0 }) => {
    const from = index + head.length - 1
    const [args, end] = argumentsAt(before, from)
    const needed = args.slice(0, 1 + args.findLastIndex((arg, at) => at === 0 || arg !== "never"))
    return needed.length === args.length
      ? before
      : `${before.slice(0, from)}<${needed.join(", ")}>${before.slice(end)}`
  }, code)

const indent = (line: string) => line.length - line.trimStart().length

const foldedAt = (lines: ReadonlyArray<string>, deepest: number): ReadonlyArray<string> => {
  const shown: Array<string> = []
  let open: number | undefined
  for (const line of lines) {
    const last = shown.at(-1) ?? ""
    if (open === undefined) shown.push(line)
    else if (indent(line) <= open) {
      shown[shown.length - 1] = `${last} … ${line.trimStart()}`
      open = undefined
    }
    if (open === undefined && line.endsWith("{") && indent(line) >= deepest) open = indent(line)
  }
  return shown.join("\n").replace(/<\n\s+\{ … \}\n\s*>/g, "<{ … }>").split("\n")
}

/** Leaves out the innermost of what is too long to be read. */
export const folded = (code: string, longest: number): string => {
  const lines = code.split("\n")
  const depths = [...new Set(lines.map(indent))].sort((a, b) => b - a).filter((depth) => depth > 0)
  const tries = [lines, ...depths.map((depth) => foldedAt(lines, depth))]
  return (tries.find((shown) => shown.length <= longest) ?? tries.at(-1) ?? lines).join("\n")
}
