// What the package exports, and what its docstrings say of it. The sources are read as text, for the house writes them all
// alike: an export begins its line, and its docstring stands right before it.
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"

export interface Export {
  readonly name: string
  /** Where it is declared. */
  readonly file: string
  readonly kind: string
  readonly text: string
  readonly tags: { readonly [tag: string]: string }
}

export interface Module {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly tags: Export["tags"]
  readonly exports: ReadonlyArray<Export>
}

export interface Entry {
  /** As in an import: `habu-mcp/habu`. */
  readonly specifier: string
  readonly text: string
  readonly modules: ReadonlyArray<Module>
  /** What it exports that are entries of their own, as `Api` of `habu-mcp/habu`. */
  readonly entries: ReadonlyArray<{ readonly name: string; readonly specifier: string }>
}

const root = fileURLToPath(new URL("../../", import.meta.url))
const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8")

const bare = (comment: string) => comment.replace(/^\s*\/?\*+\/?[ ]?/gm, "").trim()

const described = (comment: string) => {
  const [text = "", ...tags] = bare(comment).split(/^@/m)
  return {
    text: text.trim(),
    tags: Object.fromEntries(tags.map((tag) => [tag.split(/\s/, 1)[0] ?? "", tag.replace(/^\S+/, "").trim()]))
  }
}

const exported =
  /^(?:(\/\*\*(?:(?!\*\/)[^])*\*\/)\n)?export (?:declare |abstract )?(const|class|interface|type|function) (\w+)/gm

const passedOn = /^export \{\s*(\/\*\*(?:(?!\*\/)[^])*\*\/)?\s*(\w+)\s*\} from "(.+)\.js"/gm

const beside = (file: string, from: string) => path.posix.join(path.posix.dirname(file), `${from}.ts`)

// A schema's type goes by the schema's name and needs no words of its own.
const exportsOf = (file: string): ReadonlyArray<Export> => {
  const source = read(file)
  const found = new Map<string, Export>()
  for (const [, comment = "", name = "", from = ""] of source.matchAll(passedOn)) {
    for (const one of exportsOf(beside(file, from)).filter((one) => one.name === name)) {
      found.set(name, comment === "" ? one : { ...one, ...described(comment) })
    }
  }
  for (const [, comment = "", kind = "", name = ""] of source.matchAll(exported)) {
    const before = found.get(name)
    if (before === undefined) found.set(name, { name, file, kind, ...described(comment) })
    else if (comment === "") found.set(name, { ...before, kind: `${before.kind}, ${kind}` })
  }
  return [...found.values()]
}

const headOf = (file: string) => described(/^\/\*\*[^]*?\*\//.exec(read(file))?.[0] ?? "")

const moduleOf = (name: string, file: string): Module => ({
  name,
  file,
  ...headOf(file),
  exports: exportsOf(file)
})

const packageJson = JSON.parse(read("package.json")) as {
  readonly name: string
  readonly exports: { readonly [subpath: string]: { readonly default?: string } }
}

const sourceOf = (built: string) => built.replace("./dist/", "src/").replace(/\.js$/, ".ts")

const specifiers = new Map(
  Object.entries(packageJson.exports).flatMap(([subpath, { default: built }]) =>
    built === undefined ? [] : [[sourceOf(built), packageJson.name + subpath.slice(1)] as const]
  )
)

const entryOf = (index: string, specifier: string): Entry => {
  const source = read(index)
  const named = [...source.matchAll(/^export \* as (\w+) from "(.+)\.js"/gm)].map(([, name = "", from = ""]) => ({
    name,
    file: beside(index, from)
  }))
  return {
    specifier,
    text: headOf(index).text,
    modules: named.filter(({ file }) => !specifiers.has(file)).map(({ file, name }) => moduleOf(name, file)),
    entries: named.flatMap(({ file, name }) => {
      const specifier = specifiers.get(file)
      return specifier === undefined ? [] : [{ name, specifier }]
    })
  }
}

/** Every subpath of the package. */
export const entries: ReadonlyArray<Entry> = [...specifiers].map(([index, specifier]) => entryOf(index, specifier))
