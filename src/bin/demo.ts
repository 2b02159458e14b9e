/**
 * `npm run demo`: plays the guides of docs/guides over the built command and its sandbox. Ends with 0 only if each answer
 * held what its guide says.
 */
import * as fs from "node:fs"
import { parseArgs } from "node:util"
import { packageFile } from "../duckdb/PackageFile.js"
import * as Guide from "./demo/Guide.js"
import { play } from "./demo/Player.js"
import * as screen from "./demo/screen.js"
import * as Stage from "./demo/Stage.js"

const ending = ".md"

const names = fs.readdirSync(packageFile("docs/guides"))
  .filter((file) => file.endsWith(ending) && file !== "README.md")
  .map((file) => file.slice(0, -ending.length))

const guide = (name: string) => Guide.parse(fs.readFileSync(packageFile(`docs/guides/${name}${ending}`), "utf8"))

const list = () =>
  [
    "Usage: npm run demo -- [NAME …] [--speed N]",
    "",
    ...names.map((name) => `  ${name.padEnd(18)}${guide(name).title}`),
    `  ${"all".padEnd(18)}one after the other`,
    "",
    "Without a name it plays run. --speed says how many of the sandbox's seconds pass in one (default 120)."
  ].join("\n")

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { list: { type: "boolean" }, help: { type: "boolean" }, speed: { type: "string", default: "120" } }
})

const chosen = positionals.length === 0 ? ["run"] : positionals.flatMap((name) => name === "all" ? names : [name])

const playAll = async () => {
  const stage = await Stage.open(Number(values.speed), { asked: screen.asked, progress: screen.progress })
  try {
    screen.say(`${stage.server}, over a sandbox ${values.speed} times as fast as Habu`)
    for (const name of chosen) {
      screen.say()
      await play(stage, guide(name))
    }
    screen.say()
    screen.kept("Each answer held what the guide says of it.")
  } finally {
    await stage.close()
  }
}

const unknown = chosen.find((name) => !names.includes(name))

if (values.list || values.help) screen.say(list())
else if (unknown !== undefined || !(Number(values.speed) >= 1)) {
  process.stderr.write(`${unknown === undefined ? `--speed ${values.speed}` : unknown} is not possible.\n\n${list()}\n`)
  process.exitCode = 2
} else {
  try {
    await playAll()
  } catch (error) {
    process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
