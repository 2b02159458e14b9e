// The signatures of what the package exports, as the compiler emits them, with every name as an importer writes it.
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import * as Modules from "./Modules.js"

const root = fileURLToPath(new URL("../../", import.meta.url))

const bin = (name: string) => path.join(root, "node_modules", name)

// By one thread and unchecked: so it is quick, and says the same every time.
const options = "--noCheck --singleThreaded --emitDeclarationOnly --declarationMap false --sourceMap false".split(" ")

const emitted = (): ReadonlyMap<string, string> => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "habu-mcp-docs-"))
  try {
    const args = [bin("typescript/bin/tsc"), "-p", path.join(root, "src"), ...options, "--outDir", folder]
    execFileSync(process.execPath, args, { stdio: "inherit" })
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts"))
    return new Map(files.map((file) => [
      path.posix.join("src", file.replaceAll("\\", "/").replace(/\.d\.ts$/, ".ts")),
      fs.readFileSync(path.join(folder, file), "utf8")
    ]))
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const modules = new Map(
  Modules.entries.flatMap(({ modules }) => modules.map(({ file, name }) => [file, name] as const))
)

// The module that an importer has a name from: `Scope` of effect/Scope, `HabuError` of ./HabuError.js.
const moduleAt = (from: string, file: string) =>
  from.startsWith(".")
    ? modules.get(path.posix.join(path.posix.dirname(file), from.replace(/\.js$/, ".ts"))) ??
      path.posix.basename(from, ".js")
    : path.posix.basename(from)

const importedBy = (text: string, file: string): ReadonlyMap<string, string> => {
  const names = new Map<string, string>()
  for (
    const [, whole, some = "", from = ""] of text.matchAll(
      /^import (?:type )?(?:\* as (\w+)|\{([^}]*)\}) from "(.+)"/gm
    )
  ) {
    const module = moduleAt(from, file)
    if (whole !== undefined) names.set(whole, module)
    for (const one of some.split(",").filter((one) => one.trim() !== "")) {
      const [name = "", local = name] = one.trim().replace(/^type /, "").split(" as ")
      names.set(local, `${module}.${name}`)
    }
  }
  return names
}

// Neither a member of something, nor a field, nor within a text.
const word = /(?<![\w.$"'/-])[A-Za-z_]\w*(?![\w$"'/-]|\??:)/g

const asWritten = (code: string, file: string, names: ReadonlyMap<string, string>) =>
  code.split(/(\/\*\*[^]*?\*\/)/).map((part) =>
    part.startsWith("/**")
      ? part.replace(/\{@link (\w+)([^}]*)\}/g, (_, name: string, rest: string) =>
        `\`${names.get(name) ?? name}${rest}\``)
      : part.replace(word, (name) =>
        names.get(name) ?? name)
        .replace(/import\("([^"]+)"\)\.(\w+)/g, (_, from: string, name: string) => `${moduleAt(from, file)}.${name}`)
  ).join("")

const named = /^(?:export )?(?:declare )?(?:abstract )?(?:const|class|function|interface|type) (\w+)/

const declarationsOf = (text: string, file: string): ReadonlyMap<string, string> => {
  const names = importedBy(text, file)
  const found = new Map<string, string>()
  for (const statement of text.split(/^(?=(?:export|declare|import|interface|type) |\/\*\*)/m)) {
    const name = named.exec(statement)?.[1]
    if (name === undefined) continue
    const code = asWritten(statement.replace(/^(?:export )?(?:declare )?/, ""), file, names).trim()
    found.set(name, found.has(name) ? `${found.get(name)}\n${code}` : code)
  }
  // What a class is made from is emitted as a constant of its own.
  return new Map([...found].map(([name, code]) => {
    const base = found.get(`${name}_base`)?.replace(/^const \w+: /, "").replace(/;$/, "")
    return [name, base === undefined ? code : code.replace(`${name}_base`, () => base)]
  }))
}

const declarations = new Map([...emitted()].map(([file, text]) => [file, declarationsOf(text, file)]))

/** What a file's declaration of a name says. */
export const of = (file: string, name: string): string => {
  const found = declarations.get(file)?.get(name)
  if (found === undefined) throw new Error(`The compiler emits no ${name} of ${file}`)
  return found
}

/** Lays code out as the formatter would, all of it at once. */
export const laidOut = (blocks: ReadonlyArray<string>): ReadonlyArray<string> => {
  const mark = "// ---"
  const args = [bin("dprint/bin.cjs"), "fmt", "--stdin", "signatures.ts"]
  const input = blocks.join(`\n${mark}\n`)
  return execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", input }).split(mark).map((block) =>
    block.trim()
  )
}
