// The few pieces of Markdown that the generated pages are made of.

export const generated = "<!-- Generated: npm run docs -- --write -->"

// A bar would end the cell, an angle bracket could begin a tag.
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ").replaceAll("<", "&lt;")

export const code = (text: string) => `\`${text}\``

export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n")

const width = 110

// What fits in a line stays in one.
const laidOut = (value: unknown, indent = ""): string => {
  const line = JSON.stringify(value, null, 1).replace(/\n */g, " ").replace(/\[ /g, "[").replace(/ \]/g, "]")
  if (typeof value !== "object" || value === null || indent.length + line.length <= width) return line
  const deeper = `${indent}  `
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"]
  const parts = Array.isArray(value)
    ? value.map((item) => laidOut(item, deeper))
    : Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}: ${laidOut(child, deeper)}`)
  return `${open}\n${parts.map((part) => deeper + part).join(",\n")}\n${indent}${close}`
}

export const json = (value: unknown) => ["```json", laidOut(value), "```"].join("\n")

export const typescript = (text: string) => ["```ts", text, "```"].join("\n")

export const page = (...blocks: ReadonlyArray<string>) => `${[generated, ...blocks].join("\n\n")}\n`
