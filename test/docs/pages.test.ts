import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as Modules from "../../scripts/docs/Modules.js"
import { mayImport } from "../../scripts/house.mjs"
import * as Tools from "../../src/mcp/Tools.js"
import * as ErrorCatalogue from "../../src/workflows/ErrorCatalogue.js"

const root = new URL("../../", import.meta.url)

const read = (path: string) => fs.readFileSync(new URL(path, root), "utf8")

const markdownIn = (folder: string) =>
  fs.existsSync(new URL(folder, root))
    ? fs.readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".md") && !path.includes("node_modules"))
      .map((path) => `${folder}${path}`)
    : []

const pages = [
  ...fs.readdirSync(root).filter((path) => path.endsWith(".md")),
  ...["docs/", "examples/"].flatMap(markdownIn)
]

// As GitHub makes them of headings.
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  )

const isDead = (page: string) => (link: string) => {
  const target = new URL(link, new URL(page, root))
  if (target.protocol !== "file:") return false
  const anchor = decodeURIComponent(target.hash.slice(1))
  target.hash = ""
  return !fs.existsSync(target) || (anchor !== "" && !anchors(fs.readFileSync(target, "utf8")).includes(anchor))
}

const links = (text: string) => [...text.matchAll(/(?:\]\(|<img src=")([^)"\s]+)/g)].map(([, link = ""]) => link)

describe("the documentation", () => {
  it.each(pages)("%s links to what is there", (page) => {
    assert.deepStrictEqual(links(read(page)).filter(isDead(page)), [])
  })

  it("leads to every page from the README", () => {
    const reached = new Set(["README.md"])
    // A set goes on over what is added on the way.
    for (const page of reached) {
      for (const link of links(read(page))) {
        const { pathname, protocol } = new URL(link, new URL(page, root))
        const path = pathname.slice(root.pathname.length)
        if (protocol === "file:" && pages.includes(path)) reached.add(path)
      }
    }
    assert.deepStrictEqual(pages.filter((page) => !reached.has(page)), [])
  })

  // The indentation of where it stands is left out in a page.
  const stands = (block: string) => (source: string) =>
    ["", "  ", "    ", "      "].some((indent) => source.includes(block.replace(/^(?=.)/gm, indent).trimStart()))

  it.each(["README.md", "docs/embedding.md", "docs/testing.md"])("%s shows code that stands in an example", (page) => {
    const sources = fs.readdirSync(new URL("examples/", root)).filter((path) => path.endsWith(".ts"))
      .map((path) => read(`examples/${path}`))
    const blocks = [...read(page).matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = ""]) => block.trimEnd())
    assert.isNotEmpty(blocks)
    assert.deepStrictEqual(blocks.filter((block) => !sources.some(stands(block))), [])
  })

  it.each(pages)("%s shows JSON that can be read", (page) => {
    for (const [, body = ""] of read(page).matchAll(/^ *```json.*\n([^]*?)^ *```$/gm)) JSON.parse(body)
  })

  it("draws the house as the lint rule has it", () => {
    const [, picture = ""] = /```mermaid\n([^]*?)```/.exec(read("docs/architecture.md")) ?? []
    const named = new Map([...picture.matchAll(/(\w+)\["([\w/]+)/g)].map(([, id = "", name = ""]) => [id, name]))
    const folders = Object.keys(mayImport).filter((folder) => folder !== "")
    assert.deepStrictEqual(
      [...new Set([...named.values()].map((name) => name.split("/")[0] ?? ""))].sort(),
      folders.sort()
    )
    const allowed = new Map<string, ReadonlyArray<string>>(Object.entries(mayImport))
    const arrows = [...picture.matchAll(/^ *(\w+).*?--> (\w+)/gm)]
    assert.isAtLeast(arrows.length, 12)
    for (const [arrow, from = "", to = ""] of arrows) {
      assert.include(allowed.get(named.get(from) ?? "") ?? [], named.get(to), arrow)
    }
  })

  it("says of every export what it is, since when, and of which kind", () => {
    const exports = Modules.entries.flatMap(({ modules }) =>
      modules.flatMap(({ exports, file }) => exports.map((one) => ({ ...one, at: `${file} ${one.name}` })))
    )
    assert.isAbove(exports.length, 700)
    const isBare = ({ tags, text }: Modules.Export) => text === "" || !tags["since"] || !tags["category"]
    assert.deepStrictEqual(exports.filter(isBare).map(({ at }) => at), [])
  })

  it("lists every tool in the README", () => {
    const listed = [...read("README.md").matchAll(/^\| \[`(\w+)`\]/gm)].map(([, name]) => name)
    assert.deepStrictEqual(listed.sort(), Tools.all.map(({ name }) => name).sort())
  })

  it.each(["README.md", "docs/configuration.md"])("tells of every setting in %s", (page) => {
    const told = read(page)
    const sources = fs.readdirSync(new URL("src/", root), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.startsWith("sandbox"))
    const named = sources.flatMap((path) => read(`src/${path}`).match(/(?<=["`])HABU_[A-Z_]+(?=["`])/g) ?? [])
    assert.include(named, "HABU_API_SECRET")
    const isCode = (name: string) => ErrorCatalogue.all.some(({ code }) => code === name)
    assert.deepStrictEqual([...new Set(named)].filter((name) => !told.includes(name) && !isCode(name)), [])
  })
})
