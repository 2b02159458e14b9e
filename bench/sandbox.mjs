// Measures the sandbox at a size that no test needs: how soon it listens, how long a list takes, how much memory it
// holds. `npm run bench -- sandbox`, or after a build `node bench/sandbox.mjs [CLEAN_ROOMS] [QUESTIONS] [ROUNDS]`.
import { spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { figure, median, timed } from "./figures.mjs"
import { residentMegabytes, signIn } from "./sandboxed.mjs"

const [cleanRooms = 200, questions = 20, rounds = 5] = process.argv.slice(2).map(Number)
const command = fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url))
const aims = { start: 2000, list: 50 }

const listed = async (get, path) => {
  const times = []
  for (let index = 0; index < 20; index++) times.push((await timed(() => get(path))).millis)
  return median(times)
}

const measure = async () => {
  const size = ["--rooms", String(cleanRooms), "--questions", String(questions)]
  const begun = performance.now()
  const child = spawn(process.execPath, [command, "sandbox", "--port", "0", ...size], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const ended = new Promise((resolve) => child.on("exit", resolve))
  try {
    const line = await Promise.race([
      new Promise((resolve) => createInterface(child.stdout).once("line", resolve)),
      ended.then((code) => Promise.reject(new Error(`the sandbox ended with code ${code}`)))
    ])
    const start = performance.now() - begun
    const get = await signIn(JSON.parse(line))
    const first = await timed(() => get("/cleanrooms?limit=500"))
    const last = first.result.at(-1)
    const list = await listed(get, "/cleanrooms?limit=500")
    const one = await listed(get, "/cleanrooms?limit=1")
    const inRoom = await listed(get, `/cleanrooms/${last.id}/cleanroom-questions`)
    return {
      start,
      first: first.millis,
      list,
      inRoom,
      one,
      memory: residentMegabytes(child.pid),
      count: first.result.length
    }
  } finally {
    child.kill("SIGTERM")
    await ended
  }
}

const seen = []
// The first turn fills the file cache and does not count.
for (let round = 0; round <= rounds; round++) {
  const measured = await measure()
  if (round > 0) seen.push(measured)
}
const of = (key) => median(seen.map((measured) => measured[key]))
const size = `${of("count")} clean rooms, ${questions} questions in each added`
const one = { what: "list of one", value: of("one") }
figure({ what: `start to listening; ${size}`, value: of("start"), unit: "ms", aim: { of: "value", most: aims.start } })
figure({ what: "first list of all clean rooms", value: of("first"), unit: "ms", against: one })
figure({ what: "list of all", value: of("list"), unit: "ms", against: one, aim: { of: "value", most: aims.list } })
figure({
  what: "list of questions",
  value: of("inRoom"),
  unit: "ms",
  against: one,
  aim: { of: "value", most: aims.list }
})
figure({ what: "resident", value: of("memory"), unit: "MB" })
