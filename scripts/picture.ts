// Renews assets/demo.svg: what `npm run demo` prints, in part, drawn as a terminal shows it.
import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import { fileURLToPath } from "node:url"

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const command = "npm run demo"
const parts = ["Find what is there", "Start it, once", "Ask again", "Read the results"]

const printed = execFileSync(process.execPath, [file("dist/bin/demo.mjs"), "run"], {
  encoding: "utf8",
  env: { ...process.env, FORCE_COLOR: "1" }
})

const escape = "\u001B["
const [, ...sections] = printed.split(`\n${escape}1m▸ `)
const chosen = parts.map((part) => sections.find((section) => section.startsWith(part)) ?? "")
const lines = [
  `$ ${command}`,
  "",
  ...chosen.flatMap((section) => [...`${escape}1m▸ ${section}`.trimEnd().split("\n"), ""])
]

// Of the widest of the fonts below, so that nothing is cut off.
const width = 8.43
const height = 19
const margin = 20
const styles: Record<string, string> = { 1: "b", 2: "f", 32: "g", 33: "y", 36: "c" }

const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const spans = (line: string) =>
  line.split(escape).map((piece, i) => {
    const [, code = "", text = ""] = i === 0 ? ["", "", piece] : /^(\d+)m([^]*)$/.exec(piece) ?? []
    const style = styles[code]
    if (text === "") return ""
    return style === undefined ? xml(text) : `<tspan class="${style}">${xml(text)}</tspan>`
  }).join("")

const text = (line: string, i: number) =>
  `<text x="${margin}" y="${margin + (i + 1) * height - 5}" xml:space="preserve">${spans(line)}</text>`

const columns = Math.max(...lines.map((line) => line.replaceAll(/\u001B\[\d+m/g, "").length))
const size = [Math.ceil(columns * width + 2 * margin), lines.length * height + margin]

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.join(" ")}" width="${size[0]}" height="${
  size[1]
}">
<title>What ${command} prints, in part</title>
<style>
text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 14px }
text { fill: #d7dde5 }
.b { font-weight: bold; fill: #fff } .f { fill: #8b98a9 } .g { fill: #7ed491 } .y { fill: #e8c170 } .c { fill: #79c0ff }
</style>
<rect width="100%" height="100%" rx="8" fill="#161b22"/>
${lines.map((line, i) => line === "" ? "" : text(line, i)).filter((line) => line !== "").join("\n")}
</svg>
`

fs.writeFileSync(file("assets/demo.svg"), svg)
