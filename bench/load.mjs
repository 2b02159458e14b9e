// Measures 200 tool calls made at once at so many milliseconds a request: errors, waiting times and their spread, and the
// whole over what the requests alone would take through the same gate. Early in its life the server compiles what it
// does for the first time.
// `npm run bench -- load`
import { setTimeout as sleep } from "node:timers/promises"
import { figure, quantile, timed } from "./figures.mjs"
import { sandbox, server, signIn } from "./sandboxed.mjs"

const [calls = 200, latency = 50, rooms = 100] = process.argv.slice(2).map(Number)
const gate = 8

const habu = await sandbox(["--speed", "1", "--rows", "500", "--rooms", String(rooms), "--questions", "3"])
const mcp = await server(habu, { concurrency: gate, speed: 1 })
try {
  const { answer } = await mcp.call("find_resources", { kind: "clean_rooms" })
  const get = await signIn(habu)
  const ids = (await get("/cleanrooms?limit=500")).map(({ id }) => id).filter((id) => id !== undefined)
  if (answer.total !== ids.length) throw new Error(`${answer.total} clean rooms, not ${ids.length}`)
  await habu.control("POST", "/faults", { kind: "delay", operation: "*", millis: latency })

  // As many requests, by bare fetch through a gate as wide.
  const bare = async (count) => {
    const paths = Array.from({ length: count }, (_, index) => `/cleanrooms/${ids[index % ids.length]}`)
    const work = async () => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) await get(path)
    }
    return (await timed(() => Promise.all(Array.from({ length: gate }, work)))).millis
  }

  const kinds = ["datasets", "questions"]
  const asked = Array.from({ length: calls }, (_, index) => ({
    kind: kinds[index % kinds.length],
    clean_room: ids[Math.floor(index / kinds.length) % ids.length]
  }))
  const burst = async () => {
    await habu.control("DELETE", "/requests")
    const { millis, result: answers } = await timed(() =>
      Promise.all(asked.map((args) => mcp.ask("find_resources", args)))
    )
    const requests = (await habu.control("GET", "/requests")).length
    const errors = answers.filter(({ error, result }) => error !== undefined || result.isError).length
    const against = { what: `bare fetches, ${gate} at once`, value: await bare(requests) }
    const what = `${calls} calls at once, ${requests} requests at ${latency} ms`
    return { answers, errors, told: { what, value: millis, unit: "ms", against } }
  }

  for (const id of ids.slice(0, 30)) await mcp.call("find_resources", { kind: "partners", clean_room: id })
  await bare(50)
  const first = await burst()
  figure({ ...first.told, what: `${first.told.what}, early in its life` })
  // Its copies age for half a minute.
  await sleep(31_000)
  const { answers, errors, told } = await burst()
  const times = answers.map((answer) => answer.millis)
  const whole = { what: "all of them", value: told.value }
  figure({
    what: `errors of ${2 * calls} calls`,
    value: first.errors + errors,
    unit: "",
    aim: { of: "value", most: 0 }
  })
  figure({ ...told, aim: { most: 1.3 } })
  // First come, first served: waiting times spread evenly from nothing to the whole.
  figure({ what: "half have waited", value: quantile(times, 0.5), unit: "ms", against: whole, aim: { most: 0.8 } })
  figure({ what: "95 of 100 have waited", value: quantile(times, 0.95), unit: "ms", against: whole })
  // Within its kind, for kinds take different numbers of requests.
  const displaced = Math.max(...kinds.flatMap((kind) => {
    const place = answers.filter((_, index) => asked[index].kind === kind).map(({ millis }, index) => ({
      index,
      millis
    }))
    return place.toSorted((a, b) => a.millis - b.millis).map(({ index }, place) => place - index)
  }))
  figure({
    what: "most places that a call fell behind",
    value: displaced,
    unit: "",
    against: { what: "calls of its kind", value: calls / kinds.length },
    aim: { most: 0.25 }
  })
} finally {
  await mcp.close()
  await habu.close()
}
